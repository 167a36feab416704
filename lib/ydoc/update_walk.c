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

void yd_walk_deletes(struct yd_walk *w, struct yd_deletes *out)
{
    yd_read_deletes(&w->r, out);
    if (!w->r.err && w->r.p != w->r.end)
        w->r.err = YD_ERR_TRAILING;
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
