/* Internal: what events.c and events_list.c share. */
#ifndef YD_EVENTS_INTERNAL_H
#define YD_EVENTS_INTERNAL_H

#include "ydoc/events.h"
#include "ydoc/read_internal.h"

/* A chain in which something was inserted or deleted. */
struct yd_changed {
    uint32_t depth, type, chain;
    uint32_t item; /* one of those that changed */
};

struct yd_collector {
    struct yd_doc *doc;
    struct yd_changed *v;
    size_t n, cap;
    struct yd_range *deleted; /* sorted */
    size_t deleted_n;
    struct yd_events *out;
};

/* Make room for one more after n elements; capacities are powers of two. */
void *yd_events_grown(void *v, size_t n, size_t size);
char *yd_events_copied(struct yd_slice s); /* with a NUL behind it */

/* What happened to an item in the transaction. */
bool yd_is_new(const struct yd_doc *doc, const struct yd_item *it);
bool yd_is_just_deleted(const struct yd_collector *c, const struct yd_item *it);

/* Add the changes of a list to e; v: all that changed in it. */
void yd_events_list(struct yd_collector *c, struct yd_event *e, const struct yd_changed *v,
                    size_t n);

#endif
