/* Documents as the database has them: the log of batches is the history and the truth; a compacted
 * state (the head) beside it makes reading fast, older states (checkpoints) make any moment near.
 * All calls block: never on an event loop's thread.
 * Errors of all: UNAVAILABLE; INTERNAL when what is stored cannot be read. */
#ifndef CR_DOCLOG_DOCLOG_H
#define CR_DOCLOG_DOCLOG_H

#include "proto/doc_batch.h"
#include "store/store.h"
#include "ydoc/ydoc.h"

#define CR_DOC_TEXT_ROOT "text" /* docs/PROTOCOL.md: the root that is the file's text */
#define CR_DOCLOG_PLAIN_MAX ((size_t)512 * 1024 * 1024) /* bytes of an unpacked state */

/* A document that was read. Nothing is decoded when the head is all there is, and none of it waits
 * for other edits: then packed is what others may have. */
struct cr_doc_image {
    int64_t seq;                      /* of the last batch; 0: there is none */
    struct cr_buf vector, packed;     /* of the head: state vector and packed state; may be empty */
    struct yd_doc *doc;               /* owned; NULL: the head is the document (or it is empty) */
    int64_t tail_batches, tail_bytes; /* of the log behind the head */
};
void cr_doc_image_clear(struct cr_doc_image *im);

int cr_doclog_read(struct cr_store *s, const char *room_id, const char *file_id,
                   struct cr_doc_image *out, struct cr_error *err);

/* The same, decoded in any case. *doc: owned by the caller. */
int cr_doclog_read_doc(struct cr_store *s, const char *room_id, const char *file_id,
                       struct yd_doc **doc, int64_t *seq, struct cr_error *err);

/* The documents of many files, in order, in two round trips for each 16; of which one or together
 * they are large, they are read one after the other. file: index of the id; doc is borrowed. each
 * returns -1 with err to end the call. */
typedef int (*cr_doclog_each)(void *ctx, size_t file, const struct yd_doc *doc,
                              struct cr_error *err);
int cr_doclog_read_many(struct cr_store *s, const char *room_id, const char (*file_ids)[CR_ID_SIZE],
                        size_t count, cr_doclog_each each, void *ctx, struct cr_error *err);

/* Append the whole state of a document as cr_pack() makes it, and its state vector; no vector when
 * some of it waits for other edits. */
void cr_doclog_pack(const struct yd_doc *doc, struct cr_buf *packed, struct cr_buf *vector);
/* *doc: new, with the packed state; "" packed is an empty document. */
int cr_doclog_unpack(const struct cr_buf *packed, struct yd_doc **doc, struct cr_error *err);

/* Write a new head from the old one and the log, and a checkpoint when one is due. Safe at any
 * time, beside any writer, and when it is cut short at any instant. *seq: of the head that is there
 * afterwards; *packed_len: its bytes. */
int cr_doclog_compact(struct cr_store *s, const char *room_id, const char *file_id, int64_t now_ms,
                      int64_t *seq, size_t *packed_len, struct cr_error *err);

/* ---- history ---- */

/* The document after update `index` (counted from 0) of batch seq; index -1: after the whole batch.
 * *doc: owned by the caller. NOT_FOUND: there is no such batch or update. */
int cr_doclog_moment(struct cr_store *s, const char *room_id, const char *file_id, int64_t seq,
                     int64_t index, struct yd_doc **doc, struct cr_error *err);

/* Make the text of a root another by edits of client (fresh, see ydoc/edit.h): by lines where few
 * differ, so that what stays is not touched. update: their bytes are appended, also on an error;
 * nothing when the text is the same already. Any thread; does not block. Errors: INTERNAL. */
int cr_doclog_rewrite(struct yd_doc *doc, const char *root, uint64_t client, const char *text,
                      size_t len, struct yd_buf *update, struct cr_error *err);

/* A version: edits without a long pause between them. */
struct cr_doc_version {
    int64_t seq;                  /* of its last batch */
    int64_t from_seq;             /* of its first */
    int64_t started_ms, ended_ms; /* 0: not known */
    int64_t updates;
    char (*authors)[CR_DOC_AUTHOR_SIZE]; /* at most CR_DOC_BATCH_AUTHORS; owned */
    size_t author_count;
};
struct cr_doc_version_list {
    struct cr_doc_version *items; /* newest first */
    size_t count;
    int64_t next; /* give as before_seq for the page behind; 0: this is the last */
};
void cr_doc_version_list_clear(struct cr_doc_version_list *l);

/* The versions that end before batch before_seq (0: the newest), at most limit (1 or more) of them.
 * A page looks at a bounded part of the log, so it may hold fewer, and still have a next. */
int cr_doclog_versions(struct cr_store *s, const char *room_id, const char *file_id,
                       int64_t before_seq, int limit, struct cr_doc_version_list *out,
                       struct cr_error *err);

#endif
