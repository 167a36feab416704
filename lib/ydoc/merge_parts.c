#include "ydoc/merge_parts.h"

#include "ydoc/sort.h"

#include <stdlib.h>

static void *resize(void *p, size_t n, size_t size)
{
    p = realloc(p, n * size);
    if (!p)
        abort();
    return p;
}

void yd_parts_reserve(struct yd_parts *parts, size_t n)
{
    parts->v = resize(parts->v, n, sizeof(*parts->v));
    parts->cap = n;
}

static struct yd_part *add_part(struct yd_parts *parts, uint64_t client, const uint8_t *p,
                                uint32_t clock)
{
    if (parts->n == parts->cap)
        yd_parts_reserve(parts, parts->cap + parts->cap / 2 + 8);
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
        return yd_walk_check_clients(update->p, update->len);
    return w.r.err;
}

static uint64_t key_of(const void *v, uint32_t i, unsigned which)
{
    const struct yd_part *part = (const struct yd_part *)v + i;

    return which == 0 ? YD_MAX_SAFE_INT - part->client : part->start;
}

uint32_t *yd_parts_sort(const struct yd_parts *parts)
{
    return yd_sort(parts->v, parts->n, key_of, 2);
}
