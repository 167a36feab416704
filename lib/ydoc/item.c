/* Items: cutting, joining, deleting. */
#include "ydoc/internal.h"

#include <string.h>

static struct yd_slice content_of(const struct yd_doc *doc, const struct yd_item *it)
{
    return (struct yd_slice){it->bytes ? doc->bytes + it->off : NULL, it->bytes};
}

void yd_content_drop(struct yd_doc *doc, struct yd_item *it)
{
    if (it->kind != YD_TYPE)
        doc->bytes_garbage += it->slack ? UINT32_C(1) << it->slack : it->bytes;
    it->off = 0;
    it->bytes = 0;
    it->slack = 0;
}

/* Whether a place in the item is found by walking through its content. */
static bool is_walked(const struct yd_item *it)
{
    return it->kind == YD_ANY || it->kind == YD_JSON || (it->kind == YD_STRING && !it->ascii);
}

/* A surrogate pair was cut in two: each half becomes U+FFFD, six bytes where four were.  The
 * shorter half moves, so that cutting up a long run costs n log n at worst.  at: where the pair's
 * four bytes are. */
static void split_pair(struct yd_doc *doc, struct yd_item *l, struct yd_item *r, uint32_t at)
{
    uint32_t rest = l->bytes - at - 4, old = l->off, off;

    l->bytes = at + 3;
    r->bytes = rest + 3;
    if (rest < at) {
        off = yd_bytes_room(doc, r->bytes);
        memcpy(doc->bytes + off + 3, doc->bytes + old + at + 4, rest);
        r->off = off;
        doc->bytes_garbage += rest + 1;
    } else {
        off = yd_bytes_room(doc, l->bytes);
        memcpy(doc->bytes + off, doc->bytes + old, at);
        l->off = off;
        r->off = old + at + 1;
        doc->bytes_garbage += at + 1;
    }
    memcpy(doc->bytes + l->off + at, YD_REPLACEMENT, 3);
    memcpy(doc->bytes + r->off, YD_REPLACEMENT, 3);
}

static void note_ascii(const struct yd_doc *doc, struct yd_item *it)
{
    if (it->bytes <= YD_RUN_MAX)
        it->ascii = yd_utf8_is_ascii(doc->bytes + it->off, it->bytes);
}

static void split_content(struct yd_doc *doc, struct yd_item *l, struct yd_item *r, uint32_t diff)
{
    bool inside;
    size_t at = yd_content_offset(l->kind, l->ascii, content_of(doc, l), diff, &inside);

    l->slack = 0;
    r->slack = 0;
    if (inside) {
        split_pair(doc, l, r, (uint32_t)at);
    } else {
        r->off = l->off + (uint32_t)at;
        r->bytes = l->bytes - (uint32_t)at;
        l->bytes = (uint32_t)at;
    }
    if (l->kind == YD_STRING && !l->ascii) {
        note_ascii(doc, l);
        note_ascii(doc, r);
    }
}

static uint32_t split_at(struct yd_doc *doc, struct yd_pos pos, uint32_t left, uint32_t diff)
{
    uint32_t right = yd_item_new(doc);
    struct yd_item *l = &doc->items[left], *r = &doc->items[right];
    uint32_t bytes = l->bytes;

    doc->pieces++;
    *r = *l;
    r->clock += diff;
    r->len -= diff;
    r->origin_slot = l->slot;
    r->origin_clock = r->clock - 1;
    r->left = left;
    l->len = diff;
    l->right = right;
    if (r->right != YD_NONE)
        doc->items[r->right].left = right;
    else if (doc->chains[r->chain].key != YD_NONE)
        doc->chains[r->chain].tail = right;
    split_content(doc, l, r, diff);
    if (doc->orders)
        yd_order_split(doc, left, right, l->bytes + r->bytes - bytes);
    yd_ranges_add(doc, &doc->splits, l->slot, r->clock, 1);
    yd_struct_insert_after(doc, l->slot, pos, right);
    if (doc->contests)
        yd_contest_linked(doc, right);
    return right;
}

uint32_t yd_item_split(struct yd_doc *doc, uint32_t item, uint32_t diff)
{
    const struct yd_item *it = &doc->items[item];

    return split_at(doc, yd_pos_find(doc, it->slot, it->clock), item, diff);
}

uint32_t yd_item_ending(struct yd_doc *doc, uint32_t slot, uint32_t clock)
{
    struct yd_pos pos = yd_pos_find(doc, slot, clock);
    uint32_t item = yd_pos_item(doc, slot, pos);
    const struct yd_item *it = &doc->items[item];

    if (it->kind != YD_GC && clock != it->clock + it->len - 1)
        split_at(doc, pos, item, clock - it->clock + 1);
    return item;
}

uint32_t yd_item_starting(struct yd_doc *doc, uint32_t slot, uint32_t clock)
{
    struct yd_pos pos = yd_pos_find(doc, slot, clock);
    uint32_t item = yd_pos_item(doc, slot, pos);
    const struct yd_item *it = &doc->items[item];

    if (it->kind != YD_GC && clock != it->clock)
        return split_at(doc, pos, item, clock - it->clock);
    return item;
}

void yd_item_shorten(struct yd_doc *doc, uint32_t item)
{
    while (is_walked(&doc->items[item]) && doc->items[item].bytes > YD_RUN_MAX) {
        const struct yd_item *it = &doc->items[item];
        uint32_t units = yd_content_units(it->kind, content_of(doc, it), YD_RUN_MAX);
        if (units >= it->len)
            return;
        item = yd_item_split(doc, item, units);
    }
}

static void delete_one(struct yd_doc *doc, uint32_t item)
{
    struct yd_item *it = &doc->items[item];

    if (doc->orders)
        yd_order_deleting(doc, item);
    it->deleted = 1;
    yd_ranges_add(doc, &doc->deleted, it->slot, it->clock, it->len);
    if (it->kind == YD_TYPE)
        yd_u32s_add(doc, &doc->work, it->off);
}

static void delete_chain(struct yd_doc *doc, uint32_t chain)
{
    for (uint32_t i = doc->chains[chain].head; i != YD_NONE; i = doc->items[i].right) {
        const struct yd_item *it = &doc->items[i];
        if (!it->deleted)
            delete_one(doc, i);
        else /* its collection with the parent may let it merge */
            yd_ranges_add(doc, &doc->splits, it->slot, it->clock, 1);
    }
}

void yd_item_delete(struct yd_doc *doc, uint32_t item)
{
    if (doc->items[item].deleted || doc->items[item].kind == YD_GC)
        return;
    delete_one(doc, item);
    while (doc->work.n > 0) {
        uint32_t type = doc->work.v[--doc->work.n];
        delete_chain(doc, doc->types[type].list);
        for (uint32_t c = doc->types[type].maps; c != YD_NONE; c = doc->chains[c].next)
            delete_chain(doc, c);
    }
}

bool yd_delete_range(struct yd_doc *doc, uint32_t slot, uint32_t clock, uint32_t end)
{
    struct yd_pos pos = yd_pos_find(doc, slot, clock);
    bool changed = false, more;

    do {
        uint32_t item = yd_pos_item(doc, slot, pos);
        const struct yd_item *it = &doc->items[item];
        if (!it->deleted) {
            if (it->clock < clock)
                item = split_at(doc, pos, item, clock - it->clock);
            it = &doc->items[item];
            if (end < it->clock + it->len)
                yd_item_split(doc, item, end - it->clock);
            yd_item_delete(doc, item);
            changed = true;
            pos = yd_pos_find(doc, slot, doc->items[item].clock);
        }
        it = &doc->items[yd_pos_item(doc, slot, pos)];
        more = it->clock + it->len < end && yd_pos_next(doc, slot, &pos);
    } while (more);
    return changed;
}

/* ---- merging --------------------------------------------------------------------------------- */

#define MIN_SLACK 5 /* 32 bytes */

/* Put both contents into a place of their own with room to grow, so that two people who type in
 * turn don't copy their runs for each key. */
static void join_elsewhere(struct yd_doc *doc, struct yd_item *l, const struct yd_item *r)
{
    uint32_t sum = l->bytes + r->bytes, off;
    uint32_t slack = MIN_SLACK;

    while ((UINT32_C(1) << slack) < sum + sum / 2)
        slack++;
    off = yd_bytes_room(doc, (size_t)1 << slack);
    memcpy(doc->bytes + off, doc->bytes + l->off, l->bytes);
    memcpy(doc->bytes + off + l->bytes, doc->bytes + r->off, r->bytes);
    doc->bytes_garbage += (l->slack ? UINT32_C(1) << l->slack : l->bytes) + r->bytes;
    l->off = off;
    l->slack = YD_BITS(slack, 5);
}

static bool merge_content(struct yd_doc *doc, struct yd_item *l, const struct yd_item *r)
{
    uint32_t sum = l->bytes + r->bytes;

    if (l->kind == YD_DELETED)
        return true;
    if (sum > YD_RUN_MAX && (is_walked(l) || is_walked(r)))
        return false;
    if (l->off + l->bytes == r->off) {
        l->slack = 0;
    } else if (l->slack && sum <= (UINT32_C(1) << l->slack)) {
        memcpy(doc->bytes + l->off + l->bytes, doc->bytes + r->off, r->bytes);
        doc->bytes_garbage += r->bytes;
    } else if (doc->bytes_len < UINT32_C(1) << 30 && sum < UINT32_C(1) << 28) {
        join_elsewhere(doc, l, r);
    } else {
        return false;
    }
    l->bytes = sum;
    l->ascii = l->ascii && r->ascii;
    return true;
}

static bool may_merge(const struct yd_item *l, const struct yd_item *r, uint32_t right)
{
    return yd_kind_splits(l->kind) && l->right == right && l->deleted == r->deleted &&
           r->origin_slot == l->slot && r->origin_clock == l->clock + l->len - 1 &&
           l->right_slot == r->right_slot && l->right_clock == r->right_clock;
}

bool yd_item_merge(struct yd_doc *doc, uint32_t left, uint32_t right)
{
    struct yd_item *l = &doc->items[left];
    const struct yd_item *r = &doc->items[right];

    if (l->kind != r->kind)
        return false;
    if (l->kind != YD_GC) {
        if (!may_merge(l, r, right) || !merge_content(doc, l, r))
            return false;
        if (doc->orders)
            yd_order_merging(doc, left, right);
        l->right = r->right;
        if (r->right != YD_NONE)
            doc->items[r->right].left = left;
        else if (doc->chains[r->chain].key != YD_NONE)
            doc->chains[r->chain].tail = left;
    }
    l->len += r->len;
    yd_item_drop(doc, right);
    return true;
}
