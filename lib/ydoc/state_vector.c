/* State vectors as they come from peers. */
#include "ydoc/sort.h"
#include "ydoc/update.h"

#include <stdlib.h>

int yd_clocks_read(const uint8_t *sv, size_t len, struct yd_clocks *out)
{
    struct yd_reader r = yd_reader_of(sv, len);
    uint64_t count = sv ? yd_read_varuint(&r) : 0;

    *out = (struct yd_clocks){0};
    if (count > yd_reader_left(&r) / 2)
        yd_reader_fail(&r, YD_ERR_TRUNCATED);
    if (r.err)
        return r.err;
    out->v = malloc(((size_t)count + 1) * sizeof(*out->v));
    if (!out->v)
        abort();
    for (; count > 0 && !r.err; count--) {
        struct yd_clock c = {.client = yd_read_varuint(&r)};
        uint64_t clock = yd_read_varuint(&r);
        c.clock = clock > UINT32_MAX ? UINT32_MAX : (uint32_t)clock;
        out->v[out->n++] = c;
    }
    if (!r.err && r.p != r.end)
        r.err = YD_ERR_TRAILING;
    qsort(out->v, out->n, sizeof(*out->v), yd_by_client);
    for (size_t i = 1; i < out->n && !r.err; i++) {
        if (out->v[i].client == out->v[i - 1].client)
            r.err = YD_ERR_DUPLICATE;
    }
    if (r.err)
        yd_clocks_clear(out);
    return r.err;
}

void yd_clocks_clear(struct yd_clocks *c)
{
    free(c->v);
    *c = (struct yd_clocks){0};
}

uint32_t yd_clocks_get(const struct yd_clocks *c, uint64_t client)
{
    size_t lo = 0, hi = c->n;

    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (c->v[mid].client == client)
            return c->v[mid].clock;
        if (c->v[mid].client > client)
            lo = mid + 1;
        else
            hi = mid;
    }
    return 0;
}

int yd_state_vector_check(const uint8_t *sv, size_t len)
{
    static const uint8_t nothing[1];
    struct yd_clocks clocks;
    int err = yd_clocks_read(sv ? sv : nothing, len, &clocks);

    yd_clocks_clear(&clocks);
    return err;
}

bool yd_state_vector_covers(const uint8_t *big, size_t big_len, const uint8_t *small,
                            size_t small_len)
{
    struct yd_clocks b = {0}, s = {0};
    bool covers = !yd_clocks_read(big, big_len, &b) && !yd_clocks_read(small, small_len, &s);

    for (size_t i = 0; i < s.n && covers; i++)
        covers = yd_clocks_get(&b, s.v[i].client) >= s.v[i].clock;
    yd_clocks_clear(&b);
    yd_clocks_clear(&s);
    return covers;
}
