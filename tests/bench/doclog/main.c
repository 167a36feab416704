/* See README.md beside this file. */
#include "base/clock.h"
#include "doclog/doclog.h"
#include "log/log.h"
#include "pack/pack.h"
#include "proto/doc_batch.h"
#include "store/mongo/testing.h"

#include <stdio.h>

#define SEEKS 300
#define TYPED_MS 180 /* between two edits of the trace */

static struct cr_store *store;
static char room[CR_ID_SIZE], file[CR_ID_SIZE];
static struct cr_error err;

static void must(int rc, const char *what)
{
    if (rc == 0)
        return;
    fprintf(stderr, "%s: %s\n", what, err.message);
    exit(1);
}

/* ---- storing ---- */

struct totals {
    int64_t raw_bytes, log_bytes, updates, seq;
    int64_t head_writes, head_bytes;
    int64_t compact_us;
};

static void compact(struct totals *t, size_t *head_len)
{
    int64_t seq, start = cr_mono_us();

    must(cr_doclog_compact(store, room, file, cr_wall_ms(), &seq, head_len, &err), "compact");
    t->compact_us += cr_mono_us() - start;
    t->head_writes++;
    t->head_bytes += (int64_t)*head_len;
}

static void append(struct totals *t, struct cr_doc_batch_writer *w, size_t *tail)
{
    CR_AUTO_BUF batch = {0};

    cr_doc_batch_finish(w, &batch);
    t->log_bytes += (int64_t)batch.len;
    must(
        cr_store_doc_append(store, room, file, ++t->seq, batch.data, batch.len, cr_wall_ms(), &err),
        "append");
    ++*tail;
}

/* As ws/persist_compact.c decides. */
static bool is_due(size_t batches, int64_t bytes, size_t head_len)
{
    int64_t wanted = (int64_t)head_len * 2;

    return bytes + (int64_t)batches * 256 >= (wanted > 640 * 1024 ? wanted : 640 * 1024);
}

static void store_trace(FILE *f, size_t per_batch, struct totals *t)
{
    struct cr_doc_batch_writer w = {0};
    CR_AUTO_BUF update = {0};
    int64_t time_ms = cr_wall_ms(), tail_from = 0;
    size_t tail = 0; /* batches behind the head */
    size_t head_len = 0;
    uint32_t len;

    while (fread(&len, sizeof len, 1, f) == 1) {
        cr_buf_reset(&update);
        if (fread(cr_buf_reserve(&update, len), 1, len, f) != len)
            break;
        cr_doc_batch_add(&w, update.data, len, "0123456789abcdefghij", time_ms += TYPED_MS);
        t->raw_bytes += len;
        t->updates++;
        if (w.count < per_batch)
            continue;
        append(t, &w, &tail);
        if (is_due(tail, t->log_bytes - tail_from, head_len)) {
            compact(t, &head_len);
            tail = 0;
            tail_from = t->log_bytes;
        }
    }
    if (w.count > 0)
        append(t, &w, &tail);
    compact(t, &head_len);
}

/* ---- measuring ---- */

static int by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return x < y ? -1 : x > y;
}

static void print_times(const char *what, int64_t *us, size_t count)
{
    qsort(us, count, sizeof *us, by_value);
    printf("%-44s median %6.2f ms, p99 %6.2f ms, longest %6.2f ms\n", what,
           (double)us[count / 2] / 1000, (double)us[count * 99 / 100] / 1000,
           (double)us[count - 1] / 1000);
}

static int count_batch(void *ctx, int64_t seq, const uint8_t *data, size_t len)
{
    (void)seq, (void)data, (void)len;
    ++*(int64_t *)ctx;
    return 0;
}

/* What a seek reads, without decoding anything; *log_us, *batches: the log's part of it. */
static int64_t reading_us(const struct cr_doc_state *head, int64_t seq, int64_t *log_us,
                          int64_t *batches)
{
    struct cr_doc_state st = {0};
    int64_t from = 0, start = cr_mono_us(), then;

    for (size_t i = 0; i < head->checkpoint_count && head->checkpoints[i] < seq; i++)
        from = head->checkpoints[i];
    if (from > 0)
        must(cr_store_doc_checkpoint(store, room, file, from, &st, &err), "checkpoint");
    then = cr_mono_us();
    *batches = 0;
    must(cr_store_doc_read_range(store, room, file, from, seq, count_batch, batches, &err), "read");
    *log_us = cr_mono_us() - then;
    cr_doc_state_clear(&st);
    return cr_mono_us() - start;
}

static void seek(const struct totals *t, size_t per_batch)
{
    int64_t all[SEEKS], rest[SEEKS], logs[SEEKS], batches[SEEKS];
    struct cr_doc_state head;

    must(cr_store_doc_head(store, room, file, &head, &err), "head");
    srand(1);
    for (int i = 0; i < SEEKS; i++) {
        int64_t update = (int64_t)((double)rand() / RAND_MAX * (double)(t->updates - 1));
        int64_t seq = update / (int64_t)per_batch + 1, start;
        int64_t reading = reading_us(&head, seq, &logs[i], &batches[i]);
        struct yd_doc *doc = NULL;
        struct yd_buf text = {0};

        start = cr_mono_us();
        must(cr_doclog_moment(store, room, file, seq, update % (int64_t)per_batch, &doc, &err),
             "moment");
        yd_text(doc, "text", 4, &text);
        all[i] = cr_mono_us() - start;
        rest[i] = all[i] > reading ? all[i] - reading : 0;
        yd_buf_free(&text);
        yd_doc_free(doc);
    }
    print_times("any moment, text, from the database:", all, SEEKS);
    print_times("reading the log for it:", logs, SEEKS);
    print_times("the same without reading:", rest, SEEKS);
    qsort(batches, SEEKS, sizeof *batches, by_value);
    printf("batches that a moment reads: median %lld, most %lld\n", (long long)batches[SEEKS / 2],
           (long long)batches[SEEKS - 1]);
    cr_doc_state_clear(&head);
}

static void open_cold(void)
{
    int64_t read[50], unpack[50];

    for (int i = 0; i < 50; i++) {
        struct cr_doc_image im;
        CR_AUTO_BUF plain = {0};
        int64_t start = cr_mono_us();

        must(cr_doclog_read(store, room, file, &im, &err), "read");
        read[i] = cr_mono_us() - start;
        start = cr_mono_us();
        must(cr_unpack(im.packed.data, im.packed.len, CR_DOCLOG_PLAIN_MAX, &plain, &err), "unpack");
        unpack[i] = cr_mono_us() - start;
        cr_doc_image_clear(&im);
    }
    print_times("reading the head and looking behind it:", read, 50);
    print_times("stored bytes to what a joiner gets:", unpack, 50);
}

/* Bytes of all checkpoints. */
static int64_t checkpoint_bytes(const struct cr_doc_state *head)
{
    int64_t sum = 0;

    for (size_t i = 0; i < head->checkpoint_count; i++) {
        struct cr_doc_state st = {0};

        must(cr_store_doc_checkpoint(store, room, file, head->checkpoints[i], &st, &err),
             "checkpoint");
        sum += (int64_t)st.packed.len;
        cr_doc_state_clear(&st);
    }
    return sum;
}

static void print_sizes(const struct totals *t)
{
    struct cr_doc_state head;
    int64_t checkpoints;
    size_t plain;

    must(cr_store_doc_head(store, room, file, &head, &err), "head");
    plain = cr_pack_plain_len(head.packed.data, head.packed.len);
    checkpoints = checkpoint_bytes(&head);
    printf("updates: %lld, %lld bytes; log: %lld batches, %lld bytes (%.2f of the updates)\n",
           (long long)t->updates, (long long)t->raw_bytes, (long long)t->seq,
           (long long)t->log_bytes, (double)t->log_bytes / (double)t->raw_bytes);
    printf("head: %zu bytes, %.2f of the state's %zu; written %lld times, together %.2f of the log;"
           " %.1f ms each\n",
           head.packed.len, (double)head.packed.len / (double)plain, plain,
           (long long)t->head_writes, (double)t->head_bytes / (double)t->log_bytes,
           (double)t->compact_us / 1000 / (double)t->head_writes);
    printf("checkpoints: %zu, together %.2f of the log\n", head.checkpoint_count,
           (double)checkpoints / (double)t->log_bytes);
    printf("all that was written: %.2f of the updates (aim 1.4)\n",
           (double)(t->log_bytes + t->head_bytes + checkpoints) / (double)t->raw_bytes);
    cr_doc_state_clear(&head);
}

int main(int argc, char **argv)
{
    struct totals t = {0};
    size_t per_batch = argc > 3 ? (size_t)atoi(argv[3]) : 10;
    char database[64];
    FILE *f = argc > 2 ? fopen(argv[2], "rb") : NULL;

    if (!f || per_batch == 0) {
        fprintf(stderr, "usage: bench_doclog URI EDITS.list [UPDATES_PER_BATCH]\n");
        return 2;
    }
    cr_log_init("bench_doclog", CR_LOG_ERROR);
    cr_id_new(room);
    cr_id_new(file);
    snprintf(database, sizeof database, "bench_%s", room);
    store = cr_store_open(&(struct cr_store_options){argv[1], database, 4, 30000, "bench"}, &err);
    must(store && cr_store_prepare(store, &err) == 0 ? 0 : -1, "open");
    store_trace(f, per_batch, &t);
    fclose(f);
    print_sizes(&t);
    seek(&t, per_batch);
    open_cold();
    must(cr_store_drop_database(store, &err), "drop");
    cr_store_close(store);
    return 0;
}
