/* Reading structs a second time: what a check of the whole has found good needs no bounds and no
 * rules any more. */
#include "ydoc/update.h"

static uint64_t known_varuint(const uint8_t **p)
{
    uint64_t value = *(*p)++;

    if (value < 0x80)
        return value;
    value &= 0x7f;
    for (unsigned shift = 7;; shift += 7) {
        uint8_t byte = *(*p)++;
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80)
            return value;
    }
}

static struct yd_id known_id(struct yd_reader *r)
{
    struct yd_id id = {.client = yd_read_client(r)};

    id.clock = (uint32_t)known_varuint(&r->p);
    return id;
}

/* Text and holes behind something, or before it, are nearly all there is. */
void yd_ref_read_known(struct yd_reader *r, uint64_t client, uint32_t clock, struct yd_ref *ref)
{
    uint8_t info = *r->p, kind = info & YD_INFO_KIND;
    uint64_t units;

    if ((kind != YD_STRING && kind != YD_DELETED) || !(info & (YD_INFO_ORIGIN | YD_INFO_RIGHT))) {
        yd_ref_read(r, client, clock, ref);
        return;
    }
    yd_ref_begin(ref, client, clock, kind);
    r->p++;
    ref->has_origin = (info & YD_INFO_ORIGIN) != 0;
    ref->has_right = (info & YD_INFO_RIGHT) != 0;
    if (ref->has_origin)
        ref->origin = known_id(r);
    if (ref->has_right)
        ref->right = known_id(r);
    ref->len = (uint32_t)known_varuint(&r->p);
    if (kind == YD_STRING) {
        ref->content = (struct yd_slice){r->p, ref->len};
        r->p += ref->len;
        yd_utf8_scan(ref->content.p, ref->content.len, &units, &ref->ascii);
        ref->len = (uint32_t)units;
    }
}
