/* What the scan of integrate.c finds, asked of the tree of contest.h instead of walked.
 *
 * The walk over o, from behind the origin X to the right origin, has `left` follow o when o is a
 * sibling (its origin is X, too) of a lower client, or when o's origin was passed before `left` was
 * moved last.  It ends at a sibling of no lower client with the same right origin, and at an item
 * whose origin is left of X.  Hence, in order:
 *   1. where it ends depends on o alone: T;
 *   2. `left` gets at least to s, the last sibling before T of a lower client;
 *   3. from there it follows everything up to the next sibling h, exclusive.  It goes on behind h
 *      only when an item before T has its origin between X and h ("covers" h): that one is
 * followed, since its origin was passed before.  So it ends before the first sibling that nothing
 * covers. Such an item lies behind h and is no descendant of it: editors make hardly any. */
#include "ydoc/contest.h"

enum mode {
    ENDS,   /* 1., an origin left of X, or a sibling that ends the walk */
    LOWER,  /* 2. */
    BARE,   /* 3., a sibling that nothing is known to cover */
    COVERS, /* 3., something that covers h */
};

struct query {
    struct yd_doc *doc;
    struct yd_contest *contest;
    const struct yd_item *it; /* the new one */
    struct yd_origin x;
    uint64_t client;
    uint64_t right; /* hash of its right origin */
    uint32_t end;   /* T, once it is known */
    uint32_t h;
    enum mode mode;
};

static bool before_h(const struct query *q, struct yd_origin *o)
{
    uint32_t item;

    if (o->slot >= YD_ASTRAY)
        return true;
    item = yd_origin_item(q->doc, o);

    return item != q->h && yd_contest_order(q->doc->contests, item, q->h) < 0;
}

/* Whether it is T or lies behind it: then it covers nothing in this scan. */
static bool is_behind_end(const struct query *q, uint32_t item)
{
    return q->end != YD_NONE && item != YD_NONE &&
           yd_contest_order(q->doc->contests, item, q->end) >= 0;
}

/* Whether what is looked for may be below a node that lies wholly in the range. */
static bool may_hold(struct query *q, struct yd_summary *s, const uint64_t *rights, unsigned words)
{
    int order = s->any ? yd_origin_order(q->doc, &s->first, &q->x) : 1;

    q->doc->scan_steps++;
    switch (q->mode) {
    case ENDS:
        return order < 0 ||
               (order == 0 && s->highest >= q->client && yd_rights_hold(rights, words, q->right));
    case LOWER:
        return order == 0 && s->lowest < q->client;
    case BARE:
        return order == 0 && (s->bare || is_behind_end(q, s->far));
    default:
        if (order == 0)
            return s->has_second && before_h(q, &s->second);
        return order < 0 || (s->any && before_h(q, &s->first));
    }
}

/* Whether the item's origin lies left of X. */
static bool lies_left(struct query *q, uint32_t item, struct yd_origin *origin)
{
    bool left = yd_origin_order(q->doc, origin, &q->x) < 0;

    q->doc->contests->origin[item] = origin->item + 1;
    return left;
}

static bool is_sought(struct query *q, uint32_t item)
{
    const struct yd_item *o = &q->doc->items[item];
    struct yd_origin origin = yd_origin_of(q->doc, item);
    uint32_t cover;
    bool sibling = origin.slot == q->x.slot && origin.clock == q->x.clock;

    q->doc->scan_steps++;
    switch (q->mode) {
    case ENDS:
        if (!sibling)
            return lies_left(q, item, &origin);
        return o->right_slot == q->it->right_slot && o->right_clock == q->it->right_clock &&
               q->doc->clients[o->slot].id >= q->client;
    case LOWER:
        return sibling && q->doc->clients[o->slot].id < q->client;
    case BARE:
        cover = yd_covered_by(q->doc->contests, item);
        return sibling && (cover == YD_NONE || is_behind_end(q, cover));
    default:
        return !sibling && yd_origin_order(q->doc, &q->x, &origin) < 0 && before_h(q, &origin);
    }
}

/* Group, leaf and place of an item, or of the ends of the row. */
struct spot {
    uint32_t g, l, i;
};

static struct spot spot_of(const struct query *q, uint32_t item)
{
    const struct yd_contests *cs = q->doc->contests;
    const struct yd_contest_leaf *leaf = yd_contest_leaf_of(cs, item);

    return (struct spot){cs->groups[leaf->group].rank, leaf->rank, yd_contest_index(cs, item)};
}

/* The first sought item behind `from` (YD_NONE: the start) and before `until` (YD_NONE: the end).
 */
static uint32_t forward(struct query *q, uint32_t from, uint32_t until)
{
    struct yd_contests *cs = q->doc->contests;
    struct spot at = {0, 0, 0}, end = {YD_NONE, YD_NONE, YD_NONE};

    if (from != YD_NONE) {
        at = spot_of(q, from);
        at.i++;
    }
    if (until != YD_NONE)
        end = spot_of(q, until);
    for (; at.g < q->contest->n && at.g <= end.g; at.g++, at.l = 0, at.i = 0) {
        struct yd_contest_group *group = &cs->groups[q->contest->groups[at.g]];
        bool cut = at.l > 0 || at.i > 0 || at.g == end.g;
        if (!cut && !may_hold(q, &group->sum, group->rights, YD_GROUP_WORDS))
            continue;
        for (; at.l < group->n && (at.g < end.g || at.l <= end.l); at.l++, at.i = 0) {
            struct yd_contest_leaf *leaf = &cs->leaves[group->leaves[at.l]];
            bool last = at.g == end.g && at.l == end.l;
            if (at.i == 0 && !last && !may_hold(q, &leaf->sum, leaf->rights, YD_LEAF_WORDS))
                continue;
            for (; at.i < leaf->n && !(last && at.i >= end.i); at.i++) {
                if (is_sought(q, leaf->items[at.i]))
                    return leaf->items[at.i];
            }
        }
    }
    return YD_NONE;
}

/* The last sought item before `from` (YD_NONE: the end) and behind `until` (YD_NONE: the start). */
static uint32_t backward(struct query *q, uint32_t from, uint32_t until)
{
    struct yd_contests *cs = q->doc->contests;
    struct spot end = {0, 0, 0}, at = {q->contest->n - 1, 0, 0};
    bool whole_group = from == YD_NONE, whole_leaf = whole_group;
    bool bounded = until != YD_NONE;

    if (from != YD_NONE)
        at = spot_of(q, from);
    if (bounded)
        end = spot_of(q, until);
    for (uint32_t g = at.g + 1; g-- > end.g; whole_group = whole_leaf = true) {
        struct yd_contest_group *group = &cs->groups[q->contest->groups[g]];
        bool cut = !whole_group || (bounded && g == end.g);
        if (!cut && !may_hold(q, &group->sum, group->rights, YD_GROUP_WORDS))
            continue;
        for (uint32_t l = whole_group ? group->n : at.l + 1; l-- > 0; whole_leaf = true) {
            struct yd_contest_leaf *leaf = &cs->leaves[group->leaves[l]];
            bool last = bounded && g == end.g && l == end.l;
            if (bounded && g == end.g && l < end.l)
                break;
            if (whole_leaf && !last && !may_hold(q, &leaf->sum, leaf->rights, YD_LEAF_WORDS))
                continue;
            for (uint32_t i = whole_leaf ? leaf->n : at.i; i-- > (last ? end.i + 1 : 0);) {
                if (is_sought(q, leaf->items[i]))
                    return leaf->items[i];
            }
        }
    }
    return YD_NONE;
}

static uint32_t last_item(const struct query *q)
{
    const struct yd_contests *cs = q->doc->contests;
    const struct yd_contest_group *g = &cs->groups[q->contest->groups[q->contest->n - 1]];
    const struct yd_contest_leaf *leaf = &cs->leaves[g->leaves[g->n - 1]];

    return leaf->items[leaf->n - 1];
}

static uint32_t or_else(uint32_t item, uint32_t other)
{
    return item != YD_NONE ? item : other;
}

uint32_t yd_contest_scan(struct yd_doc *doc, const struct yd_item *it, uint32_t chain,
                         uint32_t left, uint32_t right)
{
    struct query q = {.doc = doc, .contest = yd_contest_of(doc, chain), .it = it, .mode = ENDS};
    uint32_t at;

    q.x = (struct yd_origin){it->origin_slot, it->origin_clock, YD_NONE};
    q.client = doc->clients[it->slot].id;
    q.right = yd_right_hash(it->right_slot, it->right_clock);
    if (right != YD_NONE &&
        (doc->items[right].chain != chain ||
         (left != YD_NONE && yd_contest_order(doc->contests, right, left) <= 0)))
        right = YD_NONE; /* never met */
    q.end = or_else(forward(&q, left, right), right);
    q.mode = LOWER;
    at = or_else(backward(&q, q.end, left), left);
    for (;;) {
        uint32_t cover;
        q.mode = BARE;
        q.h = forward(&q, at, q.end);
        if (q.h == YD_NONE)
            return q.end == YD_NONE ? last_item(&q) : doc->items[q.end].left;
        q.mode = COVERS;
        cover = forward(&q, q.h, q.end);
        if (cover == YD_NONE)
            return doc->items[q.h].left;
        yd_contest_cover(doc, q.h, cover);
        at = backward(&q, q.end, q.h);
    }
}
