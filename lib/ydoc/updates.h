/* Updates by themselves, without a document: merge them, say what they hold, cut off what is known.
 *
 * Bytes go in and come out; nothing is kept.  Each function checks its input to the end before it
 * writes: on an error `out` is as it was.  Memory: in proportion to the input's length.  Work: in
 * proportion to the input's length, for unsorted input times its logarithm.
 * Thread: any; nothing is shared.  Errors: those of the decoder (enum yd_error).
 * Source: Yjs 13's mergeUpdates, encodeStateVectorFromUpdate and diffUpdate. */
#ifndef YD_UPDATES_H
#define YD_UPDATES_H

#include "ydoc/ydoc.h"

#pragma GCC visibility push(default)

struct yd_bytes {
    const uint8_t *p; /* borrowed */
    size_t len;
};

/* Append one update that holds what the n updates hold.  What is missing between structs of a
 * client becomes a Skip; structs that came twice are written once; deletes are united.  Text that
 * one client typed in a row, in updates that follow each other, becomes one struct, as it does in a
 * document.  One update comes back as it is, none gives the empty update.  Nothing is collected: a
 * document that applied all of them encodes to less. */
int yd_merge_updates(const struct yd_bytes *updates, size_t n, struct yd_buf *out);

/* Append the state vector that an empty document has after this update: for each client whose
 * structs begin at clock 0 the clock up to which they have no gap. */
int yd_update_state_vector(const uint8_t *update, size_t len, struct yd_buf *out);

/* Append the update without the structs that a peer with state vector sv (NULL, 0: an empty peer)
 * has; all its deletes stay. */
int yd_update_diff(const uint8_t *update, size_t len, const uint8_t *sv, size_t sv_len,
                   struct yd_buf *out);

/* ---- update v2 ------------------------------------------------------------------------------- */

/* Format v2 holds the same in columns, in about half the bytes: to import, to export, to store.
 * Sockets speak v1 only, and so does the rest of this library.  Source: Yjs 13's UpdateEncoderV2
 * and lib0's run-length coders, with the peculiarity that keys are numbered and none is used twice.
 */

/* Append a v1 update as v2: the bytes that Yjs' convertUpdateFormatV1ToV2 gives (its deletes sorted
 * first where they are not). */
int yd_update_v1_to_v2(const uint8_t *update, size_t len, struct yd_buf *out);

/* Append a v2 update as v1, as Yjs' convertUpdateFormatV2ToV1 does.  max_bytes: what may be
 * appended; a few bytes of v2 can say a run of millions of structs.  Up to twice as much is held.
 * Errors: the decoder's; YD_ERR_TOO_BIG above max_bytes; YD_ERR_JSON for a format or embed whose
 * value JSON cannot say. */
int yd_update_v2_to_v1(const uint8_t *update, size_t len, size_t max_bytes, struct yd_buf *out);

/* As yd_encode_diff(), in format v2: the bytes of Yjs' encodeStateAsUpdateV2. */
int yd_encode_diff_v2(const struct yd_doc *doc, const uint8_t *sv, size_t sv_len,
                      struct yd_buf *out);

#pragma GCC visibility pop

#endif
