/* How deep types lie in types.  Clients walk them by recursion, so a document that nests thousands
 * of them overflows the stack of everybody who opens it. */
#include "ydoc/internal.h"

#include <stdlib.h>

static const struct yd_item *item_at(const struct yd_doc *doc, struct yd_id id)
{
    uint32_t slot = yd_slot_find(doc, id.client);

    if (slot == YD_NONE || id.clock >= doc->clients[slot].state)
        return NULL;
    return &doc->items[yd_item_find(doc, slot, id.clock)];
}

/* Depth of the type whose list or map holds the item: 0 for a root. */
static unsigned depth_around(const struct yd_doc *doc, const struct yd_item *it)
{
    return !it || it->chain == YD_NONE ? 0 : doc->types[doc->chains[it->chain].type].depth;
}

static unsigned depth_inside(const struct yd_doc *doc, const struct yd_item *it)
{
    return !it || it->kind != YD_TYPE ? 0 : doc->types[it->off].depth;
}

unsigned yd_depth_of(const struct yd_doc *doc, const struct yd_ref *ref)
{
    if (ref->has_origin)
        return depth_around(doc, item_at(doc, ref->origin)) + 1;
    if (ref->has_right)
        return depth_around(doc, item_at(doc, ref->right)) + 1;
    if (ref->parent == YD_PARENT_ID)
        return depth_inside(doc, item_at(doc, ref->parent_id)) + 1;
    return 1;
}

/* A struct of the update: it lies where `link` does, or in it. */
struct node {
    uint64_t client;
    uint32_t clock, end;
    struct yd_id link;
    uint16_t around; /* depth of what it lies in */
    bool is_type, linked, in_link, known, open;
};

struct nodes {
    struct node *v;
    size_t n, cap;
};

static void add_node(struct nodes *nodes, const struct yd_ref *ref)
{
    struct node node = {.client = ref->client, .clock = ref->clock, .end = ref->clock + ref->len};

    node.is_type = ref->kind == YD_TYPE;
    node.linked = ref->has_origin || ref->has_right || ref->parent == YD_PARENT_ID;
    node.link = ref->has_origin ? ref->origin : ref->has_right ? ref->right : ref->parent_id;
    node.in_link = node.linked && ref->parent == YD_PARENT_ID;
    node.known = !node.linked;
    if (nodes->n == nodes->cap) {
        nodes->cap = nodes->cap ? nodes->cap * 2 : 64;
        nodes->v = realloc(nodes->v, nodes->cap * sizeof(*nodes->v));
        if (!nodes->v)
            abort();
    }
    nodes->v[nodes->n++] = node;
}

/* Nodes are sorted by client from the highest, then by clock. */
static struct node *find_node(const struct nodes *nodes, struct yd_id id)
{
    size_t lo = 0, hi = nodes->n;

    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        struct node *n = &nodes->v[mid];
        if (n->client > id.client || (n->client == id.client && n->end <= id.clock))
            lo = mid + 1;
        else if (n->client == id.client && n->clock <= id.clock)
            return n;
        else
            hi = mid;
    }
    return NULL;
}

static unsigned inside_of(const struct node *n)
{
    return n->is_type ? n->around + 1U : 0;
}

/* Fill in `around` for n and for all that it depends on.  path: room for as many nodes as there
 * are. Returns false when a type on the way is too deep. */
static bool settle(const struct yd_doc *doc, const struct nodes *nodes, struct node *n,
                   struct node **path)
{
    size_t depth = 0;

    for (; n && !n->known && !n->open; n = find_node(nodes, n->link)) {
        n->open = true; /* met again: a circle, which never integrates */
        path[depth++] = n;
    }
    while (depth > 0) {
        struct node *at = path[--depth];
        const struct node *to = find_node(nodes, at->link);
        const struct yd_item *it = to ? NULL : item_at(doc, at->link);
        unsigned around = at->in_link ? (to ? inside_of(to) : depth_inside(doc, it))
                                      : (to ? to->around : depth_around(doc, it));
        if (around + at->is_type > YD_MAX_DEPTH)
            return false;
        at->around = (uint16_t)around;
        at->known = true;
    }
    return true;
}

bool yd_depth_fits(const struct yd_doc *doc, const struct yd_update *u)
{
    struct nodes nodes = {0};
    struct node **path;
    bool fits = true;

    if (u->types + doc->max_depth <= YD_MAX_DEPTH)
        return true;
    for (size_t i = 0; i < u->section_count; i++) {
        const struct yd_section *s = &u->sections[i];
        struct yd_reader r = yd_reader_of(s->pos, (size_t)(s->end - s->pos));
        struct yd_ref ref;
        uint32_t clock = s->clock;
        for (uint32_t n = 0; n < s->left; n++, clock += ref.len) {
            yd_ref_read(&r, s->client, clock, &ref);
            if (ref.kind != YD_GC && ref.kind != YD_SKIP)
                add_node(&nodes, &ref);
        }
    }
    path = malloc((nodes.n + 1) * sizeof(*path));
    if (!path)
        abort();
    for (size_t i = 0; i < nodes.n && fits; i++)
        fits = !nodes.v[i].is_type || settle(doc, &nodes, &nodes.v[i], path);
    free(path);
    free(nodes.v);
    return fits;
}
