/* Answers to a sync step 1: step 2 frames, which all who ask the same share for a while. */
#include "base/clock.h"
#include "pack/pack.h"
#include "ws/doc.h"
#include "ws/update.h"

#define ANSWERS 4 /* state vectors at a time for which the frame is kept */

struct cr_doc_answer {
    struct cr_buf vector; /* of who asked */
    struct cr_frame *frame;
    int64_t used_ms;
};

void cr_doc_answers_drop(struct cr_live_doc *d)
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

static struct cr_frame *step2_frame(const uint8_t *update, size_t len)
{
    return cr_sync_frame(YD_MSG_SYNC_STEP2, update, len);
}

/* It has no edits, and nobody's is on its way. */
static bool is_empty(const struct cr_live_doc *d)
{
    return !d->doc && !d->busy && d->packed.len == 0;
}

static bool is_empty_vector(const uint8_t *sv, size_t len)
{
    return len == 1 && sv[0] == 0;
}

/* NULL: the document has ended. */
static struct cr_frame *warm_frame(struct cr_live_doc *d)
{
    struct cr_error err = CR_ERROR_INIT;
    size_t len = cr_pack_plain_len(d->packed.data, d->packed.len);
    struct cr_frame *f;
    uint8_t *at;

    f = cr_sync_frame_alloc(YD_MSG_SYNC_STEP2, len, &at);
    if (cr_unpack_to(d->packed.data, d->packed.len, at, len, &err) == 0)
        return f;
    cr_frame_free(f);
    cr_doc_cannot_decode(d, &err);
    return NULL;
}

static int hot_frame(const struct cr_live_doc *d, const uint8_t *sv, size_t sv_len,
                     struct cr_frame **out)
{
    struct yd_buf update = {0};
    int rc = yd_encode_settled(d->doc, sv, sv_len, &update);

    if (rc == YD_OK)
        *out = step2_frame(update.data, update.len);
    yd_buf_free(&update);
    return rc;
}

int cr_doc_step2(struct cr_peer *p, const uint8_t *sv, size_t sv_len, const uint8_t *data,
                 size_t len, struct cr_frame **out)
{
    struct cr_live_doc *d = p->doc;
    static const uint8_t nothing[] = {0, 0};
    struct cr_doc_answer *a;
    int rc = yd_state_vector_check(sv, sv_len);

    *out = NULL;
    if (rc < 0)
        return rc;
    if (is_empty(d)) { /* many are: for them nothing is kept */
        *out = step2_frame(nothing, sizeof nothing);
        return 0;
    }
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
    *out = a->frame ? cr_frame_ref(a->frame) : NULL;
    return rc;
}

void cr_doc_answers_second(struct cr_live_doc *d, int64_t now_ms)
{
    int64_t used_ms = 0;

    for (size_t i = 0; d->answers && i < ANSWERS; i++) {
        struct cr_doc_answer *a = &d->answers[i];

        if (a->frame && a->frame->refs > 1) /* on its way: it takes no memory to keep it */
            a->used_ms = now_ms;
        if (a->frame && a->used_ms > used_ms)
            used_ms = a->used_ms;
    }
    if (d->answers && now_ms - used_ms >= CR_DOC_ANSWER_MS)
        cr_doc_answers_drop(d);
}
