#include "ws/persist.h"

#include "base/clock.h"
#include "log/log.h"
#include "ws/metrics.h"
#include "ydoc/yprotocol.h"

#include <stdio.h>

#define BACKOFF_FIRST_MS 100
#define BACKOFF_MAX_MS 5000

struct save {
    struct cr_live_room *room;
    struct cr_store *store;
    char room_id[CR_ID_SIZE];
    size_t count;
    struct cr_live_doc **docs;
    struct cr_doc_batch *batches;
    int rc;
    bool taken; /* another process writes one of them */
    struct cr_error err;
};

bool cr_persist_has_room(const struct cr_live_doc *d, size_t len)
{
    const struct cr_doc_unsaved *u = d->unsaved;

    return !u || cr_doc_batch_size(&u->queue) + u->batch.len + len <= CR_DOC_QUEUE_BYTES;
}

/* As a batch names an author. */
static void put_author(char out[CR_DOC_AUTHOR_SIZE], const struct cr_access *a)
{
    if (a->user_id[0])
        snprintf(out, CR_DOC_AUTHOR_SIZE, "%s", a->user_id);
    else
        snprintf(out, CR_DOC_AUTHOR_SIZE, "@%s", a->grant_id);
}

void cr_persist_add(struct cr_live_doc *d, const struct cr_access *by, const uint8_t *update,
                    size_t len)
{
    char author[CR_DOC_AUTHOR_SIZE];

    if (!d->unsaved)
        d->unsaved = cr_calloc(1, sizeof *d->unsaved);
    if (d->unsaved->queue.count == 0)
        d->unsaved->queue_since_us = cr_mono_us();
    put_author(author, by);
    cr_doc_batch_add(&d->unsaved->queue, update, len, author, cr_wall_ms());
    cr_hub_arm_save(d->room->hub, d->room->hub->o.save_interval_ms);
}

static void drop_unsaved(struct cr_live_doc *d)
{
    struct cr_doc_unsaved *u = cr_take(&d->unsaved);

    if (!u)
        return;
    cr_doc_batch_writer_clear(&u->queue);
    cr_buf_clear(&u->batch);
    cr_buf_clear(&u->batch_sv);
    free(u);
}

void cr_persist_clear(struct cr_live_doc *d)
{
    drop_unsaved(d);
    cr_buf_clear(&d->saved_sv);
}

void cr_persist_ack(struct cr_live_doc *d)
{
    d->ack_due = true;
    cr_hub_arm_save(d->room->hub, d->room->hub->o.save_interval_ms);
}

/* ---- telling the clients ---- */

/* Readers are many: only who wrote is looked at. */
void cr_persist_handled(struct cr_peer *p)
{
    struct cr_live_doc *d = p->doc;

    if (p->handled++ > p->acked)
        return; /* it is in the list */
    p->owed_prev = NULL;
    p->owed_next = d->owed;
    if (p->owed_next)
        p->owed_next->owed_prev = p;
    d->owed = p;
}

void cr_persist_forget(struct cr_peer *p)
{
    if (p->handled == p->acked)
        return;
    if (p->owed_prev)
        p->owed_prev->owed_next = p->owed_next;
    else
        p->doc->owed = p->owed_next;
    if (p->owed_next)
        p->owed_next->owed_prev = p->owed_prev;
    p->acked = p->handled;
}

static void ack_peer(struct cr_live_doc *d, struct cr_peer *p)
{
    struct yd_buf out = {0};

    if (p->acked == p->handled_taken)
        return;
    if (p->handled == p->handled_taken)
        cr_persist_forget(p); /* nothing more is owed */
    p->acked = p->handled_taken;
    if (!p->access.want_saved) {
        cr_fanout_stored(p, p->acked);
        return;
    }
    yd_message_saved(&out, p->acked, d->saved_sv.data, d->saved_sv.len);
    cr_conn_send_bytes(p->conn, false, out.data, out.len);
    yd_buf_free(&out);
}

static void ack_all(struct cr_live_doc *d)
{
    bool clean = cr_doc_is_saved(d); /* then everything that was handled is stored */

    if (clean)
        d->ack_due = false;
    for (struct cr_peer *p = d->owed, *next; p; p = next) {
        next = p->owed_next;
        if (clean)
            p->handled_taken = p->handled;
        ack_peer(d, p);
    }
}

/* ---- writing ---- */

/* What is queued becomes a batch, whose bytes stay the same until it is stored: then a write whose
 * outcome is unknown can be repeated. */
static void take_batch(struct cr_live_doc *d)
{
    const struct cr_buf *sv = cr_doc_vector(d);
    struct cr_doc_unsaved *u = d->unsaved;

    cr_doc_batch_finish(&u->queue, &u->batch);
    u->batch_since_us = u->queue_since_us;
    cr_buf_append(&u->batch_sv, sv->data, sv->len);
    for (struct cr_peer *p = d->owed; p; p = p->owed_next)
        p->handled_taken = p->handled;
}

static void save_work(void *worker, void *job)
{
    struct save *s = job;

    (void)worker;
    s->rc =
        cr_store_doc_append_many(s->store, s->room_id, s->batches, s->count, cr_wall_ms(), &s->err);
}

static void batch_stored(struct cr_live_doc *d)
{
    struct cr_doc_unsaved *u = d->unsaved;

    cr_metric_add(cr_ws_metrics.saves, 1);
    cr_metric_observe_us(cr_ws_metrics.save_seconds, cr_mono_us() - u->batch_since_us);
    d->seq++;
    d->tail_batches++;
    d->tail_bytes += (int64_t)u->batch.len;
    cr_buf_clear(&d->saved_sv);
    d->saved_sv = u->batch_sv;
    u->batch_sv = (struct cr_buf){0};
    cr_buf_fit(&d->saved_sv);
    cr_buf_clear(&u->batch);
    if (u->queue.count == 0) /* documents are many, and most of them are quiet */
        drop_unsaved(d);
    ack_all(d);
    cr_persist_compact(d);
    if (d->crowded) {
        d->crowded = false;
        cr_doc_greet_all(d); /* who was held goes on; or is held again */
    }
}

static void batch_refused(struct cr_live_doc *d, enum cr_error_code code)
{
    cr_log(CR_LOG_ERROR, "document cannot be stored", CR_S("room", d->room->id),
           CR_S("file", d->id), CR_S("error", cr_error_wire(code)), CR_I("seq", d->seq + 1));
    cr_doc_end(d, CR_ERR_INTERNAL, "the document cannot be stored");
}

/* After a failure nothing is known: whatever was stored is recognised when it is written again. */
static enum cr_error_code batch_result(const struct save *s, size_t i)
{
    return s->rc < 0 ? s->err.code : s->batches[i].result;
}

/* Returns whether it has to be written again. */
static bool batch_done(struct save *s, size_t i)
{
    struct cr_live_doc *d = s->docs[i];
    enum cr_error_code code = batch_result(s, i);
    bool retry = false;

    d->writing = false;
    if (d->dead)
        cr_doc_release(d);
    else if (code == CR_ERR_NONE)
        batch_stored(d);
    else if (code == CR_ERR_CONFLICT)
        s->taken = true;
    else if (cr_error_is_retryable(code))
        retry = true;
    else
        batch_refused(d, code);
    return retry;
}

/* Somebody else writes what only the room's owner may: we are not that any more. Who comes next
 * asks for the room, and it is read again. */
static void room_taken(struct cr_live_room *r)
{
    cr_log(CR_LOG_WARN, "another process writes the room: it ends here", CR_S("room", r->id));
    cr_room_lose(r, CR_ERR_UNAVAILABLE, "the room is read again");
}

static void back_off(struct cr_live_room *r, const struct cr_error *err)
{
    cr_metric_add(cr_ws_metrics.save_failures, 1);
    r->backoff_ms = r->backoff_ms == 0 ? BACKOFF_FIRST_MS : r->backoff_ms * 2;
    if (r->backoff_ms > BACKOFF_MAX_MS)
        r->backoff_ms = BACKOFF_MAX_MS;
    r->retry_ms = cr_mono_ms() + r->backoff_ms;
    cr_log(CR_LOG_WARN, "edits wait for the database", CR_S("room", r->id),
           CR_S("error", err->message), CR_I("retry_ms", r->backoff_ms));
}

static bool is_dirty(const struct cr_live_doc *d)
{
    return d->loaded && d->unsaved;
}

static void arm_if_needed(struct cr_live_room *r)
{
    for (const struct cr_live_doc *d = r->docs; d; d = d->next)
        if (is_dirty(d) || d->ack_due)
            cr_hub_arm_save(r->hub, r->hub->o.save_interval_ms);
}

static void save_done(void *job)
{
    struct save *s = job;
    struct cr_live_room *r = s->room;
    bool retry = false;

    r->saving = false;
    for (size_t i = 0; i < s->count; i++)
        retry |= batch_done(s, i);
    if (retry)
        back_off(r, &s->err);
    else
        r->backoff_ms = r->retry_ms = 0;
    if (s->taken && !r->gone)
        room_taken(r);
    arm_if_needed(r);
    free(s->docs);
    free(s->batches);
    free(s);
    cr_room_job_done(r);
}

static void add_doc(struct save *s, struct cr_live_doc *d)
{
    struct cr_doc_batch *b = &s->batches[s->count];

    if (d->unsaved->batch.len == 0)
        take_batch(d);
    memcpy(b->file_id, d->id, CR_ID_SIZE);
    b->seq = d->seq + 1;
    b->data = d->unsaved->batch.data;
    b->len = d->unsaved->batch.len;
    d->writing = true;
    s->docs[s->count++] = d;
}

static void write_room(struct cr_live_room *r, size_t dirty)
{
    struct save *s = cr_calloc(1, sizeof *s);

    s->room = r;
    s->store = r->hub->store;
    memcpy(s->room_id, r->id, CR_ID_SIZE);
    s->docs = cr_calloc(dirty, sizeof *s->docs);
    s->batches = cr_calloc(dirty, sizeof *s->batches);
    for (struct cr_live_doc *d = r->docs; d; d = d->next)
        if (is_dirty(d))
            add_doc(s, d);
    r->saving = true;
    r->jobs++;
    if (!cr_hub_submit(r->hub, save_work, save_done, s)) {
        s->rc = cr_fail(&s->err, CR_ERR_UNAVAILABLE, "too much database work waits");
        save_done(s);
    }
}

int64_t cr_persist_room(struct cr_live_room *r, int64_t now_ms)
{
    size_t dirty = 0;

    if (r->saving)
        return -1; /* asks again when it is back */
    for (struct cr_live_doc *d = r->docs; d; d = d->next) {
        if (is_dirty(d))
            dirty++;
        else if (d->ack_due && d->loaded)
            ack_all(d);
    }
    if (dirty == 0)
        return -1;
    if (now_ms < r->retry_ms)
        return r->retry_ms - now_ms;
    write_room(r, dirty);
    return -1;
}
