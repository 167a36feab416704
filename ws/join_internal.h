/* What the files of ws/join.h share. */
#ifndef CR_WS_JOIN_INTERNAL_H
#define CR_WS_JOIN_INTERNAL_H

#include "crypt/token.h"
#include "ws/join.h"
#include "ws/lease.h"
#include "ws/peer.h"

struct join {
    struct cr_hub *hub;
    struct cr_conn *conn; /* NULL: it went away meanwhile */
    struct cr_store *store;
    const struct cr_token_verifier *verifier;
    enum cr_socket_kind kind;
    bool is_token;
    char *secret; /* owned; small: a crowd may wait here at once */
    char ticket_id[sizeof((struct cr_token_claims *)NULL)->jti];
    struct cr_access access;
    struct cr_lease *lease; /* NULL: the room is here, or this process owns all */
    uint64_t life;          /* of the lease, when it was asked */
    int64_t start_ms;
    bool known; /* who asks and what he may do; asked once */
    bool used;  /* the ticket is */
    bool wait;  /* the room's owner may be dead */
    bool ok;
    struct cr_error err;
};

/* Find out, own the room if need be, and use the ticket up. Returns -1 with j->err; j->wait: try
 * again later. Blocks: for workers. */
int join_check(struct join *j);

#endif
