/* Events: see events.h.  They are collected at the end of a transaction, before what it deleted is
 * given back and neighbours merge. */
#include "ydoc/events_internal.h"

#include <stdlib.h>
#include <string.h>

static void *need(void *p)
{
    if (!p)
        abort();
    return p;
}

void *yd_events_grown(void *v, size_t n, size_t size)
{
    return n == 0 || (n & (n - 1)) == 0 ? need(realloc(v, (n ? n * 2 : 1) * size)) : v;
}

char *yd_events_copied(struct yd_slice s)
{
    char *p = need(malloc(s.len + 1));

    if (s.len > 0)
        memcpy(p, s.p, s.len);
    p[s.len] = '\0';
    return p;
}

/* ---- what happened to an item ---------------------------------------------------------------- */

bool yd_is_new(const struct yd_doc *doc, const struct yd_item *it)
{
    const struct yd_client *c = &doc->clients[it->slot];

    return c->touched && it->clock >= c->before;
}

static int by_place(const void *a, const void *b)
{
    const struct yd_range *x = a, *y = b;

    if (x->slot != y->slot)
        return x->slot < y->slot ? -1 : 1;
    return x->clock < y->clock ? -1 : x->clock > y->clock;
}

bool yd_is_just_deleted(const struct yd_collector *c, const struct yd_item *it)
{
    size_t lo = 0, hi = c->deleted_n;

    if (!it->deleted)
        return false;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        const struct yd_range *r = &c->deleted[mid];
        if (r->slot < it->slot || (r->slot == it->slot && r->clock + r->len <= it->clock))
            lo = mid + 1;
        else if (r->slot == it->slot && r->clock <= it->clock)
            return true;
        else
            hi = mid;
    }
    return false;
}

/* ---- which chains changed -------------------------------------------------------------------- */

static void note(struct yd_collector *c, uint32_t item)
{
    const struct yd_doc *doc = c->doc;
    const struct yd_item *it = &doc->items[item];
    uint32_t type, parent;

    if (it->kind == YD_GC)
        return;
    type = doc->chains[it->chain].type;
    parent = doc->types[type].item;
    if (parent != YD_NONE && (doc->items[parent].deleted || yd_is_new(doc, &doc->items[parent])))
        return;
    if (c->n > 0 && c->v[c->n - 1].chain == it->chain && doc->chains[it->chain].key != YD_NONE)
        return;
    if (c->n == c->cap) {
        c->cap = c->cap ? c->cap * 2 : 16;
        c->v = need(realloc(c->v, c->cap * sizeof(*c->v)));
    }
    c->v[c->n++] = (struct yd_changed){doc->types[type].depth, type, it->chain, item};
}

static void note_range(struct yd_collector *c, uint32_t slot, uint32_t clock, uint32_t end)
{
    while (clock < end) {
        uint32_t item = yd_item_find(c->doc, slot, clock);
        const struct yd_item *it = &c->doc->items[item];
        note(c, item);
        clock = it->clock + it->len;
    }
}

static int by_type_and_chain(const void *a, const void *b)
{
    const struct yd_changed *x = a, *y = b;

    if (x->depth != y->depth)
        return x->depth < y->depth ? -1 : 1;
    if (x->type != y->type)
        return x->type < y->type ? -1 : 1;
    return x->chain < y->chain ? -1 : x->chain > y->chain;
}

static void note_all(struct yd_collector *c)
{
    const struct yd_doc *doc = c->doc;

    c->deleted_n = doc->deleted.n;
    c->deleted = need(malloc((c->deleted_n + 1) * sizeof(*c->deleted)));
    if (c->deleted_n > 0)
        memcpy(c->deleted, doc->deleted.v, c->deleted_n * sizeof(*c->deleted));
    qsort(c->deleted, c->deleted_n, sizeof(*c->deleted), by_place);
    for (size_t i = 0; i < c->deleted_n; i++)
        note_range(c, c->deleted[i].slot, c->deleted[i].clock,
                   c->deleted[i].clock + c->deleted[i].len);
    for (size_t i = 0; i < doc->touched.n; i++) {
        const struct yd_client *client = &doc->clients[doc->touched.v[i]];
        note_range(c, doc->touched.v[i], client->before, client->state);
    }
    if (c->n > 1)
        qsort(c->v, c->n, sizeof(*c->v), by_type_and_chain);
}

/* ---- keys ------------------------------------------------------------------------------------ */

static void add_key(struct yd_collector *c, struct yd_event *e, uint32_t chain)
{
    const struct yd_doc *doc = c->doc;
    uint32_t tail = doc->chains[chain].tail, before = tail;
    struct yd_key_change k = {.action = YD_KEY_DELETED};
    struct yd_slice key = yd_name_slice(doc, doc->chains[chain].key);
    bool had;

    while (before != YD_NONE && yd_is_new(doc, &doc->items[before]))
        before = doc->items[before].left;
    had = before != YD_NONE && yd_is_just_deleted(c, &doc->items[before]);
    if (!doc->items[tail].deleted && before != tail)
        k.action = had ? YD_KEY_UPDATED : YD_KEY_ADDED;
    else if (!had)
        return; /* it was there and is, or came and went */
    k.client = doc->clients[doc->items[k.action == YD_KEY_DELETED ? before : tail].slot].id;
    k.key = yd_events_copied(key);
    k.key_len = key.len;
    e->keys = yd_events_grown(e->keys, e->key_count, sizeof(*e->keys));
    e->keys[e->key_count++] = k;
}

/* ---- events ---------------------------------------------------------------------------------- */

static void add_path(struct yd_doc *doc, struct yd_event *e, uint32_t type)
{
    struct yd_slice root;

    e->path_len = doc->types[type].depth;
    e->path = need(calloc(e->path_len + 1, sizeof(*e->path)));
    for (size_t i = e->path_len; i > 0; i--) {
        uint32_t item = doc->types[type].item;
        const struct yd_chain *chain = &doc->chains[doc->items[item].chain];
        struct yd_step *step = &e->path[i - 1];
        if (chain->key != YD_NONE) {
            struct yd_slice key = yd_name_slice(doc, chain->key);
            step->key = yd_events_copied(key);
            step->key_len = key.len;
        } else {
            step->index = yd_list_before(doc, item).units;
        }
        type = chain->type;
    }
    root = yd_name_slice(doc, doc->types[type].name);
    e->root = yd_events_copied(root);
    e->root_len = root.len;
}

static void event_clear(struct yd_event *e)
{
    for (size_t i = 0; i < e->path_len; i++)
        free(e->path[i].key);
    for (size_t i = 0; i < e->change_count; i++)
        free(e->changes[i].attributes);
    for (size_t i = 0; i < e->key_count; i++)
        free(e->keys[i].key);
    free(e->root);
    free(e->path);
    free(e->changes);
    free(e->keys);
}

/* v: all that changed in one type. */
static void add_event(struct yd_collector *c, const struct yd_changed *v, size_t n)
{
    struct yd_event e = {0};
    size_t end;

    for (size_t i = 0; i < n; i = end) {
        for (end = i + 1; end < n && v[end].chain == v[i].chain;)
            end++;
        if (c->doc->chains[v[i].chain].key != YD_NONE)
            add_key(c, &e, v[i].chain);
        else
            yd_events_list(c, &e, v + i, end - i);
    }
    if (e.change_count == 0 && e.key_count == 0) {
        event_clear(&e);
        return;
    }
    add_path(c->doc, &e, v[0].type);
    c->out->v = yd_events_grown(c->out->v, c->out->n, sizeof(e));
    c->out->v[c->out->n++] = e;
}

void yd_events_collect(struct yd_doc *doc)
{
    struct yd_collector c = {.doc = doc, .out = doc->events};
    size_t end;

    note_all(&c);
    for (size_t i = 0; i < c.n; i = end) {
        for (end = i + 1; end < c.n && c.v[end].type == c.v[i].type;)
            end++;
        add_event(&c, c.v + i, end - i);
    }
    free(c.deleted);
    free(c.v);
}

int yd_apply_update_events(struct yd_doc *doc, const uint8_t *update, size_t len,
                           struct yd_result *res, struct yd_events *out)
{
    int err;

    *out = (struct yd_events){0};
    doc->events = out;
    err = yd_apply_update(doc, update, len, res);
    doc->events = NULL;
    return err;
}

void yd_events_clear(struct yd_events *events)
{
    for (size_t i = 0; i < events->n; i++)
        event_clear(&events->v[i]);
    free(events->v);
    *events = (struct yd_events){0};
}
