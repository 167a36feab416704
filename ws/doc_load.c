/* Reading a document: a worker fetches its head, and integrates the batches behind it when there
 * are any; the result is handed over. */
#include "base/clock.h"
#include "doclog/doclog.h"
#include "log/log.h"
#include "ws/doc.h"
#include "ws/lease.h"
#include "ws/metrics.h"

struct doc_load {
    struct cr_live_doc *doc;
    struct cr_store *store;
    char room_id[CR_ID_SIZE], file_id[CR_ID_SIZE];
    bool fence; /* with epoch and process */
    int64_t epoch;
    char process[CR_ID_SIZE];
    struct cr_doc_image image;
    bool ok;
    struct cr_error err;
    int64_t start_us;
};

/* Take the place where the owner before would write next; CONFLICT: he wrote meanwhile. */
static int put_fence(struct doc_load *l)
{
    CR_AUTO_BUF fence = {0};

    cr_doc_batch_fence(&fence, l->epoch, l->process);
    if (cr_store_doc_append(l->store, l->room_id, l->file_id, l->image.seq + 1, fence.data,
                            fence.len, cr_wall_ms(), &l->err) < 0)
        return -1;
    l->image.seq++;
    l->image.tail_batches++;
    return 0;
}

static void load_work(void *worker, void *job)
{
    struct doc_load *l = job;

    (void)worker;
    do {
        cr_doc_image_clear(&l->image);
        l->err = (struct cr_error)CR_ERROR_INIT;
        l->ok = cr_doclog_read(l->store, l->room_id, l->file_id, &l->image, &l->err) == 0;
        if (l->ok && l->fence)
            l->ok = put_fence(l) == 0;
    } while (!l->ok && l->err.code == CR_ERR_CONFLICT);
}

static void hand_over(struct doc_load *l)
{
    struct cr_live_doc *d = l->doc;
    const struct cr_buf *sv;

    cr_metric_observe_us(cr_ws_metrics.load_seconds, cr_mono_us() - l->start_us);
    d->seq = l->image.seq;
    d->tail_batches = l->image.tail_batches;
    d->tail_bytes = l->image.tail_bytes;
    d->head_bytes = l->image.packed.len;
    cr_doc_heat_begin(d, &l->image);
    sv = cr_doc_vector(d);
    cr_buf_append(&d->saved_sv, sv->data, sv->len);
    cr_buf_fit(&d->saved_sv);
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
    cr_doc_image_clear(&l->image);
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
    l->fence = d->room->fence && d->room->hub->lease;
    if (l->fence) {
        l->epoch = d->room->epoch;
        cr_lease_id(d->room->hub->lease, l->process);
    }
    if (!cr_hub_submit(d->room->hub, load_work, load_done, l)) {
        free(l);
        cr_doc_end(d, CR_ERR_UNAVAILABLE, "the server is overloaded");
        return;
    }
    d->loading = true;
    d->room->jobs++;
}
