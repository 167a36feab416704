#include "ydoc/update_walk.h"

#include "ydoc/sort.h"

#include <stdlib.h>
#include <string.h>

void yd_walk_begin(struct yd_walk *w, const uint8_t *update, size_t len)
{
    *w = (struct yd_walk){.r = yd_reader_of(update, len)};
    w->sections = yd_read_varuint(&w->r);
    if (w->sections > yd_reader_left(&w->r) / 3)
        yd_reader_fail(&w->r, YD_ERR_TRUNCATED);
}

bool yd_walk_section(struct yd_walk *w)
{
    if (w->sections == 0 || w->r.err)
        return false;
    w->sections--;
    w->left = yd_read_varuint(&w->r);
    w->client = yd_read_varuint(&w->r);
    w->clock = yd_read_u32(&w->r);
    if (w->left > yd_reader_left(&w->r) / 2)
        yd_reader_fail(&w->r, YD_ERR_TRUNCATED);
    return !w->r.err;
}

bool yd_walk_struct(struct yd_walk *w, struct yd_ref *ref)
{
    if (w->left == 0 || w->r.err)
        return false;
    yd_ref_read(&w->r, w->client, w->clock, ref);
    if (w->r.err)
        return false;
    w->left--;
    w->clock += ref->len;
    return true;
}

/* Deletes of an edit mostly touch the one before: no entry of their own then. */
static void add_delete(struct yd_deletes *d, uint64_t client, uint32_t clock, uint32_t end)
{
    struct yd_delete *last = d->n > 0 ? &d->v[d->n - 1] : NULL;

    if (last && last->client == client && last->end == clock)
        last->end = end;
    else if (last && last->client == client && last->clock == end)
        last->clock = clock;
    else
        yd_deletes_add(d, client, clock, end);
}

void yd_walk_deletes(struct yd_walk *w, struct yd_deletes *out)
{
    struct yd_reader *r = &w->r;

    for (uint64_t clients = yd_read_varuint(r); clients > 0 && !r->err; clients--) {
        uint64_t client = yd_read_varuint(r);
        for (uint64_t n = yd_read_varuint(r); n > 0 && !r->err; n--) {
            const uint8_t *at = r->p;
            uint32_t clock = yd_read_u32(r);
            uint32_t len = yd_read_u32(r);
            if (len > UINT32_MAX - clock) {
                r->p = at;
                yd_reader_fail(r, YD_ERR_RANGE);
            } else if (len > 0 && !r->err && out) {
                add_delete(out, client, clock, clock + len);
            }
        }
    }
    if (!r->err && r->p != r->end)
        r->err = YD_ERR_TRAILING;
}

static uint64_t id_of(const void *v, uint32_t i, unsigned which)
{
    (void)which;
    return ((const uint64_t *)v)[i];
}

int yd_walk_check_clients(const uint8_t *update, size_t len)
{
    struct yd_walk w;
    struct yd_ref ref;
    uint64_t *ids;
    uint32_t *order;
    size_t n = 0;
    int err = 0;

    yd_walk_begin(&w, update, len);
    ids = malloc(((size_t)w.sections + 1) * sizeof(*ids));
    if (!ids)
        abort();
    while (yd_walk_section(&w)) {
        ids[n++] = w.client;
        while (yd_walk_struct(&w, &ref))
            continue;
    }
    order = yd_sort(ids, n, id_of, 1);
    for (size_t i = 1; i < n && !err; i++)
        err = ids[order[i - 1]] == ids[order[i]] ? YD_ERR_DUPLICATE : 0;
    free(order);
    free(ids);
    return err;
}

int yd_walk_check(const uint8_t *update, size_t len, const uint8_t **deletes)
{
    struct yd_walk w;
    struct yd_ref ref;
    uint64_t before = UINT64_MAX;
    bool descending = true;

    yd_walk_begin(&w, update, len);
    while (yd_walk_section(&w)) {
        descending = descending && w.client < before;
        before = w.client;
        while (yd_walk_struct(&w, &ref))
            continue;
    }
    if (deletes)
        *deletes = w.r.p;
    yd_walk_deletes(&w, NULL);
    if (!w.r.err && !descending)
        return yd_walk_check_clients(update, len);
    return w.r.err;
}

void yd_buf_put_in_front(struct yd_buf *out, size_t at, uint64_t number)
{
    size_t body = out->len - at, width;

    yd_buf_put_varuint(out, number);
    width = out->len - at - body;
    memmove(out->data + at + width, out->data + at, body);
    out->len = at;
    yd_buf_put_varuint(out, number);
    out->len += body;
}
