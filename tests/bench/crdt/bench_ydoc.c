/* Measures lib/ydoc on the inputs that prepare.mjs makes: bench_ydoc FOLDER [SECONDS]
 * One line for each measure: "ydoc <measure> <input> <unit> <value>...", each value one round.  The
 * other engines' programs beside this file print the same lines. */
#include "bench_ydoc.h"

#include "ydoc/updates.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct list {
    struct bytes all;
    struct bytes *v; /* in `all` */
    size_t n;
};

static double seconds = 1.0; /* spent on each measure at most, after the first rounds */
static size_t heap_now, heap_peak;

/* Counts what is asked for: a header of 16 bytes holds the size. */
static void *counting_resize(void *ctx, void *ptr, size_t size)
{
    uint8_t *old = ptr ? (uint8_t *)ptr - 16 : NULL, *p;

    (void)ctx;
    if (old) {
        size_t had;
        memcpy(&had, old, sizeof(had));
        heap_now -= had;
    }
    if (size == 0) {
        free(old);
        return NULL;
    }
    p = realloc(old, size + 16);
    if (!p)
        abort();
    memcpy(p, &size, sizeof(size));
    heap_now += size;
    if (heap_now > heap_peak)
        heap_peak = heap_now;
    return p + 16;
}

static struct list read_list(const char *folder, const char *name)
{
    struct list l = {.all = read_file(folder, name)};
    struct bytes rest = l.all;
    size_t cap = 0;

    while (rest.len > 0) {
        if (l.n == cap) {
            cap = cap ? cap * 2 : 64;
            l.v = realloc(l.v, cap * sizeof(*l.v));
            if (!l.v)
                abort();
        }
        l.v[l.n++] = read_blob(&rest);
    }
    return l;
}

static void apply(struct yd_doc *doc, struct bytes update)
{
    int err = yd_apply_update(doc, update.p, update.len, NULL);

    if (err) {
        fprintf(stderr, "bench_ydoc: %s\n", yd_strerror(err));
        exit(1);
    }
}

static bool goes_on(unsigned round, double since_ms)
{
    return round < 3 || (round < 200 && now_ms(CLOCK_MONOTONIC) - since_ms < seconds * 1e3);
}

static void measure_doc(const char *folder, const char *file, size_t stem)
{
    struct bytes whole = read_file(folder, file);
    const struct yd_allocator counting = {counting_resize, NULL};
    double begin = now_ms(CLOCK_MONOTONIC);
    struct yd_doc *doc = NULL;
    struct yd_buf out = {0};

    head("parse", file, stem, "ms");
    for (unsigned i = 0; goes_on(i, begin); i++) {
        double t = cpu_ms();
        yd_doc_free(doc);
        doc = yd_doc_new(NULL);
        apply(doc, whole);
        out.len = 0;
        yd_text(doc, "text", 4, &out);
        printf(" %.4f", cpu_ms() - t);
    }
    printf("\n");
    head("encode", file, stem, "ms");
    begin = now_ms(CLOCK_MONOTONIC);
    for (unsigned i = 0; goes_on(i, begin); i++) {
        double t;
        yd_doc_free(doc);
        doc = yd_doc_new(NULL);
        apply(doc, whole);
        t = cpu_ms();
        out.len = 0;
        yd_encode_diff(doc, NULL, 0, &out);
        printf(" %.4f", cpu_ms() - t);
    }
    printf("\n");
    head("encode-again", file, stem, "ms");
    begin = now_ms(CLOCK_MONOTONIC);
    for (unsigned i = 0; goes_on(i, begin); i++) {
        double t = cpu_ms();
        out.len = 0;
        yd_encode_diff(doc, NULL, 0, &out);
        printf(" %.4f", cpu_ms() - t);
    }
    printf("\n");
    yd_doc_free(doc);
    heap_now = heap_peak = 0;
    doc = yd_doc_new(&counting);
    apply(doc, whole);
    head("heap", file, stem, "bytes");
    printf(" %zu\n", heap_now);
    yd_doc_free(doc);
    yd_buf_free(&out);
    free(whole.p);
}

static void measure_merge(const struct list *l, size_t n, const char *measure, const char *file,
                          size_t stem)
{
    struct yd_bytes *updates = malloc((n + 1) * sizeof(*updates));
    double begin = now_ms(CLOCK_MONOTONIC);

    if (!updates)
        abort();
    for (size_t i = 0; i < n; i++)
        updates[i] = (struct yd_bytes){l->v[i].p, l->v[i].len};
    head(measure, file, stem, "ms");
    for (unsigned i = 0; goes_on(i, begin) && i < 20; i++) {
        struct yd_buf out = {0};
        double t = cpu_ms();
        if (yd_merge_updates(updates, n, &out) != 0)
            abort();
        printf(" %.4f", cpu_ms() - t);
        yd_buf_free(&out);
    }
    printf("\n");
    free(updates);
}

static void measure_merges(const struct list *l, const char *file, size_t stem)
{
    static const size_t sizes[] = {1000, 3000, 10000};

    for (size_t i = 0; i < 3; i++) {
        char name[32];
        if (l->n < sizes[i] || (sizes[i] < 10000 && strncmp(file, "B4.", 3) != 0))
            continue;
        snprintf(name, sizeof(name), "merge-%zu", sizes[i]);
        measure_merge(l, sizes[i], name, file, stem);
    }
}

static void measure_updates(const char *folder, const char *file, size_t stem, bool relay)
{
    struct list l = read_list(folder, file);
    double begin = now_ms(CLOCK_MONOTONIC);
    struct yd_buf out = {0};

    head(relay ? "apply+relay" : "apply", file, stem, "ms");
    for (unsigned i = 0; goes_on(i, begin) && i < 20; i++) {
        double t = cpu_ms();
        struct yd_doc *doc = yd_doc_new(NULL);
        for (size_t k = 0; k < l.n; k++) {
            struct yd_result res;
            if (yd_apply_update(doc, l.v[k].p, l.v[k].len, &res) != 0)
                abort();
            /* What came is what goes out, when it was new and nothing waits. */
            if (relay && res.complete && res.changed) {
                out.len = 0;
                yd_buf_append(&out, l.v[k].p, l.v[k].len);
            }
        }
        printf(" %.4f", cpu_ms() - t);
        yd_doc_free(doc);
    }
    printf("\n");
    if (!relay) {
        const struct yd_allocator counting = {counting_resize, NULL};
        struct yd_doc *doc;
        heap_now = heap_peak = 0;
        doc = yd_doc_new(&counting);
        for (size_t k = 0; k < l.n; k++)
            apply(doc, l.v[k]);
        head("heap-typed", file, stem, "bytes");
        printf(" %zu\n", heap_now);
        yd_doc_free(doc);
        measure_merges(&l, file, stem);
    }
    yd_buf_free(&out);
    free(l.v);
    free(l.all.p);
}

/* The last update is the hostile one.  What it was not taken in for is said: a refusal is no speed.
 */
static void measure_hostile(const char *folder, const char *file, size_t stem)
{
    struct list l = read_list(folder, file);
    const struct yd_allocator counting = {counting_resize, NULL};
    size_t before, after = 0;
    int err = 0;

    head("hostile", file, stem, "ms");
    for (unsigned i = 0; i < 3; i++) {
        struct yd_doc *doc;
        double t;
        heap_now = heap_peak = 0;
        doc = yd_doc_new(&counting);
        for (size_t k = 0; k + 1 < l.n; k++)
            apply(doc, l.v[k]);
        before = heap_now;
        heap_peak = heap_now;
        t = cpu_ms();
        err = yd_apply_update(doc, l.v[l.n - 1].p, l.v[l.n - 1].len, NULL);
        printf(" %.3f", cpu_ms() - t);
        /* What waits is not in the document's allocator, but yd_memory_bytes() knows it. */
        after =
            heap_peak > yd_memory_bytes(doc) ? heap_peak - before : yd_memory_bytes(doc) - before;
        yd_doc_free(doc);
    }
    printf("\n");
    if (err)
        printf("ydoc hostile %.*s says %s\n", (int)stem, file,
               err == YD_ERR_COSTLY ? "cut off" : yd_strerror(err));
    head("hostile-heap", file, stem, "bytes");
    printf(" %zu\n", after);
    free(l.v);
    free(l.all.p);
}

static void measure_empty(void)
{
    const struct yd_allocator counting = {counting_resize, NULL};
    struct yd_doc *doc;

    heap_now = heap_peak = 0;
    doc = yd_doc_new(&counting);
    head("heap", "empty", 5, "bytes");
    printf(" %zu\n", heap_now);
    yd_doc_free(doc);
}

int main(int argc, char **argv)
{
    struct dirent **names;
    int n;

    if (argc < 2) {
        fprintf(stderr, "usage: bench_ydoc FOLDER [SECONDS]\n");
        return 2;
    }
    if (argc > 2)
        seconds = atof(argv[2]);
    n = scandir(argv[1], &names, NULL, alphasort);
    if (n < 0) {
        perror(argv[1]);
        return 1;
    }
    measure_empty();
    for (int i = 0; i < n; i++) {
        const char *name = names[i]->d_name, *dot = strrchr(name, '.');
        size_t stem = dot ? (size_t)(dot - name) : 0;
        if (dot && strcmp(dot, ".doc") == 0) {
            measure_doc(argv[1], name, stem);
        } else if (dot && strcmp(dot, ".edits") == 0) {
            measure_typing(argv[1], name, stem);
        } else if (dot && strcmp(dot, ".updates") == 0) {
            if (strncmp(name, "clients-", 8) == 0) {
                struct list l = read_list(argv[1], name);
                measure_merge(&l, l.n, "merge", name, stem);
                free(l.v);
                free(l.all.p);
            } else if (strncmp(name, "hostile-", 8) == 0) {
                measure_hostile(argv[1], name, stem);
            } else {
                measure_updates(argv[1], name, stem, false);
                measure_updates(argv[1], name, stem, true);
            }
        }
        fflush(stdout);
        free(names[i]);
    }
    free(names);
    return 0;
}
