/* Hot and warm documents. A document that nobody edits needs no decoded form: joiners get the
 * stored bytes, and its packed state takes an eighth of the memory. Whoever edits, or asks for less
 * than everything, has it decoded. Large ones are decoded and encoded on a worker; meanwhile the
 * messages of their sockets are kept. A document in which edits wait for others stays hot: what
 * waits is stored with it, and is nothing for joiners. */
#include "base/clock.h"
#include "doclog/doclog.h"
#include "log/log.h"
#include "ws/doc.h"

#define HOT_BYTES_QUICK                                                                            \
    (256 * 1024) /* memory of a decoded document that is encoded between two messages */

/* ---- versions ---- */

void cr_doc_changed(struct cr_live_doc *d)
{
    cr_doc_answers_drop(d);
    d->vector_stale = true;
    d->used_ms = cr_mono_ms();
}

const struct cr_buf *cr_doc_vector(struct cr_live_doc *d)
{
    struct yd_buf sv = {0};

    if (!d->vector_stale)
        return &d->vector;
    yd_encode_state_vector(d->doc, &sv);
    cr_buf_reset(&d->vector);
    cr_buf_append(&d->vector, sv.data, sv.len);
    yd_buf_free(&sv);
    d->vector_stale = false;
    return &d->vector;
}

/* ---- decoding and encoding ---- */

void cr_doc_cannot_decode(struct cr_live_doc *d, const struct cr_error *err)
{
    cr_log(CR_LOG_ERROR, "document cannot be decoded", CR_S("room", d->room->id),
           CR_S("file", d->id), CR_S("error", err->message));
    cr_doc_end(d, CR_ERR_INTERNAL, "the document cannot be read");
}

struct heat {
    struct cr_live_doc *doc;
    struct yd_doc *yd;
    struct cr_buf packed, vector;
    bool ok;
    struct cr_error err;
};

static void set_limits(struct yd_doc *yd)
{
    struct yd_limits limits = {.max_doc_bytes = CR_DOC_MAX_BYTES}; /* for edits, not for reading */

    yd_doc_set_limits(yd, &limits);
}

static void now_hot(struct cr_live_doc *d, struct yd_doc *yd)
{
    d->doc = yd;
    d->used_ms = cr_mono_ms();
    set_limits(yd);
    cr_buf_clear(&d->packed);
}

/* Takes what the two hold. */
static void now_warm(struct cr_live_doc *d, struct cr_buf *packed, struct cr_buf *vector)
{
    cr_buf_clear(&d->packed);
    cr_buf_clear(&d->vector);
    d->packed = *packed;
    d->vector = *vector;
    *packed = *vector = (struct cr_buf){0};
    cr_buf_fit(&d->packed);
    cr_buf_fit(&d->vector);
    d->vector_stale = false;
}

static void decode_work(void *worker, void *job)
{
    struct heat *h = job;

    (void)worker;
    h->ok = cr_doclog_unpack(&h->packed, &h->yd, &h->err) == 0;
}

static void encode_work(void *worker, void *job)
{
    struct heat *h = job;

    (void)worker;
    cr_doclog_pack(h->yd, &h->packed, &h->vector);
    yd_doc_free(h->yd);
    h->yd = NULL;
    h->ok = true;
}

static void heat_done(void *job)
{
    struct heat *h = job;
    struct cr_live_doc *d = h->doc;
    struct cr_live_room *r = d->room;

    d->busy = false;
    if (d->dead) {
        cr_doc_release(d);
    } else if (!h->ok) {
        cr_doc_cannot_decode(d, &h->err);
    } else {
        if (h->yd)
            now_hot(d, cr_take(&h->yd));
        else
            now_warm(d, &h->packed, &h->vector);
        cr_doc_greet_all(d);
    }
    yd_doc_free(h->yd);
    cr_buf_clear(&h->packed);
    cr_buf_clear(&h->vector);
    free(h);
    cr_room_job_done(r);
}

void cr_doc_heat_begin(struct cr_live_doc *d, struct cr_doc_image *im)
{
    static const uint8_t nobody[] = {0};

    if (im->doc) {
        now_hot(d, cr_take(&im->doc));
        d->vector_stale = true;
        return;
    }
    if (im->vector.len == 0)
        cr_buf_append(&im->vector, nobody, sizeof nobody);
    now_warm(d, &im->packed, &im->vector);
}

/* False: too much work waits. */
static bool submit(struct cr_live_doc *d, struct heat *h, void (*work)(void *worker, void *job))
{
    h->doc = d;
    if (!cr_hub_submit(d->room->hub, work, heat_done, h))
        return false;
    d->busy = true;
    d->room->jobs++;
    return true;
}

/* False: the document has ended, and is freed if nobody was in it. */
static bool decode_now(struct cr_live_doc *d)
{
    struct cr_error err = CR_ERROR_INIT;
    struct yd_doc *yd = NULL;

    if (cr_doclog_unpack(&d->packed, &yd, &err) < 0) {
        cr_doc_cannot_decode(d, &err);
        return false;
    }
    now_hot(d, yd);
    return true;
}

/* False: too much work waits. */
static bool decode_later(struct cr_live_doc *d)
{
    struct heat *h = cr_calloc(1, sizeof *h);

    h->packed = d->packed;
    if (!submit(d, h, decode_work)) {
        free(h);
        return false;
    }
    memset(&d->packed, 0, sizeof d->packed);
    return true;
}

bool cr_doc_heat_now(struct cr_live_doc *d)
{
    if (d->busy)
        return false;
    if (!d->doc) {
        if (d->packed.len > CR_DOC_QUICK_BYTES && decode_later(d))
            return false;
        if (!decode_now(d))
            return false;
    }
    d->used_ms = cr_mono_ms();
    return true;
}

bool cr_doc_heat(struct cr_peer *p, const uint8_t *data, size_t len)
{
    struct cr_live_doc *d = p->doc;

    if (cr_doc_heat_now(d))
        return true;
    if (!d->dead)
        cr_conn_hold_again(p->conn, false, data, len);
    return false;
}

static void cool(struct cr_live_doc *d)
{
    struct heat *h = cr_calloc(1, sizeof *h);

    if (yd_memory_bytes(d->doc) <= HOT_BYTES_QUICK) {
        cr_doclog_pack(d->doc, &h->packed, &h->vector);
        now_warm(d, &h->packed, &h->vector);
        yd_doc_free(cr_take(&d->doc));
        free(h);
        return;
    }
    h->yd = d->doc;
    if (submit(d, h, encode_work))
        d->doc = NULL;
    else
        free(h);
}

struct yd_doc *cr_doc_lend(struct cr_live_doc *d)
{
    cr_doc_vector(d); /* so that it is there for batches and joiners meanwhile */
    d->busy = true;
    return cr_take(&d->doc);
}

bool cr_doc_take_back(struct cr_live_doc *d, struct yd_doc *yd)
{
    d->busy = false;
    if (d->dead) {
        yd_doc_free(yd);
        cr_doc_release(d);
        return false;
    }
    now_hot(d, yd);
    return true;
}

void cr_doc_heat_second(struct cr_live_doc *d, int64_t now_ms)
{
    if (d->doc && now_ms - d->used_ms >= CR_DOC_COOL_MS && cr_doc_is_saved(d) &&
        yd_pending_bytes(d->doc) == 0)
        cool(d);
    cr_doc_answers_second(d, now_ms);
}

void cr_doc_heat_clear(struct cr_live_doc *d)
{
    yd_doc_free(d->doc);
    cr_buf_clear(&d->packed);
    cr_buf_clear(&d->vector);
    cr_doc_answers_drop(d);
}
