/* Internal: an index over a chain in which many items were put at the same place at the same time.
 *
 * The scan of integrate.c walks over all items between an item's origins; thousands of siblings, or
 * of branches of branches, would make that quadratic.  So after some walking in one transaction the
 * chain gets a tree of three levels over its items in list order: leaves of items, groups of
 * leaves, and the row of groups.  Each node knows of what lies below it
 *   - the leftmost origin, and the lowest and highest client and the right origins (as a small
 * Bloom filter) of the items that have it: whether siblings of a new item are there, and whether
 * one of them would end its scan or be passed;
 *   - the leftmost origin but that.
 * It lives until the transaction ends.  contest.c keeps the tree, contest_sum.c what its nodes
 * know, contest_scan.c asks it. */
#ifndef YD_CONTEST_H
#define YD_CONTEST_H

#include "ydoc/internal.h"

#define YD_CONTEST_LEAF 64
#define YD_CONTEST_GROUP 64
#define YD_LEAF_WORDS 8 /* of the Bloom filters */
#define YD_GROUP_WORDS 512

/* The id of an origin; where it was found last.  slot YD_NONE: no origin, which is left of all.
 * YD_ASTRAY, left even of that: an origin that lies right of its item, which only somebody who
 * means harm writes; it is never "passed", whatever the scan. */
#define YD_ASTRAY (YD_NONE - 1)
struct yd_origin {
    uint32_t slot, clock, item;
};

struct yd_summary {
    struct yd_origin first, second; /* leftmost origins */
    bool any, has_second;
    uint64_t lowest, highest; /* clients of the items with the first */
    bool bare;                /* one of them is not known to be covered */
    uint32_t far;             /* the rightmost of those that cover them, or YD_NONE */
};

struct yd_contest_leaf {
    struct yd_summary sum;
    uint64_t rights[YD_LEAF_WORDS];
    uint32_t group, rank; /* its group, and the how manieth there it is */
    uint32_t n, items[YD_CONTEST_LEAF];
};
struct yd_contest_group {
    struct yd_summary sum;
    uint64_t rights[YD_GROUP_WORDS];
    uint32_t rank; /* in the row */
    uint32_t n, leaves[YD_CONTEST_GROUP];
};

struct yd_contest {
    uint32_t chain;
    uint32_t n, cap, *groups;
};

struct yd_contests {
    struct yd_contest *v; /* chains that have an index */
    uint32_t n, cap;
    uint32_t *of_chain; /* chain -> index in v + 1; 0: none */
    uint32_t of_chain_cap;
    uint32_t *place; /* item -> (leaf + 1) * YD_CONTEST_LEAF + where there; 0: not indexed */
    uint32_t place_cap;
    uint32_t *origin; /* item -> item + 1 that held its origin last; 0: look for it */
    uint32_t origin_cap;
    uint32_t *cover; /* item -> item + 1 that covers it (see contest_scan.c); 0: none is known;
                      * YD_NONE: its origin is astray */
    uint32_t cover_cap;
    struct yd_contest_leaf *leaves;
    uint32_t leaf_count, leaf_cap;
    struct yd_contest_group *groups;
    uint32_t group_count, group_cap;
};

/* The leaf of an item that is indexed; where it is there. */
static inline struct yd_contest_leaf *yd_contest_leaf_of(const struct yd_contests *cs,
                                                         uint32_t item)
{
    return &cs->leaves[cs->place[item] / YD_CONTEST_LEAF - 1];
}
static inline uint32_t yd_contest_index(const struct yd_contests *cs, uint32_t item)
{
    return cs->place[item] % YD_CONTEST_LEAF;
}

/* What covers an item; YD_NONE: nothing that is known, or its origin is astray. */
static inline uint32_t yd_covered_by(const struct yd_contests *cs, uint32_t item)
{
    return cs->cover[item] == YD_NONE ? YD_NONE : cs->cover[item] - 1;
}

struct yd_origin yd_origin_of(const struct yd_doc *doc, uint32_t item);
/* Which item lies further left: < 0, 0, > 0.  Both are in the same contest. */
int yd_contest_order(const struct yd_contests *cs, uint32_t a, uint32_t b);
/* The same for origins. */
int yd_origin_order(const struct yd_doc *doc, struct yd_origin *a, struct yd_origin *b);
/* The item that holds the origin (slot neither YD_NONE nor YD_ASTRAY). */
uint32_t yd_origin_item(const struct yd_doc *doc, struct yd_origin *o);
/* Bloom filters of `words` words: whether a right origin may be in one. */
uint64_t yd_right_hash(uint32_t slot, uint32_t clock);
bool yd_rights_hold(const uint64_t *rights, unsigned words, uint64_t hash);
/* Work out anew what a node knows; a group from its leaves, which must be up to date. */
void yd_contest_sum_leaf(const struct yd_doc *doc, struct yd_contest_leaf *leaf);
void yd_contest_sum_group(const struct yd_doc *doc, struct yd_contest_group *group);
/* The item is new in its leaf: tell that and its group. */
void yd_contest_note(struct yd_doc *doc, uint32_t item);
/* Note that `by` covers the item. */
void yd_contest_cover(struct yd_doc *doc, uint32_t item, uint32_t by);
struct yd_contest *yd_contest_of(const struct yd_doc *doc,
                                 uint32_t chain); /* NULL: none; there are contests */

#endif
