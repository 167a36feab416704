#include "doclog/internal.h"

#include "pack/pack.h"

/* A checkpoint is due after so much of the log: then any moment is at most that many updates behind
 * one, which a replay does in some milliseconds. */
#define CHECKPOINT_UPDATES 20000
#define CHECKPOINT_BATCHES 2000
/* … but only when the log grew by a part of what the checkpoint takes. */
#define CHECKPOINT_SHARE 8

static bool checkpoint_due(const struct cr_doc_state *st)
{
    int64_t last = st->checkpoint_count > 0 ? st->checkpoints[st->checkpoint_count - 1] : 0;

    return (st->updates - st->checkpoint_updates >= CHECKPOINT_UPDATES ||
            st->seq - last >= CHECKPOINT_BATCHES) &&
           st->log_bytes - st->checkpoint_log_bytes >= (int64_t)st->packed.len / CHECKPOINT_SHARE;
}

static void list_checkpoint(struct cr_doc_state *st)
{
    st->checkpoints =
        cr_realloc(st->checkpoints, (st->checkpoint_count + 1) * sizeof *st->checkpoints);
    st->checkpoints[st->checkpoint_count++] = st->seq;
    st->checkpoint_updates = st->updates;
    st->checkpoint_log_bytes = st->log_bytes;
}

/* The head becomes the state behind the replayed log. */
static void advance(struct cr_doc_state *head, const struct doclog_replay *r)
{
    head->seq = r->seq;
    head->updates += r->updates;
    head->log_bytes += r->bytes;
    cr_buf_reset(&head->vector);
    cr_buf_clear(&head->packed);
    cr_doclog_pack(r->doc, &head->packed, &head->vector);
}

static int write_state(struct cr_store *s, const char *room_id, const char *file_id,
                       struct cr_doc_state *head, int64_t now_ms, struct cr_error *err)
{
    if (checkpoint_due(head)) {
        if (cr_store_doc_checkpoint_put(s, room_id, file_id, head, now_ms, err) < 0)
            return -1;
        list_checkpoint(head);
    }
    if (cr_store_doc_head_put(s, room_id, file_id, head, now_ms, err) < 0)
        return -1;
    return head->packed.len > CR_DOC_STATE_PIECE
               ? cr_store_doc_sweep(s, room_id, file_id, now_ms, err)
               : 0;
}

int cr_doclog_compact(struct cr_store *s, const char *room_id, const char *file_id, int64_t now_ms,
                      int64_t *seq, size_t *packed_len, struct cr_error *err)
{
    struct cr_doc_state head;
    struct doclog_replay r = {.stop_index = -1};
    int rc;

    if (cr_store_doc_head(s, room_id, file_id, &head, err) < 0)
        return -1;
    rc = doclog_replay(s, room_id, file_id, &head, &r, err);
    if (rc == 0 && r.doc) {
        advance(&head, &r);
        rc = write_state(s, room_id, file_id, &head, now_ms, err);
    }
    *seq = head.seq;
    *packed_len = head.packed.len;
    yd_doc_free(r.doc);
    cr_doc_state_clear(&head);
    return rc;
}
