/* One WebSocket as the rooms see it: whole messages in, shared frames out. The network side
 * (ws/net/) makes it, feeds it and empties its outbox; a test does the same without a network.
 * Thread: loop only. */
#ifndef CR_WS_CONN_H
#define CR_WS_CONN_H

#include "base/error.h"
#include "base/id.h"
#include "ws/frame.h"

#define CR_CONN_REQUEST_ID_SIZE 65
#define CR_CONN_REASON_SIZE                                                                        \
    124 /* RFC 6455 5.5: a control frame holds 125 bytes, 2 are the code                           \
         */

struct cr_conn;

/* Who handles the messages: the handshake first, then a document, a room or a runner. */
struct cr_conn_user {
    void (*message)(struct cr_conn *c, bool text, const uint8_t *data, size_t len);
    void (*closed)(struct cr_conn *c); /* the connection is gone after this call */
};

struct cr_held; /* a message that came before somebody could handle it */

struct cr_conn {
    char id[CR_ID_SIZE];
    char request_id[CR_CONN_REQUEST_ID_SIZE]; /* from nginx, for the log */
    unsigned requests; /* that got an id of their own: request_id.1, .2, … */
    const struct cr_conn_user *user;
    void *ctx;          /* the user's */
    size_t max_message; /* bytes; a longer one closes with TOO_LARGE */

    void (*wake)(struct cr_conn *c); /* there is something to send, or the connection closes */
    void *net;                       /* the network side's */

    struct cr_frame **ring; /* the outbox: count frames from head on */
    size_t head, count, cap;
    size_t out_bytes;     /* waiting in the outbox */
    int64_t last_sent_ms; /* monotonic; when something was last put into the outbox */

    bool closing;
    enum cr_error_code close_code;
    char close_reason[CR_CONN_REASON_SIZE];

    bool holding; /* messages are kept until cr_conn_release() */
    struct cr_held *held_first, *held_last;
    size_t held_bytes;
};

void cr_conn_init(struct cr_conn *c, void (*wake)(struct cr_conn *c), void *net);
void cr_conn_clear(struct cr_conn *c);

/* Put a frame into the outbox (takes a reference of its own). Over CR_LIMIT_OUTBOX_BYTES the
 * connection is closed as SLOW_READER. Ignored while closing. */
void cr_conn_send(struct cr_conn *c, struct cr_frame *f);
void cr_conn_send_bytes(struct cr_conn *c, bool text, const void *data, size_t len);

/* Close with the code's number and "wire: reason". The first call counts. What waits in the outbox
 * is dropped; `closed` follows later from the network side, never from inside this call. */
void cr_conn_close(struct cr_conn *c, enum cr_error_code code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Keep messages until released: at most 64 and CR_LIMIT_DOC_FRAME_BYTES, then TOO_LARGE. */
void cr_conn_hold(struct cr_conn *c);
void cr_conn_release(struct cr_conn *c);

/* ---- for the network side ---- */
void cr_conn_feed(struct cr_conn *c, bool text, const uint8_t *data, size_t len);
struct cr_frame *cr_conn_pop(struct cr_conn *c); /* the oldest frame, owned; NULL: none */
void cr_conn_ended(struct cr_conn *c);           /* tells the user */

#endif
