/* The handshake of a browser, a script or a runner: who is it, and what may he do? */
#ifndef CR_WS_JOIN_H
#define CR_WS_JOIN_H

#include "ws/address.h"
#include "ws/hub.h"

/* Decide about a new connection. It is let in, or closed with a reason, now or later; its messages
 * wait until then. h is borrowed for the call. */
void cr_join(struct cr_hub *hub, struct cr_conn *conn, const struct cr_handshake *h);

/* Ask again for those who wait because a room's owner may be dead. */
void cr_join_retry(struct cr_hub *hub);

/* At the handshake: whether the address is of a room that another process has (then address says
 * which), or this one ends. */
bool cr_join_is_elsewhere(struct cr_hub *hub, const char *path,
                          char address[CR_PROCESS_ADDRESS_SIZE]);

#endif
