/* The names that awareness states tell: a client writes what it likes into its state, the server
 * knows who it is. Thread: any. */
#ifndef CR_WS_IDENTITY_H
#define CR_WS_IDENTITY_H

#include "ws/peer.h"
#include "ydoc/ydoc.h"

/* Append a state (JSON, as a varString) as it goes on to others. In an object's member `user`, the
 * one that editors show, a member of the room has his name and his account's id, whatever the
 * client wrote; who came by a room token has the name it wrote, followed by the token's in
 * parentheses, and the id "". A state without `user` tells no name and stays as it is. Returns 0,
 * or YD_ERR_JSON when it is not JSON of the strict kind (no key twice, at most 32 levels). */
int cr_identity_put(struct yd_buf *out, const uint8_t *json, size_t len,
                    const struct cr_access *access);

#endif
