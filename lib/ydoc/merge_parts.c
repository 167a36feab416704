#include "ydoc/merge_parts.h"

#include <stdlib.h>
#include <string.h>

static void *resize(void *p, size_t n, size_t size)
{
    p = realloc(p, n * size);
    if (!p)
        abort();
    return p;
}

static struct yd_part *add_part(struct yd_parts *parts, uint64_t client, const uint8_t *p,
                                uint32_t clock)
{
    if (parts->n == parts->cap) {
        parts->cap += parts->cap / 2 + 8;
        parts->v = resize(parts->v, parts->cap, sizeof(*parts->v));
    }
    parts->v[parts->n] = (struct yd_part){.client = client, .p = p, .start = clock};
    return &parts->v[parts->n++];
}

static void read_section(struct yd_walk *w, struct yd_parts *parts)
{
    struct yd_part *part = NULL;
    const uint8_t *at = w->r.p;
    struct yd_ref ref;

    for (; yd_walk_struct(w, &ref); at = w->r.p) {
        if (ref.kind == YD_SKIP) {
            part = NULL;
            continue;
        }
        if (!part)
            part = add_part(parts, w->client, at, ref.clock);
        part->last = (uint32_t)(at - part->p);
        part->last_clock = ref.clock;
        part->bytes = (uint32_t)(w->r.p - part->p);
        part->end = w->clock;
        part->count++;
    }
}

int yd_parts_read(struct yd_parts *parts, struct yd_deletes *deletes, const struct yd_bytes *update)
{
    uint64_t before = UINT64_MAX;
    bool descending = true;
    struct yd_walk w;

    if (update->len > UINT32_MAX)
        return YD_ERR_TOO_BIG;
    yd_walk_begin(&w, update->p, update->len);
    while (yd_walk_section(&w)) {
        descending = descending && w.client < before;
        before = w.client;
        read_section(&w, parts);
    }
    yd_walk_deletes(&w, deletes);
    if (!w.r.err && !descending)
        return yd_walk_check(update->p, update->len, NULL);
    return w.r.err;
}

/* ---- order ----------------------------------------------------------------------------------- */

static bool comes_before(const struct yd_part *a, const struct yd_part *b)
{
    return a->client != b->client ? a->client > b->client : a->start < b->start;
}

/* Merge the sorted v[from, mid) and v[mid, to) through temp. */
static void merge_runs(const struct yd_part *parts, uint32_t *v, uint32_t *temp, size_t from,
                       size_t mid, size_t to)
{
    size_t a = from, b = mid, n = from;

    memcpy(temp + from, v + from, (mid - from) * sizeof(*v));
    while (a < mid && b < to) {
        if (comes_before(&parts[v[b]], &parts[temp[a]]))
            v[n++] = v[b++];
        else
            v[n++] = temp[a++];
    }
    memcpy(v + n, temp + a, (mid - a) * sizeof(*v));
}

/* Where the run of sorted parts that begins at `from` ends. */
static size_t run_end(const struct yd_part *parts, const uint32_t *v, size_t n, size_t from)
{
    size_t to = from < n ? from + 1 : n;

    while (to < n && !comes_before(&parts[v[to]], &parts[v[to - 1]]))
        to++;
    return to;
}

/* Parts that come sorted take one look each. */
uint32_t *yd_parts_sort(const struct yd_parts *parts)
{
    uint32_t *v = resize(NULL, parts->n + 1, sizeof(*v)), *temp = NULL;

    for (size_t i = 0; i < parts->n; i++)
        v[i] = (uint32_t)i;
    for (;;) {
        size_t from = 0, mid = run_end(parts->v, v, parts->n, 0);
        if (mid == parts->n)
            break;
        if (!temp)
            temp = resize(NULL, parts->n, sizeof(*temp));
        for (; mid < parts->n; from = mid, mid = run_end(parts->v, v, parts->n, from)) {
            size_t to = run_end(parts->v, v, parts->n, mid);
            merge_runs(parts->v, v, temp, from, mid, to);
            mid = to;
            if (mid == parts->n)
                break;
        }
    }
    free(temp);
    return v;
}
