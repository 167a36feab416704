/* One struct finds its place: the YATA rules as Yjs applies them. */
#include "ydoc/contest.h"

#include <string.h>

struct place {
    uint32_t left, right; /* items or YD_NONE */
    uint32_t chain;       /* YD_NONE: what it belonged to is gone, so it becomes a GC struct */
};

static uint32_t chain_of(struct yd_doc *doc, uint32_t type, const struct yd_ref *ref)
{
    if (!ref->has_sub)
        return doc->types[type].list;
    return yd_map_chain_get(doc, type, yd_name_get(doc, ref->sub.p, ref->sub.len));
}

static uint32_t explicit_chain(struct yd_doc *doc, const struct yd_ref *ref)
{
    const struct yd_item *it;

    if (ref->parent == YD_PARENT_ROOT)
        return chain_of(doc, yd_root_get(doc, ref->root.p, ref->root.len), ref);
    it = &doc->items[yd_item_find(doc, yd_slot_find(doc, ref->parent_id.client),
                                  ref->parent_id.clock)];
    return it->kind == YD_TYPE ? chain_of(doc, it->off, ref) : YD_NONE;
}

static uint32_t slot_of(const struct yd_doc *doc, const struct yd_ref *ref,
                        const struct yd_item *it, uint64_t client)
{
    return client == ref->client ? it->slot : yd_slot_find(doc, client);
}

/* Mostly the right origin still is what follows the left one: no need to look for it. */
static uint32_t right_neighbour(const struct yd_doc *doc, uint32_t left, const struct yd_item *it)
{
    uint32_t next = left == YD_NONE ? YD_NONE : doc->items[left].right;

    if (next == YD_NONE || doc->items[next].slot != it->right_slot ||
        doc->items[next].clock != it->right_clock)
        return YD_NONE;
    return next;
}

static struct place resolve(struct yd_doc *doc, const struct yd_ref *ref, struct yd_item *it,
                            uint32_t offset)
{
    struct place at = {YD_NONE, YD_NONE, YD_NONE};
    bool collected = false;

    if (ref->has_origin) {
        it->origin_slot = slot_of(doc, ref, it, ref->origin.client);
        it->origin_clock = ref->origin.clock;
        at.left = yd_item_ending(doc, it->origin_slot, it->origin_clock);
        collected = doc->items[at.left].kind == YD_GC;
    }
    if (ref->has_right) {
        it->right_slot = slot_of(doc, ref, it, ref->right.client);
        it->right_clock = ref->right.clock;
        at.right = right_neighbour(doc, at.left, it);
        if (at.right == YD_NONE)
            at.right = yd_item_starting(doc, it->right_slot, it->right_clock);
        collected = collected || doc->items[at.right].kind == YD_GC;
    }
    if (!collected) {
        if (at.left != YD_NONE)
            at.chain = doc->items[at.left].chain;
        else if (at.right != YD_NONE)
            at.chain = doc->items[at.right].chain;
        else
            at.chain = explicit_chain(doc, ref);
    }
    if (offset > 0 && at.chain != YD_NONE) { /* its first part is known: it goes behind that */
        it->origin_slot = it->slot;
        it->origin_clock = it->clock - 1;
        at.left = yd_item_ending(doc, it->slot, it->origin_clock);
        at.chain = doc->items[at.left].kind == YD_GC ? YD_NONE : doc->items[at.left].chain;
    }
    return at;
}

static bool same_id(uint32_t slot_a, uint32_t clock_a, uint32_t slot_b, uint32_t clock_b)
{
    return slot_a == slot_b && clock_a == clock_b;
}

/* Make room for a mark for each item, and for marks up to `mark_now` + items. */
static void prepare_marks(struct yd_doc *doc)
{
    if (doc->mark_cap < doc->item_count) {
        size_t old = doc->mark_cap * sizeof(uint32_t), size = doc->item_cap * sizeof(uint32_t);
        doc->marks = yd_resize(doc, doc->marks, old, size);
        memset((uint8_t *)doc->marks + old, 0, size - old);
        doc->mark_cap = doc->item_cap;
    }
    if (doc->mark_now > UINT32_MAX - 1 - doc->item_count) {
        memset(doc->marks, 0, doc->mark_cap * sizeof(uint32_t));
        doc->mark_now = 0;
    }
}

/* A scan that gets longer than this, after so many steps in one transaction, asks an index instead:
 * making one takes as many steps as the document has items. */
#define WALK_MAX 32
#define WALKED_MAX(doc) (UINT64_C(4096) + (doc)->item_count)

/* Several items were put at the same place at the same time: find whom to follow.
 * Each item that was passed gets the next number as its mark, so "passed in this scan" and "passed
 * since `left` was last moved" are comparisons with two numbers. */
static uint32_t scan_conflicts(struct yd_doc *doc, const struct yd_item *it, struct place at)
{
    uint32_t left = at.left, first, since;
    uint64_t client = doc->clients[it->slot].id;
    uint32_t o = left != YD_NONE ? doc->items[left].right : doc->chains[at.chain].head;

    if (doc->contests && yd_contest_of(doc, at.chain))
        return yd_contest_scan(doc, it, at.chain, at.left, at.right);
    prepare_marks(doc);
    first = since = doc->mark_now + 1;
    for (; o != YD_NONE && o != at.right; o = doc->items[o].right) {
        const struct yd_item *other = &doc->items[o];
        if (doc->mark_now + 1 - first > WALK_MAX && doc->scan_steps > WALKED_MAX(doc)) {
            yd_contest_begin(doc, at.chain);
            return yd_contest_scan(doc, it, at.chain, at.left, at.right);
        }
        doc->scan_steps++;
        doc->marks[o] = ++doc->mark_now;
        if (same_id(it->origin_slot, it->origin_clock, other->origin_slot, other->origin_clock)) {
            if (doc->clients[other->slot].id < client) {
                left = o;
                since = doc->mark_now + 1;
            } else if (same_id(it->right_slot, it->right_clock, other->right_slot,
                               other->right_clock)) {
                break;
            }
        } else if (other->origin_slot != YD_NONE) {
            uint32_t mark = doc->marks[yd_item_find(doc, other->origin_slot, other->origin_clock)];
            if (mark < first)
                break;
            if (mark < since) {
                left = o;
                since = doc->mark_now + 1;
            }
        } else {
            break;
        }
    }
    return left;
}

static void link_item(struct yd_doc *doc, uint32_t item, uint32_t left)
{
    struct yd_item *it = &doc->items[item];
    struct yd_chain *chain = &doc->chains[it->chain];

    it->left = left;
    if (left != YD_NONE) {
        it->right = doc->items[left].right;
        doc->items[left].right = item;
    } else {
        it->right = chain->head;
        chain->head = item;
    }
    if (it->right != YD_NONE) {
        doc->items[it->right].left = item;
    } else if (chain->key != YD_NONE) { /* the new value of its key; the old one goes */
        chain->tail = item;
        if (left != YD_NONE)
            yd_item_delete(doc, left);
    }
    if (doc->orders)
        yd_order_linked(doc, item);
    if (doc->contests)
        yd_contest_linked(doc, item);
}

/* apply.c refuses what is too deep; the bound keeps the field from wrapping. */
static uint16_t depth_below(const struct yd_doc *doc, uint32_t type)
{
    uint16_t depth = doc->types[type].depth;

    return depth < UINT16_MAX ? (uint16_t)(depth + 1) : depth;
}

static void take_content(struct yd_doc *doc, uint32_t item, const struct yd_ref *ref,
                         uint32_t offset)
{
    struct yd_slice content = ref->content;
    bool inside = false, ascii = ref->ascii;
    uint32_t off;

    if (ref->kind == YD_TYPE) {
        uint32_t name =
            ref->type_named ? yd_name_get(doc, ref->type_name.p, ref->type_name.len) : YD_NONE;
        uint32_t type = doc->chains[doc->items[item].chain].type;
        uint16_t depth = depth_below(doc, type);
        doc->items[item].off = yd_type_new(doc, item, ref->type_ref, name, depth);
        if (doc->max_depth < depth)
            doc->max_depth = depth;
        return;
    }
    if (offset > 0 && content.len > 0) {
        size_t at = yd_content_offset(ref->kind, ref->ascii, content, offset, &inside);
        at += inside ? 4 : 0;
        content.p += at;
        content.len -= at;
    }
    if (inside) {
        off = yd_bytes_add(doc, (const uint8_t *)YD_REPLACEMENT, 3);
        yd_bytes_add(doc, content.p, content.len);
    } else {
        off = yd_bytes_add(doc, content.p, content.len);
    }
    doc->items[item].ascii = ascii && !inside;
    doc->items[item].off = off;
    doc->items[item].bytes = (uint32_t)content.len + (inside ? 3 : 0);
}

static uint32_t add_gc(struct yd_doc *doc, uint32_t slot, uint32_t clock, uint32_t len)
{
    uint32_t item = yd_item_new(doc);
    struct yd_item *it = &doc->items[item];

    it->slot = YD_BITS(slot, 21);
    it->clock = clock;
    it->len = len;
    it->kind = YD_GC;
    it->deleted = 1;
    yd_struct_append(doc, item);
    return item;
}

/* Whether what is at `at` is deleted as it comes: its type is, it is an old value of its key, or a
 * value longer than one unit.  Of those Yjs writes deleted ones only, which it has joined.  Of
 * another one a part could be deleted, and stock clients that then collect the map throw. */
static bool comes_deleted(struct yd_doc *doc, uint32_t item)
{
    const struct yd_item *it = &doc->items[item];
    const struct yd_chain *chain = &doc->chains[it->chain];
    uint32_t parent = doc->types[chain->type].item;

    if ((parent != YD_NONE && doc->items[parent].deleted) ||
        (chain->key != YD_NONE && it->right != YD_NONE))
        return true;
    if (chain->key == YD_NONE || it->len == 1 || it->deleted)
        return false;
    doc->altered = true;
    return true;
}

void yd_integrate(struct yd_doc *doc, const struct yd_ref *ref, uint32_t offset)
{
    uint32_t slot = yd_slot_get(doc, ref->client), item;
    struct yd_item it = {.slot = YD_BITS(slot, 21), .origin_slot = YD_NONE, .right_slot = YD_NONE};
    struct place at = {YD_NONE, YD_NONE, YD_NONE};
    bool gone;

    it.clock = ref->clock + offset;
    it.len = ref->len - offset;
    it.kind = YD_BITS(ref->kind, 4);
    if (ref->kind != YD_GC)
        at = resolve(doc, ref, &it, offset);
    if (at.chain == YD_NONE) {
        doc->pieces += ref->kind != YD_GC; /* it comes as one that does not join those before it */
        doc->altered = doc->altered || ref->kind != YD_GC;
        add_gc(doc, slot, it.clock, it.len);
        return;
    }
    if (at.left == YD_NONE ? at.right == YD_NONE || doc->items[at.right].left != YD_NONE
                           : doc->items[at.left].right != at.right)
        at.left = scan_conflicts(doc, &it, at);
    it.chain = at.chain;
    item = yd_item_new(doc);
    doc->items[item] = it;
    take_content(doc, item, ref, offset);
    link_item(doc, item, at.left);
    yd_struct_append(doc, item);
    if (it.kind == YD_DELETED) {
        doc->items[item].deleted = 1;
        yd_ranges_add(doc, &doc->deleted, it.slot, it.clock, it.len);
    }
    gone = comes_deleted(doc, item);
    yd_item_shorten(doc, item);
    if (gone)
        yd_delete_range(doc, slot, it.clock, it.clock + it.len);
}
