/* Somebody on a room socket who waits for work that a worker does: he may be gone when it is back.
 */
#ifndef CR_WS_WAITER_H
#define CR_WS_WAITER_H

#include "ws/message.h"

struct cr_waiter {
    char conn_id[CR_ID_SIZE];
    char *ref; /* owned; NULL when the request had none */
};

void cr_waiter_init(struct cr_waiter *w, const struct cr_request *q);
void cr_waiter_clear(struct cr_waiter *w);
struct cr_peer *cr_waiter_peer(const struct cr_live_room *r, const struct cr_waiter *w);

#endif
