/* Which roots an update would change: see touch.h. */
#include "ydoc/attrs.h"
#include "ydoc/touch.h"
#include "ydoc/trace.h"

struct roots {
    yd_root_fn fn;
    void *ctx;
    struct yd_slice last;
    bool some, go_on;
};

/* The same name at the same place is the same root.  Bytes are not compared: two long names in turn
 * would make that quadratic. */
static void report(struct roots *r, struct yd_slice root)
{
    if (r->some && r->last.p == root.p && r->last.len == root.len)
        return;
    r->some = true;
    r->last = root;
    r->go_on = r->fn(r->ctx, root.p ? (const char *)root.p : "", root.len);
}

static void report_unknown(struct roots *r)
{
    r->go_on = r->fn(r->ctx, NULL, 0);
    r->some = false;
}

static void report_deletes(struct roots *r, const struct yd_doc *doc, const struct yd_trace *trace,
                           const struct yd_deletes *deletes)
{
    for (size_t i = 0; i < deletes->n; i++) {
        const struct yd_delete *d = &deletes->v[i];
        uint32_t slot = yd_slot_find(doc, d->client);
        uint32_t state = slot == YD_NONE ? 0 : doc->clients[slot].state, clock = d->clock;
        while (clock < d->end && clock < state && r->go_on) {
            const struct yd_item *it = &doc->items[yd_item_find(doc, slot, clock)];
            if (!it->deleted && it->kind != YD_GC)
                report(r, yd_root_of(doc, doc->chains[it->chain].type));
            clock = it->clock + it->len;
        }
        while (clock < d->end && r->go_on) { /* structs of the update report themselves */
            const struct yd_trace_node *n = yd_trace_find(trace, d->client, clock);
            clock = n ? n->end : d->end;
            if (!n)
                report_unknown(r);
        }
    }
}

int yd_update_roots(const struct yd_doc *doc, const uint8_t *update, size_t len, yd_root_fn fn,
                    void *ctx)
{
    struct yd_trace trace = {.doc = doc};
    struct roots r = {.fn = fn, .ctx = ctx, .go_on = true};
    struct yd_deletes deletes = {0};
    struct yd_update u;
    int err = yd_update_read(update, len, &u, NULL);

    if (err)
        return err;
    yd_trace_update(&trace, &u);
    yd_update_deletes(&u, &deletes);
    if (trace.gap)
        report_unknown(&r);
    for (size_t i = 0; i < trace.n && r.go_on && !trace.gap; i++) {
        const struct yd_trace_node *n = &trace.v[i];
        if (n->where == YD_WHERE_UNKNOWN)
            report_unknown(&r);
        else if (n->where == YD_WHERE_THERE)
            report(&r, n->root);
    }
    if (r.go_on)
        report_deletes(&r, doc, &trace, &deletes);
    yd_deletes_clear(&deletes);
    yd_trace_clear(&trace);
    yd_update_clear(&u);
    return 0;
}

struct stays {
    struct yd_slice root;
    bool yes;
};

static bool is_there(void *ctx, const char *root, size_t root_len)
{
    struct stays *s = ctx;

    s->yes = root && yd_slice_equal(s->root, (struct yd_slice){(const uint8_t *)root, root_len});
    return s->yes;
}

int yd_update_stays_in(const struct yd_doc *doc, const uint8_t *update, size_t len,
                       const char *root, size_t root_len, bool *stays)
{
    struct stays s = {{(const uint8_t *)root, root_len}, true};
    int err = yd_update_roots(doc, update, len, is_there, &s);

    *stays = !err && s.yes;
    return err;
}
