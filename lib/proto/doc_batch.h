/* A document batch: what one entry of a document's log holds (cr_store_doc_append). The updates of
 * one save, in the order they were applied, so that a reader can integrate them one by one.
 *
 * Form: varUint count, then count times varUint8Array (a varUint length and that many bytes), as
 * lib0 writes them; each is a Yjs update in format v1. This module looks at the frame only, never
 * into an update. Any thread. */
#ifndef CR_PROTO_DOC_BATCH_H
#define CR_PROTO_DOC_BATCH_H

#include "base/buf.h"
#include "base/error.h"

#include <stdbool.h>

/* Write a batch: begin with how many updates follow, then add each of them. */
void cr_doc_batch_begin(struct cr_buf *out, size_t count);
void cr_doc_batch_add(struct cr_buf *out, const uint8_t *update, size_t len);

/* Read a batch:  cr_doc_batch_open(&r, …); while (cr_doc_batch_next(&r, &update, &len)) … */
struct cr_doc_batch_reader {
    const uint8_t *at;
    const uint8_t *end;
    uint64_t left; /* updates not yet given */
};

/* Checks the whole frame, so that next cannot meet a broken one. data is borrowed while reading.
 * Errors: INVALID (cut short, a number above 2^53-1, bytes behind the last update). */
int cr_doc_batch_open(struct cr_doc_batch_reader *r, const uint8_t *data, size_t len,
                      struct cr_error *err);
/* False at the end. *update: borrowed from the batch; *len may be 0. */
bool cr_doc_batch_next(struct cr_doc_batch_reader *r, const uint8_t **update, size_t *len);

#endif
