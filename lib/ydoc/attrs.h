/* Internal: a set of attributes, key to JSON, in the order they were set. */
#ifndef YD_ATTRS_H
#define YD_ATTRS_H

#include "ydoc/update.h"

struct yd_attr {
    struct yd_slice key, json; /* owned, in one piece */
};
struct yd_attrs {
    struct yd_attr *v; /* malloc'ed */
    size_t n, cap;
};

/* The value, borrowed until the next change; "null" when there is none. */
struct yd_slice yd_attrs_get(const struct yd_attrs *a, struct yd_slice key);
bool yd_attrs_has(const struct yd_attrs *a, struct yd_slice key);
void yd_attrs_set(struct yd_attrs *a, struct yd_slice key, struct yd_slice json); /* copies */
void yd_attrs_remove(struct yd_attrs *a, struct yd_slice key);
/* Set, or remove when the value is null: what a format mark does to the text behind it. */
void yd_attrs_mark(struct yd_attrs *a, struct yd_slice key, struct yd_slice json);
void yd_attrs_copy(struct yd_attrs *to, const struct yd_attrs *from); /* to: empty before */
void yd_attrs_clear(struct yd_attrs *a);
/* The same keys with the same values, in whatever order. */
bool yd_attrs_equal(const struct yd_attrs *a, const struct yd_attrs *b);

extern const struct yd_slice yd_json_null;                /* null */
int yd_slice_order(struct yd_slice a, struct yd_slice b); /* by bytes: < 0, 0, > 0 */
bool yd_slice_equal(struct yd_slice a, struct yd_slice b);
bool yd_slice_is_null(struct yd_slice json); /* the JSON null */
/* Key and value of a format mark's content. */
struct yd_attr yd_format_read(struct yd_slice content);

#endif
