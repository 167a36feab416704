/* Snapshots: a moment of a document, as a delete set and a state vector.
 *
 * They hold no content, so a moment can be shown only by a document that keeps what is deleted
 * (yd_doc_set_gc(doc, false)) and has it since before that moment.  A server that stores updates in
 * a log shows a moment by applying the log up to it instead; then no document needs to keep
 * anything.  To go back to a moment, write what is different as new edits: what clients have cannot
 * be taken away from them.
 * Thread: as the document.  Source: Yjs 13, utils/Snapshot.js; the binary form is its
 * encodeSnapshot (v1). */
#ifndef YD_SNAPSHOT_H
#define YD_SNAPSHOT_H

#include "ydoc/ydoc.h"

#pragma GCC visibility push(default)

/* Append the snapshot of now; what is pending is not in it. */
void yd_snapshot(const struct yd_doc *doc, struct yd_buf *out);
/* The decoder's errors, or 0. */
int yd_snapshot_check(const uint8_t *snapshot, size_t len);

/* Append an update (v1) that makes an empty document what doc was at the snapshot.  Errors: the
 * decoder's; YD_ERR_GONE when doc does not keep what is deleted, or is older than the snapshot. */
int yd_snapshot_update(const struct yd_doc *doc, const uint8_t *snapshot, size_t len,
                       struct yd_buf *out);

#pragma GCC visibility pop

#endif
