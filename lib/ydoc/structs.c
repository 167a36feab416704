/* Clients, and the structs of each in clock order. */
#include "ydoc/internal.h"
#include "ydoc/sort.h"

#include <stdlib.h>
#include <string.h>

static uint64_t client_hash(const struct yd_doc *doc, uint32_t slot)
{
    return yd_hash_u64(doc, doc->clients[slot].id);
}

uint32_t yd_slot_search(const struct yd_doc *doc, uint64_t client)
{
    const struct yd_index *ix = &doc->client_index;

    if (!ix->cells)
        return YD_NONE;
    for (uint32_t h = (uint32_t)yd_hash_u64(doc, client) & ix->mask; ix->cells[h] != 0;
         h = (h + 1) & ix->mask) {
        if (doc->clients[ix->cells[h] - 1].id == client)
            return ix->cells[h] - 1;
    }
    return YD_NONE;
}

#define CLIENT_PIECES 2 /* takes the room of so many structs */

uint32_t yd_slot_get(struct yd_doc *doc, uint64_t client)
{
    uint32_t slot = yd_slot_find(doc, client);

    if (slot != YD_NONE) {
        doc->client_last = slot;
        return slot;
    }
    doc->clients =
        yd_grow(doc, doc->clients, doc->client_count, &doc->client_cap, sizeof(*doc->clients));
    slot = doc->client_count++;
    doc->pieces += CLIENT_PIECES;
    doc->clients[slot] = (struct yd_client){.id = client};
    yd_index_add(doc, &doc->client_index, slot, client_hash);
    return slot;
}

static uint64_t key_of(const void *v, uint32_t i, unsigned which)
{
    (void)which;
    return YD_MAX_SAFE_INT - ((const struct yd_client *)v)[i].id;
}

/* How many of the first n slots have a higher id. */
static uint32_t higher(const struct yd_doc *doc, uint32_t n, uint64_t id)
{
    uint32_t lo = 0, hi = n;

    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (doc->clients[doc->by_id[mid]].id > id)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

/* From the lowest of the new ones: each moves those below it, which no later one moves again. */
void yd_slots_sort(struct yd_doc *doc)
{
    uint32_t left = doc->by_id_count, first = left, count = doc->client_count - left, *order;

    if (count == 0)
        return;
    while (doc->by_id_cap < doc->client_count)
        doc->by_id = yd_grow(doc, doc->by_id, doc->by_id_cap, &doc->by_id_cap, sizeof(uint32_t));
    order = yd_sort(doc->clients + first, count, key_of, 1);
    while (count-- > 0) {
        uint32_t slot = first + order[count], at = higher(doc, left, doc->clients[slot].id);
        memmove(&doc->by_id[at + count + 1], &doc->by_id[at], (left - at) * sizeof(uint32_t));
        doc->by_id[at + count] = slot;
        left = at;
    }
    free(order);
    doc->by_id_count = doc->client_count;
}

uint32_t yd_state(const struct yd_doc *doc, uint64_t client)
{
    uint32_t slot = yd_slot_find(doc, client);

    return slot == YD_NONE ? 0 : doc->clients[slot].state;
}

uint32_t yd_item_new(struct yd_doc *doc)
{
    uint32_t item = doc->item_free;

    if (item != YD_NONE) {
        doc->item_free = doc->items[item].right;
        doc->item_free_count--;
    } else {
        doc->items = yd_grow(doc, doc->items, doc->item_count, &doc->item_cap, sizeof(*doc->items));
        item = doc->item_count++;
    }
    doc->items[item] = (struct yd_item){.left = YD_NONE,
                                        .right = YD_NONE,
                                        .chain = YD_NONE,
                                        .origin_slot = YD_NONE,
                                        .right_slot = YD_NONE};
    return item;
}

#define SPARE_MIN 1024 /* items: less is not worth moving the others */

void yd_items_reserve(struct yd_doc *doc, uint32_t n)
{
    if (n < doc->item_cap - doc->item_count || n >= UINT32_MAX - doc->item_count)
        return;
    if (n < doc->item_cap / 8) /* many such steps must not copy everything each time */
        n = doc->item_cap / 8;
    doc->items = yd_resize(doc, doc->items, doc->item_cap * sizeof(*doc->items),
                           ((size_t)doc->item_count + n) * sizeof(*doc->items));
    doc->item_cap = doc->item_count + n;
}

void yd_items_shrink(struct yd_doc *doc)
{
    uint32_t spare = doc->item_cap - doc->item_count, kept = doc->item_count / 32;

    if (spare <= doc->item_count / 4 + SPARE_MIN)
        return;
    doc->items = yd_resize(doc, doc->items, doc->item_cap * sizeof(*doc->items),
                           ((size_t)doc->item_count + kept) * sizeof(*doc->items));
    doc->item_cap = doc->item_count + kept;
}

void yd_item_drop(struct yd_doc *doc, uint32_t item)
{
    doc->items[item] = (struct yd_item){.right = doc->item_free};
    doc->item_free = item;
    doc->item_free_count++;
}

struct yd_pos yd_pos_find(const struct yd_doc *doc, uint32_t slot, uint32_t clock)
{
    const struct yd_client *c = &doc->clients[slot];
    const struct yd_leaf_ref *refs = c->leaves;
    const struct yd_leaf *leaf;
    struct yd_pos pos = {c->leaf_count - 1, 0};

    /* Most of what is looked for was written last.  Else both searches halve without a branch on
     * what they find, which no processor could foresee. */
    if (refs[pos.leaf].first > clock) {
        uint32_t at = 0;
        for (uint32_t n = c->leaf_count; n > 1; n -= n / 2)
            at += refs[at + n / 2].first <= clock ? n / 2 : 0;
        pos.leaf = at;
    }
    leaf = refs[pos.leaf].leaf;
    pos.i = leaf->n - 1;
    if (leaf->e[pos.i].clock > clock) {
        uint32_t at = 0;
        for (uint32_t n = leaf->n; n > 1; n -= n / 2)
            at += leaf->e[at + n / 2].clock <= clock ? n / 2 : 0;
        pos.i = at;
    }
    return pos;
}

bool yd_pos_prev(const struct yd_doc *doc, uint32_t slot, struct yd_pos *pos)
{
    if (pos->i > 0) {
        pos->i--;
        return true;
    }
    if (pos->leaf == 0)
        return false;
    pos->leaf--;
    pos->i = doc->clients[slot].leaves[pos->leaf].leaf->n - 1;
    return true;
}

uint32_t yd_item_find(const struct yd_doc *doc, uint32_t slot, uint32_t clock)
{
    return yd_pos_item(doc, slot, yd_pos_find(doc, slot, clock));
}

#define LEAF_STEP 8

static size_t leaf_size(uint32_t cap)
{
    return sizeof(struct yd_leaf) + cap * sizeof(struct yd_entry);
}

static struct yd_leaf *leaf_resize(struct yd_doc *doc, struct yd_leaf *leaf, uint32_t cap)
{
    uint32_t n = leaf ? leaf->n : 0;

    leaf = yd_resize(doc, leaf, leaf ? leaf_size(leaf->cap) : 0, leaf_size(cap));
    leaf->cap = cap;
    leaf->n = n;
    return leaf;
}

/* Leaves stay as small as what they hold, but for a few entries: there are many. */
static uint32_t leaf_grown(uint32_t cap)
{
    return cap < LEAF_STEP ? cap * 2 : cap + LEAF_STEP;
}

/* Put an empty leaf at index `at`. */
static struct yd_leaf *leaf_add(struct yd_doc *doc, struct yd_client *c, uint32_t at, uint32_t cap)
{
    if (c->leaf_count == c->leaf_cap) {
        uint32_t grown = c->leaf_cap ? c->leaf_cap * 2 : 1;
        c->leaves =
            yd_resize(doc, c->leaves, c->leaf_cap * sizeof(*c->leaves), grown * sizeof(*c->leaves));
        c->leaf_cap = grown;
    }
    memmove(&c->leaves[at + 1], &c->leaves[at], (c->leaf_count - at) * sizeof(*c->leaves));
    c->leaf_count++;
    c->leaves[at].leaf = leaf_resize(doc, NULL, cap);
    return c->leaves[at].leaf;
}

void yd_struct_append(struct yd_doc *doc, uint32_t item)
{
    const struct yd_item *it = &doc->items[item];
    struct yd_client *c = &doc->clients[it->slot];
    struct yd_leaf_ref *last;

    if (!c->touched) {
        c->touched = true;
        c->before = c->state;
        yd_u32s_add(doc, &doc->touched, it->slot);
    }
    if (c->leaf_count == 0)
        leaf_add(doc, c, 0, 2);
    else if (c->leaves[c->leaf_count - 1].leaf->n == YD_LEAF_MAX)
        leaf_add(doc, c, c->leaf_count, YD_LEAF_MAX);
    last = &c->leaves[c->leaf_count - 1];
    if (last->leaf->n == last->leaf->cap)
        last->leaf = leaf_resize(doc, last->leaf, leaf_grown(last->leaf->cap));
    if (last->leaf->n == 0)
        last->first = it->clock;
    last->leaf->e[last->leaf->n++] = (struct yd_entry){it->clock, item};
    c->state = it->clock + it->len;
}

void yd_struct_insert_after(struct yd_doc *doc, uint32_t slot, struct yd_pos pos, uint32_t item)
{
    struct yd_client *c = &doc->clients[slot];
    struct yd_leaf *leaf = c->leaves[pos.leaf].leaf;
    uint32_t at = pos.i + 1;

    if (leaf->n == YD_LEAF_MAX) { /* full: its upper half moves to a leaf of its own */
        uint32_t half = YD_LEAF_MAX / 2, room = half + LEAF_STEP;
        struct yd_leaf *upper = leaf_add(doc, c, pos.leaf + 1, room);
        upper->n = leaf->n - half;
        memcpy(upper->e, leaf->e + half, upper->n * sizeof(*leaf->e));
        leaf->n = half;
        leaf = c->leaves[pos.leaf].leaf = leaf_resize(doc, leaf, room);
        c->leaves[pos.leaf + 1].first = upper->e[0].clock;
        if (at > half) {
            leaf = upper;
            at -= half;
        }
    } else if (leaf->n == leaf->cap) {
        leaf = c->leaves[pos.leaf].leaf = leaf_resize(doc, leaf, leaf_grown(leaf->cap));
    }
    memmove(&leaf->e[at + 1], &leaf->e[at], (leaf->n - at) * sizeof(*leaf->e));
    leaf->e[at] = (struct yd_entry){doc->items[item].clock, item};
    leaf->n++;
}

static void leaf_drop(struct yd_doc *doc, struct yd_client *c, uint32_t at)
{
    struct yd_leaf *leaf = c->leaves[at].leaf;

    yd_resize(doc, leaf, leaf_size(leaf->cap), 0);
    c->leaf_count--;
    memmove(&c->leaves[at], &c->leaves[at + 1], (c->leaf_count - at) * sizeof(*c->leaves));
}

/* A leaf that has become small takes in the one behind it, if both have room in one.  Places before
 * its end stay good. */
static void join_next(struct yd_doc *doc, struct yd_client *c, uint32_t at)
{
    struct yd_leaf *leaf = c->leaves[at].leaf, *next;
    uint32_t n;

    if (leaf->n > YD_LEAF_MAX / 3 || at + 1 == c->leaf_count)
        return;
    next = c->leaves[at + 1].leaf;
    n = leaf->n + next->n;
    if (n > YD_LEAF_MAX / 4 * 3)
        return;
    if (n > leaf->cap)
        leaf = c->leaves[at].leaf = leaf_resize(doc, leaf, n);
    memcpy(leaf->e + leaf->n, next->e, next->n * sizeof(*leaf->e));
    leaf->n = n;
    leaf_drop(doc, c, at + 1);
}

void yd_struct_remove(struct yd_doc *doc, uint32_t slot, struct yd_pos pos)
{
    struct yd_client *c = &doc->clients[slot];
    struct yd_leaf *leaf = c->leaves[pos.leaf].leaf;

    leaf->n--;
    memmove(&leaf->e[pos.i], &leaf->e[pos.i + 1], (leaf->n - pos.i) * sizeof(*leaf->e));
    if (leaf->n > 0) {
        c->leaves[pos.leaf].first = leaf->e[0].clock;
        join_next(doc, c, pos.leaf);
    } else {
        leaf_drop(doc, c, pos.leaf);
    }
}
