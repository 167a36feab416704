#include "ws/waiter.h"

void cr_waiter_init(struct cr_waiter *w, const struct cr_request *q)
{
    memcpy(w->conn_id, q->peer->conn->id, CR_ID_SIZE);
    w->ref = cr_strdup(q->ref);
}

void cr_waiter_clear(struct cr_waiter *w)
{
    free(w->ref);
    w->ref = NULL;
}

struct cr_peer *cr_waiter_peer(const struct cr_live_room *r, const struct cr_waiter *w)
{
    for (struct cr_peer *p = r->peers; p; p = p->next)
        if (strcmp(p->conn->id, w->conn_id) == 0)
            return p;
    return NULL;
}
