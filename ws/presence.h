/* Who is in a document, with cursor and name: the awareness states of its clients. Changes go out
 * together, once for each tick, whose length grows with the room; what only says "still here" goes
 * out together every CR_PRESENCE_RENEWED_MS. A state belongs to the socket that brought it: nobody
 * else can change it, it tells the name that the server knows, and it ends with the socket.
 * Thread: loop only. */
#ifndef CR_WS_PRESENCE_H
#define CR_WS_PRESENCE_H

#include "ws/peer.h"
#include "ws/tick.h"
#include "ydoc/awareness.h"

#define CR_PRESENCE_TIMEOUT_MS 30000 /* y-protocols: a state not renewed for so long ends */
/* Stock clients renew after 15 s, looking every 3 s; together with this it is less than 30 s. */
#define CR_PRESENCE_RENEWED_MS 10000
#define CR_PRESENCE_PER_SOCKET 64 /* client ids that one socket may introduce */
/* JSON of one state; of all that one socket brings; of a document's. Nobody can fill the table
 * alone: who goes beyond his share is closed, beyond the document's a state is left out. */
#define CR_PRESENCE_STATE_BYTES (16 * 1024)
#define CR_PRESENCE_BYTES_PER_SOCKET (64 * 1024)
#define CR_PRESENCE_BYTES (4 * 1024 * 1024)
#define CR_PRESENCE_CLIENTS 16384 /* ids that a document remembers */
#define CR_PRESENCE_TICK_MIN_MS 10
#define CR_PRESENCE_TICK_MAX_MS 1000
#define CR_PRESENCE_PEERS_PER_MS 5 /* a room of 1,000 hears of changes every 200 ms */

struct cr_live_doc;

struct cr_presence_client { /* an awareness client and the socket that speaks for it */
    uint64_t client;
    struct cr_peer *peer;
    size_t bytes; /* of its state */
};

struct cr_presence_ids {
    uint64_t *ids; /* perhaps some of them twice */
    size_t count, cap;
};

struct cr_presence {
    struct yd_awareness *table; /* NULL: nobody said anything yet */
    struct cr_presence_client *clients;
    size_t count, cap;
    struct cr_tick tick; /* set: changes are collected until then */
    struct cr_presence_ids changed, renewed;
    int64_t renewed_ms;   /* when renewals were last sent */
    struct cr_frame *all; /* all states; NULL: has to be made */
    uint64_t version;     /* messages about them so far */
};

void cr_presence_init(struct cr_presence *r);
void cr_presence_clear(struct cr_live_doc *d);
/* An awareness message of p: a body. May close its socket. */
void cr_presence_apply(struct cr_peer *p, const uint8_t *body, size_t len);
void cr_presence_send_all(struct cr_peer *p);
void cr_presence_leave(struct cr_peer *p);
void cr_presence_second(struct cr_live_doc *d, int64_t now_ms);

#endif
