/* A document as it was. */
#include "doclog/internal.h"

/* The newest checkpoint at or before seq; 0: there is none. */
static int64_t checkpoint_before(const struct cr_doc_state *head, int64_t seq)
{
    size_t i = head->checkpoint_count;

    while (i > 0 && head->checkpoints[i - 1] > seq)
        i--;
    return i > 0 ? head->checkpoints[i - 1] : 0;
}

/* The state to begin from: the head, a checkpoint, or nothing. Most moments are before the head:
 * then its bytes are not wanted. */
static int start_state(struct cr_store *s, const char *room_id, const char *file_id, int64_t seq,
                       struct cr_doc_state *state, struct cr_error *err)
{
    int64_t at;

    if (cr_store_doc_head_brief(s, room_id, file_id, state, err) < 0)
        return -1;
    if (state->seq <= seq) {
        cr_doc_state_clear(state);
        if (cr_store_doc_head(s, room_id, file_id, state, err) < 0)
            return -1;
        if (state->seq <= seq) /* else a newer one has come in between */
            return 0;
    }
    at = checkpoint_before(state, seq);
    cr_doc_state_clear(state);
    return at == 0 ? 0 : cr_store_doc_checkpoint(s, room_id, file_id, at, state, err);
}

int cr_doclog_moment(struct cr_store *s, const char *room_id, const char *file_id, int64_t seq,
                     int64_t index, struct yd_doc **doc, struct cr_error *err)
{
    struct cr_doc_state from;
    struct doclog_replay r = {.stop_seq = seq, .stop_index = index};
    int rc;

    if (seq < 1)
        return cr_fail(err, CR_ERR_NOT_FOUND, "there is no such moment");
    /* An index is inside batch seq: the state has to be before it. */
    if (start_state(s, room_id, file_id, index < 0 ? seq : seq - 1, &from, err) < 0)
        return -1;
    rc = doclog_replay(s, room_id, file_id, &from, &r, err);
    if (rc == 0 && (r.seq != seq || (r.batches > 0 && !r.all_given)))
        rc = cr_fail(err, CR_ERR_NOT_FOUND, "there is no such moment");
    if (rc == 0 && !r.doc)
        rc = cr_doclog_unpack(&from.packed, &r.doc, err);
    if (rc == 0)
        *doc = cr_take(&r.doc);
    yd_doc_free(r.doc);
    cr_doc_state_clear(&from);
    return rc;
}
