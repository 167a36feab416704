#include "ydoc/internal.h"

#include <stdlib.h>
#include <string.h>

void *yd_resize(struct yd_doc *doc, void *p, size_t old_size, size_t size)
{
    void *q = doc->alloc.resize(doc->alloc.ctx, p, size);

    if (!q && size > 0)
        abort(); /* see ydoc.h: a half integrated update cannot be undone */
    doc->memory = doc->memory - old_size + size;
    return q;
}

#define MANY 1024

void *yd_grow(struct yd_doc *doc, void *p, uint32_t n, uint32_t *cap, size_t size)
{
    uint32_t grown;

    if (n < *cap)
        return p;
    if (*cap < 8)
        grown = 8;
    else if (*cap < MANY) /* what is large is not half empty, too */
        grown = *cap + *cap / 2;
    else
        grown = *cap > UINT32_MAX / 10 * 8 ? UINT32_MAX - 1 : *cap + *cap / 8;
    if (grown <= n)
        abort();
    p = yd_resize(doc, p, *cap * size, grown * size);
    *cap = grown;
    return p;
}

uint32_t yd_bytes_room(struct yd_doc *doc, size_t len)
{
    uint32_t off = doc->bytes_len;

    if (len > UINT32_MAX - 1 - off)
        abort(); /* max_doc_bytes is checked before */
    if (len > doc->bytes_cap - off) {
        size_t cap = doc->bytes_cap + (size_t)doc->bytes_cap / (doc->bytes_cap < 16384 ? 2 : 8);
        if (cap < off + len)
            cap = off + len;
        if (cap > UINT32_MAX - 1)
            cap = UINT32_MAX - 1;
        doc->bytes = yd_resize(doc, doc->bytes, doc->bytes_cap, cap);
        doc->bytes_cap = (uint32_t)cap;
    }
    doc->bytes_len += (uint32_t)len;
    return off;
}

uint32_t yd_bytes_add(struct yd_doc *doc, const uint8_t *p, size_t len)
{
    uint32_t off = yd_bytes_room(doc, len);

    if (len > 0)
        memcpy(doc->bytes + off, p, len);
    return off;
}

void yd_bytes_compact(struct yd_doc *doc)
{
    uint8_t *old = doc->bytes;
    uint32_t old_cap = doc->bytes_cap, used = 0;

    for (uint32_t i = 0; i < doc->item_count; i++)
        used += doc->items[i].kind == YD_TYPE ? 0 : doc->items[i].bytes;
    doc->bytes_cap = used + used / 8;
    doc->bytes = doc->bytes_cap ? yd_resize(doc, NULL, 0, doc->bytes_cap) : NULL;
    doc->bytes_len = 0;
    doc->bytes_garbage = 0;
    /* In clock order, so that what one client wrote in one go stays together and merges without a
     * copy. */
    for (uint32_t slot = 0; slot < doc->client_count; slot++) {
        const struct yd_client *c = &doc->clients[slot];
        for (uint32_t l = 0; l < c->leaf_count; l++) {
            for (uint32_t i = 0; i < c->leaves[l].leaf->n; i++) {
                struct yd_item *it = &doc->items[c->leaves[l].leaf->e[i].item];
                if (it->kind == YD_TYPE || it->bytes == 0)
                    continue;
                it->off = yd_bytes_add(doc, old + it->off, it->bytes);
                it->slack = 0;
            }
        }
    }
    if (old)
        yd_resize(doc, old, old_cap, 0);
}

void yd_ranges_add(struct yd_doc *doc, struct yd_ranges *r, uint32_t slot, uint32_t clock,
                   uint32_t len)
{
    if (r->n > 0) { /* deletes and splits mostly come in order */
        struct yd_range *last = &r->v[r->n - 1];
        if (last->slot == slot && last->clock + last->len == clock) {
            last->len += len;
            return;
        }
    }
    if (r->n == r->cap) {
        size_t cap = r->cap ? r->cap * 2 : 8;
        r->v = yd_resize(doc, r->v, r->cap * sizeof(*r->v), cap * sizeof(*r->v));
        r->cap = cap;
    }
    r->v[r->n++] = (struct yd_range){slot, clock, len};
}

void yd_u32s_add(struct yd_doc *doc, struct yd_u32s *r, uint32_t v)
{
    if (r->n == r->cap) {
        size_t cap = r->cap ? r->cap * 2 : 8;
        r->v = yd_resize(doc, r->v, r->cap * sizeof(*r->v), cap * sizeof(*r->v));
        r->cap = cap;
    }
    r->v[r->n++] = v;
}

uint64_t yd_hash_u64(const struct yd_doc *doc, uint64_t v)
{
    v ^= doc->seed;
    v = (v ^ v >> 33) * UINT64_C(0xff51afd7ed558ccd);
    v = (v ^ v >> 33) * UINT64_C(0xc4ceb9fe1a85ec53);
    return v ^ v >> 33;
}

static void place(const struct yd_doc *doc, struct yd_index *ix, uint32_t entry, yd_hash_fn hash)
{
    uint32_t h = (uint32_t)hash(doc, entry) & ix->mask;

    while (ix->cells[h] != 0)
        h = (h + 1) & ix->mask;
    ix->cells[h] = entry + 1;
}

void yd_index_add(struct yd_doc *doc, struct yd_index *ix, uint32_t entry, yd_hash_fn hash)
{
    size_t cap = ix->cells ? (size_t)ix->mask + 1 : 0;

    if ((size_t)ix->used + 1 > cap / 4 * 3) {
        struct yd_index grown = {.used = ix->used};
        size_t new_cap = cap ? cap * 2 : 8;
        grown.cells = yd_resize(doc, NULL, 0, new_cap * sizeof(uint32_t));
        memset(grown.cells, 0, new_cap * sizeof(uint32_t));
        grown.mask = (uint32_t)(new_cap - 1);
        for (size_t i = 0; i < cap; i++) {
            if (ix->cells[i] != 0)
                place(doc, &grown, ix->cells[i] - 1, hash);
        }
        if (ix->cells)
            yd_resize(doc, ix->cells, cap * sizeof(uint32_t), 0);
        *ix = grown;
    }
    place(doc, ix, entry, hash);
    ix->used++;
}

void yd_index_remove(struct yd_doc *doc, struct yd_index *ix, uint32_t entry, yd_hash_fn hash)
{
    uint32_t hole = (uint32_t)hash(doc, entry) & ix->mask;

    while (ix->cells[hole] != entry + 1)
        hole = (hole + 1) & ix->mask;
    /* Move up whoever would no longer be found across the hole. */
    for (uint32_t i = (hole + 1) & ix->mask; ix->cells[i] != 0; i = (i + 1) & ix->mask) {
        uint32_t home = (uint32_t)hash(doc, ix->cells[i] - 1) & ix->mask;
        if (((i - home) & ix->mask) >= ((i - hole) & ix->mask)) {
            ix->cells[hole] = ix->cells[i];
            hole = i;
        }
    }
    ix->cells[hole] = 0;
    ix->used--;
}
