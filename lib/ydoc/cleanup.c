/* The end of a transaction: content of deleted items goes, children of deleted types become GC
 * structs, neighbours that were made one after the other become one. */
#include "ydoc/internal.h"

#include <stdlib.h>

static void collect_chain(struct yd_doc *doc, uint32_t chain)
{
    for (uint32_t i = doc->chains[chain].head, next; i != YD_NONE; i = next) {
        struct yd_item *it = &doc->items[i];
        next = it->right;
        if (it->kind == YD_TYPE)
            yd_u32s_add(doc, &doc->work, it->off);
        yd_content_drop(doc, it);
        it->kind = YD_GC;
        it->left = it->right = it->chain = YD_NONE;
        it->origin_slot = it->right_slot = YD_NONE;
        it->origin_clock = it->right_clock = 0;
    }
}

static void collect_item(struct yd_doc *doc, uint32_t item)
{
    struct yd_item *it = &doc->items[item];

    if (it->kind == YD_TYPE)
        yd_u32s_add(doc, &doc->work, it->off);
    yd_content_drop(doc, it);
    it->kind = YD_DELETED;
    while (doc->work.n > 0) {
        uint32_t type = doc->work.v[--doc->work.n];
        collect_chain(doc, doc->types[type].list);
        for (uint32_t c = doc->types[type].maps; c != YD_NONE; c = doc->chains[c].next)
            collect_chain(doc, c);
        yd_type_drop(doc, type);
    }
}

static void collect_range(struct yd_doc *doc, struct yd_range r)
{
    struct yd_pos pos = yd_pos_find(doc, r.slot, r.clock);

    do {
        uint32_t item = yd_pos_item(doc, r.slot, pos);
        const struct yd_item *it = &doc->items[item];
        if (it->clock >= r.clock + r.len)
            return;
        if (it->deleted && it->kind != YD_GC && it->kind != YD_DELETED)
            collect_item(doc, item);
    } while (yd_pos_next(doc, r.slot, &pos));
}

/* Try to join each struct that begins in [clock, end], and the one that holds clock, with its left
 * neighbour; from right to left, so that positions on the way stay good. */
static void merge_range(struct yd_doc *doc, uint32_t slot, uint32_t clock, uint32_t end)
{
    const struct yd_client *c = &doc->clients[slot];
    struct yd_pos pos, left;

    if (end >= c->state)
        end = c->state - 1;
    pos = yd_pos_find(doc, slot, end);
    left = pos;
    while (yd_pos_prev(doc, slot, &left)) {
        const struct yd_item *it = &doc->items[yd_pos_item(doc, slot, pos)];
        bool last = it->clock <= clock;
        if (yd_item_merge(doc, yd_pos_item(doc, slot, left), yd_pos_item(doc, slot, pos)))
            yd_struct_remove(doc, slot, pos);
        if (last)
            return;
        pos = left;
    }
}

static int by_slot_and_clock(const void *a, const void *b)
{
    const struct yd_range *x = a, *y = b;

    if (x->slot != y->slot)
        return x->slot < y->slot ? -1 : 1;
    return x->clock < y->clock ? -1 : x->clock > y->clock;
}

/* What came in this transaction has been joined as a whole. */
static void merge_ranges(struct yd_doc *doc, const struct yd_ranges *ranges)
{
    for (size_t i = ranges->n; i-- > 0;) {
        const struct yd_range *r = &ranges->v[i];
        const struct yd_client *c = &doc->clients[r->slot];
        if (!c->touched || r->clock < c->before)
            merge_range(doc, r->slot, r->clock, r->clock + r->len);
    }
}

static void sort(struct yd_ranges *r)
{
    for (size_t i = 1; i < r->n; i++) {
        if (by_slot_and_clock(&r->v[i - 1], &r->v[i]) > 0) {
            qsort(r->v, r->n, sizeof(*r->v), by_slot_and_clock);
            return;
        }
    }
}

static void forget(struct yd_doc *doc, struct yd_ranges *r)
{
    r->n = 0;
    if (r->cap > 64) {
        yd_resize(doc, r->v, r->cap * sizeof(*r->v), 0);
        *r = (struct yd_ranges){0};
    }
}

#define GARBAGE_MIN 4096 /* bytes not worth moving the rest for */

void yd_cleanup(struct yd_doc *doc)
{
    yd_contests_end(doc);
    yd_slots_sort(doc);
    sort(&doc->deleted);
    for (size_t i = 0; i < doc->deleted.n && !doc->keep_deleted; i++)
        collect_range(doc, doc->deleted.v[i]);
    merge_ranges(doc, &doc->deleted);
    for (size_t i = 0; i < doc->touched.n; i++) {
        const struct yd_client *c = &doc->clients[doc->touched.v[i]];
        merge_range(doc, doc->touched.v[i], c->before, c->state - 1);
    }
    sort(&doc->splits);
    merge_ranges(doc, &doc->splits);
    for (size_t i = 0; i < doc->touched.n; i++)
        doc->clients[doc->touched.v[i]].touched = false;
    forget(doc, &doc->deleted);
    forget(doc, &doc->splits);
    doc->touched.n = 0;
    if (doc->bytes_garbage > GARBAGE_MIN && doc->bytes_garbage > doc->bytes_len / 8)
        yd_bytes_compact(doc);
}
