/* A live document: the engine's state, the sockets that edit it, who is there, and what waits to be
 * stored. */
#ifndef CR_WS_DOC_H
#define CR_WS_DOC_H

#include "base/buf.h"
#include "ws/room.h"
#include "ydoc/awareness.h"
#include "ydoc/ydoc.h"

#define CR_DOC_QUEUE_BYTES (8 * 1024 * 1024) /* unsaved edits; beyond, edits are refused */
#define CR_DOC_MAX_BYTES                                                                           \
    (64 * 1024 * 1024)                 /* content; a file that runs has at most 1 MiB of text */
#define CR_DOC_QUIET_MS 25000          /* then a step 1: stock clients give up at 30 s */
#define CR_DOC_AWARENESS_MS 30000      /* y-protocols: a state not renewed for so long ends */
#define CR_DOC_AWARENESS_PER_SOCKET 64 /* client ids that one socket may stand for */
#define CR_DOC_BYTES_PER_S (4 * 1024 * 1024)
#define CR_DOC_BYTES_BURST (32 * 1024 * 1024)
/* Step 1 and query awareness are short to ask and long to answer. A stock client asks when it
 * connects, and again at most once in some seconds. */
#define CR_DOC_ASKS_PER_S 2
#define CR_DOC_ASKS_BURST 30

struct cr_doc_client { /* an awareness client and the socket that speaks for it */
    uint64_t client;
    struct cr_peer *peer;
};

struct cr_live_doc {
    struct cr_live_room *room;
    struct cr_live_doc *next;
    char id[CR_ID_SIZE]; /* of the file */
    bool loaded;
    bool dead; /* out of the room (deleted, or written by somebody else): freed with its last socket
                */
    struct yd_doc *doc;
    struct yd_awareness *awareness;
    struct cr_doc_client *clients;
    size_t client_count, client_cap;
    struct cr_peer *peers;
    int64_t idle_since_ms;
    bool loading; /* a worker reads it */
    bool writing; /* a worker writes its batch */

    /* Saving (persist.c). */
    int64_t seq;         /* of the last stored batch */
    struct cr_buf queue; /* updates after each other, as cr_doc_batch_add() writes them */
    size_t queue_count;
    int64_t queue_since_us; /* when the oldest of them came */
    struct cr_buf batch;    /* what is being written, or is tried again: never changed */
    int64_t batch_since_us;
    struct cr_buf batch_sv; /* the state with the batch */
    struct cr_buf saved_sv; /* the stored state */
    bool ack_due;           /* messages were handled that change nothing: their senders wait */
};

/* Find or open the document; sockets wait until it is loaded. */
struct cr_live_doc *cr_doc_open(struct cr_live_room *r, const char *file_id);
void cr_doc_load(struct cr_live_doc *d); /* the room is there and has the file */
void cr_doc_attach(struct cr_live_doc *d, struct cr_peer *p);
void cr_doc_detach(struct cr_peer *p);
void cr_doc_message(struct cr_peer *p, bool text, const uint8_t *data, size_t len);

/* Send to all its sockets but one. */
void cr_doc_broadcast(struct cr_live_doc *d, struct cr_frame *f, const struct cr_peer *except);
/* Awareness (doc_awareness.c). */
void cr_doc_awareness(struct cr_peer *p, const uint8_t *frame, size_t frame_len,
                      const uint8_t *body, size_t len);
void cr_doc_awareness_send(struct cr_peer *p);
void cr_doc_awareness_leave(struct cr_peer *p);

void cr_doc_second(struct cr_live_doc *d, int64_t now_ms);
/* Close its sockets and take it out of the room; freed when the last of them is gone. */
void cr_doc_end(struct cr_live_doc *d, enum cr_error_code code, const char *reason);
void cr_doc_release(struct cr_live_doc *d); /* free it when it is dead and nothing refers to it */
void cr_doc_serve(struct cr_live_doc *d);   /* it was loaded: let the sockets in that wait */
bool cr_doc_is_saved(const struct cr_live_doc *d);
void cr_doc_free(struct cr_live_doc *d);

/* On a worker: a document as the database has it. *doc: owned by the caller.
 * Errors: UNAVAILABLE; INTERNAL when a stored batch cannot be read. */
int cr_doc_read(struct cr_store *s, const char *room_id, const char *file_id, struct yd_doc **doc,
                int64_t *seq, struct cr_error *err);
/* Append the text that Run executes. TOO_LARGE: it has more than max_bytes (then nothing is done).
 */
int cr_doc_text(const struct yd_doc *doc, size_t max_bytes, struct cr_buf *out,
                struct cr_error *err);

#endif
