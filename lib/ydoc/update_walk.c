#include "ydoc/update_walk.h"

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

int yd_walk_check_clients(const uint8_t *update, size_t len)
{
    struct yd_deletes clients = {0}; /* a sorted set of ids */
    struct yd_walk w;
    struct yd_ref ref;
    int err = 0;

    yd_walk_begin(&w, update, len);
    while (yd_walk_section(&w)) {
        yd_deletes_add(&clients, w.client, 0, 1);
        while (yd_walk_struct(&w, &ref))
            continue;
    }
    size_t n = clients.n;
    yd_deletes_normalize(&clients);
    if (clients.n != n)
        err = YD_ERR_DUPLICATE;
    yd_deletes_clear(&clients);
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
