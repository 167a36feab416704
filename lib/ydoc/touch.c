/* What an update would change: see touch.h. */
#include "ydoc/touch.h"
#include "ydoc/read_internal.h"
#include "ydoc/trace.h"

#include <stdlib.h>
#include <string.h>

/* A span as it is in the document. */
struct part {
    uint32_t type;
    uint32_t from, to;     /* units */
    struct yd_relpos a, b; /* its first and its last unit */
    struct yd_buf before;  /* in the copy: what it holds */
};

struct touch {
    struct yd_doc *doc;
    struct part *parts;
    size_t count;
    size_t hit;
    bool yes, unclear;
};

/* ---- spans ----------------------------------------------------------------------------------- */

/* Errors: YD_ERR_TARGET; YD_ERR_GONE when it waits for structs to come. */
static int read_span(struct yd_doc *doc, const struct yd_span *span, struct part *out)
{
    struct yd_target at, end;
    int err = yd_relpos_resolve(doc, &span->start, &at, &out->from);

    if (!err)
        err = yd_relpos_resolve(doc, &span->end, &end, &out->to);
    if (err)
        return err;
    if (!at.root || !end.root || at.root_len != end.root_len ||
        memcmp(at.root, end.root, at.root_len) != 0)
        return YD_ERR_TARGET;
    if (out->from >= out->to || yd_target_find(doc, at, &out->type) != 0) {
        out->from = out->to = 0;
        out->type = YD_NONE;
        return 0;
    }
    err = yd_relpos_at(doc, at, out->from, 0, &out->a);
    return err ? err : yd_relpos_at(doc, at, out->to, -1, &out->b);
}

static void hit(struct touch *t, size_t part)
{
    if (!t->yes)
        t->hit = part;
    t->yes = true;
}

/* ---- structs and deletes --------------------------------------------------------------------- */

/* Whether the type is nested in a thing of the part. */
static bool is_within(struct touch *t, uint32_t type, const struct part *p)
{
    const struct yd_doc *doc = t->doc;

    while (type != YD_NONE && doc->types[type].item != YD_NONE) {
        uint32_t item = doc->types[type].item, units;
        const struct yd_chain *chain = &doc->chains[doc->items[item].chain];
        type = chain->type;
        if (type != p->type || chain->key != YD_NONE)
            continue;
        units = yd_list_before(t->doc, item).units;
        return units >= p->from && units < p->to;
    }
    return false;
}

static void test_insert(struct touch *t, const struct yd_trace_node *n)
{
    bool format = n->kind == YD_FORMAT;

    if (n->where != YD_WHERE_THERE || n->type == YD_NONE || n->kind == YD_DELETED)
        return;
    for (size_t i = 0; i < t->count; i++) {
        const struct part *p = &t->parts[i];
        if (p->type != n->type && is_within(t, n->type, p))
            hit(t, i);
        if (p->type != n->type || !n->in_list)
            continue;
        if (n->unclear)
            t->unclear = true;
        else if (n->lo >= p->to || (n->hi <= p->from && !format))
            continue;
        else if (n->lo > p->from && n->hi < p->to && !format)
            hit(t, i);
        else
            t->unclear = true; /* concurrent with others at the border, or a format */
    }
}

static void test_delete(struct touch *t, const struct yd_item *it, uint32_t item, uint32_t clock,
                        uint32_t end)
{
    const struct yd_chain *chain = &t->doc->chains[it->chain];
    bool format = it->kind == YD_FORMAT, asked = false;
    uint32_t from = 0, to = 0;

    for (size_t i = 0; i < t->count; i++) {
        const struct part *p = &t->parts[i];
        if (p->type != chain->type && is_within(t, chain->type, p))
            hit(t, i);
        if (p->type != chain->type || chain->key != YD_NONE)
            continue;
        if (!asked) {
            uint32_t before = yd_list_before(t->doc, item).units;
            from = before + (clock > it->clock ? clock - it->clock : 0);
            to = before + (end < it->clock + it->len ? end - it->clock : it->len);
            asked = true;
        }
        if (!format && from < p->to && to > p->from)
            hit(t, i);
        else if (format && from < p->to) /* clients clean up marks that change nothing, too */
            t->unclear = true;
    }
}

/* Returns false when it deletes what is not known. */
static bool test_deletes(struct touch *t, const struct yd_trace *trace,
                         const struct yd_deletes *deletes)
{
    const struct yd_doc *doc = t->doc;

    for (size_t i = 0; i < deletes->n; i++) {
        const struct yd_delete *d = &deletes->v[i];
        uint32_t slot = yd_slot_find(doc, d->client);
        uint32_t state = slot == YD_NONE ? 0 : doc->clients[slot].state, clock = d->clock;
        while (clock < d->end && clock < state) {
            uint32_t item = yd_item_find(doc, slot, clock);
            const struct yd_item *it = &doc->items[item];
            if (!it->deleted && it->kind != YD_GC)
                test_delete(t, it, item, clock, d->end);
            clock = it->clock + it->len;
        }
        while (clock < d->end) {
            const struct yd_trace_node *n = yd_trace_find(trace, d->client, clock);
            if (!n)
                return false;
            clock = n->end;
        }
    }
    return true;
}

/* ---- trying it out --------------------------------------------------------------------------- */

struct normal {
    struct yd_buf *out;
    struct yd_attrs last;
    bool text;
    const struct yd_doc *doc;
};

static int by_key(const void *a, const void *b)
{
    return yd_slice_order(((const struct yd_attr *)a)->key, ((const struct yd_attr *)b)->key);
}

/* Runs with equal attributes are one, and attributes are sorted: equal texts give equal bytes. */
static void put_normal(void *ctx, const struct yd_run *run)
{
    struct normal *n = ctx;

    if (!n->text || run->thing || !yd_attrs_equal(&n->last, run->attributes)) {
        yd_attrs_clear(&n->last);
        yd_attrs_copy(&n->last, run->attributes);
        if (n->last.n > 1)
            qsort(n->last.v, n->last.n, sizeof(*n->last.v), by_key);
        yd_buf_append(n->out, "\xff", 1); /* which no text contains */
        yd_buf_put_varuint(n->out, n->last.n);
        for (size_t i = 0; i < n->last.n; i++) {
            yd_buf_put_bytes(n->out, n->last.v[i].key.p, n->last.v[i].key.len);
            yd_buf_put_bytes(n->out, n->last.v[i].json.p, n->last.v[i].json.len);
        }
    }
    n->text = !run->thing;
    if (run->thing)
        yd_put_elements(n->doc, run->thing, false, n->out);
    else
        yd_buf_append(n->out, run->text.p, run->text.len);
}

static void put_part(const struct yd_doc *doc, uint32_t type, uint32_t from, uint32_t to,
                     struct yd_buf *out)
{
    struct normal n = {.out = out, .doc = doc};

    yd_each_run(doc, type, from, to, put_normal, &n);
    yd_attrs_clear(&n.last);
}

static bool same_after(struct yd_doc *copy, const struct part *p)
{
    struct yd_target at;
    struct yd_buf after = {0};
    uint32_t from = 0, to = 0, type;
    bool same = yd_relpos_resolve(copy, &p->a, &at, &from) == 0 &&
                yd_relpos_resolve(copy, &p->b, NULL, &to) == 0 &&
                yd_target_find(copy, at, &type) == 0 && to >= from && to - from == p->to - p->from;

    if (same) {
        put_part(copy, type, from, to, &after);
        same = after.len == p->before.len &&
               (after.len == 0 || memcmp(after.data, p->before.data, after.len) == 0);
    }
    yd_buf_free(&after);
    return same;
}

static void try_out(struct touch *t, const uint8_t *update, size_t len)
{
    struct yd_doc *copy;

    if (yd_memory_bytes(t->doc) > YD_TOUCH_COPY_MAX) {
        hit(t, 0);
        return;
    }
    copy = yd_doc_copy(t->doc);
    if (yd_apply_update(copy, update, len, NULL) == 0) {
        for (size_t i = 0; i < t->count && !t->yes; i++) {
            struct part *p = &t->parts[i];
            if (p->type == YD_NONE)
                continue;
            put_part(t->doc, p->type, p->from, p->to, &p->before);
            if (!same_after(copy, p))
                hit(t, i);
            yd_buf_free(&p->before);
        }
    } else {
        hit(t, 0); /* it is going to be refused anyway */
    }
    yd_doc_free(copy);
}

/* ---- the questions --------------------------------------------------------------------------- */

/* Whether something that waits might come in with what the update brings. */
static bool lets_in(const struct yd_doc *doc, const struct yd_trace *trace)
{
    for (size_t i = 0; i < doc->run_count; i++) {
        struct yd_id wait = doc->runs[i].wait;
        if (yd_state(doc, wait.client) > wait.clock ||
            yd_trace_find(trace, wait.client, wait.clock))
            return true;
    }
    return doc->deletes_due;
}

static void test_update(struct touch *t, const struct yd_update *u)
{
    struct yd_trace trace = {.doc = t->doc, .lists = t->doc};
    struct yd_deletes deletes = {0};
    bool known;

    yd_trace_update(&trace, u);
    yd_update_deletes(u, &deletes);
    known = !trace.gap && test_deletes(t, &trace, &deletes);
    for (size_t i = 0; i < trace.n && known; i++) {
        known = trace.v[i].where != YD_WHERE_UNKNOWN;
        test_insert(t, &trace.v[i]);
    }
    if (!known)
        hit(t, 0);
    if (lets_in(t->doc, &trace))
        t->unclear = true;
    yd_deletes_clear(&deletes);
    yd_trace_clear(&trace);
}

int yd_update_touches(struct yd_doc *doc, const uint8_t *update, size_t len,
                      const struct yd_span *spans, size_t count, bool *touches, size_t *touched)
{
    struct touch t = {.doc = doc, .count = count};
    bool contained, waits = false;
    struct yd_update u;
    int err = yd_update_is_contained(doc, update, len, &contained);

    *touches = false;
    if (err || contained || count == 0)
        return err;
    t.parts = calloc(count, sizeof(*t.parts));
    if (!t.parts)
        abort();
    for (size_t i = 0; i < count && !err; i++) {
        err = read_span(doc, &spans[i], &t.parts[i]);
        if (err == YD_ERR_GONE) {
            t.parts[i] = (struct part){.type = YD_NONE};
            if (!waits)
                t.hit = i;
            waits = true;
            err = 0;
        }
    }
    if (!err && !waits) {
        err = yd_update_read(update, len, &u, NULL);
        if (!err) {
            test_update(&t, &u);
            yd_update_clear(&u);
            if (!t.yes && t.unclear)
                try_out(&t, update, len);
        }
    }
    free(t.parts);
    *touches = !err && (t.yes || waits);
    if (touched && *touches)
        *touched = t.hit;
    return err;
}
