/* Places in lists by number: see order.h. */
#include "ydoc/order_index.h"

#include <string.h>

#define WALK_MAX 128     /* items; shorter lists are walked through */
#define SEGMENT_FILL 24  /* items in a new segment */
#define SEGMENT_MAX 48   /* items; then it is cut in two */
#define SEGMENTS_MIN 256 /* fewer are never too many for their items */

static struct yd_size negative(struct yd_size s)
{
    return (struct yd_size){0 - s.units, 0 - s.bytes, 0 - s.formats};
}

/* ---- one index ------------------------------------------------------------------------------- */

static struct yd_order *order_of(const struct yd_doc *doc, uint32_t chain)
{
    struct yd_orders *all = doc->orders;

    for (uint32_t i = 0; all && i < all->n; i++) {
        if (all->v[i].chain == chain)
            return &all->v[i];
    }
    return NULL;
}

static void order_clear(struct yd_doc *doc, struct yd_order *o)
{
    if (o->cap > 0) {
        yd_resize(doc, o->segments, o->cap * sizeof(*o->segments), 0);
        yd_resize(doc, o->by_rank, o->cap * sizeof(*o->by_rank), 0);
        yd_resize(doc, o->tree, o->cap * sizeof(*o->tree), 0);
    }
    *o = doc->orders->v[--doc->orders->n];
}

static void reserve(struct yd_doc *doc, struct yd_order *o, uint32_t count)
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

static void build_tree(struct yd_order *o)
{
    for (uint32_t i = 0; i < o->count; i++)
        o->tree[i] = o->segments[o->by_rank[i]].size;
    for (uint32_t i = 1; i <= o->count; i++) {
        uint32_t up = i + (i & (0 - i));
        if (up <= o->count)
            yd_size_add(&o->tree[up - 1], o->tree[i - 1]);
    }
}

static void grow_segment(struct yd_order *o, uint32_t segment, struct yd_size s)
{
    yd_size_add(&o->segments[segment].size, s);
    for (uint32_t i = o->segments[segment].rank + 1; i <= o->count; i += i & (0 - i))
        yd_size_add(&o->tree[i - 1], s);
}

static struct yd_order *build(struct yd_doc *doc, uint32_t chain)
{
    struct yd_orders *all = doc->orders;
    struct yd_order *o;

    if (!all) {
        all = doc->orders = yd_resize(doc, NULL, 0, sizeof(*all));
        memset(all, 0, sizeof(*all));
    }
    if (all->n == YD_ORDERS_MAX) {
        o = &all->v[0];
        for (uint32_t i = 1; i < YD_ORDERS_MAX; i++)
            o = all->v[i].used_at < o->used_at ? &all->v[i] : o;
        order_clear(doc, o);
    }
    reserve_items(doc);
    o = &all->v[all->n++];
    *o = (struct yd_order){.chain = chain};
    for (uint32_t i = doc->chains[chain].head; i != YD_NONE; i = doc->items[i].right) {
        struct yd_segment *s;
        if (o->items++ % SEGMENT_FILL == 0) {
            reserve(doc, o, o->count + 1);
            o->segments[o->count] = (struct yd_segment){.first = i, .rank = o->count};
            o->by_rank[o->count] = o->count;
            o->count++;
        }
        s = &o->segments[o->count - 1];
        s->n++;
        yd_size_add(&s->size, yd_item_size(&doc->items[i]));
        all->segment_of[i] = o->count - 1;
    }
    build_tree(o);
    return o;
}

struct yd_order *yd_order_get(struct yd_doc *doc, uint32_t chain)
{
    struct yd_order *o = order_of(doc, chain);
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

static void halve(struct yd_doc *doc, struct yd_order *o, uint32_t segment)
{
    uint32_t *segment_of = doc->orders->segment_of, half, item, rank;
    struct yd_segment *s, *upper;

    reserve(doc, o, o->count + 1);
    s = &o->segments[segment];
    upper = &o->segments[o->count];
    half = s->n / 2;
    item = s->first;
    for (uint32_t i = 0; i < half; i++)
        item = doc->items[item].right;
    rank = s->rank + 1;
    *upper = (struct yd_segment){.first = item, .n = s->n - half, .rank = rank};
    for (uint32_t i = 0; i < upper->n; i++, item = doc->items[item].right) {
        segment_of[item] = o->count;
        yd_size_add(&upper->size, yd_item_size(&doc->items[item]));
    }
    s->n = half;
    yd_size_add(&s->size, negative(upper->size));
    memmove(&o->by_rank[rank + 1], &o->by_rank[rank], (o->count - rank) * sizeof(*o->by_rank));
    o->by_rank[rank] = o->count++;
    for (uint32_t i = rank + 1; i < o->count; i++)
        o->segments[o->by_rank[i]].rank = i;
    build_tree(o);
}

static void joined(struct yd_doc *doc, struct yd_order *o, uint32_t item, uint32_t segment,
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
    struct yd_order *o = order_of(doc, it->chain);
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
    struct yd_order *o = order_of(doc, it->chain);
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
    struct yd_order *o = order_of(doc, it->chain);

    if (o)
        grow_segment(o, doc->orders->segment_of[item], negative(yd_item_size(it)));
}

void yd_order_merging(struct yd_doc *doc, uint32_t left, uint32_t right)
{
    const struct yd_item *it = &doc->items[right];
    struct yd_order *o = order_of(doc, it->chain);
    uint32_t to, from;
    struct yd_segment *s;

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
    struct yd_order *o = order_of(doc, chain);

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
