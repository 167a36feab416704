/* What an update holds, and what of it a peer misses, without a document. */
#include "ydoc/update_walk.h"
#include "ydoc/updates.h"

/* The clock up to which the section in which w stands has no gap from clock 0. */
static uint32_t section_state(struct yd_walk *w)
{
    bool counting = w->clock == 0;
    uint32_t state = 0;
    struct yd_ref ref;

    while (yd_walk_struct(w, &ref)) {
        counting = counting && ref.kind != YD_SKIP;
        if (counting)
            state = w->clock;
    }
    return state;
}

int yd_update_state_vector(const uint8_t *update, size_t len, struct yd_buf *out)
{
    struct yd_walk w;
    size_t start = out->len;
    uint64_t count = 0;
    int err = yd_walk_check(update, len, NULL);

    if (err)
        return err;
    yd_walk_begin(&w, update, len);
    while (yd_walk_section(&w)) {
        uint32_t state = section_state(&w);
        if (state == 0)
            continue;
        yd_buf_put_varuint(out, w.client);
        yd_buf_put_varuint(out, state);
        count++;
    }
    yd_buf_put_in_front(out, start, count);
    return 0;
}

/* Append what of the section comes at or after clock `known`; false: nothing. */
static bool write_section(struct yd_walk *w, uint32_t known, struct yd_buf *out)
{
    const uint8_t *rest;
    struct yd_ref ref;
    uint32_t first;

    do {
        rest = w->r.p;
        if (!yd_walk_struct(w, &ref))
            return false;
    } while (ref.kind == YD_SKIP || w->clock <= known);
    first = ref.clock > known ? ref.clock : known;
    yd_buf_put_varuint(out, w->left + 1);
    yd_buf_put_varuint(out, w->client);
    yd_buf_put_varuint(out, first);
    if (first > ref.clock) {
        yd_ref_write(out, &ref, first - ref.clock);
        rest = w->r.p;
    }
    while (yd_walk_struct(w, &ref))
        continue;
    yd_buf_append(out, rest, (size_t)(w->r.p - rest));
    return true;
}

int yd_update_diff(const uint8_t *update, size_t len, const uint8_t *sv, size_t sv_len,
                   struct yd_buf *out)
{
    struct yd_clocks known;
    struct yd_walk w;
    size_t start = out->len;
    const uint8_t *deletes;
    uint64_t count = 0;
    int err = yd_walk_check(update, len, &deletes);

    if (!err)
        err = yd_clocks_read(sv, sv_len, &known);
    if (err)
        return err;
    yd_walk_begin(&w, update, len);
    while (yd_walk_section(&w))
        count += write_section(&w, yd_clocks_get(&known, w.client), out);
    yd_buf_put_in_front(out, start, count);
    yd_buf_append(out, deletes, (size_t)(w.r.end - deletes));
    yd_clocks_clear(&known);
    return 0;
}
