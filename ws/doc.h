/* A live document: the engine's state, the sockets that edit it, who is there, and what waits to be
 * stored. */
#ifndef CR_WS_DOC_H
#define CR_WS_DOC_H

#include "base/buf.h"
#include "doclog/doclog.h"
#include "proto/doc_batch.h"
#include "ws/fanout.h"
#include "ws/presence.h"
#include "ws/room.h"
#include "ydoc/ydoc.h"

#define CR_DOC_QUEUE_BYTES (9 * 1024 * 1024) /* unsaved edits; beyond, writers wait */
#define CR_DOC_MAX_BYTES                                                                           \
    (64 * 1024 * 1024)        /* content; a file that runs has at most 1 MiB of text */
#define CR_DOC_QUIET_MS 25000 /* then a step 1: stock clients give up at 30 s */
#define CR_DOC_QUICK_BYTES                                                                         \
    (512 * 1024)             /* a packed state up to here is decoded between two messages */
#define CR_DOC_COOL_MS 10000 /* a hot document that nobody needed decoded for so long goes warm */
/* Step 2 frames are kept so long after their last use: to make one once a second costs little, and
 * it is large. */
#define CR_DOC_ANSWER_MS 1000

/* Edits that are not stored yet. */
struct cr_doc_unsaved {
    struct cr_doc_batch_writer queue; /* updates that wait */
    int64_t queue_since_us;           /* when the oldest of them came */
    struct cr_buf batch;              /* what is being written, or is tried again: never changed */
    int64_t batch_since_us;
    struct cr_buf batch_sv; /* the state with the batch */
};

struct cr_live_doc {
    struct cr_live_room *room;
    struct cr_live_doc *next;
    char id[CR_ID_SIZE]; /* of the file */
    bool loaded;
    bool dead; /* out of the room: freed when its last socket and its last job are gone */
    struct cr_peer *peers;
    struct cr_fanout fanout;
    struct cr_presence presence;
    int64_t idle_since_ms;
    bool loading;    /* a worker reads it */
    bool writing;    /* a worker writes its batch */
    bool compacting; /* a worker writes its head */

    /* Hot or warm (doc_heat.c). Once loaded, exactly one of these holds: it is decoded (hot), a
     * worker decodes or encodes it (busy), or it is kept as packed bytes only (warm). */
    struct yd_doc *doc; /* NULL unless hot */
    bool busy;
    struct cr_buf packed; /* warm: the whole state, nothing of it waits; empty: no edits */
    struct cr_buf vector; /* the state vector, unless vector_stale */
    bool vector_stale;
    struct cr_doc_restore *restore; /* a text that comes back when it is decoded; NULL: none */
    struct cr_doc_answer *answers;  /* step 2 frames of this version; NULL: none */
    int64_t used_ms;                /* when it was last decoded or changed */

    /* Saving (persist.c). */
    int64_t seq;                    /* of the last stored batch */
    struct cr_doc_unsaved *unsaved; /* NULL: all is stored */
    struct cr_buf saved_sv;         /* the stored state */
    bool ack_due;         /* messages were handled that change nothing: their senders wait */
    bool crowded;         /* writers are held until a batch is stored */
    struct cr_peer *owed; /* whose messages were handled and not yet all reported as stored */
    int64_t tail_batches, tail_bytes; /* of the log behind the head */
    size_t head_bytes;                /* of the packed head */
    int64_t compact_retry_ms;         /* do not compact before */
};

/* NULL: it is not open. */
struct cr_live_doc *cr_doc_find(const struct cr_live_room *r, const char *file_id);
/* Find or open the document; sockets wait until it is loaded. The caller attaches one or calls
 * cr_doc_load(): what was opened and never loads stays as long as the room. */
struct cr_live_doc *cr_doc_open(struct cr_live_room *r, const char *file_id);
void cr_doc_load(struct cr_live_doc *d); /* the room is there and has the file */
void cr_doc_attach(struct cr_live_doc *d, struct cr_peer *p);
void cr_doc_detach(struct cr_peer *p);
void cr_doc_message(struct cr_peer *p, bool text, const uint8_t *data, size_t len);

/* A step 2 or update of p (doc_edit.c): refused, or applied, sent on and queued to be stored. */
void cr_doc_edit(struct cr_peer *p, const struct yd_message *m, const uint8_t *frame, size_t len);
void cr_doc_malformed(struct cr_peer *p, int yd_err);

/* Send step 2 with what a peer with that state vector misses. */
void cr_doc_resync(struct cr_peer *p, const struct cr_buf *vector);
void cr_doc_second(struct cr_live_doc *d, int64_t now_ms);
/* Close its sockets and take it out of the room; freed when the last of them is gone. */
void cr_doc_end(struct cr_live_doc *d, enum cr_error_code code, const char *reason);
void cr_doc_release(struct cr_live_doc *d);   /* free it when it is dead and nothing refers to it */
void cr_doc_serve(struct cr_live_doc *d);     /* it was loaded: let the sockets in that wait */
void cr_doc_greet_all(struct cr_live_doc *d); /* it is at hand again: the same, and go on */
bool cr_doc_is_saved(const struct cr_live_doc *d);

/* ---- hot and warm (doc_heat.c) ---- */

/* Whether the decoded document is at hand (d->doc) for a message of p; decodes it now when that is
 * quick. False: a worker has it; the message is kept, and comes to cr_doc_message() again. */
bool cr_doc_heat(struct cr_peer *p, const uint8_t *data, size_t len);
/* The same for nobody's message: when false, cr_doc_restore_run() is called later, or the document
 * has ended and is not to be touched. */
bool cr_doc_heat_now(struct cr_live_doc *d);
void cr_doc_restore_run(struct cr_live_doc *d); /* on_doc_restore.c */
void cr_doc_restore_drop(struct cr_live_doc *d);
/* Give the decoded document (it is at hand) to a worker; it is busy until it is taken back. What is
 * not stored yet goes on to be stored. */
struct yd_doc *cr_doc_lend(struct cr_live_doc *d);
/* False: it ended meanwhile; d may be gone. Else the caller makes known what changed, then calls
 * cr_doc_greet_all(). */
bool cr_doc_take_back(struct cr_live_doc *d, struct yd_doc *yd);
/* The document was changed: what was made of the old version goes. */
void cr_doc_changed(struct cr_live_doc *d);
/* Its state vector, hot or warm; borrowed until the next change. Not while it is busy. */
const struct cr_buf *cr_doc_vector(struct cr_live_doc *d);
/* Begin with what was read; takes it out of *im. */
void cr_doc_heat_begin(struct cr_live_doc *d, struct cr_doc_image *im);
void cr_doc_heat_second(struct cr_live_doc *d, int64_t now_ms);
void cr_doc_heat_clear(struct cr_live_doc *d);

/* What is kept cannot be read: the document ends, and is read from the database again. */
void cr_doc_cannot_decode(struct cr_live_doc *d, const struct cr_error *err);

/* ---- answers (doc_answer.c) ---- */

/* The frame with step 2 for a peer with that state vector, which all who ask the same share. *out:
 * a reference for the caller; NULL with 0: p's message is kept, as above, or the document has
 * ended. Errors: a yd_error, sv is malformed. */
int cr_doc_step2(struct cr_peer *p, const uint8_t *sv, size_t sv_len, const uint8_t *data,
                 size_t len, struct cr_frame **out);
void cr_doc_answers_drop(struct cr_live_doc *d); /* the document was changed */
void cr_doc_answers_second(struct cr_live_doc *d, int64_t now_ms);

/* Append the text that Run executes. TOO_LARGE: it has more than max_bytes (then nothing is done).
 */
int cr_doc_text(const struct yd_doc *doc, size_t max_bytes, struct cr_buf *out,
                struct cr_error *err);

#endif
