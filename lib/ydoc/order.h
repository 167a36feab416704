/* Internal: places in a list by number.  A list is cut into segments of neighbouring items; their
 * sizes are summed in a Fenwick tree, so that finding a place and following a change take some
 * dozens of steps however long the list is.  Built when a list is long and somebody asks; kept up
 * to date through the calls in internal.h; may be dropped at any time. */
#ifndef YD_ORDER_H
#define YD_ORDER_H

#include "ydoc/internal.h"

/* What an item counts for those who look at the document. */
struct yd_size {
    uint32_t units;   /* UTF-16 units and elements */
    uint32_t bytes;   /* of text */
    uint32_t formats; /* format marks */
};
struct yd_size yd_item_size(const struct yd_item *it);

enum yd_measure { YD_BY_UNITS, YD_BY_BYTES };

/* Units in the list. */
uint32_t yd_list_units(struct yd_doc *doc, uint32_t chain);
/* The item that holds the unit (or byte) of that number, and how many of its own come before it;
 * false: the list is shorter. */
bool yd_list_find(struct yd_doc *doc, uint32_t chain, enum yd_measure by, uint32_t number,
                  uint32_t *item, uint32_t *offset);
/* What is visible left of the item in its list. */
struct yd_size yd_list_before(struct yd_doc *doc, uint32_t item);
/* The first format mark in the list (item: YD_NONE) or the next one behind item; deleted ones don't
 * count; YD_NONE: no more. */
uint32_t yd_list_next_format(struct yd_doc *doc, uint32_t chain, uint32_t item);
/* Whether a stands left of b; both in the same list. */
bool yd_list_is_left(struct yd_doc *doc, uint32_t a, uint32_t b);

#endif
