/* Sets of deleted ranges, as they come in updates and as they wait for their structs. */
#include "ydoc/sort.h"
#include "ydoc/update.h"

#include <stdlib.h>

void yd_deletes_clear(struct yd_deletes *d)
{
    free(d->v);
    *d = (struct yd_deletes){0};
}

void yd_deletes_add(struct yd_deletes *d, uint64_t client, uint32_t clock, uint32_t end)
{
    if (clock >= end)
        return;
    if (d->n == d->cap) {
        d->cap = d->cap ? d->cap * 2 : 4;
        d->v = realloc(d->v, d->cap * sizeof(*d->v));
        if (!d->v)
            abort();
    }
    d->v[d->n++] = (struct yd_delete){client, clock, end};
}

static uint64_t key_of(const void *v, uint32_t i, unsigned which)
{
    const struct yd_delete *d = (const struct yd_delete *)v + i;

    return which == 0 ? d->client : d->clock;
}

static bool comes_before(const struct yd_delete *a, const struct yd_delete *b)
{
    return a->client != b->client ? a->client < b->client : a->clock < b->clock;
}

static void sort(struct yd_deletes *d)
{
    bool sorted = true;
    uint32_t *order;

    for (size_t i = 1; i < d->n && sorted; i++)
        sorted = !comes_before(&d->v[i], &d->v[i - 1]);
    if (sorted)
        return;
    order = yd_sort(d->v, d->n, key_of, 2);
    yd_sort_apply(d->v, sizeof(*d->v), order, d->n);
    free(order);
}

void yd_deletes_normalize(struct yd_deletes *d)
{
    size_t n = 0;

    sort(d);
    for (size_t i = 0; i < d->n; i++) {
        struct yd_delete *last = n > 0 ? &d->v[n - 1] : NULL;
        if (last && last->client == d->v[i].client && last->end >= d->v[i].clock) {
            if (last->end < d->v[i].end)
                last->end = d->v[i].end;
        } else {
            d->v[n++] = d->v[i];
        }
    }
    d->n = n;
}

void yd_deletes_write(const struct yd_deletes *d, struct yd_buf *out)
{
    size_t clients = 0;

    for (size_t i = 0; i < d->n; i++)
        clients += i == 0 || d->v[i].client != d->v[i - 1].client;
    yd_buf_put_varuint(out, clients);
    for (size_t end = d->n, from; end > 0; end = from) { /* from the highest client */
        for (from = end - 1; from > 0 && d->v[from - 1].client == d->v[end - 1].client;)
            from--;
        yd_buf_put_varuint(out, d->v[from].client);
        yd_buf_put_varuint(out, end - from);
        for (size_t i = from; i < end; i++) {
            yd_buf_put_varuint(out, d->v[i].clock);
            yd_buf_put_varuint(out, d->v[i].end - d->v[i].clock);
        }
    }
}

/* Deletes of an edit mostly touch the one before: no entry of their own then. */
static void add_read(struct yd_deletes *d, uint64_t client, uint32_t clock, uint32_t end)
{
    struct yd_delete *last = d->n > 0 ? &d->v[d->n - 1] : NULL;

    if (last && last->client == client && last->end == clock)
        last->end = end;
    else if (last && last->client == client && last->clock == end)
        last->clock = clock;
    else
        yd_deletes_add(d, client, clock, end);
}

size_t yd_read_deletes(struct yd_reader *r, struct yd_deletes *out)
{
    size_t count = 0;

    for (uint64_t clients = yd_read_varuint(r); clients > 0 && !r->err; clients--) {
        uint64_t client = yd_read_varuint(r);
        for (uint64_t n = yd_read_varuint(r); n > 0 && !r->err; n--, count++) {
            const uint8_t *at = r->p;
            uint32_t clock = yd_read_u32(r);
            uint32_t len = yd_read_u32(r);
            if (len > UINT32_MAX - clock) {
                r->p = at;
                yd_reader_fail(r, YD_ERR_RANGE);
            } else if (len > 0 && !r->err && out) {
                add_read(out, client, clock, clock + len);
            }
        }
    }
    return count;
}

void yd_update_deletes(const struct yd_update *u, struct yd_deletes *out)
{
    struct yd_reader r = yd_reader_of(u->deletes, (size_t)(u->end - u->deletes));

    if (u->delete_ranges == 0)
        return;
    yd_read_deletes(&r, out);
    yd_deletes_normalize(out);
}
