#include "bench_ydoc.h"

#include "ydoc/edit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROUNDS 3
/* Of processor time: no round begins after so much of it, one that takes more is stopped. The
 * others' programs do the same. */
#define BEGIN_MS 20e3
#define STOP_MS 60e3
#define LOOK_EVERY 4096
#define AUTHOR 3141592653U

static void must(int err)
{
    if (err == 0)
        return;
    fprintf(stderr, "bench_ydoc: an edit was refused: %s\n", yd_strerror(err));
    exit(1);
}

static void type_one(struct yd_doc *doc, struct bytes *edits, struct yd_buf *out)
{
    const struct yd_target text = yd_root("text");
    uint32_t at = (uint32_t)read_number(edits), deleted = (uint32_t)read_number(edits);
    struct bytes put = read_blob(edits);
    struct yd_txn txn;

    must(yd_txn_begin(&txn, doc, AUTHOR));
    if (deleted > 0)
        must(yd_list_delete(&txn, text, at, deleted));
    if (put.len > 0)
        must(yd_text_insert(&txn, text, at, (const char *)put.p, put.len, NULL, 0));
    out->len = 0;
    yd_txn_commit(&txn, out);
}

static void check(struct yd_doc *doc, struct bytes expected, struct yd_buf *out)
{
    out->len = 0;
    yd_text(doc, "text", 4, out);
    if (out->len == expected.len && memcmp(out->data, expected.p, expected.len) == 0)
        return;
    fprintf(stderr, "bench_ydoc: the text is not the one that was typed\n");
    exit(1);
}

/* Milliseconds of processor time; negative: stopped at that edit. */
static double type_all(struct bytes edits)
{
    struct yd_doc *doc = yd_doc_new(NULL);
    struct bytes expected = read_blob(&edits);
    struct yd_buf out = {0};
    double t = cpu_ms(), ms = 0;

    for (size_t n = 0; edits.len > 0 && ms == 0; n++) {
        if (n % LOOK_EVERY == 0 && cpu_ms() - t > STOP_MS)
            ms = -(double)n;
        else
            type_one(doc, &edits, &out);
    }
    if (ms == 0) {
        ms = cpu_ms() - t;
        check(doc, expected, &out);
    }
    yd_doc_free(doc);
    yd_buf_free(&out);
    return ms;
}

void measure_typing(const char *folder, const char *file, size_t stem)
{
    struct bytes edits = read_file(folder, file);
    double began = cpu_ms(), times[ROUNDS];
    size_t n = 0;

    while (n < ROUNDS && (n == 0 || cpu_ms() - began < BEGIN_MS)) {
        times[n] = type_all(edits);
        if (times[n++] < 0) {
            printf("ydoc type %.*s says stopped after 60 s at edit %.0f\n", (int)stem, file,
                   -times[n - 1]);
            free(edits.p);
            return;
        }
    }
    head("type", file, stem, "ms");
    for (size_t i = 0; i < n; i++)
        printf(" %.4f", times[i]);
    printf("\n");
    free(edits.p);
}
