/* clang-format off */
/* A document batch: what one entry of a document's log holds (cr_store_doc_append). The updates of
 * one save, in the order they were applied, each with its author and time, so that a reader can
 * integrate them one by one and show who wrote what when.
 *
 * Its forms (numbers are varUints and texts are length-prefixed, as lib0 writes them):
 *   - edits: 0, 1, ms of the first update since 1970, count of authors, their names,
 *     count of updates, for each: [index of its author, when there is more than one],
 *     ms since the update before, length, a Yjs update in format v1
 *   - a fence: 0, 2, epoch, process. It holds no update; a new owner of the room puts it into the
 *     place where another owner would write next.
 *   - as the first version wrote them: count (1 or more), for each: length, update
 *
 * This module looks at the frame only, never into an update. Any thread. */
/* clang-format on */
#ifndef CR_PROTO_DOC_BATCH_H
#define CR_PROTO_DOC_BATCH_H

#include "base/buf.h"
#include "base/error.h"

#include <stdbool.h>

#define CR_DOC_BATCH_AUTHORS 256 /* of one batch; further ones become "" */
#define CR_DOC_AUTHOR_SIZE 32    /* bytes of an author's name with its NUL */

enum { CR_DOC_BATCH_EDITS = 1, CR_DOC_BATCH_FENCE = 2 };

/* ---- writing ---- */

struct cr_doc_batch_writer { /* zero-initialised is empty */
    struct cr_buf authors, updates;
    char (*names)[CR_DOC_AUTHOR_SIZE];
    size_t author_count, count;
    int64_t first_ms, last_ms;
};

/* Add an update. author: the id of a user, "@" and the id of a room token, or "" for nobody known.
 * now_ms: wall clock; times never go back within a batch. */
void cr_doc_batch_add(struct cr_doc_batch_writer *w, const uint8_t *update, size_t len,
                      const char *author, int64_t now_ms);
/* Bytes that the batch will have, or a few more. */
size_t cr_doc_batch_size(const struct cr_doc_batch_writer *w);
/* Append the batch to out and begin anew. */
void cr_doc_batch_finish(struct cr_doc_batch_writer *w, struct cr_buf *out);
void cr_doc_batch_writer_clear(struct cr_doc_batch_writer *w);

/* A fence. process: who owns the room in that epoch. */
void cr_doc_batch_fence(struct cr_buf *out, int64_t epoch, const char *process);

/* ---- reading ---- */

/* Read a batch:  cr_doc_batch_open(&r, …); while (cr_doc_batch_next(&r, &update, &len)) … */
struct cr_doc_batch_reader {
    const uint8_t *at;
    const uint8_t *end;
    uint64_t left; /* updates not yet given */
    /* Of the update that was given last: */
    const char *author; /* borrowed from the batch, author_len bytes, not terminated; may be "" */
    size_t author_len;
    int64_t time_ms; /* 0: not known */
    /* private */
    bool plain;
    uint64_t author_count;
    const uint8_t *authors;
    uint16_t author_at[CR_DOC_BATCH_AUTHORS]; /* offsets of the names */
};

/* Checks the whole frame, so that next cannot meet a broken one. data is borrowed while reading.
 * Errors: INVALID (cut short, a number or time above 2^53-1, bytes behind the last update). */
int cr_doc_batch_open(struct cr_doc_batch_reader *r, const uint8_t *data, size_t len,
                      struct cr_error *err);
/* False at the end. *update: borrowed from the batch; *len may be 0. */
bool cr_doc_batch_next(struct cr_doc_batch_reader *r, const uint8_t **update, size_t *len);

#endif
