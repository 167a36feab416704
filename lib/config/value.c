#include "base/buf.h"
#include "base/mem.h"
#include "base/utf.h"
#include "config/table.h"

#include <ctype.h>
#include <errno.h>

struct unit {
    const char *name;
    int64_t factor;
};

/* From large to small, so that printing takes the largest that fits. */
static const struct unit durations[] = {{"d", 86400000}, {"h", 3600000}, {"m", 60000},
                                        {"s", 1000},     {"ms", 1},      {NULL, 0}};
static const struct unit sizes[] = {
    {"g", 1 << 30}, {"m", 1 << 20}, {"k", 1 << 10}, {"", 1}, {NULL, 0}};
static const struct unit counts[] = {{"", 1}, {NULL, 0}};

static const struct unit *units_of(enum cr_option_type type)
{
    return type == CR_OPTION_DURATION ? durations : type == CR_OPTION_SIZE ? sizes : counts;
}

static void *member(const struct cr_option *o, const struct cr_config *c)
{
    return (char *)(uintptr_t)c + o->offset;
}

char *cr_option_number_text(enum cr_option_type type, int64_t n)
{
    const struct unit *u = units_of(type);

    while (u[1].name && (n == 0 || n % u->factor != 0))
        u++;
    return cr_asprintf("%lld%s", (long long)(n / u->factor), u->name);
}

static int parse_number(const struct unit *units, const char *text, int64_t *out)
{
    char *end;

    if (!isdigit((unsigned char)text[0]))
        return -1;
    errno = 0;
    long long n = strtoll(text, &end, 10);
    if (errno)
        return -1;
    for (const struct unit *u = units; u->name; u++) {
        if (strcmp(end, u->name) == 0)
            return __builtin_mul_overflow(n, u->factor, out) ? -1 : 0;
    }
    return -1;
}

static int set_number(const struct cr_option *o, int64_t *to, const char *text,
                      struct cr_error *err)
{
    static const char *const form[] = {[CR_OPTION_INT] = "a whole number",
                                       [CR_OPTION_DURATION] = "a duration like 250ms, 10s, 15m, 8h "
                                                              "or 30d",
                                       [CR_OPTION_SIZE] = "a size in bytes like 512, 64k, 8m or "
                                                          "1g"};
    int64_t n;

    if (parse_number(units_of(o->type), text, &n) < 0)
        return cr_fail(err, CR_ERR_INVALID, "%s takes %s, not \"%.60s\"", o->key, form[o->type],
                       text);
    if (n < o->min || n > o->max) {
        cr_auto_free char *least = cr_option_number_text(o->type, o->min);
        cr_auto_free char *most = cr_option_number_text(o->type, o->max);
        return cr_fail(err, CR_ERR_INVALID, "%s must be between %s and %s, not %.60s", o->key,
                       least, most, text);
    }
    *to = n;
    return 0;
}

static int set_bool(const struct cr_option *o, bool *to, const char *text, struct cr_error *err)
{
    if (strcmp(text, "true") != 0 && strcmp(text, "false") != 0)
        return cr_fail(err, CR_ERR_INVALID, "%s takes true or false, not \"%.60s\"", o->key, text);
    *to = text[0] == 't';
    return 0;
}

static int check_text(const struct cr_option *o, const char *text, struct cr_error *err)
{
    size_t len = strlen(text);

    if (!cr_utf8_is_valid((const uint8_t *)text, len) || cr_utf8_has_control(text, len))
        return cr_fail(err, CR_ERR_INVALID, "%s holds a control character or is not UTF-8", o->key);
    if (o->type == CR_OPTION_LIST)
        return 0;
    if (len < (size_t)o->min || len > (size_t)o->max)
        return cr_fail(err, CR_ERR_INVALID, "%s must have %lld to %lld bytes, not %zu", o->key,
                       (long long)o->min, (long long)o->max, len);
    return 0;
}

static void free_list(char **list)
{
    for (char **p = list; p && *p; p++)
        free(*p);
    free(list);
}

static char *trimmed(const char *s, size_t len)
{
    while (len && (*s == ' ' || *s == '\t'))
        s++, len--;
    while (len && (s[len - 1] == ' ' || s[len - 1] == '\t'))
        len--;
    return cr_strndup(s, len);
}

static int set_list(const struct cr_option *o, char ***to, const char *text, struct cr_error *err)
{
    char **list = cr_calloc(1, sizeof *list);
    size_t count = 0;

    for (const char *p = text; *text;) {
        size_t len = strcspn(p, ",");
        list = cr_realloc(list, (count + 2) * sizeof *list);
        list[count] = trimmed(p, len);
        list[++count] = NULL;
        if (list[count - 1][0] == '\0') {
            free_list(list);
            return cr_fail(err, CR_ERR_INVALID, "%s has an empty item between its commas", o->key);
        }
        if (p[len] == '\0')
            break;
        p += len + 1;
    }
    if (count < (size_t)o->min || count > (size_t)o->max) {
        free_list(list);
        return cr_fail(err, CR_ERR_INVALID, "%s must have %lld to %lld items, not %zu", o->key,
                       (long long)o->min, (long long)o->max, count);
    }
    free_list(*to);
    *to = list;
    return 0;
}

int cr_option_set(const struct cr_option *o, struct cr_config *c, const char *text,
                  struct cr_error *err)
{
    void *to = member(o, c);

    switch (o->type) {
    case CR_OPTION_INT:
    case CR_OPTION_DURATION:
    case CR_OPTION_SIZE:
        return set_number(o, to, text, err);
    case CR_OPTION_BOOL:
        return set_bool(o, to, text, err);
    case CR_OPTION_LIST:
        return check_text(o, text, err) < 0 ? -1 : set_list(o, to, text, err);
    case CR_OPTION_STRING:
    case CR_OPTION_PATH:
    case CR_OPTION_SECRET:
        break;
    }
    if (check_text(o, text, err) < 0)
        return -1;
    free(*(char **)to);
    *(char **)to = cr_strdup(text);
    return 0;
}

char *cr_option_text(const struct cr_option *o, const struct cr_config *c)
{
    const void *from = member(o, c);

    switch (o->type) {
    case CR_OPTION_INT:
    case CR_OPTION_DURATION:
    case CR_OPTION_SIZE:
        return cr_option_number_text(o->type, *(const int64_t *)from);
    case CR_OPTION_BOOL:
        return cr_strdup(*(const bool *)from ? "true" : "false");
    case CR_OPTION_LIST: {
        CR_AUTO_BUF b = {0};
        for (char *const *p = *(char **const *)from; *p; p++)
            cr_buf_printf(&b, "%s%s", b.len ? ", " : "", *p);
        return cr_strdup(cr_buf_cstr(&b));
    }
    case CR_OPTION_STRING:
    case CR_OPTION_PATH:
    case CR_OPTION_SECRET:
        break;
    }
    return cr_strdup(*(char *const *)from);
}

void cr_option_clear(const struct cr_option *o, struct cr_config *c)
{
    void *at = member(o, c);

    if (o->type == CR_OPTION_LIST)
        free_list(*(char ***)at);
    else if (o->type == CR_OPTION_STRING || o->type == CR_OPTION_PATH ||
             o->type == CR_OPTION_SECRET)
        free(*(char **)at);
}
