/* What an update would change, without applying it: for rights on parts of a document.
 *
 * Both look at what the update brings that is new; what the document has already counts for
 * nothing.  They are right about structs that refer to each other within the update, and say yes
 * when it cannot be known: when the update waits for something that is not here yet.  What waits in
 * the document and comes in with the update counts for yd_update_touches(), since the span changes;
 * not for roots: it is no doing of the update's.
 * Cost: the size of the update and the number of runs that wait; when an insert is concurrent with
 * others at a range's border, formats come near, or something comes in that waited, the update is
 * tried out on a copy (documents up to YD_TOUCH_COPY_MAX; beyond, the answer is yes).
 * Thread: as the document. */
#ifndef YD_TOUCH_H
#define YD_TOUCH_H

#include "ydoc/relpos.h"

#pragma GCC visibility push(default)

#define YD_TOUCH_COPY_MAX ((size_t)8 << 20) /* bytes of memory of the document */

/* A part of a root text.  start: position of its first unit (assoc >= 0), end: of its last one
 * (assoc < 0), so that text typed at its borders is outside. */
struct yd_span {
    struct yd_relpos start, end;
};

/* Whether the update inserts strictly inside a span, deletes something of it that is there, or
 * changes its attributes (format marks that change none don't count: stock clients clean up such
 * marks by themselves).  A span that is empty is touched by nothing; one whose positions are not in
 * the document (yet), by everything new.
 * touched: index of a span; may be NULL.  Errors: the decoder's; YD_ERR_TARGET (a span within a
 * nested type or across two). */
int yd_update_touches(struct yd_doc *doc, const uint8_t *update, size_t len,
                      const struct yd_span *spans, size_t count, bool *touches, size_t *touched);

/* Whether all that the update changes lies in the root and what is nested in it.  Errors: the
 * decoder's. */
int yd_update_stays_in(const struct yd_doc *doc, const uint8_t *update, size_t len,
                       const char *root, size_t root_len, bool *stays);

/* Call fn for each root that the update changes, at least once (look at the lengths of names before
 * their bytes: it may be called for every struct); root NULL: it cannot be known.  The names are
 * borrowed.  fn returns whether to go on.  Errors: the decoder's. */
typedef bool (*yd_root_fn)(void *ctx, const char *root, size_t root_len);
int yd_update_roots(const struct yd_doc *doc, const uint8_t *update, size_t len, yd_root_fn fn,
                    void *ctx);

#pragma GCC visibility pop

#endif
