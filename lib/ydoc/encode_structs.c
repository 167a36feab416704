/* Writing structs: most of an encoded document, so ids are copied where they can be and each struct
 * asks the buffer for room once. */
#include "ydoc/internal.h"

#define MAX_HEAD (1 + 5 * YD_VARUINT_MAX) /* info, two ids, a length */

struct writer {
    const struct yd_doc *doc;
    struct yd_buf *out;
    uint32_t slot; /* the client whose id is kept encoded */
    uint8_t id[8]; /* a client id has 53 bits */
    uint32_t id_len;
};

static uint8_t *put_id(const struct writer *w, uint8_t *p, uint32_t slot, uint32_t clock)
{
    if (slot == w->slot) {
        memcpy(p, w->id, 8);
        p += w->id_len;
    } else {
        p = yd_put_varuint(p, w->doc->clients[slot].id);
    }
    return yd_put_varuint(p, clock);
}

static void write_name(const struct writer *w, uint32_t name)
{
    struct yd_slice s = yd_name_slice(w->doc, name);
    uint8_t *begin = yd_buf_room(w->out, YD_VARUINT_MAX + s.len), *p = yd_put_varuint(begin, s.len);

    if (s.len > 0)
        memcpy(p, s.p, s.len);
    w->out->len += (size_t)(p - begin) + s.len;
}

static void write_parent(const struct writer *w, const struct yd_chain *chain)
{
    const struct yd_type *type = &w->doc->types[chain->type];

    yd_buf_put_varuint(w->out, type->item == YD_NONE);
    if (type->item == YD_NONE) {
        write_name(w, type->name);
    } else {
        const struct yd_item *it = &w->doc->items[type->item];
        yd_buf_put_varuint(w->out, w->doc->clients[it->slot].id);
        yd_buf_put_varuint(w->out, it->clock);
    }
    if (chain->key != YD_NONE)
        write_name(w, chain->key);
}

/* Info and what the struct refers to. */
static void write_head(const struct writer *w, const struct yd_item *it, uint32_t origin_slot,
                       uint32_t origin_clock)
{
    const struct yd_chain *chain = &w->doc->chains[it->chain];
    uint8_t *begin = yd_buf_room(w->out, MAX_HEAD), *p = begin;
    bool has_origin = origin_slot != YD_NONE, has_right = it->right_slot != YD_NONE;

    *p++ = (uint8_t)(it->kind | (has_origin ? YD_INFO_ORIGIN : 0) |
                     (has_right ? YD_INFO_RIGHT : 0) | (chain->key != YD_NONE ? YD_INFO_SUB : 0));
    if (has_origin)
        p = put_id(w, p, origin_slot, origin_clock);
    if (has_right)
        p = put_id(w, p, it->right_slot, it->right_clock);
    w->out->len += (size_t)(p - begin);
    if (!has_origin && !has_right)
        write_parent(w, chain);
}

static void write_whole_content(const struct writer *w, const struct yd_item *it)
{
    uint8_t *begin = yd_buf_room(w->out, YD_VARUINT_MAX + it->bytes), *p = begin;

    if (it->kind == YD_STRING)
        p = yd_put_varuint(p, it->bytes);
    else if (it->kind == YD_GC || yd_kind_splits(it->kind))
        p = yd_put_varuint(p, it->len);
    if (it->bytes > 0)
        memcpy(p, w->doc->bytes + it->off, it->bytes);
    w->out->len += (size_t)(p - begin) + it->bytes;
}

static void write_item(const struct writer *w, const struct yd_item *it, uint32_t offset)
{
    struct yd_slice content = {NULL, 0};

    if (it->kind == YD_GC)
        yd_buf_append(w->out, &(uint8_t){YD_GC}, 1);
    else if (offset > 0)
        write_head(w, it, it->slot, it->clock + offset - 1);
    else
        write_head(w, it, it->origin_slot, it->origin_clock);
    if (it->kind == YD_TYPE) {
        const struct yd_type *type = &w->doc->types[it->off];
        yd_buf_put_varuint(w->out, type->ref);
        if (type->name != YD_NONE)
            write_name(w, type->name);
        return;
    }
    if (offset == 0) {
        write_whole_content(w, it);
        return;
    }
    if (it->bytes > 0)
        content = (struct yd_slice){w->doc->bytes + it->off, it->bytes};
    yd_content_write(w->out, it->kind, it->ascii, content, it->len, offset);
}

/* Mostly all of a client is written. */
static struct yd_pos find_start(const struct yd_doc *doc, uint32_t slot, uint32_t from)
{
    return from == 0 ? (struct yd_pos){0, 0} : yd_pos_find(doc, slot, from);
}

uint32_t yd_count_structs(const struct yd_doc *doc, uint32_t slot, uint32_t from)
{
    const struct yd_client *c = &doc->clients[slot];
    struct yd_pos pos = find_start(doc, slot, from);
    uint32_t n = c->leaves[pos.leaf].leaf->n - pos.i;

    for (uint32_t l = pos.leaf + 1; l < c->leaf_count; l++)
        n += c->leaves[l].leaf->n;
    return n;
}

uint32_t yd_write_structs(const struct yd_doc *doc, struct yd_buf *out, uint32_t slot,
                          uint32_t from)
{
    const struct yd_client *c = &doc->clients[slot];
    struct writer w = {.doc = doc, .out = out, .slot = slot};
    struct yd_pos pos = find_start(doc, slot, from);
    uint32_t count = 0;

    w.id_len = (uint32_t)(yd_put_varuint(w.id, c->id) - w.id);
    for (uint32_t l = pos.leaf, i = pos.i; l < c->leaf_count; l++, i = 0) {
        const struct yd_leaf *leaf = c->leaves[l].leaf;
        for (; i < leaf->n; i++) {
            const struct yd_item *it = &doc->items[leaf->e[i].item];
            write_item(&w, it, count++ == 0 ? from - it->clock : 0);
        }
    }
    return count;
}
