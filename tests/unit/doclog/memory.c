#include "tests/unit/doclog/memory.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

struct batch {
    int64_t seq;
    struct cr_buf data;
};

static struct batch *batches;
static size_t batch_count;
static struct cr_doc_state head, checkpoints[64];
static size_t checkpoint_count, ranges;
static bool in_pieces;

void memory_clear(void)
{
    for (size_t i = 0; i < batch_count; i++)
        cr_buf_clear(&batches[i].data);
    free(batches);
    batches = NULL;
    batch_count = ranges = 0;
    in_pieces = false;
    cr_doc_state_clear(&head);
    while (checkpoint_count > 0)
        cr_doc_state_clear(&checkpoints[--checkpoint_count]);
}

void memory_add(int64_t seq, struct cr_doc_batch_writer *w)
{
    batches = cr_realloc(batches, (batch_count + 1) * sizeof(*batches));
    batches[batch_count] = (struct batch){.seq = seq};
    cr_doc_batch_finish(w, &batches[batch_count++].data);
}

struct cr_doc_state *memory_head(void)
{
    return &head;
}

size_t memory_checkpoints(void)
{
    return checkpoint_count;
}

void memory_put_in_pieces(void)
{
    in_pieces = true;
}

size_t memory_ranges(void)
{
    return ranges;
}

/* ---- the store's functions ---- */

static void copy(struct cr_doc_state *to, const struct cr_doc_state *from, bool brief)
{
    *to = *from;
    to->vector = to->packed = (struct cr_buf){0};
    if (!brief) {
        cr_buf_append(&to->vector, from->vector.data, from->vector.len);
        cr_buf_append(&to->packed, from->packed.data, from->packed.len);
    }
    to->checkpoints = cr_calloc(from->checkpoint_count + 1, sizeof(int64_t));
    for (size_t i = 0; i < from->checkpoint_count; i++)
        to->checkpoints[i] = from->checkpoints[i];
}

int cr_store_doc_head(struct cr_store *s, const char *room_id, const char *file_id,
                      struct cr_doc_state *out, struct cr_error *err)
{
    (void)s, (void)room_id, (void)file_id, (void)err;
    copy(out, &head, false);
    return 0;
}

int cr_store_doc_head_brief(struct cr_store *s, const char *room_id, const char *file_id,
                            struct cr_doc_state *out, struct cr_error *err)
{
    (void)s, (void)room_id, (void)file_id, (void)err;
    copy(out, &head, true);
    return 0;
}

/* Every file is the one document. */
int cr_store_doc_heads(struct cr_store *s, const char *room_id, const char (*file_ids)[CR_ID_SIZE],
                       size_t count, struct cr_doc_state *out, struct cr_error *err)
{
    for (size_t i = 0; i < count; i++) {
        cr_store_doc_head(s, room_id, file_ids[i], &out[i], err);
        out[i].unread = in_pieces;
        if (in_pieces)
            cr_buf_clear(&out[i].packed);
    }
    return 0;
}

int cr_store_doc_tails(struct cr_store *s, const char *room_id, const char (*file_ids)[CR_ID_SIZE],
                       const struct cr_doc_state *heads, size_t count,
                       int (*each)(void *ctx, size_t file, int64_t seq, const uint8_t *data,
                                   size_t len),
                       void *ctx, struct cr_error *err)
{
    int rc = 0;

    (void)s, (void)room_id, (void)file_ids, (void)err;
    for (size_t f = 0; f < count; f++)
        for (size_t i = 0; i < batch_count && rc == 0; i++)
            if (batches[i].seq > heads[f].seq)
                rc = each(ctx, f, batches[i].seq, batches[i].data.data, batches[i].data.len);
    return rc;
}

int cr_store_doc_checkpoint(struct cr_store *s, const char *room_id, const char *file_id,
                            int64_t seq, struct cr_doc_state *out, struct cr_error *err)
{
    (void)s, (void)room_id, (void)file_id;
    for (size_t i = 0; i < checkpoint_count; i++) {
        if (checkpoints[i].seq == seq) {
            copy(out, &checkpoints[i], false);
            return 0;
        }
    }
    return cr_fail(err, CR_ERR_NOT_FOUND, "no such checkpoint");
}

int cr_store_doc_head_put(struct cr_store *s, const char *room_id, const char *file_id,
                          const struct cr_doc_state *st, int64_t now_ms, struct cr_error *err)
{
    (void)s, (void)room_id, (void)file_id, (void)now_ms, (void)err;
    cr_doc_state_clear(&head);
    copy(&head, st, false);
    return 0;
}

int cr_store_doc_checkpoint_put(struct cr_store *s, const char *room_id, const char *file_id,
                                const struct cr_doc_state *st, int64_t now_ms, struct cr_error *err)
{
    (void)s, (void)room_id, (void)file_id, (void)now_ms, (void)err;
    copy(&checkpoints[checkpoint_count++], st, false);
    return 0;
}

int cr_store_doc_sweep(struct cr_store *s, const char *room_id, const char *file_id, int64_t now_ms,
                       struct cr_error *err)
{
    (void)s, (void)room_id, (void)file_id, (void)now_ms, (void)err;
    return 0;
}

int cr_store_doc_last_seq(struct cr_store *s, const char *room_id, const char *file_id,
                          int64_t *seq, struct cr_error *err)
{
    (void)s, (void)room_id, (void)file_id, (void)err;
    *seq = batch_count > 0 ? batches[batch_count - 1].seq : 0;
    return 0;
}

int cr_store_doc_read_range(struct cr_store *s, const char *room_id, const char *file_id,
                            int64_t after_seq, int64_t upto_seq,
                            int (*each)(void *ctx, int64_t seq, const uint8_t *data, size_t len),
                            void *ctx, struct cr_error *err)
{
    int rc = 0;

    (void)s, (void)room_id, (void)file_id, (void)err;
    ranges++;
    for (size_t i = 0; i < batch_count && rc == 0; i++) {
        if (batches[i].seq > after_seq && batches[i].seq <= upto_seq)
            rc = each(ctx, batches[i].seq, batches[i].data.data, batches[i].data.len);
    }
    return rc;
}
