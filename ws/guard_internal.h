/* What the files guard*.c share. */
#ifndef CR_WS_GUARD_INTERNAL_H
#define CR_WS_GUARD_INTERNAL_H

#include "base/buf.h"
#include "ws/guard.h"

/* The whole text, read when the first range is looked at: once for all of them.
 * Zero-initialised but for doc. */
struct guard_text {
    struct yd_doc *doc;
    struct yd_buf text;
    bool read;
};
void guard_text_forget(struct guard_text *w); /* it changed, or is not wanted any more */

/* Where the range is now, in UTF-16 units; false: nowhere. */
bool guard_find(struct yd_doc *doc, const struct cr_guarded *r, uint32_t *from, uint32_t *to);
/* The text between, UTF-8, borrowed from *w; NULL: it cannot be told. */
const char *guard_text_between(struct guard_text *w, uint32_t from, uint32_t to, size_t *len);
/* Make the range's text what it was, with nothing else in it. Returns whether it was not. */
bool guard_mend_text(struct yd_txn *txn, struct guard_text *w, const struct cr_guarded *r);

/* Set a key of the map to a JSON value. */
void guard_set_json(struct yd_txn *txn, const char *key, const struct cr_buf *json);

#endif
