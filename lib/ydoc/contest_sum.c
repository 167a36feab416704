/* What the nodes of contest.h know of the items below them. */
#include "ydoc/contest.h"

uint64_t yd_right_hash(uint32_t slot, uint32_t clock)
{
    uint64_t h = ((uint64_t)slot << 32 | clock) * UINT64_C(0x9e3779b97f4a7c15);

    return (h ^ h >> 29) * UINT64_C(0xbf58476d1ce4e5b9) >> 32;
}

static void rights_add(uint64_t *rights, unsigned words, uint64_t hash)
{
    rights[hash / 64 % words] |= UINT64_C(1) << hash % 64;
    rights[(hash >> 22) % words] |= UINT64_C(1) << (hash >> 16) % 64;
}

bool yd_rights_hold(const uint64_t *rights, unsigned words, uint64_t hash)
{
    return rights[hash / 64 % words] >> hash % 64 & 1 &&
           rights[(hash >> 22) % words] >> (hash >> 16) % 64 & 1;
}

static void note_second(const struct yd_doc *doc, struct yd_summary *s, struct yd_origin *o)
{
    if (!s->has_second || yd_origin_order(doc, o, &s->second) < 0) {
        s->second = *o;
        s->has_second = true;
    }
}

/* The item further right; YD_NONE is left of all. */
static uint32_t farther(const struct yd_doc *doc, uint32_t a, uint32_t b)
{
    if (a == YD_NONE || b == YD_NONE)
        return a == YD_NONE ? b : a;
    return yd_contest_order(doc->contests, a, b) < 0 ? b : a;
}

/* Add what lies below another node. */
static void sum_add(const struct yd_doc *doc, struct yd_summary *s, const struct yd_summary *more)
{
    struct yd_summary m = *more;
    int order;

    if (!m.any)
        return;
    order = s->any ? yd_origin_order(doc, &m.first, &s->first) : -1;
    if (order < 0) {
        struct yd_summary old = *s;
        *s = m;
        if (old.any)
            note_second(doc, s, &old.first);
        return;
    }
    if (order > 0) {
        note_second(doc, s, &m.first);
        return;
    }
    s->lowest = m.lowest < s->lowest ? m.lowest : s->lowest;
    s->highest = m.highest > s->highest ? m.highest : s->highest;
    s->bare = s->bare || m.bare;
    s->far = farther(doc, s->far, m.far);
    if (m.has_second)
        note_second(doc, s, &m.second);
}

static struct yd_summary sum_of(const struct yd_doc *doc, uint32_t item)
{
    const struct yd_item *it = &doc->items[item];
    uint64_t client = doc->clients[it->slot].id;
    struct yd_summary s = {.first = yd_origin_of(doc, item), .any = true};

    s.bare = doc->contests->cover[item] == 0;
    s.far = yd_covered_by(doc->contests, item);
    s.lowest = s.highest = client;
    return s;
}

static uint64_t hash_of(const struct yd_doc *doc, uint32_t item)
{
    return yd_right_hash(doc->items[item].right_slot, doc->items[item].right_clock);
}

void yd_contest_sum_leaf(const struct yd_doc *doc, struct yd_contest_leaf *leaf)
{
    leaf->sum = (struct yd_summary){0};
    memset(leaf->rights, 0, sizeof(leaf->rights));
    for (uint32_t i = 0; i < leaf->n; i++) {
        rights_add(leaf->rights, YD_LEAF_WORDS, hash_of(doc, leaf->items[i]));
        struct yd_summary s = sum_of(doc, leaf->items[i]);
        sum_add(doc, &leaf->sum, &s);
    }
}

void yd_contest_sum_group(const struct yd_doc *doc, struct yd_contest_group *group)
{
    group->sum = (struct yd_summary){0};
    memset(group->rights, 0, sizeof(group->rights));
    for (uint32_t l = 0; l < group->n; l++) {
        const struct yd_contest_leaf *leaf = &doc->contests->leaves[group->leaves[l]];
        sum_add(doc, &group->sum, &leaf->sum);
        for (uint32_t i = 0; i < leaf->n; i++)
            rights_add(group->rights, YD_GROUP_WORDS, hash_of(doc, leaf->items[i]));
    }
}

void yd_contest_note(struct yd_doc *doc, uint32_t item)
{
    struct yd_contest_leaf *leaf = yd_contest_leaf_of(doc->contests, item);
    struct yd_contest_group *group = &doc->contests->groups[leaf->group];
    struct yd_summary s = sum_of(doc, item);

    sum_add(doc, &leaf->sum, &s);
    sum_add(doc, &group->sum, &s);
    rights_add(leaf->rights, YD_LEAF_WORDS, hash_of(doc, item));
    rights_add(group->rights, YD_GROUP_WORDS, hash_of(doc, item));
}

static bool same_origin(const struct yd_origin *a, const struct yd_origin *b)
{
    return a->slot == b->slot && a->clock == b->clock;
}

void yd_contest_cover(struct yd_doc *doc, uint32_t item, uint32_t by)
{
    struct yd_contests *cs = doc->contests;
    struct yd_contest_leaf *leaf = yd_contest_leaf_of(cs, item);
    struct yd_contest_group *group = &cs->groups[leaf->group];

    doc->scan_steps += leaf->n + group->n;
    cs->cover[item] = by + 1;
    leaf->sum.bare = group->sum.bare = false;
    leaf->sum.far = group->sum.far = YD_NONE;
    for (uint32_t i = 0; i < leaf->n; i++) {
        struct yd_origin o = yd_origin_of(doc, leaf->items[i]);
        if (same_origin(&o, &leaf->sum.first)) {
            leaf->sum.bare = leaf->sum.bare || cs->cover[leaf->items[i]] == 0;
            leaf->sum.far = farther(doc, leaf->sum.far, yd_covered_by(cs, leaf->items[i]));
        }
    }
    for (uint32_t i = 0; i < group->n; i++) {
        const struct yd_summary *s = &cs->leaves[group->leaves[i]].sum;
        if (same_origin(&s->first, &group->sum.first)) {
            group->sum.bare = group->sum.bare || s->bare;
            group->sum.far = farther(doc, group->sum.far, s->far);
        }
    }
}
