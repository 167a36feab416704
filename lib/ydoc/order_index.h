/* Internal: what order.c and order_find.c share. */
#ifndef YD_ORDER_INDEX_H
#define YD_ORDER_INDEX_H

#include "ydoc/order.h"

#define YD_ORDERS_MAX 4 /* lists of one document that are indexed at the same time */

struct yd_segment {
    uint32_t first, n; /* items */
    uint32_t rank;     /* how many segments are left of it */
    struct yd_size size;
};

struct yd_order {
    uint32_t chain;
    uint32_t used_at;
    uint32_t items, count, cap; /* count: segments */
    uint64_t work;              /* spent on following changes since somebody asked */
    struct yd_segment *segments;
    uint32_t *by_rank;    /* segments from left to right */
    struct yd_size *tree; /* Fenwick sums by rank */
};

struct yd_orders {
    struct yd_order v[YD_ORDERS_MAX];
    uint32_t n, now;
    uint32_t *segment_of; /* by item; of items in indexed lists only */
    uint32_t cap;
};

/* The list's index, built if need be; NULL: the list is short. */
struct yd_order *yd_order_get(struct yd_doc *doc, uint32_t chain);

/* Sizes are taken modulo 2^32, so that what is taken away can be added. */
static inline void yd_size_add(struct yd_size *to, struct yd_size s)
{
    to->units += s.units;
    to->bytes += s.bytes;
    to->formats += s.formats;
}

#endif
