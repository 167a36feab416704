/* Updates that the server makes, and the frames that carry updates. Thread: loop only for frames.
 */
#ifndef CR_WS_UPDATE_H
#define CR_WS_UPDATE_H

#include "ws/frame.h"
#include "ydoc/updates.h"
#include "ydoc/yprotocol.h"

/* A fresh client id for an edit of the server: 32 bits, as stock clients take theirs. Any thread.
 */
uint64_t cr_update_client(void);

/* A sync message of y-protocols, YD_MSG_SYNC_STEP2 or YD_MSG_SYNC_UPDATE, whose update, len bytes,
 * is still to be written to *update: documents can be large, and so there is one copy of it. One
 * reference, the caller's. */
struct cr_frame *cr_sync_frame_alloc(enum yd_message_type type, size_t len, uint8_t **update);
/* The same with the update. */
struct cr_frame *cr_sync_frame(enum yd_message_type type, const uint8_t *update, size_t len);
/* An update message; the update is its end. One reference, the caller's. */
struct cr_frame *cr_update_frame(const uint8_t *update, size_t len);
/* One message with all of n updates; NULL: one of them is malformed. */
struct cr_frame *cr_update_frame_of(const struct yd_bytes *updates, size_t n);

#endif
