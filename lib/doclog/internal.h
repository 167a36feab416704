/* What the files of this folder share. */
#ifndef CR_DOCLOG_INTERNAL_H
#define CR_DOCLOG_INTERNAL_H

#include "doclog/doclog.h"

/* Batches being applied to a document. */
struct doclog_replay {
    int64_t stop_seq;   /* the last batch that is wanted; 0: all */
    int64_t stop_index; /* the last update that is wanted of it; -1: all */

    struct yd_doc *doc; /* owned by the caller; NULL when there was no batch */
    int64_t seq, batches, bytes, updates;
    bool all_given; /* batch stop_seq has an update stop_index */

    /* private */
    const struct cr_buf *packed;
    struct cr_buf given; /* updates that are not applied yet, one behind the other */
    size_t *ends;        /* of each in there */
    size_t end_count, end_cap;
    struct cr_error why;
};

/* Apply the log behind a state. On error doc is NULL. */
int doclog_replay(struct cr_store *s, const char *room_id, const char *file_id,
                  const struct cr_doc_state *from, struct doclog_replay *r, struct cr_error *err);
/* The same for one batch, which decodes r->packed when it is the first. What it holds is applied by
 * doclog_settle() at the latest. */
int doclog_take_batch(void *ctx, int64_t seq, const uint8_t *data, size_t len);
int doclog_settle(struct doclog_replay *r);
void doclog_replay_clear(struct doclog_replay *r); /* but for doc */

#endif
