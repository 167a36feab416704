/* Reading a document: batches are fetched and integrated on a worker into a fresh document, which
 * is then handed over. */
#include "base/clock.h"
#include "log/log.h"
#include "proto/doc_batch.h"
#include "ws/doc.h"
#include "ws/metrics.h"

struct reading {
    struct yd_doc *doc;
    int64_t seq;
    struct cr_error *err;
};

static int read_batch(void *ctx, int64_t seq, const uint8_t *data, size_t len)
{
    struct reading *r = ctx;
    struct cr_doc_batch_reader batch;
    const uint8_t *update;
    size_t update_len;

    if (cr_doc_batch_open(&batch, data, len, r->err) < 0) {
        r->err->code = CR_ERR_INTERNAL;
        return cr_wrap(r->err, "batch %lld", (long long)seq);
    }
    while (cr_doc_batch_next(&batch, &update, &update_len)) {
        int rc = yd_apply_update(r->doc, update, update_len, NULL);

        if (rc < 0)
            return cr_fail(r->err, CR_ERR_INTERNAL, "batch %lld: %s", (long long)seq,
                           yd_strerror(rc));
    }
    r->seq = seq;
    return 0;
}

int cr_doc_read(struct cr_store *s, const char *room_id, const char *file_id, struct yd_doc **doc,
                int64_t *seq, struct cr_error *err)
{
    struct cr_error why = CR_ERROR_INIT; /* read_batch needs one in any case */
    struct reading r = {yd_doc_new(NULL), 0, &why};

    if (cr_store_doc_read(s, room_id, file_id, 0, read_batch, &r, &why) != 0) {
        yd_doc_free(r.doc);
        return cr_fail(err, why.code, "%s", why.message);
    }
    *doc = r.doc;
    *seq = r.seq;
    return 0;
}

struct doc_load {
    struct cr_live_doc *doc;
    struct cr_store *store;
    char room_id[CR_ID_SIZE], file_id[CR_ID_SIZE];
    struct yd_doc *yd;
    int64_t seq;
    bool ok;
    struct cr_error err;
    int64_t start_us;
};

static void load_work(void *worker, void *job)
{
    struct doc_load *l = job;

    (void)worker;
    l->ok = cr_doc_read(l->store, l->room_id, l->file_id, &l->yd, &l->seq, &l->err) == 0;
}

static void hand_over(struct doc_load *l)
{
    struct cr_live_doc *d = l->doc;
    struct yd_buf sv = {0};
    struct yd_limits limits = {.max_doc_bytes = CR_DOC_MAX_BYTES}; /* for edits, not for reading */

    cr_metric_observe_us(cr_ws_metrics.load_seconds, cr_mono_us() - l->start_us);
    d->doc = l->yd;
    l->yd = NULL;
    yd_doc_set_limits(d->doc, &limits);
    d->seq = l->seq;
    yd_encode_state_vector(d->doc, &sv);
    cr_buf_append(&d->saved_sv, sv.data, sv.len);
    yd_buf_free(&sv);
    cr_doc_serve(d);
}

static void load_done(void *job)
{
    struct doc_load *l = job;
    struct cr_live_doc *d = l->doc;
    struct cr_live_room *r = d->room;

    d->loading = false;
    if (l->ok && !d->dead) {
        hand_over(l);
    } else if (!d->dead) {
        cr_log(CR_LOG_ERROR, "document cannot be read", CR_S("room", l->room_id),
               CR_S("file", l->file_id), CR_S("error", l->err.message));
        cr_doc_end(d, l->err.code, cr_error_public_text(l->err.code));
    } else {
        cr_doc_release(d);
    }
    yd_doc_free(l->yd);
    free(l);
    cr_room_job_done(r);
}

void cr_doc_load(struct cr_live_doc *d)
{
    struct doc_load *l;

    if (d->loaded || d->loading || d->dead)
        return;
    l = cr_calloc(1, sizeof *l);
    l->doc = d;
    l->store = d->room->hub->store;
    l->start_us = cr_mono_us();
    memcpy(l->room_id, d->room->id, CR_ID_SIZE);
    memcpy(l->file_id, d->id, CR_ID_SIZE);
    if (!cr_hub_submit(d->room->hub, load_work, load_done, l)) {
        free(l);
        cr_doc_end(d, CR_ERR_UNAVAILABLE, "the server is overloaded");
        return;
    }
    d->loading = true;
    d->room->jobs++;
}
