/* Internal: where the structs of an update would go, found out without integrating them. */
#ifndef YD_TRACE_H
#define YD_TRACE_H

#include "ydoc/order.h"

enum yd_where {
    YD_WHERE_UNKNOWN, /* it would wait for something */
    YD_WHERE_NOWHERE, /* what it belonged to is gone: it becomes a GC struct */
    YD_WHERE_THERE,
};

/* A struct of the update that the document does not have (whole). */
struct yd_trace_node {
    uint64_t client;
    uint32_t clock, end;
    const uint8_t *at; /* its bytes */
    uint8_t kind;      /* enum yd_kind */
    uint8_t where;     /* enum yd_where */
    bool known, open;  /* while it is being found out */
    bool in_list;      /* of type; else a map value, or in a new type */
    bool unclear;      /* lo and hi are not certain */
    uint32_t type;     /* that the document has; YD_NONE: a new one */
    uint32_t lo_item;  /* an item that is left of it; YD_NONE: the list's start */
    uint32_t lo, hi;   /* units of the list that are left of it: at least, at most */
    struct yd_slice root;
};

struct yd_trace {
    const struct yd_doc *doc;
    struct yd_doc *lists;    /* the same, to index long lists; NULL: lo and hi are not wanted */
    struct yd_trace_node *v; /* malloc'ed; by client from the highest, then by clock */
    size_t n, cap;
    const uint8_t *end; /* of the structs' bytes */
    bool gap;           /* structs are missing in between */
};

#define YD_TRACE_MAX                                                                               \
    65536 /* structs, 64 bytes each; for more a gap is assumed: memory is bounded */

void yd_trace_update(struct yd_trace *t, const struct yd_update *u);
void yd_trace_clear(struct yd_trace *t);
const struct yd_trace_node *yd_trace_find(const struct yd_trace *t, uint64_t client,
                                          uint32_t clock);
/* The name of the root that the type is, or is nested in. */
struct yd_slice yd_root_of(const struct yd_doc *doc, uint32_t type);

#endif
