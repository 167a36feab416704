/* The state of a document, and what a peer with an older one misses. */
#include "ydoc/internal.h"
#include "ydoc/sort.h"

#include <stdlib.h>

struct clock_of {
    uint64_t client;
    uint32_t clock;
    uint32_t slot; /* YD_NONE: only waiting structs are known */
};

struct clocks {
    struct clock_of *v;
    size_t n;
};

static struct clock_of *clocks_alloc(size_t n)
{
    struct clock_of *v = malloc((n + 1) * sizeof(*v));

    if (!v)
        abort();
    return v;
}

/* All clients that have structs, from the highest id; those that only wait, too, when asked for. */
static struct clocks all_clients(const struct yd_doc *doc, bool with_pending)
{
    struct clocks out = {clocks_alloc(doc->client_count + doc->run_count), 0};

    for (uint32_t i = 0; i < doc->by_id_count; i++) {
        const struct yd_client *c = &doc->clients[doc->by_id[i]];
        out.v[out.n++] = (struct clock_of){c->id, c->state, doc->by_id[i]};
    }
    for (uint32_t slot = doc->by_id_count; slot < doc->client_count; slot++) /* of an open edit */
        out.v[out.n++] = (struct clock_of){doc->clients[slot].id, doc->clients[slot].state, slot};
    for (size_t i = 0; i < doc->run_count && with_pending; i++) {
        uint64_t client = doc->runs[i].client;
        if ((i == 0 || doc->runs[i - 1].client != client) && yd_slot_find(doc, client) == YD_NONE)
            out.v[out.n++] = (struct clock_of){client, 0, YD_NONE};
    }
    if (out.n > doc->by_id_count)
        qsort(out.v, out.n, sizeof(*out.v), yd_by_client);
    return out;
}

void yd_encode_state_vector(const struct yd_doc *doc, struct yd_buf *out)
{
    struct clocks all = all_clients(doc, false);

    yd_buf_put_varuint(out, all.n);
    for (size_t i = 0; i < all.n; i++) {
        yd_buf_put_varuint(out, all.v[i].client);
        yd_buf_put_varuint(out, all.v[i].clock);
    }
    free(all.v);
}

/* ---- structs --------------------------------------------------------------------------------- */

/* Where the writing of a client's structs stands: the clock reached and the structs written. */
struct cursor {
    uint32_t first, clock, count;
};

/* The structs of a waiting run that lie behind the cursor; what is missing in between becomes a
 * Skip. */
static void write_run(const struct yd_pending_run *run, struct yd_buf *out, struct cursor *at)
{
    struct yd_reader r = yd_reader_of(run->data.data + run->used, run->data.len - run->used);
    struct yd_ref ref;
    uint32_t clock = run->start;

    for (uint32_t i = 0; i < run->count; i++, clock += ref.len) {
        yd_ref_read(&r, run->client, clock, &ref);
        if (clock + ref.len <= at->clock)
            continue;
        if (at->count == 0 && clock > at->clock) {
            at->first = at->clock = clock;
        } else if (clock > at->clock) {
            const struct yd_ref gap = {.kind = YD_SKIP, .len = clock - at->clock};
            yd_ref_write(out, &gap, 0);
            at->clock = clock;
            at->count++;
        }
        yd_ref_write(out, &ref, at->clock - clock);
        at->clock = clock + ref.len;
        at->count++;
    }
}

/* Returns whether anything of the client was written. */
static bool write_client(const struct yd_doc *doc, struct yd_buf *out, const struct clock_of *c,
                         uint32_t known, bool pending)
{
    struct cursor at = {known, known, 0};
    struct yd_buf structs = {0};

    if (!pending) { /* the number of structs is known beforehand */
        uint8_t *begin, *p;
        if (known >= c->clock)
            return false;
        begin = p = yd_buf_room(out, 3 * YD_VARUINT_MAX);
        p = yd_put_varuint(p, yd_count_structs(doc, c->slot, known));
        p = yd_put_varuint(p, c->client);
        p = yd_put_varuint(p, known);
        out->len += (size_t)(p - begin);
        yd_write_structs(doc, out, c->slot, known);
        return true;
    }
    if (known < c->clock) {
        at.count = yd_write_structs(doc, &structs, c->slot, known);
        at.clock = c->clock;
    }
    for (size_t i = yd_pending_first(doc, c->client);
         i < doc->run_count && doc->runs[i].client == c->client; i++)
        write_run(&doc->runs[i], &structs, &at);
    if (at.count > 0) {
        yd_buf_put_varuint(out, at.count);
        yd_buf_put_varuint(out, c->client);
        yd_buf_put_varuint(out, at.first);
        yd_buf_append(out, structs.data, structs.len);
    }
    yd_buf_free(&structs);
    return at.count > 0;
}

/* ---- deletes --------------------------------------------------------------------------------- */

bool yd_is_deleted(const struct yd_doc *doc, const struct yd_delete *range)
{
    uint32_t slot = yd_slot_find(doc, range->client);
    struct yd_pos pos;

    if (slot == YD_NONE || range->end > doc->clients[slot].state)
        return false;
    pos = yd_pos_find(doc, slot, range->clock);
    do {
        const struct yd_item *it = &doc->items[yd_pos_item(doc, slot, pos)];
        if (it->clock >= range->end)
            break;
        if (!it->deleted)
            return false;
    } while (yd_pos_next(doc, slot, &pos));
    return true;
}

static void collect_deletes(const struct yd_doc *doc, uint32_t slot, struct yd_deletes *out)
{
    const struct yd_client *c = &doc->clients[slot];

    for (uint32_t l = 0; l < c->leaf_count; l++) {
        const struct yd_leaf *leaf = c->leaves[l].leaf;
        for (uint32_t i = 0; i < leaf->n; i++) {
            const struct yd_item *it = &doc->items[leaf->e[i].item];
            struct yd_delete *last = out->n > 0 ? &out->v[out->n - 1] : NULL;
            if (!it->deleted)
                continue;
            if (last && last->end == it->clock && last->client == c->id)
                last->end = it->clock + it->len;
            else
                yd_deletes_add(out, c->id, it->clock, it->clock + it->len);
        }
    }
}

/* clients: from the highest. */
static void write_deletes(const struct yd_doc *doc, const struct clocks *clients, bool pending,
                          struct yd_buf *out)
{
    struct yd_deletes all = {0};

    for (size_t i = clients->n; i-- > 0;) {
        if (clients->v[i].slot != YD_NONE)
            collect_deletes(doc, clients->v[i].slot, &all);
    }
    for (size_t i = 0; i < doc->pending_deletes.n && pending; i++) {
        const struct yd_delete *d = &doc->pending_deletes.v[i];
        yd_deletes_add(&all, d->client, d->clock, d->end);
    }
    if (doc->pending_deletes.n > 0 && pending)
        yd_deletes_normalize(&all);
    yd_deletes_write(&all, out);
    yd_deletes_clear(&all);
}

/* Sections of the clients, whose number comes first. */
static void write_sections(const struct yd_doc *doc, const struct clocks *all,
                           const struct yd_clocks *peer, bool pending, struct yd_buf *out)
{
    struct yd_buf sections = {0};
    size_t count = 0;

    if (!pending) {
        for (size_t i = 0; i < all->n; i++)
            count += yd_clocks_get(peer, all->v[i].client) < all->v[i].clock;
        yd_buf_put_varuint(out, count);
        for (size_t i = 0; i < all->n; i++)
            write_client(doc, out, &all->v[i], yd_clocks_get(peer, all->v[i].client), false);
        return;
    }
    for (size_t i = 0; i < all->n; i++)
        count +=
            write_client(doc, &sections, &all->v[i], yd_clocks_get(peer, all->v[i].client), true);
    yd_buf_put_varuint(out, count);
    yd_buf_append(out, sections.data, sections.len);
    yd_buf_free(&sections);
}

static int encode(const struct yd_doc *doc, const uint8_t *sv, size_t sv_len, bool pending,
                  struct yd_buf *out)
{
    struct yd_clocks peer;
    struct clocks all;
    int err = yd_clocks_read(sv, sv_len, &peer);

    if (err)
        return err;
    all = all_clients(doc, pending);
    write_sections(doc, &all, &peer, pending && doc->run_count > 0, out);
    write_deletes(doc, &all, pending, out);
    free(all.v);
    yd_clocks_clear(&peer);
    return 0;
}

int yd_encode_diff(const struct yd_doc *doc, const uint8_t *sv, size_t sv_len, struct yd_buf *out)
{
    return encode(doc, sv, sv_len, true, out);
}

int yd_encode_settled(const struct yd_doc *doc, const uint8_t *sv, size_t sv_len,
                      struct yd_buf *out)
{
    return encode(doc, sv, sv_len, false, out);
}
