/* Where the structs of an update would go.
 *
 * A struct lies where its origin lies, or its right origin, or in its parent.  In a list it ends up
 * between its origin and its right origin, if these are in order; behind an origin that is new
 * itself it follows that one directly, as nothing in the document can have been put between. */
#include "ydoc/trace.h"

#include <stdlib.h>

struct yd_slice yd_root_of(const struct yd_doc *doc, uint32_t type)
{
    while (doc->types[type].item != YD_NONE)
        type = doc->chains[doc->items[doc->types[type].item].chain].type;
    return yd_name_slice(doc, doc->types[type].name);
}

static struct yd_trace_node *find(const struct yd_trace *t, struct yd_id id)
{
    size_t lo = 0, hi = t->n;

    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        struct yd_trace_node *n = &t->v[mid];
        if (n->client > id.client || (n->client == id.client && n->end <= id.clock))
            lo = mid + 1;
        else if (n->client == id.client && n->clock <= id.clock)
            return n;
        else
            hi = mid;
    }
    return NULL;
}

const struct yd_trace_node *yd_trace_find(const struct yd_trace *t, uint64_t client, uint32_t clock)
{
    return find(t, (struct yd_id){client, clock});
}

/* The document's item that holds the id, or YD_NONE. */
static uint32_t item_at(const struct yd_doc *doc, struct yd_id id)
{
    uint32_t slot = yd_slot_find(doc, id.client);

    if (slot == YD_NONE || id.clock >= doc->clients[slot].state)
        return YD_NONE;
    return yd_item_find(doc, slot, id.clock);
}

static struct yd_ref read_node(const struct yd_trace *t, const struct yd_trace_node *n)
{
    struct yd_reader r = yd_reader_of(n->at, (size_t)(t->end - n->at));
    uint32_t state = yd_state(t->doc, n->client);
    struct yd_ref ref;

    yd_ref_read(&r, n->client, n->clock, &ref);  /* checked before: ends within the update */
    if (n->clock < state && ref.kind != YD_GC) { /* its first part is known: behind that */
        ref.has_origin = true;
        ref.origin = (struct yd_id){n->client, state - 1};
    }
    return ref;
}

/* The struct that n's place depends on, if that is new, too. */
static bool depends(const struct yd_trace *t, const struct yd_ref *ref, struct yd_id *on)
{
    if (ref->has_origin && item_at(t->doc, ref->origin) == YD_NONE)
        *on = ref->origin;
    else if (ref->has_right && item_at(t->doc, ref->right) == YD_NONE)
        *on = ref->right;
    else if (!ref->has_origin && !ref->has_right && ref->parent == YD_PARENT_ID &&
             item_at(t->doc, ref->parent_id) == YD_NONE)
        *on = ref->parent_id;
    else
        return false;
    return true;
}

/* ---- one struct ------------------------------------------------------------------------------ */

static void place_in_type(const struct yd_trace *t, struct yd_trace_node *n, uint32_t type,
                          bool in_list)
{
    n->where = YD_WHERE_THERE;
    n->type = type;
    n->in_list = in_list;
    n->root = yd_root_of(t->doc, type);
}

static void place_by_item(const struct yd_trace *t, struct yd_trace_node *n, uint32_t item)
{
    const struct yd_item *it = &t->doc->items[item];

    if (it->kind == YD_GC) {
        n->where = YD_WHERE_NOWHERE;
        return;
    }
    place_in_type(t, n, t->doc->chains[it->chain].type, t->doc->chains[it->chain].key == YD_NONE);
}

static void place_in_parent(const struct yd_trace *t, struct yd_trace_node *n,
                            const struct yd_ref *ref)
{
    const struct yd_doc *doc = t->doc;

    if (ref->parent == YD_PARENT_ROOT) {
        uint32_t name = yd_name_find(doc, ref->root.p, ref->root.len);
        n->where = YD_WHERE_THERE;
        n->root = ref->root;
        if (name != YD_NONE && doc->names[name].root != YD_NONE)
            place_in_type(t, n, doc->names[name].root, !ref->has_sub);
    } else {
        const struct yd_item *it = &doc->items[item_at(doc, ref->parent_id)];
        if (it->kind == YD_TYPE)
            place_in_type(t, n, it->off, !ref->has_sub);
        else
            n->where = YD_WHERE_NOWHERE;
    }
}

/* The units of the list left of the id's right (behind) or left edge. */
static uint32_t units_at(const struct yd_trace *t, struct yd_id id, bool behind)
{
    uint32_t item = item_at(t->doc, id);
    const struct yd_item *it = &t->doc->items[item];
    uint32_t units = yd_list_before(t->lists, item).units;

    return yd_item_size(it).units > 0 ? units + (id.clock - it->clock) + behind : units;
}

/* Whether a's unit is left of b's, in the same list. */
static bool in_order(const struct yd_trace *t, struct yd_id a, struct yd_id b)
{
    uint32_t x = item_at(t->doc, a), y = item_at(t->doc, b);
    const struct yd_item *ix = &t->doc->items[x], *iy = &t->doc->items[y];

    if (ix->kind == YD_GC || iy->kind == YD_GC || ix->chain != iy->chain)
        return false;
    return x == y ? a.clock < b.clock : yd_list_is_left(t->lists, x, y);
}

/* Bounds from what the document has; right: a struct of the update that it goes in front of. */
static void find_bounds(const struct yd_trace *t, struct yd_trace_node *n, const struct yd_ref *ref,
                        const struct yd_trace_node *right)
{
    if (ref->has_origin) {
        n->lo_item = item_at(t->doc, ref->origin);
        n->lo = units_at(t, ref->origin, true);
    }
    if (right) {
        n->hi = right->hi;
        n->unclear = right->unclear || right->type != n->type || !right->in_list;
        if (ref->has_origin && !n->unclear)
            n->unclear = right->lo_item == YD_NONE ||
                         (right->lo_item != n->lo_item &&
                          !yd_list_is_left(t->lists, n->lo_item, right->lo_item)) ||
                         right->lo < n->lo;
    } else if (ref->has_right) {
        n->unclear = ref->has_origin && !in_order(t, ref->origin, ref->right);
        n->hi = n->unclear ? UINT32_MAX : units_at(t, ref->right, false);
    } else {
        n->hi = yd_list_units(t->lists, t->doc->types[n->type].list);
    }
}

static void resolve(const struct yd_trace *t, struct yd_trace_node *n, const struct yd_ref *ref,
                    const struct yd_trace_node *dep)
{
    bool behind = dep && ref->has_origin && item_at(t->doc, ref->origin) == YD_NONE;

    n->known = true;
    if (dep && dep->where != YD_WHERE_THERE) {
        n->where = dep->where;
        return;
    }
    if (dep && dep->kind == YD_GC) {
        n->where = YD_WHERE_NOWHERE;
        return;
    }
    if (dep && !ref->has_origin && !ref->has_right) { /* in a type that is new */
        n->where = dep->kind == YD_TYPE ? YD_WHERE_THERE : YD_WHERE_NOWHERE;
        n->root = dep->root;
        return;
    }
    if (behind || (dep && !ref->has_origin)) {
        n->where = dep->where;
        n->type = dep->type;
        n->in_list = dep->in_list;
        n->root = dep->root;
        n->hi = dep->hi;
        n->lo_item = behind ? dep->lo_item : YD_NONE;
        n->lo = behind ? dep->lo : 0;
        n->unclear = dep->unclear;
        return;
    }
    if (ref->has_origin)
        place_by_item(t, n, item_at(t->doc, ref->origin));
    else if (ref->has_right)
        place_by_item(t, n, item_at(t->doc, ref->right));
    else
        place_in_parent(t, n, ref);
    if (n->where == YD_WHERE_THERE && n->type != YD_NONE && n->in_list && t->lists)
        find_bounds(t, n, ref, dep);
}

/* ---- all of them ----------------------------------------------------------------------------- */

/* Find out about n and what it depends on.  path: room for all. */
static void settle(const struct yd_trace *t, struct yd_trace_node *n, struct yd_trace_node **path)
{
    const struct yd_trace_node *dep = NULL;
    size_t depth = 0;
    bool lost = false;

    while (!lost && !n->known) {
        struct yd_ref ref;
        struct yd_id on;
        n->open = true;
        path[depth++] = n;
        if (n->kind == YD_GC) {
            n->where = YD_WHERE_NOWHERE;
            n->known = true;
            depth--;
            break;
        }
        ref = read_node(t, n);
        if (!depends(t, &ref, &on)) {
            resolve(t, n, &ref, NULL);
            depth--;
            break;
        }
        n = find(t, on);
        lost = !n || (n->open && !n->known); /* not here, or in a circle */
    }
    dep = lost ? NULL : n;
    while (depth > 0) {
        struct yd_trace_node *at = path[--depth];
        if (lost) {
            at->where = YD_WHERE_UNKNOWN;
            at->known = true;
        } else {
            struct yd_ref ref = read_node(t, at);
            resolve(t, at, &ref, dep);
        }
        dep = at;
    }
}

static void add(struct yd_trace *t, const struct yd_trace_node *n)
{
    if (t->n == t->cap) {
        t->cap = t->cap ? t->cap * 2 : 16;
        t->v = realloc(t->v, t->cap * sizeof(*t->v));
        if (!t->v)
            abort();
    }
    t->v[t->n++] = *n;
}

static void add_section(struct yd_trace *t, const struct yd_section *s)
{
    struct yd_reader r = yd_reader_of(s->pos, (size_t)(s->end - s->pos));
    uint32_t state = yd_state(t->doc, s->client), reach = state, clock = s->clock;
    struct yd_ref ref;

    for (uint32_t i = 0; i < s->left; i++, clock += ref.len) {
        struct yd_trace_node n = {.client = s->client, .clock = clock, .at = r.p};
        yd_ref_read(&r, s->client, clock, &ref);
        n.end = clock + ref.len;
        n.kind = ref.kind;
        n.type = n.lo_item = YD_NONE;
        if (ref.kind == YD_SKIP || n.end <= state)
            continue;
        t->gap = clock > reach || t->n == YD_TRACE_MAX;
        if (t->gap)
            return;
        reach = n.end;
        add(t, &n);
    }
}

void yd_trace_update(struct yd_trace *t, const struct yd_update *u)
{
    struct yd_trace_node **path;

    t->end = u->deletes;
    for (size_t i = 0; i < u->section_count && !t->gap; i++)
        add_section(t, &u->sections[i]);
    if (t->gap)
        return;
    path = malloc((t->n + 1) * sizeof(*path));
    if (!path)
        abort();
    for (size_t i = 0; i < t->n; i++)
        settle(t, &t->v[i], path);
    free(path);
}

void yd_trace_clear(struct yd_trace *t)
{
    free(t->v);
    t->v = NULL;
    t->n = t->cap = 0;
}
