/* One WebSocket as the rooms see it: whole messages in, shared frames out. The network side
 * (ws/net/) makes it, feeds it and empties its outbox; a test does the same without a network.
 * Thread: loop only. */
#ifndef CR_WS_CONN_H
#define CR_WS_CONN_H

#include "base/error.h"
#include "base/id.h"
#include "ws/frame.h"

#include <sys/uio.h>

#define CR_CONN_REASON_BYTES 123 /* RFC 6455 5.5: a control frame holds 125, 2 are the code */

#define CR_CONN_CROWDED_BYTES (256 * 1024)
#define CR_CONN_READ_BYTES 65536 /* that the network side takes at once */

struct cr_conn;

/* Who handles the messages: the handshake first, then a document, a room or a runner. */
struct cr_conn_user {
    void (*message)(struct cr_conn *c, bool text, const uint8_t *data, size_t len);
    void (*closed)(struct cr_conn *c);  /* the connection is gone after this call */
    void (*drained)(struct cr_conn *c); /* the outbox, which was not empty, is; may be NULL */
    /* After a frame was put into the outbox that holds more than CR_CONN_CROWDED_BYTES; may be
     * NULL. */
    void (*crowded)(struct cr_conn *c);
};

/* What the network side does for a connection. */
struct cr_conn_net {
    /* Send now what can be sent; returns how many bytes of its wire went (0: none). Only called
     * with an empty outbox. NULL: everything goes through the outbox. */
    size_t (*write)(struct cr_conn *c, const struct cr_frame *f);
    /* There is something in the outbox, or the connection closes. */
    void (*wake)(struct cr_conn *c);
    /* Stop reading for so long: the sender feels it as backpressure. NULL: nothing happens. */
    void (*pause)(struct cr_conn *c, int64_t ms);
    /* c->holding changed: while it holds nothing is read. NULL: nothing happens. */
    void (*held)(struct cr_conn *c);
};

struct cr_held; /* a message that came before somebody could handle it */

struct cr_conn {
    /* What a broadcast looks at, in one cache line. */
    const struct cr_conn_net *net;
    const struct cr_conn_user *user;
    void *ctx;            /* the user's */
    int64_t last_sent_ms; /* monotonic; when something was last sent or put into the outbox */
    uint32_t count;       /* frames in the outbox */
    int fd;               /* the network side's */
    bool closing;
    bool muted;          /* broadcasts leave it out */
    bool holding;        /* messages are kept until cr_conn_release() */
    uint16_t close_code; /* enum cr_error_code */

    struct cr_frame **ring; /* the outbox: count frames from head on; NULL while it is empty */
    uint32_t head, cap;
    size_t out_bytes;   /* of messages in the outbox */
    size_t head_sent;   /* bytes of the first frame's wire that are gone */
    size_t max_message; /* bytes; a longer one closes with TOO_LARGE */
    char id[CR_ID_SIZE];
    unsigned requests;  /* that got an id of their own: request_id.1, .2, … */
    char *request_id;   /* from nginx, for the log; NULL when there is none */
    char *close_reason; /* "wire: reason", at most CR_CONN_REASON_BYTES; NULL until closing */

    struct cr_held *held_first, *held_last;
};

void cr_conn_init(struct cr_conn *c, const struct cr_conn_net *net);
void cr_conn_clear(struct cr_conn *c);

/* Send a frame, or put it into the outbox (takes a reference of its own). Over
 * CR_LIMIT_OUTBOX_BYTES the connection is closed as SLOW_READER. Ignored while closing. */
void cr_conn_send(struct cr_conn *c, struct cr_frame *f);
/* To each of conns but `except` (NULL: to all), unless it is muted. */
void cr_conn_broadcast(struct cr_conn **conns, size_t count, struct cr_frame *f,
                       const struct cr_conn *except);
void cr_conn_send_bytes(struct cr_conn *c, bool text, const void *data, size_t len);

/* Close with the code's number and "wire: reason". The first call counts. What waits in the outbox
 * is dropped, but for a frame that is partly gone; `closed` follows later from the network side,
 * never from inside this call. */
void cr_conn_close(struct cr_conn *c, enum cr_error_code code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Take no messages for so long (about: half a second at most longer). */
void cr_conn_pause(struct cr_conn *c, int64_t ms);

/* Until released nothing is read, and what was read already is kept: one frame of the largest size
 * and what came with it. The sender feels it as backpressure. */
void cr_conn_hold(struct cr_conn *c);
/* Hold, and keep this message, which could not be handled yet, before the others. */
void cr_conn_hold_again(struct cr_conn *c, bool text, const uint8_t *data, size_t len);
void cr_conn_release(struct cr_conn *c);

/* ---- for the network side ---- */
void cr_conn_feed(struct cr_conn *c, bool text, const uint8_t *data, size_t len);
/* What is to be written next, from the outbox; returns how many entries of iov it filled. */
int cr_conn_gather(const struct cr_conn *c, struct iovec *iov, int max);
/* So many bytes of it are gone. */
void cr_conn_written(struct cr_conn *c, size_t bytes);
/* Put a control frame before everything else that waits, also while closing. */
void cr_conn_put_control(struct cr_conn *c, struct cr_frame *f);
void cr_conn_ended(struct cr_conn *c); /* tells the user */
/* The oldest frame of the outbox, owned; NULL: none. In conn.c; elsewhere only tests read so. */
struct cr_frame *cr_conn_pop(struct cr_conn *c);

#endif
