/* Places in lists by number: see order.h. */
#include "ydoc/order.h"

#include <string.h>

#define ORDERS_MAX 4     /* lists of one document that are indexed at the same time */
#define WALK_MAX 128     /* items; shorter lists are walked through */
#define SEGMENT_FILL 24  /* items in a new segment */
#define SEGMENT_MAX 48   /* items; then it is cut in two */
#define SEGMENTS_MIN 256 /* fewer are never too many for their items */

struct segment {
    uint32_t first, n; /* items */
    uint32_t rank;     /* how many segments are left of it */
    struct yd_size size;
};

struct order {
    uint32_t chain;
    uint32_t used_at;
    uint32_t items, count, cap; /* count: segments */
    uint64_t work;              /* spent on following changes since somebody asked */
    struct segment *segments;
    uint32_t *by_rank;    /* segments from left to right */
    struct yd_size *tree; /* Fenwick sums by rank */
};

struct yd_orders {
    struct order v[ORDERS_MAX];
    uint32_t n, now;
    uint32_t *segment_of; /* by item; of items in indexed lists only */
    uint32_t cap;
};

struct yd_size yd_item_size(const struct yd_item *it)
{
    struct yd_size s = {0, 0, 0};

    if (it->deleted || it->kind == YD_GC || it->kind == YD_DELETED)
        return s;
    if (it->kind == YD_FORMAT)
        s.formats = 1;
    else
        s.units = it->len;
    if (it->kind == YD_STRING)
        s.bytes = it->bytes;
    return s;
}

/* Sizes are taken modulo 2^32, so that what is taken away can be added. */
static void add(struct yd_size *to, struct yd_size s)
{
    to->units += s.units;
    to->bytes += s.bytes;
    to->formats += s.formats;
}

static struct yd_size negative(struct yd_size s)
{
    return (struct yd_size){0 - s.units, 0 - s.bytes, 0 - s.formats};
}

/* ---- one index ------------------------------------------------------------------------------- */

static struct order *order_of(const struct yd_doc *doc, uint32_t chain)
{
    struct yd_orders *all = doc->orders;

    for (uint32_t i = 0; all && i < all->n; i++) {
        if (all->v[i].chain == chain)
            return &all->v[i];
    }
    return NULL;
}

static void order_clear(struct yd_doc *doc, struct order *o)
{
    if (o->cap > 0) {
        yd_resize(doc, o->segments, o->cap * sizeof(*o->segments), 0);
        yd_resize(doc, o->by_rank, o->cap * sizeof(*o->by_rank), 0);
        yd_resize(doc, o->tree, o->cap * sizeof(*o->tree), 0);
    }
    *o = doc->orders->v[--doc->orders->n];
}

static void reserve(struct yd_doc *doc, struct order *o, uint32_t count)
{
    uint32_t cap = o->cap ? o->cap : 16;

    if (count <= o->cap)
        return;
    while (cap < count)
        cap += cap / 2;
    o->segments =
        yd_resize(doc, o->segments, o->cap * sizeof(*o->segments), cap * sizeof(*o->segments));
    o->by_rank =
        yd_resize(doc, o->by_rank, o->cap * sizeof(*o->by_rank), cap * sizeof(*o->by_rank));
    o->tree = yd_resize(doc, o->tree, o->cap * sizeof(*o->tree), cap * sizeof(*o->tree));
    o->cap = cap;
}

static void reserve_items(struct yd_doc *doc)
{
    struct yd_orders *all = doc->orders;

    if (all->cap >= doc->item_count)
        return;
    all->segment_of = yd_resize(doc, all->segment_of, all->cap * sizeof(uint32_t),
                                doc->item_cap * sizeof(uint32_t));
    all->cap = doc->item_cap;
}

static void build_tree(struct order *o)
{
    for (uint32_t i = 0; i < o->count; i++)
        o->tree[i] = o->segments[o->by_rank[i]].size;
    for (uint32_t i = 1; i <= o->count; i++) {
        uint32_t up = i + (i & (0 - i));
        if (up <= o->count)
            add(&o->tree[up - 1], o->tree[i - 1]);
    }
}

static void grow_segment(struct order *o, uint32_t segment, struct yd_size s)
{
    add(&o->segments[segment].size, s);
    for (uint32_t i = o->segments[segment].rank + 1; i <= o->count; i += i & (0 - i))
        add(&o->tree[i - 1], s);
}

static struct yd_size sum_left_of(const struct order *o, uint32_t rank)
{
    struct yd_size s = {0, 0, 0};

    for (uint32_t i = rank; i > 0; i -= i & (0 - i))
        add(&s, o->tree[i - 1]);
    return s;
}

static struct order *build(struct yd_doc *doc, uint32_t chain)
{
    struct yd_orders *all = doc->orders;
    struct order *o;

    if (!all) {
        all = doc->orders = yd_resize(doc, NULL, 0, sizeof(*all));
        memset(all, 0, sizeof(*all));
    }
    if (all->n == ORDERS_MAX) {
        o = &all->v[0];
        for (uint32_t i = 1; i < ORDERS_MAX; i++)
            o = all->v[i].used_at < o->used_at ? &all->v[i] : o;
        order_clear(doc, o);
    }
    reserve_items(doc);
    o = &all->v[all->n++];
    *o = (struct order){.chain = chain};
    for (uint32_t i = doc->chains[chain].head; i != YD_NONE; i = doc->items[i].right) {
        struct segment *s;
        if (o->items++ % SEGMENT_FILL == 0) {
            reserve(doc, o, o->count + 1);
            o->segments[o->count] = (struct segment){.first = i, .rank = o->count};
            o->by_rank[o->count] = o->count;
            o->count++;
        }
        s = &o->segments[o->count - 1];
        s->n++;
        add(&s->size, yd_item_size(&doc->items[i]));
        all->segment_of[i] = o->count - 1;
    }
    build_tree(o);
    return o;
}

/* The list's index; NULL: the list is short. */
static struct order *order_get(struct yd_doc *doc, uint32_t chain)
{
    struct order *o = order_of(doc, chain);
    uint32_t n = 0;

    if (!o) {
        for (uint32_t i = doc->chains[chain].head; i != YD_NONE; i = doc->items[i].right) {
            if (++n > WALK_MAX) {
                o = build(doc, chain);
                break;
            }
        }
    }
    if (o) {
        o->used_at = ++doc->orders->now;
        o->work = 0;
    }
    return o;
}

/* ---- following changes ----------------------------------------------------------------------- */

static void halve(struct yd_doc *doc, struct order *o, uint32_t segment)
{
    uint32_t *segment_of = doc->orders->segment_of, half, item, rank;
    struct segment *s, *upper;

    reserve(doc, o, o->count + 1);
    s = &o->segments[segment];
    upper = &o->segments[o->count];
    half = s->n / 2;
    item = s->first;
    for (uint32_t i = 0; i < half; i++)
        item = doc->items[item].right;
    rank = s->rank + 1;
    *upper = (struct segment){.first = item, .n = s->n - half, .rank = rank};
    for (uint32_t i = 0; i < upper->n; i++, item = doc->items[item].right) {
        segment_of[item] = o->count;
        add(&upper->size, yd_item_size(&doc->items[item]));
    }
    s->n = half;
    add(&s->size, negative(upper->size));
    memmove(&o->by_rank[rank + 1], &o->by_rank[rank], (o->count - rank) * sizeof(*o->by_rank));
    o->by_rank[rank] = o->count++;
    for (uint32_t i = rank + 1; i < o->count; i++)
        o->segments[o->by_rank[i]].rank = i;
    build_tree(o);
}

static void joined(struct yd_doc *doc, struct order *o, uint32_t item, uint32_t segment,
                   struct yd_size grown)
{
    reserve_items(doc);
    doc->orders->segment_of[item] = segment;
    o->segments[segment].n++;
    o->items++;
    grow_segment(o, segment, grown);
    if (o->segments[segment].n <= SEGMENT_MAX)
        return;
    halve(doc, o, segment);
    o->work += o->count;
    if (o->work > o->items) /* a big update: building anew is cheaper than following it */
        order_clear(doc, o);
}

void yd_order_linked(struct yd_doc *doc, uint32_t item)
{
    const struct yd_item *it = &doc->items[item];
    struct order *o = order_of(doc, it->chain);
    uint32_t segment;

    if (!o)
        return;
    if (it->left == YD_NONE && it->right == YD_NONE) {
        order_clear(doc, o);
        return;
    }
    segment = doc->orders->segment_of[it->left != YD_NONE ? it->left : it->right];
    if (it->left == YD_NONE)
        o->segments[segment].first = item;
    joined(doc, o, item, segment, yd_item_size(it));
}

void yd_order_split(struct yd_doc *doc, uint32_t left, uint32_t right, uint32_t grown_bytes)
{
    const struct yd_item *it = &doc->items[left];
    struct order *o = order_of(doc, it->chain);
    struct yd_size grown = {0, 0, 0};

    if (!o)
        return;
    if (yd_item_size(it).bytes > 0)
        grown.bytes = grown_bytes;
    joined(doc, o, right, doc->orders->segment_of[left], grown);
}

void yd_order_deleting(struct yd_doc *doc, uint32_t item)
{
    const struct yd_item *it = &doc->items[item];
    struct order *o = order_of(doc, it->chain);

    if (o)
        grow_segment(o, doc->orders->segment_of[item], negative(yd_item_size(it)));
}

void yd_order_merging(struct yd_doc *doc, uint32_t left, uint32_t right)
{
    const struct yd_item *it = &doc->items[right];
    struct order *o = order_of(doc, it->chain);
    uint32_t to, from;
    struct segment *s;

    if (!o)
        return;
    to = doc->orders->segment_of[left];
    from = doc->orders->segment_of[right];
    s = &o->segments[from];
    if (to != from) {
        grow_segment(o, from, negative(yd_item_size(it)));
        grow_segment(o, to, yd_item_size(it));
    }
    if (s->first == right)
        s->first = it->right;
    s->n--;
    o->items--;
    if (o->count > SEGMENTS_MIN && o->count > o->items / 4)
        order_clear(doc, o); /* mostly empty by now */
}

void yd_order_drop(struct yd_doc *doc, uint32_t chain)
{
    struct order *o = order_of(doc, chain);

    if (o)
        order_clear(doc, o);
}

void yd_orders_free(struct yd_doc *doc)
{
    struct yd_orders *all = doc->orders;

    if (!all)
        return;
    while (all->n > 0)
        order_clear(doc, &all->v[0]);
    yd_resize(doc, all->segment_of, all->cap * sizeof(uint32_t), 0);
    yd_resize(doc, all, sizeof(*all), 0);
    doc->orders = NULL;
}

/* ---- questions ------------------------------------------------------------------------------- */

static struct yd_size list_size(struct yd_doc *doc, uint32_t chain)
{
    const struct order *o = order_get(doc, chain);
    struct yd_size s = {0, 0, 0};

    if (o)
        return sum_left_of(o, o->count);
    for (uint32_t i = doc->chains[chain].head; i != YD_NONE; i = doc->items[i].right)
        add(&s, yd_item_size(&doc->items[i]));
    return s;
}

uint32_t yd_list_units(struct yd_doc *doc, uint32_t chain)
{
    return list_size(doc, chain).units;
}

uint32_t yd_list_bytes(struct yd_doc *doc, uint32_t chain)
{
    return list_size(doc, chain).bytes;
}

static uint32_t by(struct yd_size s, enum yd_measure measure)
{
    return measure == YD_BY_UNITS ? s.units : s.bytes;
}

/* The segment with the number, which becomes one within the segment. */
static uint32_t descend(const struct order *o, enum yd_measure measure, uint32_t *number)
{
    uint32_t at = 0, step = 1;

    while (step <= o->count / 2)
        step *= 2;
    for (; step > 0; step /= 2) {
        if (at + step <= o->count && by(o->tree[at + step - 1], measure) <= *number) {
            at += step;
            *number -= by(o->tree[at - 1], measure);
        }
    }
    return at;
}

bool yd_list_find(struct yd_doc *doc, uint32_t chain, enum yd_measure measure, uint32_t number,
                  uint32_t *item, uint32_t *offset)
{
    const struct order *o = order_get(doc, chain);
    uint32_t i = doc->chains[chain].head;

    if (o) {
        uint32_t rank = descend(o, measure, &number);
        if (rank == o->count)
            return false;
        i = o->segments[o->by_rank[rank]].first;
    }
    for (; i != YD_NONE; i = doc->items[i].right) {
        uint32_t size = by(yd_item_size(&doc->items[i]), measure);
        if (number < size) {
            *item = i;
            *offset = number;
            return true;
        }
        number -= size;
    }
    return false;
}

struct yd_size yd_list_before(struct yd_doc *doc, uint32_t item)
{
    uint32_t chain = doc->items[item].chain, i = doc->chains[chain].head;
    const struct order *o = order_get(doc, chain);
    struct yd_size s = {0, 0, 0};

    if (o) {
        const struct segment *segment = &o->segments[doc->orders->segment_of[item]];
        s = sum_left_of(o, segment->rank);
        i = segment->first;
    }
    for (; i != item; i = doc->items[i].right)
        add(&s, yd_item_size(&doc->items[i]));
    return s;
}

uint32_t yd_list_next_format(struct yd_doc *doc, uint32_t chain, uint32_t item)
{
    const struct order *o = order_get(doc, chain);
    uint32_t i = item == YD_NONE ? doc->chains[chain].head : doc->items[item].right;
    uint32_t rank = 0;

    if (!o) {
        while (i != YD_NONE && yd_item_size(&doc->items[i]).formats == 0)
            i = doc->items[i].right;
        return i;
    }
    if (item != YD_NONE) { /* the rest of its segment */
        uint32_t segment = doc->orders->segment_of[item];
        for (; i != YD_NONE && doc->orders->segment_of[i] == segment; i = doc->items[i].right) {
            if (yd_item_size(&doc->items[i]).formats > 0)
                return i;
        }
        rank = o->segments[segment].rank + 1;
    }
    for (; rank < o->count; rank++) {
        const struct segment *s = &o->segments[o->by_rank[rank]];
        i = s->first;
        for (uint32_t n = s->size.formats > 0 ? s->n : 0; n > 0; n--, i = doc->items[i].right) {
            if (yd_item_size(&doc->items[i]).formats > 0)
                return i;
        }
    }
    return YD_NONE;
}

bool yd_list_is_left(struct yd_doc *doc, uint32_t a, uint32_t b)
{
    const struct order *o = order_get(doc, doc->items[a].chain);
    uint32_t i = a;

    if (a == b)
        return false;
    if (o) {
        uint32_t sa = doc->orders->segment_of[a], sb = doc->orders->segment_of[b];
        if (sa != sb)
            return o->segments[sa].rank < o->segments[sb].rank;
        for (uint32_t n = o->segments[sa].n; n > 0 && i != YD_NONE; n--, i = doc->items[i].right) {
            if (i == b)
                return true;
        }
        return false;
    }
    for (; i != YD_NONE; i = doc->items[i].right) {
        if (i == b)
            return true;
    }
    return false;
}
