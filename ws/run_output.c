/* A run's output while it runs: pieces of one stream are joined, and what came before is dropped
 * when it comes again. */
#include "ws/run.h"

#define CHUNK_BYTES (16 * 1024)
#define OUTPUT_SLACK_BYTES (64 * 1024) /* the runner cuts at the limit; a notice may follow */
#define STORED_PIECE_BYTES (32 * 1024) /* in one frame, as runners send them */

void cr_run_output_clear(struct cr_live_run *run)
{
    for (size_t i = 0; i < run->chunk_count; i++)
        cr_buf_clear(&run->chunks[i].bytes);
    free(run->chunks);
    run->chunks = NULL;
    run->chunk_count = 0;
    run->output_end = 0;
}

/* Keep the new part of a piece; false when there is none. f is cut to the new part. */
static bool add(struct cr_live_run *run, struct cr_output_frame *f, uint64_t limit)
{
    struct cr_output_chunk *c;

    if (f->offset < run->output_end) {
        uint64_t known = run->output_end - f->offset;

        if (known >= f->len)
            return false;
        f->data += known;
        f->len -= (size_t)known;
        f->offset += known;
    }
    if (f->len == 0 || f->offset > limit || f->len > limit - f->offset)
        return false; /* the runner keeps the limit: this one does not */
    c = run->chunk_count > 0 ? &run->chunks[run->chunk_count - 1] : NULL;
    if (!c || c->stream != f->stream || c->offset + c->bytes.len != f->offset ||
        c->bytes.len + f->len > CHUNK_BYTES) {
        run->chunks = cr_realloc(run->chunks, (run->chunk_count + 1) * sizeof *run->chunks);
        c = &run->chunks[run->chunk_count++];
        *c = (struct cr_output_chunk){.stream = f->stream, .offset = f->offset};
    }
    cr_buf_append(&c->bytes, f->data, f->len);
    run->output_end = f->offset + f->len;
    return true;
}

void cr_run_output_take(struct cr_hub *h, struct cr_live_run *run,
                        const struct cr_output_frame *frame)
{
    uint64_t limit = (uint64_t)h->o.output_limit_bytes + OUTPUT_SLACK_BYTES;
    struct cr_live_room *r = cr_hub_find(h, run->run.room_id);
    struct cr_output_frame f = *frame;

    if (add(run, &f, limit) && r && run->known) {
        CR_AUTO(cr_frame) *told = NULL;
        CR_AUTO_BUF out = {0};

        cr_output_frame_write(&out, &f, false);
        told = cr_frame_new(false, out.data, out.len);
        cr_room_broadcast(r, told, NULL);
    }
}

void cr_run_output_take_stored(struct cr_hub *h, struct cr_live_run *run,
                               const struct cr_output *out)
{
    uint64_t total = 0, offset = 0;

    for (size_t i = 0; i < out->count; i++)
        total += out->pieces[i].len;
    for (size_t i = 0; i < out->count; i++) {
        const struct cr_output_piece *p = &out->pieces[i];

        for (size_t at = 0; at < p->len; at += STORED_PIECE_BYTES) {
            size_t left = p->len - at;
            struct cr_output_frame f = {.stream = p->stream, .offset = offset + at};

            f.data = p->data + at;
            f.len = left < STORED_PIECE_BYTES ? left : STORED_PIECE_BYTES;
            memcpy(f.run, run->run.id, CR_ID_SIZE);
            if (total - f.offset <= CR_RUN_REPLAY_BYTES) /* as for a late joiner */
                cr_run_output_take(h, run, &f);
        }
        offset += p->len;
    }
}

static void replay_run(struct cr_peer *p, const struct cr_live_run *run)
{
    for (size_t i = 0; i < run->chunk_count; i++) {
        const struct cr_output_chunk *c = &run->chunks[i];
        struct cr_output_frame f = {
            .stream = c->stream, .offset = c->offset, .data = c->bytes.data, .len = c->bytes.len};
        CR_AUTO_BUF out = {0};

        if (run->output_end - c->offset > CR_RUN_REPLAY_BYTES)
            continue; /* the newest part is enough; all of it is stored at the end */
        memcpy(f.run, run->run.id, CR_ID_SIZE);
        cr_output_frame_write(&out, &f, false);
        cr_conn_send_bytes(p->conn, false, out.data, out.len);
    }
}

void cr_run_replay(struct cr_peer *p)
{
    for (const struct cr_live_run *run = p->room->runs; run; run = run->next)
        if (run->run.state != CR_RUN_FINISHED)
            replay_run(p, run);
}

void cr_run_replay_to_all(struct cr_live_room *r, const struct cr_live_run *run)
{
    for (struct cr_peer *p = r->peers; p; p = p->next)
        if (p->welcomed)
            replay_run(p, run);
}
