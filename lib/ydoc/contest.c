/* The tree of contest.h: making it, and keeping it up as items come. */
#include "ydoc/contest.h"

struct yd_origin yd_origin_of(const struct yd_doc *doc, uint32_t item)
{
    const struct yd_item *it = &doc->items[item];

    if (doc->contests->cover[item] == YD_NONE)
        return (struct yd_origin){YD_ASTRAY, 0, YD_NONE};
    return (struct yd_origin){it->origin_slot, it->origin_clock, doc->contests->origin[item] - 1};
}

int yd_contest_order(const struct yd_contests *cs, uint32_t a, uint32_t b)
{
    uint32_t at = cs->place[a], to = cs->place[b];
    const struct yd_contest_leaf *x, *y;

    if (at / YD_CONTEST_LEAF == to / YD_CONTEST_LEAF)
        return (at > to) - (at < to);
    x = &cs->leaves[at / YD_CONTEST_LEAF - 1];
    y = &cs->leaves[to / YD_CONTEST_LEAF - 1];
    if (x->group != y->group)
        return cs->groups[x->group].rank < cs->groups[y->group].rank ? -1 : 1;
    return x->rank < y->rank ? -1 : 1;
}

uint32_t yd_origin_item(const struct yd_doc *doc, struct yd_origin *o)
{
    const struct yd_item *it = o->item == YD_NONE ? NULL : &doc->items[o->item];

    if (!it || it->slot != o->slot || o->clock < it->clock || o->clock - it->clock >= it->len)
        o->item = yd_item_find(doc, o->slot, o->clock);
    return o->item;
}

int yd_origin_order(const struct yd_doc *doc, struct yd_origin *a, struct yd_origin *b)
{
    uint32_t x, y;

    if (a->slot == b->slot && a->clock == b->clock)
        return 0;
    if (a->slot >= YD_ASTRAY || b->slot >= YD_ASTRAY) {
        if (a->slot >= YD_ASTRAY && b->slot >= YD_ASTRAY)
            return a->slot < b->slot ? -1 : 1;
        return a->slot >= YD_ASTRAY ? -1 : 1;
    }
    x = yd_origin_item(doc, a);
    y = yd_origin_item(doc, b);
    if (x == y)
        return a->clock < b->clock ? -1 : 1;
    return yd_contest_order(doc->contests, x, y);
}

static void rank_leaves(struct yd_contests *cs, uint32_t group)
{
    struct yd_contest_group *g = &cs->groups[group];

    for (uint32_t i = 0; i < g->n; i++) {
        cs->leaves[g->leaves[i]].group = group;
        cs->leaves[g->leaves[i]].rank = i;
    }
}

/* A new empty group at place `at` of the row. */
static uint32_t add_group(struct yd_doc *doc, struct yd_contest *c, uint32_t at)
{
    struct yd_contests *cs = doc->contests;
    uint32_t group;

    cs->groups = yd_grow(doc, cs->groups, cs->group_count, &cs->group_cap, sizeof(*cs->groups));
    group = cs->group_count++;
    cs->groups[group] = (struct yd_contest_group){.n = 0};
    c->groups = yd_grow(doc, c->groups, c->n, &c->cap, sizeof(*c->groups));
    memmove(&c->groups[at + 1], &c->groups[at], (c->n - at) * sizeof(*c->groups));
    c->groups[at] = group;
    c->n++;
    for (uint32_t i = at; i < c->n; i++)
        cs->groups[c->groups[i]].rank = i;
    return group;
}

/* A new empty leaf behind the one given, in its group (which has room). */
static uint32_t add_leaf(struct yd_doc *doc, uint32_t group, uint32_t at)
{
    struct yd_contests *cs = doc->contests;
    struct yd_contest_group *g = &cs->groups[group];
    uint32_t leaf;

    cs->leaves = yd_grow(doc, cs->leaves, cs->leaf_count, &cs->leaf_cap, sizeof(*cs->leaves));
    leaf = cs->leaf_count++;
    cs->leaves[leaf] = (struct yd_contest_leaf){.group = group};
    memmove(&g->leaves[at + 1], &g->leaves[at], (g->n - at) * sizeof(*g->leaves));
    g->leaves[at] = leaf;
    g->n++;
    rank_leaves(cs, group);
    return leaf;
}

static void split_group(struct yd_doc *doc, struct yd_contest *c, uint32_t group)
{
    struct yd_contests *cs = doc->contests;
    uint32_t half = YD_CONTEST_GROUP / 2;
    uint32_t upper = add_group(doc, c, cs->groups[group].rank + 1);
    struct yd_contest_group *lo = &cs->groups[group], *hi = &cs->groups[upper];

    hi->n = lo->n - half;
    memcpy(hi->leaves, lo->leaves + half, hi->n * sizeof(*hi->leaves));
    lo->n = half;
    rank_leaves(cs, upper);
    yd_contest_sum_group(doc, lo);
    yd_contest_sum_group(doc, hi);
}

/* Say where the leaf's items from `i` on are. */
static void place_items(struct yd_contests *cs, uint32_t leaf, uint32_t i)
{
    const struct yd_contest_leaf *l = &cs->leaves[leaf];

    for (; i < l->n; i++)
        cs->place[l->items[i]] = (leaf + 1) * YD_CONTEST_LEAF + i;
}

static void split_leaf(struct yd_doc *doc, struct yd_contest *c, uint32_t leaf)
{
    struct yd_contests *cs = doc->contests;
    uint32_t half = YD_CONTEST_LEAF / 2, upper;
    struct yd_contest_leaf *lo, *hi;

    if (cs->groups[cs->leaves[leaf].group].n == YD_CONTEST_GROUP)
        split_group(doc, c, cs->leaves[leaf].group);
    upper = add_leaf(doc, cs->leaves[leaf].group, cs->leaves[leaf].rank + 1);
    lo = &cs->leaves[leaf];
    hi = &cs->leaves[upper];
    hi->n = lo->n - half;
    memcpy(hi->items, lo->items + half, hi->n * sizeof(*hi->items));
    lo->n = half;
    place_items(cs, upper, 0);
    yd_contest_sum_leaf(doc, lo);
    yd_contest_sum_leaf(doc, hi);
}

/* Make room in a map from items or chains; new entries are 0. */
static uint32_t *map_grow(struct yd_doc *doc, uint32_t *map, uint32_t *cap, uint32_t new_cap)
{
    size_t old = *cap * sizeof(*map), size = new_cap * sizeof(*map);

    if (new_cap <= *cap)
        return map;
    map = yd_resize(doc, map, old, size);
    memset((uint8_t *)map + old, 0, size - old);
    *cap = new_cap;
    return map;
}

/* The item is in its place: see whether its origin is left of it. */
static void check_origin(const struct yd_doc *doc, uint32_t item)
{
    const struct yd_contests *cs = doc->contests;
    struct yd_origin o = yd_origin_of(doc, item);

    if (o.slot == YD_NONE)
        return;
    cs->origin[item] = yd_origin_item(doc, &o) + 1;
    if (cs->place[o.item] == 0 || yd_contest_order(cs, o.item, item) > 0)
        cs->cover[item] = YD_NONE;
}

/* Put the item behind `left` (YD_NONE: at the start). */
static void insert(struct yd_doc *doc, struct yd_contest *c, uint32_t item, uint32_t left)
{
    struct yd_contests *cs = doc->contests;
    uint32_t leaf, at = 0;
    struct yd_contest_leaf *l;

    cs->place = map_grow(doc, cs->place, &cs->place_cap, doc->item_cap);
    cs->origin = map_grow(doc, cs->origin, &cs->origin_cap, doc->item_cap);
    cs->cover = map_grow(doc, cs->cover, &cs->cover_cap, doc->item_cap);
    leaf = cs->groups[c->groups[0]].leaves[0];
    if (left != YD_NONE) {
        leaf = cs->place[left] / YD_CONTEST_LEAF - 1;
        at = yd_contest_index(cs, left) + 1;
    }
    l = &cs->leaves[leaf];
    memmove(&l->items[at + 1], &l->items[at], (l->n - at) * sizeof(*l->items));
    l->items[at] = item;
    l->n++;
    place_items(cs, leaf, at);
    check_origin(doc, item);
    yd_contest_note(doc, item);
    if (l->n == YD_CONTEST_LEAF) /* not before: an origin may lie in the new item */
        split_leaf(doc, c, leaf);
}

struct yd_contest *yd_contest_of(const struct yd_doc *doc, uint32_t chain)
{
    struct yd_contests *cs = doc->contests;

    if (chain >= cs->of_chain_cap || cs->of_chain[chain] == 0)
        return NULL;
    return &cs->v[cs->of_chain[chain] - 1];
}

#define INSERT_STEPS 16 /* of a walk, which take as long */

void yd_contest_linked(struct yd_doc *doc, uint32_t item)
{
    struct yd_contest *c = yd_contest_of(doc, doc->items[item].chain);

    if (!c)
        return;
    doc->scan_steps += INSERT_STEPS;
    insert(doc, c, item, doc->items[item].left);
}

void yd_contest_begin(struct yd_doc *doc, uint32_t chain)
{
    struct yd_contests *cs = doc->contests;
    struct yd_contest *c;
    uint32_t last = YD_NONE;

    if (!cs) {
        cs = doc->contests = yd_resize(doc, NULL, 0, sizeof(*cs));
        *cs = (struct yd_contests){0};
    }
    cs->v = yd_grow(doc, cs->v, cs->n, &cs->cap, sizeof(*cs->v));
    cs->of_chain = map_grow(doc, cs->of_chain, &cs->of_chain_cap, doc->chain_cap);
    c = &cs->v[cs->n++];
    cs->of_chain[chain] = cs->n;
    doc->contests_begun++;
    *c = (struct yd_contest){.chain = chain};
    add_leaf(doc, add_group(doc, c, 0), 0);
    for (uint32_t i = doc->chains[chain].head; i != YD_NONE; i = doc->items[i].right) {
        insert(doc, c, i, last);
        last = i;
    }
}

void yd_contests_end(struct yd_doc *doc)
{
    struct yd_contests *cs = doc->contests;

    doc->scan_steps = doc->pieces = 0;
    if (!cs)
        return;
    for (uint32_t i = 0; i < cs->n; i++)
        yd_resize(doc, cs->v[i].groups, cs->v[i].cap * sizeof(uint32_t), 0);
    yd_resize(doc, cs->v, cs->cap * sizeof(*cs->v), 0);
    yd_resize(doc, cs->of_chain, cs->of_chain_cap * sizeof(uint32_t), 0);
    yd_resize(doc, cs->place, cs->place_cap * sizeof(uint32_t), 0);
    yd_resize(doc, cs->origin, cs->origin_cap * sizeof(uint32_t), 0);
    yd_resize(doc, cs->cover, cs->cover_cap * sizeof(uint32_t), 0);
    yd_resize(doc, cs->leaves, cs->leaf_cap * sizeof(*cs->leaves), 0);
    yd_resize(doc, cs->groups, cs->group_cap * sizeof(*cs->groups), 0);
    yd_resize(doc, cs, sizeof(*cs), 0);
    doc->contests = NULL;
}
