#include "ydoc/relpos.h"
#include "ydoc/edit_internal.h"

static int32_t read_assoc(struct yd_reader *r)
{
    bool negative;
    uint64_t v = yd_read_varint(r, &negative);

    if (v > INT32_MAX) {
        yd_reader_fail(r, YD_ERR_RANGE);
        return 0;
    }
    return negative ? -(int32_t)v : (int32_t)v;
}

int yd_relpos_decode(const uint8_t *p, size_t len, struct yd_relpos *out)
{
    struct yd_reader r = yd_reader_of(p, len);
    uint64_t kind = yd_read_varuint(&r);

    *out = (struct yd_relpos){0};
    if (kind == YD_RELPOS_ROOT) {
        struct yd_slice name = yd_read_string(&r);
        out->root = (const char *)name.p;
        out->root_len = name.len;
    } else if (kind == YD_RELPOS_UNIT || kind == YD_RELPOS_TYPE) {
        out->client = yd_read_varuint(&r);
        out->clock = yd_read_u32(&r);
    } else {
        yd_reader_fail(&r, YD_ERR_KIND);
    }
    out->kind = (enum yd_relpos_kind)(kind & 3);
    if (!r.err && r.p != r.end) /* older clients wrote none */
        out->assoc = read_assoc(&r);
    if (!r.err && r.p != r.end)
        r.err = YD_ERR_TRAILING;
    if (r.err)
        *out = (struct yd_relpos){0};
    return r.err;
}

void yd_relpos_encode(const struct yd_relpos *pos, struct yd_buf *out)
{
    uint32_t v = pos->assoc < 0 ? 0U - (uint32_t)pos->assoc : (uint32_t)pos->assoc;

    yd_buf_put_varuint(out, pos->kind);
    if (pos->kind == YD_RELPOS_ROOT) {
        yd_buf_put_bytes(out, pos->root, pos->root_len);
    } else {
        yd_buf_put_varuint(out, pos->client);
        yd_buf_put_varuint(out, pos->clock);
    }
    yd_buf_put_varint(out, pos->assoc < 0, v);
}

/* The whole type, as a position that names no unit. */
static void end_of(struct yd_target at, struct yd_relpos *out)
{
    out->kind = at.root ? YD_RELPOS_ROOT : YD_RELPOS_TYPE;
    out->client = at.client;
    out->clock = at.clock;
    out->root = at.root;
    out->root_len = at.root_len;
}

int yd_relpos_at(struct yd_doc *doc, struct yd_target at, uint32_t index, int32_t assoc,
                 struct yd_relpos *out)
{
    uint32_t type, item, units, unit = index;
    int err = yd_target_find(doc, at, &type);

    *out = (struct yd_relpos){.assoc = assoc};
    if (err && at.root && index == 0) { /* a root that nobody has used yet */
        end_of(at, out);
        return 0;
    }
    if (err)
        return err;
    if (assoc < 0 && index-- == 0) {
        end_of(at, out);
    } else if (yd_list_find(doc, doc->types[type].list, YD_BY_UNITS, index, &item, &units)) {
        out->client = doc->clients[doc->items[item].slot].id;
        out->clock = doc->items[item].clock + units;
    } else if (assoc < 0 || yd_list_units(doc, doc->types[type].list) != unit) {
        return YD_ERR_INDEX;
    } else {
        end_of(at, out);
    }
    return 0;
}

static struct yd_target target_of(const struct yd_doc *doc, uint32_t type)
{
    uint32_t item = doc->types[type].item;
    struct yd_target at = {0};

    if (item == YD_NONE) {
        struct yd_slice name = yd_name_slice(doc, doc->types[type].name);
        at.root = name.p ? (const char *)name.p : "";
        at.root_len = name.len;
    } else {
        at.client = doc->clients[doc->items[item].slot].id;
        at.clock = doc->items[item].clock;
    }
    return at;
}

static int resolve_unit(struct yd_doc *doc, const struct yd_relpos *pos, struct yd_target *at,
                        uint32_t *index)
{
    uint32_t slot = yd_slot_find(doc, pos->client), item, type, parent;
    const struct yd_item *it;

    if (slot == YD_NONE || pos->clock >= doc->clients[slot].state)
        return YD_ERR_GONE;
    item = yd_item_find(doc, slot, pos->clock);
    it = &doc->items[item];
    if (it->kind == YD_GC)
        return YD_ERR_GONE;
    type = doc->chains[it->chain].type;
    parent = doc->types[type].item;
    *at = target_of(doc, type);
    *index = 0;
    if (parent != YD_NONE && doc->items[parent].deleted)
        return 0;
    if (yd_item_size(it).units > 0)
        *index = pos->clock - it->clock + (pos->assoc < 0);
    *index += yd_list_before(doc, item).units;
    return 0;
}

int yd_relpos_resolve(struct yd_doc *doc, const struct yd_relpos *pos, struct yd_target *type,
                      uint32_t *index)
{
    struct yd_target at = {.root = pos->root, .root_len = pos->root_len};
    uint32_t found = YD_NONE;
    int err = 0;

    *index = 0;
    if (pos->kind == YD_RELPOS_UNIT) {
        err = resolve_unit(doc, pos, &at, index);
    } else {
        if (pos->kind == YD_RELPOS_TYPE)
            at = (struct yd_target){.client = pos->client, .clock = pos->clock};
        if (yd_target_find(doc, at, &found) != 0)
            err = at.root ? 0 : YD_ERR_GONE; /* a root that nobody has used is empty */
        else if (pos->assoc >= 0)
            *index = yd_list_units(doc, doc->types[found].list);
    }
    if (type && !err)
        *type = at;
    return err;
}
