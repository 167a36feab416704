/* Internal: what the files edit*.c share. */
#ifndef YD_EDIT_INTERNAL_H
#define YD_EDIT_INTERNAL_H

#include "ydoc/attrs.h"
#include "ydoc/edit.h"
#include "ydoc/order.h"

/* Between two neighbours in a chain; YD_NONE at its ends. */
struct yd_gap {
    uint32_t left, right;
};

/* The type's index.  Errors: YD_ERR_TARGET. */
int yd_target_find(const struct yd_doc *doc, struct yd_target at, uint32_t *type);
/* The same; YD_NONE: a root that is not there yet.  Errors: YD_ERR_UTF8, too. */
int yd_target_look(const struct yd_doc *doc, struct yd_target at, uint32_t *type);
/* Make the root if there is none yet: only when nothing can fail any more. */
uint32_t yd_target_make(struct yd_doc *doc, struct yd_target at, uint32_t type);

/* Begin an edit of a list at index, which makes `units` of `bytes` in all: its type, as
 * yd_target_look() gives it. */
int yd_edit_look(const struct yd_txn *txn, struct yd_target at, uint32_t index, size_t bytes,
                 uint64_t units, uint32_t *type);
/* Whether an edit of `bytes` that makes `units` can be taken in. */
int yd_edit_fits(const struct yd_txn *txn, size_t bytes, uint64_t units);

/* Check that the list can be cut at index.  item, units: where, for yd_edit_gap(); may be NULL. */
int yd_edit_find(struct yd_doc *doc, uint32_t chain, uint32_t index, uint32_t *item,
                 uint32_t *units);
/* Cut there: the gap right behind the unit index - 1.  The index was checked. */
struct yd_gap yd_edit_gap(struct yd_doc *doc, uint32_t chain, uint32_t index);
/* Put content there; the gap moves behind it.  Returns the first clock. */
uint32_t yd_edit_put(struct yd_txn *txn, uint32_t chain, struct yd_gap *gap, struct yd_ref *ref);

#endif
