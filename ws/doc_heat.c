/* Hot and warm documents. A document that nobody edits needs no decoded form: joiners get the
 * stored bytes, and its packed state takes an eighth of the memory. Whoever edits, or asks for less
 * than everything, has it decoded. Large ones are decoded and encoded on a worker; meanwhile the
 * messages of their sockets are kept. */
#include "base/clock.h"
#include "doclog/doclog.h"
#include "log/log.h"
#include "pack/pack.h"
#include "ws/doc.h"
#include "ydoc/yprotocol.h"

#define ANSWERS 4      /* state vectors at a time for which the frame is kept */
#define STEP2_FIRST 0  /* y-protocols: a sync message … */
#define STEP2_SECOND 1 /* … that is a step 2 */
#define HOT_BYTES_QUICK                                                                            \
    (256 * 1024) /* memory of a decoded document that is encoded between two messages */

struct cr_doc_answer {
    struct cr_buf vector; /* of who asked */
    struct cr_frame *frame;
    int64_t used_ms;
};

/* ---- answers ---- */

static void drop_answers(struct cr_live_doc *d)
{
    for (size_t i = 0; d->answers && i < ANSWERS; i++) {
        cr_buf_clear(&d->answers[i].vector);
        cr_frame_free(d->answers[i].frame);
    }
    free(d->answers);
    d->answers = NULL;
}

static bool same_vector(const struct cr_buf *b, const uint8_t *sv, size_t len)
{
    return b->len == len && (len == 0 || memcmp(b->data, sv, len) == 0);
}

/* The kept answer; else the slot that was not used for longest, emptied. */
static struct cr_doc_answer *find_answer(struct cr_live_doc *d, const uint8_t *sv, size_t len)
{
    struct cr_doc_answer *oldest;

    if (!d->answers)
        d->answers = cr_calloc(ANSWERS, sizeof *d->answers);
    oldest = &d->answers[0];
    for (size_t i = 0; i < ANSWERS; i++) {
        struct cr_doc_answer *a = &d->answers[i];

        if (a->frame && same_vector(&a->vector, sv, len))
            return a;
        if (!a->frame || (oldest->frame && a->used_ms < oldest->used_ms))
            oldest = a;
    }
    cr_frame_free(oldest->frame);
    oldest->frame = NULL;
    cr_buf_reset(&oldest->vector);
    cr_buf_append(&oldest->vector, sv, len);
    return oldest;
}

/* A step 2 message whose update, len bytes, is still to be written to *update: documents can be
 * large, and this way there is one copy. */
static struct cr_frame *step2_alloc(size_t len, uint8_t **update)
{
    struct yd_buf head = {0};
    struct cr_frame *f;

    yd_buf_put_varuint(&head, STEP2_FIRST);
    yd_buf_put_varuint(&head, STEP2_SECOND);
    yd_buf_put_varuint(&head, len);
    f = cr_frame_alloc(false, head.len + len);
    memcpy(f->data, head.data, head.len);
    *update = f->data + head.len;
    yd_buf_free(&head);
    return f;
}

static struct cr_frame *step2_frame(const uint8_t *update, size_t len)
{
    uint8_t *at;
    struct cr_frame *f = step2_alloc(len, &at);

    memcpy(at, update, len);
    return f;
}

static bool is_empty_vector(const uint8_t *sv, size_t len)
{
    return len == 1 && sv[0] == 0;
}

/* What is kept cannot be read: the document ends, and is read from the database again. */
static void cannot_decode(struct cr_live_doc *d, const struct cr_error *err)
{
    cr_log(CR_LOG_ERROR, "document cannot be decoded", CR_S("room", d->room->id),
           CR_S("file", d->id), CR_S("error", err->message));
    cr_doc_end(d, CR_ERR_INTERNAL, "the document cannot be read");
}

/* NULL: the document has ended. */
static struct cr_frame *warm_frame(struct cr_live_doc *d)
{
    static const uint8_t nothing[] = {0, 0};
    struct cr_error err = CR_ERROR_INIT;
    size_t len = cr_pack_plain_len(d->packed.data, d->packed.len);
    struct cr_frame *f;
    uint8_t *at;

    if (d->packed.len == 0)
        return step2_frame(nothing, sizeof nothing);
    f = step2_alloc(len, &at);
    if (cr_unpack_to(d->packed.data, d->packed.len, at, len, &err) == 0)
        return f;
    cr_frame_free(f);
    cannot_decode(d, &err);
    return NULL;
}

static int hot_frame(const struct cr_live_doc *d, const uint8_t *sv, size_t sv_len,
                     struct cr_frame **out)
{
    struct yd_buf update = {0};
    int rc = yd_encode_diff(d->doc, sv, sv_len, &update);

    if (rc == YD_OK)
        *out = step2_frame(update.data, update.len);
    yd_buf_free(&update);
    return rc;
}

int cr_doc_step2(struct cr_peer *p, const uint8_t *sv, size_t sv_len, const uint8_t *data,
                 size_t len, struct cr_frame **out)
{
    struct cr_live_doc *d = p->doc;
    struct cr_doc_answer *a;
    int rc = yd_state_vector_check(sv, sv_len);

    *out = NULL;
    if (rc < 0)
        return rc;
    a = find_answer(d, sv, sv_len);
    if (!a->frame) {
        bool all = is_empty_vector(sv, sv_len);

        if (all && !d->doc && !d->busy)
            a->frame = warm_frame(d);
        else if (!cr_doc_heat(p, data, len))
            return 0;
        else
            rc = hot_frame(d, sv, sv_len, &a->frame);
    }
    a->used_ms = cr_mono_ms();
    *out = a->frame;
    return rc;
}

/* ---- versions ---- */

void cr_doc_changed(struct cr_live_doc *d)
{
    drop_answers(d);
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
        cannot_decode(d, &h->err);
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
        cannot_decode(d, &err);
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
    int64_t used_ms = 0;

    if (d->doc && now_ms - d->used_ms >= CR_DOC_COOL_MS && cr_doc_is_saved(d))
        cool(d);
    for (size_t i = 0; d->answers && i < ANSWERS; i++) {
        struct cr_doc_answer *a = &d->answers[i];

        if (a->frame && a->frame->refs > 1) /* on its way: it takes no memory to keep it */
            a->used_ms = now_ms;
        if (a->frame && a->used_ms > used_ms)
            used_ms = a->used_ms;
    }
    if (d->answers && now_ms - used_ms >= CR_DOC_ANSWER_MS)
        drop_answers(d);
}

void cr_doc_heat_clear(struct cr_live_doc *d)
{
    yd_doc_free(d->doc);
    cr_buf_clear(&d->packed);
    cr_buf_clear(&d->vector);
    drop_answers(d);
}
