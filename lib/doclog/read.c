#include "doclog/internal.h"

#include "pack/pack.h"
#include "ydoc/updates.h"

/* Updates are merged before they are applied, up to so many bytes: places that many people wrote at
 * without seeing each other are then put in order once, and not anew for each update. */
#define GIVEN_BYTES ((size_t)4 * 1024 * 1024)

void cr_doc_image_clear(struct cr_doc_image *im)
{
    cr_buf_clear(&im->vector);
    cr_buf_clear(&im->packed);
    yd_doc_free(im->doc);
    memset(im, 0, sizeof *im);
}

/* ---- packed states ---- */

void cr_doclog_pack(const struct yd_doc *doc, struct cr_buf *packed, struct cr_buf *vector)
{
    struct yd_buf plain = {0}, sv = {0};

    yd_encode_diff(doc, NULL, 0, &plain);
    if (yd_pending_bytes(doc) == 0)
        yd_encode_state_vector(doc, &sv);
    cr_pack(plain.data, plain.len, packed);
    cr_buf_append(vector, sv.data, sv.len);
    yd_buf_free(&plain);
    yd_buf_free(&sv);
}

int cr_doclog_unpack(const struct cr_buf *packed, struct yd_doc **doc, struct cr_error *err)
{
    const struct yd_limits limits = {.max_work = SIZE_MAX}; /* it was accepted once */
    struct cr_error why = CR_ERROR_INIT;
    CR_AUTO_BUF plain = {0};
    struct yd_doc *fresh;
    int rc;

    if (packed->len > 0 &&
        cr_unpack(packed->data, packed->len, CR_DOCLOG_PLAIN_MAX, &plain, &why) < 0)
        return cr_fail(err, CR_ERR_INTERNAL, "stored state: %s", why.message);
    fresh = yd_doc_new(NULL);
    yd_doc_set_limits(fresh, &limits);
    rc = plain.len > 0 ? yd_apply_update(fresh, plain.data, plain.len, NULL) : YD_OK;
    if (rc < 0) {
        yd_doc_free(fresh);
        return cr_fail(err, CR_ERR_INTERNAL, "stored state: %s", yd_strerror(rc));
    }
    *doc = fresh;
    return 0;
}

/* ---- the log ---- */

static void give(struct doclog_replay *r, const uint8_t *update, size_t len)
{
    if (r->end_count == r->end_cap) {
        r->end_cap = r->end_cap ? r->end_cap * 2 : 64;
        r->ends = cr_realloc(r->ends, r->end_cap * sizeof *r->ends);
    }
    cr_buf_append(&r->given, update, len);
    r->ends[r->end_count++] = r->given.len;
    r->updates++;
}

static int apply_merged(struct doclog_replay *r)
{
    struct yd_bytes *updates = cr_malloc(r->end_count * sizeof *updates);
    struct yd_buf merged = {0};
    size_t from = 0;
    int rc;

    for (size_t i = 0; i < r->end_count; i++) {
        updates[i] = (struct yd_bytes){r->given.data + from, r->ends[i] - from};
        from = r->ends[i];
    }
    rc = yd_merge_updates(updates, r->end_count, &merged);
    if (rc == 0)
        rc = yd_apply_update(r->doc, merged.data, merged.len, NULL);
    yd_buf_free(&merged);
    free(updates);
    return rc;
}

int doclog_settle(struct doclog_replay *r)
{
    int rc = r->end_count > 0 ? apply_merged(r) : 0;

    r->end_count = 0;
    cr_buf_reset(&r->given);
    return rc < 0 ? cr_fail(&r->why, CR_ERR_INTERNAL, "batches up to %lld: %s", (long long)r->seq,
                            yd_strerror(rc))
                  : 0;
}

void doclog_replay_clear(struct doclog_replay *r)
{
    cr_buf_clear(&r->given);
    free(r->ends);
    r->ends = NULL;
    r->end_count = r->end_cap = 0;
}

static int take_updates(struct doclog_replay *r, int64_t seq, const uint8_t *data, size_t len)
{
    struct cr_doc_batch_reader batch;
    const uint8_t *update;
    size_t update_len;
    bool limited = r->stop_index >= 0 && seq == r->stop_seq;
    int64_t left = limited ? r->stop_index + 1 : INT64_MAX;

    if (seq != r->seq + 1)
        return cr_fail(&r->why, CR_ERR_INTERNAL, "batch %lld is missing", (long long)r->seq + 1);
    if (cr_doc_batch_open(&batch, data, len, &r->why) < 0) {
        r->why.code = CR_ERR_INTERNAL;
        return cr_wrap(&r->why, "batch %lld", (long long)seq);
    }
    for (; left > 0 && cr_doc_batch_next(&batch, &update, &update_len); left--)
        give(r, update, update_len);
    r->all_given = !limited || left == 0;
    r->seq = seq;
    r->batches++;
    r->bytes += (int64_t)len;
    return 0;
}

/* Decodes the head when the first batch behind it comes. */
int doclog_take_batch(void *ctx, int64_t seq, const uint8_t *data, size_t len)
{
    struct doclog_replay *r = ctx;

    if ((!r->doc && cr_doclog_unpack(r->packed, &r->doc, &r->why) < 0) ||
        take_updates(r, seq, data, len) < 0)
        return -1;
    return r->given.len > GIVEN_BYTES ? doclog_settle(r) : 0;
}

int doclog_replay(struct cr_store *s, const char *room_id, const char *file_id,
                  const struct cr_doc_state *from, struct doclog_replay *r, struct cr_error *err)
{
    int rc;

    r->packed = &from->packed;
    r->seq = from->seq;
    r->why = (struct cr_error)CR_ERROR_INIT; /* each batch may need one */
    rc = cr_store_doc_read_range(s, room_id, file_id, from->seq,
                                 r->stop_seq > 0 ? r->stop_seq : INT64_MAX, doclog_take_batch, r,
                                 &r->why);
    if (rc == 0)
        rc = doclog_settle(r);
    doclog_replay_clear(r);
    if (rc == 0)
        return 0;
    yd_doc_free(r->doc);
    r->doc = NULL;
    return cr_fail(err, r->why.code, "%s", r->why.message);
}

int cr_doclog_read(struct cr_store *s, const char *room_id, const char *file_id,
                   struct cr_doc_image *out, struct cr_error *err)
{
    struct cr_doc_state head;
    struct doclog_replay r = {.stop_index = -1};
    int rc;

    memset(out, 0, sizeof *out);
    if (cr_store_doc_head(s, room_id, file_id, &head, err) < 0)
        return -1;
    rc = doclog_replay(s, room_id, file_id, &head, &r, err);
    if (rc == 0 && !r.doc && head.packed.len > 0 && head.vector.len == 0) /* something waits */
        rc = cr_doclog_unpack(&head.packed, &r.doc, err);
    if (rc == 0) {
        out->seq = r.seq;
        out->doc = r.doc;
        out->tail_batches = r.batches;
        out->tail_bytes = r.bytes;
        out->vector = head.vector;
        out->packed = head.packed;
        memset(&head.vector, 0, sizeof head.vector);
        memset(&head.packed, 0, sizeof head.packed);
    }
    cr_doc_state_clear(&head);
    return rc;
}

int cr_doclog_read_doc(struct cr_store *s, const char *room_id, const char *file_id,
                       struct yd_doc **doc, int64_t *seq, struct cr_error *err)
{
    struct cr_doc_image im;
    int rc;

    if (cr_doclog_read(s, room_id, file_id, &im, err) < 0)
        return -1;
    rc = im.doc ? 0 : cr_doclog_unpack(&im.packed, &im.doc, err);
    if (rc == 0) {
        *doc = cr_take(&im.doc);
        *seq = im.seq;
    }
    cr_doc_image_clear(&im);
    return rc;
}
