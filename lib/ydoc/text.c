/* Reading a text, and making one. */
#include "ydoc/internal.h"

static uint32_t first_of_root(const struct yd_doc *doc, const char *root, size_t root_len)
{
    uint32_t name = yd_name_find(doc, (const uint8_t *)root, root_len);

    if (name == YD_NONE || doc->names[name].root == YD_NONE)
        return YD_NONE;
    return doc->chains[doc->types[doc->names[name].root].list].head;
}

bool yd_has_root(const struct yd_doc *doc, const char *root, size_t root_len)
{
    uint32_t name = yd_name_find(doc, (const uint8_t *)root, root_len);

    return name != YD_NONE && doc->names[name].root != YD_NONE;
}

static bool is_text(const struct yd_item *it)
{
    return it->kind == YD_STRING && !it->deleted;
}

void yd_text(const struct yd_doc *doc, const char *root, size_t root_len, struct yd_buf *out)
{
    for (uint32_t i = first_of_root(doc, root, root_len); i != YD_NONE; i = doc->items[i].right) {
        if (is_text(&doc->items[i]))
            yd_buf_append(out, doc->bytes + doc->items[i].off, doc->items[i].bytes);
    }
}

uint64_t yd_text_len_utf16(const struct yd_doc *doc, const char *root, size_t root_len)
{
    uint64_t units = 0;

    for (uint32_t i = first_of_root(doc, root, root_len); i != YD_NONE; i = doc->items[i].right)
        units += is_text(&doc->items[i]) ? doc->items[i].len : 0;
    return units;
}

uint64_t yd_text_len_utf8(const struct yd_doc *doc, const char *root, size_t root_len)
{
    uint64_t bytes = 0;

    for (uint32_t i = first_of_root(doc, root, root_len); i != YD_NONE; i = doc->items[i].right)
        bytes += is_text(&doc->items[i]) ? doc->items[i].bytes : 0;
    return bytes;
}

int yd_encode_text_insert(uint64_t client, const char *root, size_t root_len, const char *text,
                          size_t text_len, struct yd_buf *out)
{
    struct yd_ref ref = {.client = client, .kind = YD_STRING, .parent = YD_PARENT_ROOT};
    uint64_t units;
    bool ascii;

    ref.root = (struct yd_slice){(const uint8_t *)root, root_len};
    ref.content = (struct yd_slice){(const uint8_t *)text, text_len};
    if (client == 0 || client > YD_MAX_SAFE_INT)
        return YD_ERR_RANGE;
    if (!yd_utf8_scan(ref.root.p, root_len, &units, &ascii) ||
        !yd_utf8_scan(ref.content.p, text_len, &units, &ref.ascii))
        return YD_ERR_UTF8;
    if (units > UINT32_MAX)
        return YD_ERR_RANGE;
    ref.len = (uint32_t)units;
    yd_buf_put_varuint(out, text_len > 0);
    if (text_len > 0) {
        yd_buf_put_varuint(out, 1); /* one struct */
        yd_buf_put_varuint(out, client);
        yd_buf_put_varuint(out, 0); /* from clock 0 */
        yd_ref_write(out, &ref, 0);
    }
    yd_buf_put_varuint(out, 0); /* nothing deleted */
    return 0;
}
