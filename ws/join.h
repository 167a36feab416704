/* The handshake of a browser, a script or a runner: who is it, and what may he do? */
#ifndef CR_WS_JOIN_H
#define CR_WS_JOIN_H

#include "ws/address.h"
#include "ws/hub.h"

/* Decide about a new connection. It is let in, or closed with a reason, now or later; its messages
 * wait until then. h is borrowed for the call. */
void cr_join(struct cr_hub *hub, struct cr_conn *conn, const struct cr_handshake *h);

#endif
