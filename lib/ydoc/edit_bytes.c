/* Places in texts by bytes. */
#include "ydoc/edit_internal.h"

static int text_chain(struct yd_doc *doc, struct yd_target at, uint32_t *chain)
{
    uint32_t type;
    int err = yd_target_find(doc, at, &type);

    if (!err)
        *chain = doc->types[type].list;
    return err;
}

int yd_text_utf16_at(struct yd_doc *doc, struct yd_target at, uint32_t utf8, uint32_t *utf16)
{
    uint32_t chain, item, offset;
    const struct yd_item *it;
    const uint8_t *p;
    uint64_t units;
    bool ascii;
    int err = text_chain(doc, at, &chain);

    *utf16 = 0;
    if (err || utf8 == 0)
        return err;
    if (!yd_list_find(doc, chain, YD_BY_BYTES, utf8 - 1, &item, &offset))
        return YD_ERR_INDEX;
    it = &doc->items[item];
    p = doc->bytes + it->off;
    offset++;
    if (offset < it->bytes && (p[offset] & 0xc0) == 0x80)
        return YD_ERR_INDEX;
    yd_utf8_scan(p, offset, &units, &ascii);
    *utf16 = yd_list_before(doc, item).units + (uint32_t)units;
    return 0;
}

int yd_text_utf8_at(struct yd_doc *doc, struct yd_target at, uint32_t utf16, uint32_t *utf8)
{
    uint32_t chain, item, units;
    bool inside;
    int err = text_chain(doc, at, &chain);

    *utf8 = 0;
    if (!err)
        err = yd_edit_find(doc, chain, utf16, &item, &units);
    if (err || utf16 == 0)
        return err;
    *utf8 = yd_list_before(doc, item).bytes;
    if (doc->items[item].kind == YD_STRING) {
        const struct yd_item *it = &doc->items[item];
        struct yd_slice text = {doc->bytes + it->off, it->bytes};
        *utf8 += (uint32_t)yd_content_offset(YD_STRING, it->ascii, text, units, &inside);
    }
    return 0;
}
