/* What a document sends to its sockets. An edit goes out at once while that is cheap; when many
 * write into a large room, the edits of a tick go out as one update. A socket that cannot keep up
 * is left out until it has read what waits for it, and then gets all that it missed in one step 2.
 * A stock client gets its own edits back when they are stored (docs/PROTOCOL.md, "Saved").
 * Thread: loop only. */
#ifndef CR_WS_FANOUT_H
#define CR_WS_FANOUT_H

#include "ws/peer.h"
#include "ws/tick.h"
#include "ydoc/yprotocol.h"

/* A delivery costs about so much: the kernel's part of it. Only ratios follow from it. */
#define CR_FANOUT_DELIVERY_US 7
/* Share of the loop's time that fan-out of one document may take before its edits are merged for
 * each tick; lower when several write, since one writer's edits seldom come close together. */
#define CR_FANOUT_LOAD_MANY_PCT 20
#define CR_FANOUT_LOAD_ONE_PCT 70
#define CR_FANOUT_MANY_WRITERS 4
#define CR_FANOUT_TICK_FACTOR 8 /* a tick is so much longer than a fan-out … */
#define CR_FANOUT_TICK_MIN_MS 10
#define CR_FANOUT_TICK_MAX_MS 100 /* … but nobody waits longer than this */
#define CR_FANOUT_WINDOW_MS 500   /* over which writers and edits are counted */

struct cr_live_doc;

struct cr_fanout_edit {
    struct cr_peer *from;   /* NULL: gone since */
    struct cr_frame *frame; /* an update message */
    const uint8_t *update;  /* in the frame */
    size_t len;
};

struct cr_fanout {
    struct cr_conn **conns; /* of all the document's sockets */
    size_t count, cap;
    struct cr_tick tick; /* set: edits are collected until then */
    struct cr_fanout_edit *edits;
    size_t edit_count, edit_cap;
    uint64_t version;  /* edits so far */
    int64_t window_ms; /* when the counting began */
    uint32_t window;   /* its number */
    uint32_t edits_now, writers_now, edits_last, writers_last;
};

void cr_fanout_init(struct cr_fanout *o);
void cr_fanout_clear(struct cr_live_doc *d);
void cr_fanout_attach(struct cr_live_doc *d, struct cr_peer *p);
void cr_fanout_detach(struct cr_live_doc *d, struct cr_peer *p);

/* Send a frame to all sockets that keep up, but one (NULL: to all). */
void cr_fanout_frame(struct cr_live_doc *d, struct cr_frame *f, const struct cr_peer *except);

/* An edit of p was applied: its message, a step 2 or an update. It goes to the others as it is: all
 * of it was new to the document, and is in it. */
void cr_fanout_edit(struct cr_peer *p, const struct yd_message *m, const uint8_t *frame,
                    size_t len);

/* The same when it is not so: the others are told the news instead, what has come into the
 * document by it. more: there may be something in them that p does not have. */
void cr_fanout_news(struct cr_peer *p, const struct yd_message *m, const uint8_t *frame, size_t len,
                    const struct yd_buf *news, bool more);

/* The same when there are none, since all of it waits for other edits: nobody else needs it yet,
 * and who has much of the kind waiting is slow. */
void cr_fanout_wait(struct cr_peer *p, const struct yd_message *m, const uint8_t *frame,
                    size_t len);

/* The server made an edit. */
void cr_fanout_own_edit(struct cr_live_doc *d, const uint8_t *update, size_t len);

/* p's first `handled` messages are stored: give a stock client its edits back. */
void cr_fanout_stored(struct cr_peer *p, uint64_t handled);

/* The outbox of p holds much: leave it out from now on. And: it is empty again. */
void cr_fanout_crowded(struct cr_peer *p);
void cr_fanout_drained(struct cr_peer *p);

#endif
