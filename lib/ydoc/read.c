/* Shared types as JSON. */
#include "ydoc/read_internal.h"

#include <stdlib.h>
#include <string.h>

/* ---- elements -------------------------------------------------------------------------------- */

static void put_unit(struct yd_buf *out, uint32_t unit)
{
    static const char hex[] = "0123456789abcdef";
    char text[8] = {
        '"', '\\', 'u', hex[unit >> 12], hex[unit >> 8 & 15], hex[unit >> 4 & 15], hex[unit & 15],
        '"'};

    yd_buf_append(out, text, sizeof(text));
}

/* A text among values is its UTF-16 units one by one. */
static void put_units(struct yd_slice s, bool last, struct yd_buf *out)
{
    for (size_t i = 0, n; i < s.len; i += n) {
        uint8_t c = s.p[i];
        bool skip;
        n = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
        skip = last && i + n < s.len;
        if (skip)
            continue;
        if (i > 0 && !last)
            yd_json_put(out, ",");
        if (n < 4) {
            yd_json_string(out, (struct yd_slice){s.p + i, n});
        } else {
            uint32_t code = (uint32_t)(c & 7) << 18 | (uint32_t)(s.p[i + 1] & 63) << 12 |
                            (uint32_t)(s.p[i + 2] & 63) << 6 | (s.p[i + 3] & 63);
            if (!last) {
                put_unit(out, 0xd800 + ((code - 0x10000) >> 10));
                yd_json_put(out, ",");
            }
            put_unit(out, 0xdc00 + (code & 0x3ff));
        }
    }
}

static void put_json_text(struct yd_slice json, struct yd_buf *out)
{
    if (json.len == 9 && memcmp(json.p, "undefined", 9) == 0)
        yd_json_put(out, "null");
    else
        yd_buf_append(out, json.p, json.len);
}

static void put_values(const struct yd_item *it, struct yd_slice content, bool last,
                       struct yd_buf *out)
{
    struct yd_reader r = yd_reader_of(content.p, content.len);

    for (uint32_t n = 0; n < it->len; n++) {
        bool skip = last && n + 1 < it->len;
        if (n > 0 && !last)
            yd_json_put(out, ",");
        if (it->kind == YD_JSON) {
            struct yd_slice json = yd_read_bytes(&r);
            if (!skip)
                put_json_text(json, out);
        } else if (skip) {
            yd_read_any(&r);
        } else {
            yd_json_put_any(out, &r);
        }
    }
}

void yd_put_elements(const struct yd_doc *doc, const struct yd_item *it, bool last,
                     struct yd_buf *out)
{
    struct yd_slice content = {0};
    struct yd_reader r;

    if (it->kind != YD_TYPE)
        content = yd_item_content(doc, it);
    r = yd_reader_of(content.p, content.len);
    switch (it->kind) {
    case YD_STRING:
        put_units(content, last, out);
        break;
    case YD_ANY:
    case YD_JSON:
        put_values(it, content, last, out);
        break;
    case YD_BINARY:
        yd_json_put_base64(out, yd_read_bytes(&r));
        break;
    case YD_EMBED:
        put_json_text(yd_read_bytes(&r), out);
        break;
    case YD_TYPE:
        yd_put_type(doc, it->off, (enum yd_type_kind)doc->types[it->off].ref, out);
        break;
    case YD_DOC:
        yd_json_put(out, "{\"guid\":");
        yd_json_string(out, yd_read_bytes(&r));
        yd_json_put(out, "}");
        break;
    default:
        break;
    }
}

/* ---- types ----------------------------------------------------------------------------------- */

static bool has_elements(const struct yd_item *it)
{
    return yd_item_size(it).units > 0;
}

static void put_array(const struct yd_doc *doc, uint32_t type, struct yd_buf *out)
{
    bool first = true;

    yd_json_put(out, "[");
    for (uint32_t i = doc->chains[doc->types[type].list].head; i != YD_NONE;
         i = doc->items[i].right) {
        if (!has_elements(&doc->items[i]))
            continue;
        yd_json_put(out, first ? "" : ",");
        first = false;
        yd_put_elements(doc, &doc->items[i], false, out);
    }
    yd_json_put(out, "]");
}

uint32_t yd_key_item(const struct yd_doc *doc, uint32_t chain)
{
    uint32_t tail = doc->chains[chain].tail;

    return tail != YD_NONE && has_elements(&doc->items[tail]) ? tail : YD_NONE;
}

static bool is_undefined(const struct yd_doc *doc, const struct yd_item *it)
{
    struct yd_slice c;

    if (it->kind != YD_ANY || it->len != 1)
        return false;
    c = yd_item_content(doc, it);
    return c.p[0] == YD_TAG_UNDEFINED;
}

static void put_map(const struct yd_doc *doc, uint32_t type, struct yd_buf *out)
{
    bool first = true;

    yd_json_put(out, "{");
    for (uint32_t c = doc->types[type].maps; c != YD_NONE; c = doc->chains[c].next) {
        uint32_t item = yd_key_item(doc, c);
        if (item == YD_NONE || is_undefined(doc, &doc->items[item]))
            continue;
        yd_json_put(out, first ? "" : ",");
        first = false;
        yd_json_string(out, yd_name_slice(doc, doc->chains[c].key));
        yd_json_put(out, ":");
        yd_put_elements(doc, &doc->items[item], true, out);
    }
    yd_json_put(out, "}");
}

void yd_put_type(const struct yd_doc *doc, uint32_t type, enum yd_type_kind kind,
                 struct yd_buf *out)
{
    struct yd_buf text = {0};

    if (kind == YD_ARRAY) {
        put_array(doc, type, out);
    } else if (kind == YD_MAP || kind == YD_XML_HOOK) {
        put_map(doc, type, out);
    } else {
        if (kind == YD_TEXT)
            yd_put_text(doc, type, &text);
        else
            yd_put_xml(doc, type, kind, &text);
        yd_json_string(out, (struct yd_slice){text.data, text.len});
        yd_buf_free(&text);
    }
}

int yd_read_open(const struct yd_doc *doc, struct yd_target at, enum yd_type_kind *kind,
                 uint32_t *type)
{
    int err = yd_target_find(doc, at, type);

    if (!err && doc->types[*type].item != YD_NONE)
        *kind = (enum yd_type_kind)doc->types[*type].ref;
    return err;
}

int yd_json(const struct yd_doc *doc, struct yd_target at, enum yd_type_kind kind,
            struct yd_buf *out)
{
    uint32_t type;
    int err = yd_read_open(doc, at, &kind, &type);

    if (!err)
        yd_put_type(doc, type, kind, out);
    return err;
}

int yd_json_key(const struct yd_doc *doc, struct yd_target at, const char *key, size_t key_len,
                struct yd_buf *out)
{
    uint32_t name = yd_name_find(doc, (const uint8_t *)key, key_len), type, chain, item;
    int err = yd_target_find(doc, at, &type);

    if (err)
        return err;
    chain = yd_map_chain_find(doc, type, name);
    item = chain == YD_NONE ? YD_NONE : yd_key_item(doc, chain);
    if (item == YD_NONE)
        return YD_ERR_TARGET;
    yd_put_elements(doc, &doc->items[item], true, out);
    return 0;
}
