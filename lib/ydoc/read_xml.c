/* XML as Yjs writes it. */
#include "ydoc/any.h"
#include "ydoc/read_internal.h"

#include <stdlib.h>
#include <string.h>

static void put_name(struct yd_slice name, struct yd_buf *out)
{
    for (size_t i = 0; i < name.len; i++) {
        uint8_t c = name.p[i];
        if (c >= 'A' && c <= 'Z')
            c = (uint8_t)(c | 0x20);
        yd_buf_append(out, &c, 1);
    }
}

#define NO_TEXT "[object Object]" /* what JavaScript makes of an object that has no text */

/* A value within XML: strings as they are, the rest as JSON. */
static void put_value(const struct yd_doc *doc, const struct yd_item *it, struct yd_buf *out)
{
    struct yd_slice c = it->kind == YD_ANY ? yd_item_content(doc, it) : (struct yd_slice){0};

    if (it->kind == YD_TYPE) {
        yd_put_xml(doc, it->off, (enum yd_type_kind)doc->types[it->off].ref, out);
    } else if (c.len > 0 && it->len == 1 && c.p[0] == YD_TAG_STRING) {
        struct yd_reader r = yd_reader_of(c.p + 1, c.len - 1);
        struct yd_slice s = yd_read_bytes(&r);
        yd_buf_append(out, s.p, s.len);
    } else if (it->kind == YD_EMBED) {
        yd_json_put(out, NO_TEXT);
    } else {
        yd_put_elements(doc, it, false, out);
    }
}

/* ---- elements -------------------------------------------------------------------------------- */

struct attribute {
    struct yd_slice key;
    uint32_t item;
};

static int by_key(const void *a, const void *b)
{
    return yd_slice_order(((const struct attribute *)a)->key, ((const struct attribute *)b)->key);
}

static void put_element_attributes(const struct yd_doc *doc, uint32_t type, struct yd_buf *out)
{
    struct attribute *v;
    size_t n = 0, i = 0;

    for (uint32_t c = doc->types[type].maps; c != YD_NONE; c = doc->chains[c].next)
        n += yd_key_item(doc, c) != YD_NONE;
    if (n == 0)
        return;
    v = malloc(n * sizeof(*v));
    if (!v)
        abort();
    for (uint32_t c = doc->types[type].maps; c != YD_NONE; c = doc->chains[c].next) {
        uint32_t item = yd_key_item(doc, c);
        if (item != YD_NONE)
            v[i++] = (struct attribute){yd_name_slice(doc, doc->chains[c].key), item};
    }
    qsort(v, n, sizeof(*v), by_key);
    for (i = 0; i < n; i++) {
        yd_json_put(out, " ");
        yd_buf_append(out, v[i].key.p, v[i].key.len);
        yd_json_put(out, "=\"");
        put_value(doc, &doc->items[v[i].item], out);
        yd_json_put(out, "\"");
    }
    free(v);
}

static void put_children(const struct yd_doc *doc, uint32_t type, struct yd_buf *out)
{
    for (uint32_t i = doc->chains[doc->types[type].list].head; i != YD_NONE;
         i = doc->items[i].right) {
        if (yd_item_size(&doc->items[i]).units > 0)
            put_value(doc, &doc->items[i], out);
    }
}

static void put_element(const struct yd_doc *doc, uint32_t type, struct yd_buf *out)
{
    uint32_t name = doc->types[type].name;
    struct yd_slice s = {0};

    if (name != YD_NONE)
        s = yd_name_slice(doc, name);
    yd_json_put(out, "<");
    put_name(s, out);
    put_element_attributes(doc, type, out);
    yd_json_put(out, ">");
    put_children(doc, type, out);
    yd_json_put(out, "</");
    put_name(s, out);
    yd_json_put(out, ">");
}

/* ---- texts ----------------------------------------------------------------------------------- */

struct xml {
    const struct yd_doc *doc;
    struct yd_buf *out;
};

static int by_attr_key(const void *a, const void *b)
{
    return yd_slice_order((*(const struct yd_attr *const *)a)->key,
                          (*(const struct yd_attr *const *)b)->key);
}

struct member {
    struct yd_slice key, any;
};

static int by_member_key(const void *a, const void *b)
{
    return yd_slice_order(((const struct member *)a)->key, ((const struct member *)b)->key);
}

static void put_member(const struct member *m, struct yd_buf *out)
{
    struct yd_reader r = yd_reader_of(m->any.p, m->any.len);

    yd_json_put(out, " ");
    yd_buf_append(out, m->key.p, m->key.len);
    yd_json_put(out, "=\"");
    if (*r.p == YD_TAG_STRING) {
        struct yd_slice s;
        r.p++;
        s = yd_read_bytes(&r);
        yd_buf_append(out, s.p, s.len);
    } else {
        yd_json_put_any(out, &r);
    }
    yd_json_put(out, "\"");
}

/* The members of an object, as attributes of the tag. */
static void put_members(struct yd_slice any, struct yd_buf *out)
{
    struct yd_reader r = yd_reader_of(any.p, any.len);
    struct member *v;
    size_t n;

    if (yd_read_byte(&r) != YD_TAG_OBJECT)
        return;
    n = (size_t)yd_read_varuint(&r);
    v = calloc(n + 1, sizeof(*v));
    if (!v)
        abort();
    for (size_t i = 0; i < n; i++) {
        v[i].key = yd_read_bytes(&r);
        v[i].any.p = r.p;
        yd_read_any(&r);
        v[i].any.len = (size_t)(r.p - v[i].any.p);
    }
    qsort(v, n, sizeof(*v), by_member_key);
    for (size_t i = 0; i < n; i++)
        put_member(&v[i], out);
    free(v);
}

static void put_tag(const struct yd_attr *a, struct yd_buf *out)
{
    struct yd_buf any = {0};

    yd_json_put(out, "<");
    yd_buf_append(out, a->key.p, a->key.len);
    if (yd_any_from_json(&any, (const char *)a->json.p, a->json.len) == 0)
        put_members((struct yd_slice){any.data, any.len}, out);
    yd_json_put(out, ">");
    yd_buf_free(&any);
}

static void put_run(void *ctx, const struct yd_run *run)
{
    const struct xml *x = ctx;
    const struct yd_attr **tags = malloc((run->attributes->n + 1) * sizeof(*tags));
    size_t n = run->attributes->n;

    if (!tags)
        abort();
    for (size_t i = 0; i < n; i++)
        tags[i] = &run->attributes->v[i];
    qsort(tags, n, sizeof(*tags), by_attr_key);
    for (size_t i = 0; i < n; i++)
        put_tag(tags[i], x->out);
    if (run->thing)
        put_value(x->doc, run->thing, x->out);
    else
        yd_buf_append(x->out, run->text.p, run->text.len);
    while (n-- > 0) {
        yd_json_put(x->out, "</");
        yd_buf_append(x->out, tags[n]->key.p, tags[n]->key.len);
        yd_json_put(x->out, ">");
    }
    free(tags);
}

void yd_put_xml(const struct yd_doc *doc, uint32_t type, enum yd_type_kind kind, struct yd_buf *out)
{
    struct xml x = {doc, out};

    switch (kind) {
    case YD_XML_ELEMENT:
        put_element(doc, type, out);
        break;
    case YD_XML_FRAGMENT:
        put_children(doc, type, out);
        break;
    case YD_XML_TEXT:
        yd_each_run(doc, type, 0, UINT32_MAX, put_run, &x);
        break;
    case YD_TEXT:
        yd_put_text(doc, type, out);
        break;
    default:
        yd_json_put(out, NO_TEXT);
    }
}

int yd_xml(const struct yd_doc *doc, struct yd_target at, enum yd_type_kind kind,
           struct yd_buf *out)
{
    uint32_t type;
    int err = yd_read_open(doc, at, &kind, &type);

    if (!err)
        yd_put_xml(doc, type, kind, out);
    return err;
}
