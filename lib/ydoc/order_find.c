/* Places in lists by number: the questions.  See order.h. */
#include "ydoc/order_index.h"

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

static struct yd_size sum_left_of(const struct yd_order *o, uint32_t rank)
{
    struct yd_size s = {0, 0, 0};

    for (uint32_t i = rank; i > 0; i -= i & (0 - i))
        yd_size_add(&s, o->tree[i - 1]);
    return s;
}

uint32_t yd_list_units(struct yd_doc *doc, uint32_t chain)
{
    const struct yd_order *o = yd_order_get(doc, chain);
    uint32_t units = 0;

    if (o)
        return sum_left_of(o, o->count).units;
    for (uint32_t i = doc->chains[chain].head; i != YD_NONE; i = doc->items[i].right)
        units += yd_item_size(&doc->items[i]).units;
    return units;
}

static uint32_t by(struct yd_size s, enum yd_measure measure)
{
    return measure == YD_BY_UNITS ? s.units : s.bytes;
}

/* The segment with the number, which becomes one within the segment. */
static uint32_t descend(const struct yd_order *o, enum yd_measure measure, uint32_t *number)
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
    const struct yd_order *o = yd_order_get(doc, chain);
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
    const struct yd_order *o = yd_order_get(doc, chain);
    struct yd_size s = {0, 0, 0};

    if (o) {
        const struct yd_segment *segment = &o->segments[doc->orders->segment_of[item]];
        s = sum_left_of(o, segment->rank);
        i = segment->first;
    }
    for (; i != item; i = doc->items[i].right)
        yd_size_add(&s, yd_item_size(&doc->items[i]));
    return s;
}

uint32_t yd_list_next_format(struct yd_doc *doc, uint32_t chain, uint32_t item)
{
    const struct yd_order *o = yd_order_get(doc, chain);
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
        const struct yd_segment *s = &o->segments[o->by_rank[rank]];
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
    const struct yd_order *o = yd_order_get(doc, doc->items[a].chain);
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
