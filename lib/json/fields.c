#include "json/fields.h"

#include "base/id.h"
#include "base/utf.h"
#include "json/doc.h"

#include <stdio.h>

/* Where we are, for error messages: "files[3].name"; cr_error.field cuts what is longer than it. */
struct path {
    char text[128];
};

static struct path path_member(const struct path *parent, const char *name)
{
    struct path p;

    snprintf(p.text, sizeof p.text, "%.40s%s%.60s", parent->text, parent->text[0] ? "." : "", name);
    return p;
}

static struct path path_item(const struct path *parent, size_t index)
{
    struct path p;

    snprintf(p.text, sizeof p.text, "%.40s[%zu]", parent->text, index);
    return p;
}

static int bind_object(struct cr_json *j, const cJSON *object, const struct path *at,
                       const struct cr_json_field *fields, void *dst, struct cr_error *err);

static int check_str(const char *s, const struct cr_json_field *f, const struct path *at,
                     struct cr_error *err)
{
    size_t bytes = strlen(s);
    bool in_chars = f->flags & CR_JSON_CHARS;
    size_t len = in_chars ? cr_utf8_len_chars((const uint8_t *)s, bytes) : bytes;

    if (len < (size_t)f->min || len > (size_t)f->max)
        return cr_fail_field(err, CR_ERR_INVALID, at->text, "must have %lld to %lld %s",
                             (long long)f->min, (long long)f->max,
                             in_chars ? "characters" : "bytes");
    if ((f->flags & CR_JSON_LINE) && cr_utf8_has_control(s, bytes))
        return cr_fail_field(err, CR_ERR_INVALID, at->text,
                             "must not hold control characters or line breaks");
    return 0;
}

static int bind_str(const cJSON *c, const struct cr_json_field *f, const struct path *at, void *dst,
                    struct cr_error *err)
{
    if (!cJSON_IsString(c))
        return cr_fail_field(err, CR_ERR_INVALID, at->text, "must be a string");
    if (f->kind == CR_JSON_KIND_ID && !cr_id_is_valid(c->valuestring))
        return cr_fail_field(err, CR_ERR_INVALID, at->text, "is not an identifier");
    if (f->kind == CR_JSON_KIND_STR && check_str(c->valuestring, f, at, err) < 0)
        return -1;
    *(const char **)dst = c->valuestring;
    return 0;
}

static int bind_int(const cJSON *c, const struct cr_json_field *f, const struct path *at, void *dst,
                    struct cr_error *err)
{
    int64_t n;

    if (!cr_json_int(cr_json_n(c), &n))
        return cr_fail_field(err, CR_ERR_INVALID, at->text, "must be a whole number");
    if (n < f->min || n > f->max)
        return cr_fail_field(err, CR_ERR_INVALID, at->text, "must be between %lld and %lld",
                             (long long)f->min, (long long)f->max);
    *(int64_t *)dst = n;
    return 0;
}

static int bind_bool(const cJSON *c, const struct path *at, void *dst, struct cr_error *err)
{
    if (!cJSON_IsBool(c))
        return cr_fail_field(err, CR_ERR_INVALID, at->text, "must be true or false");
    *(bool *)dst = cJSON_IsTrue(c);
    return 0;
}

static int bind_enum(const cJSON *c, const struct cr_json_field *f, const struct path *at,
                     void *dst, struct cr_error *err)
{
    const char *s = cJSON_GetStringValue(c);
    char list[160] = "";

    for (int i = 0; f->names[i]; i++) {
        if (s && strcmp(s, f->names[i]) == 0) {
            *(int *)dst = i;
            return 0;
        }
        size_t used = strlen(list);
        snprintf(list + used, sizeof list - used, "%s\"%s\"", i ? ", " : "", f->names[i]);
    }
    return cr_fail_field(err, CR_ERR_INVALID, at->text, "must be one of %s", list);
}

/* Also says how many items there are. */
static int check_array(const cJSON *c, const struct cr_json_field *f, const struct path *at,
                       size_t *count, struct cr_error *err)
{
    if (!cJSON_IsArray(c))
        return cr_fail_field(err, CR_ERR_INVALID, at->text, "must be an array");
    *count = cr_json_count(cr_json_n(c));
    if (*count < (size_t)f->min || *count > (size_t)f->max)
        return cr_fail_field(err, CR_ERR_INVALID, at->text, "must have %lld to %lld items",
                             (long long)f->min, (long long)f->max);
    return 0;
}

static int bind_strs(struct cr_json *j, const cJSON *c, const struct cr_json_field *f,
                     const struct path *at, void *dst, struct cr_error *err)
{
    struct cr_json_field each = {.kind = CR_JSON_KIND_STR, .flags = f->flags, .max = f->item_max};
    size_t count, i = 0;

    if (check_array(c, f, at, &count, err) < 0)
        return -1;
    const char **strs = cr_json_alloc(j, count + 1, sizeof *strs);
    for (const cJSON *item = c->child; item; item = item->next, i++) {
        struct path item_at = path_item(at, i);
        if (bind_str(item, &each, &item_at, &strs[i], err) < 0)
            return -1;
    }
    *(const char *const **)dst = strs;
    return 0;
}

static int bind_objects(struct cr_json *j, const cJSON *c, const struct cr_json_field *f,
                        const struct path *at, void *dst, struct cr_error *err)
{
    size_t count, i = 0;

    if (check_array(c, f, at, &count, err) < 0)
        return -1;
    char *items = cr_json_alloc(j, count, f->item_size);
    for (const cJSON *item = c->child; item; item = item->next, i++) {
        struct path item_at = path_item(at, i);
        if (bind_object(j, item, &item_at, f->fields, items + i * f->item_size, err) < 0)
            return -1;
    }
    *(struct cr_json_items *)dst = (struct cr_json_items){items, count};
    return 0;
}

static int bind_value(struct cr_json *j, const cJSON *c, const struct cr_json_field *f,
                      const struct path *at, void *dst, struct cr_error *err)
{
    switch (f->kind) {
    case CR_JSON_KIND_STR:
    case CR_JSON_KIND_ID:
        return bind_str(c, f, at, dst, err);
    case CR_JSON_KIND_INT:
        return bind_int(c, f, at, dst, err);
    case CR_JSON_KIND_BOOL:
        return bind_bool(c, at, dst, err);
    case CR_JSON_KIND_ENUM:
        return bind_enum(c, f, at, dst, err);
    case CR_JSON_KIND_STRS:
        return bind_strs(j, c, f, at, dst, err);
    case CR_JSON_KIND_OBJECT:
        return bind_object(j, c, at, f->fields, dst, err);
    case CR_JSON_KIND_OBJECTS:
        return bind_objects(j, c, f, at, dst, err);
    case CR_JSON_KIND_NODE:
        *(const struct cr_json_node **)dst = cr_json_n(c);
        return 0;
    case CR_JSON_KIND_SKIP:
        return 0;
    }
    return 0;
}

static int refuse_unknown(const cJSON *object, const struct path *at,
                          const struct cr_json_field *fields, struct cr_error *err)
{
    for (const cJSON *m = object->child; m; m = m->next) {
        const struct cr_json_field *f = fields;
        while (f->name && strcmp(f->name, m->string) != 0)
            f++;
        if (!f->name) {
            struct path p = path_member(at, m->string);
            return cr_fail_field(err, CR_ERR_INVALID, p.text, "is not a field of this request");
        }
    }
    return 0;
}

static int bind_object(struct cr_json *j, const cJSON *object, const struct path *at,
                       const struct cr_json_field *fields, void *dst, struct cr_error *err)
{
    if (!cJSON_IsObject(object))
        return cr_fail_field(err, CR_ERR_INVALID, at->text, "must be an object");
    if (refuse_unknown(object, at, fields, err) < 0)
        return -1;
    for (const struct cr_json_field *f = fields; f->name; f++) {
        const cJSON *c = cJSON_GetObjectItemCaseSensitive(object, f->name);
        struct path p = path_member(at, f->name);
        if (c && cJSON_IsNull(c) && (f->flags & CR_JSON_NULLABLE))
            c = NULL;
        if (!c && (f->flags & CR_JSON_REQUIRED))
            return cr_fail_field(err, CR_ERR_INVALID, p.text, "is missing");
        if (c && bind_value(j, c, f, &p, (char *)dst + f->offset, err) < 0)
            return -1;
    }
    return 0;
}

int cr_json_bind(struct cr_json *j, const struct cr_json_node *object,
                 const struct cr_json_field *fields, void *dst, struct cr_error *err)
{
    struct path at = {""};

    return bind_object(j, cr_json_c(object), &at, fields, dst, err);
}
