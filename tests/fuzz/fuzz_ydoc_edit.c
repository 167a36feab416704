/* Positions, snapshots, rights, events and edits with documents of anybody: [flags], then
 * [2 bytes length, little endian][update] again and again; what is left is read as a position,
 * as a snapshot and as JSON. */
#include "tests/fuzz/support.h"
#include "ydoc/any.h"
#include "ydoc/events.h"
#include "ydoc/read_internal.h"
#include "ydoc/snapshot.h"
#include "ydoc/touch.h"
#include "ydoc/wire.h"

#define ROOT yd_root("t")

/* A part of the root, and what it holds: its text, its things by their ids, and attributes where
 * they change.  (A delta has borders where marks change nothing, too.) */
struct part {
    struct yd_span span;
    uint32_t len;
    struct yd_buf content;
};

static uint64_t digest(uint64_t sum, struct yd_slice s)
{
    for (size_t i = 0; i < s.len; i++)
        sum = (sum ^ s.p[i]) * UINT64_C(0x100000001b3); /* FNV-1a */
    return sum;
}

struct content {
    struct yd_buf *out;
    uint64_t attributes;
};

static void put_run(void *ctx, const struct yd_run *run)
{
    struct content *c = ctx;
    uint64_t sum = 0; /* in any order */

    for (size_t i = 0; i < run->attributes->n; i++) {
        const struct yd_attr *a = &run->attributes->v[i];
        sum += digest(digest(UINT64_C(0xcbf29ce484222325), a->key), a->json);
    }
    if (sum != c->attributes)
        yd_buf_append(c->out, &sum, sizeof(sum));
    c->attributes = sum;
    if (run->thing)
        yd_buf_append(c->out, &run->thing->clock, sizeof(run->thing->clock));
    else
        yd_buf_append(c->out, run->text.p, run->text.len);
}

static void put_content(const struct yd_doc *doc, uint32_t from, uint32_t to, struct yd_buf *out)
{
    struct content c = {out, 0};
    uint32_t type;

    demand(yd_target_find(doc, ROOT, &type) == 0, "the root is gone");
    yd_each_run(doc, type, from, to, put_run, &c);
}

static bool part_of(struct yd_doc *doc, struct part *p)
{
    uint32_t len = yd_list_len(doc, ROOT);
    uint32_t from = len / 4, to = len - len / 4;

    *p = (struct part){.len = to - from};
    if (to == from || yd_relpos_at(doc, ROOT, from, 0, &p->span.start) != 0 ||
        yd_relpos_at(doc, ROOT, to, -1, &p->span.end) != 0)
        return false;
    put_content(doc, from, to, &p->content);
    return true;
}

/* What an update is said not to touch it does not change. */
static void demand_untouched(struct yd_doc *doc, const struct part *p)
{
    struct yd_buf now = {0};
    uint32_t from = 0, to = 0;

    demand(yd_relpos_resolve(doc, &p->span.start, NULL, &from) == 0 &&
               yd_relpos_resolve(doc, &p->span.end, NULL, &to) == 0,
           "a position is lost");
    demand(to - from == p->len, "an untouched part has another length");
    put_content(doc, from, to, &now);
    demand(same_bytes(&now, &p->content), "an untouched part is another");
    yd_buf_free(&now);
}

static uint64_t sum_of(const struct yd_event *e, enum yd_change_kind kind)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < e->change_count; i++)
        sum += e->changes[i].kind == kind ? e->changes[i].len : 0;
    return sum;
}

/* The event of the root explains how its length changed. */
static void demand_explained(struct yd_doc *doc, const struct yd_events *events, uint32_t before)
{
    int64_t len = before;

    for (size_t i = 0; i < events->n; i++) {
        const struct yd_event *e = &events->v[i];
        if (e->path_len == 0 && e->root_len == 1 && e->root[0] == 't')
            len += (int64_t)sum_of(e, YD_CHANGE_INSERT) - (int64_t)sum_of(e, YD_CHANGE_DELETE);
    }
    demand(len == yd_list_len(doc, ROOT), "events don't explain the length");
}

static void apply(struct yd_doc *doc, const uint8_t *p, size_t len)
{
    bool touches = true, stays = false, well = yd_update_check(p, len, NULL) == 0;
    bool waits = yd_pending_bytes(doc) > 0; /* and may come in with it, anywhere */
    uint32_t before = yd_list_len(doc, ROOT);
    struct yd_events events;
    struct part part;
    bool some = part_of(doc, &part);
    int asked = some ? yd_update_touches(doc, p, len, &part.span, 1, &touches, NULL) : 0;
    int stay = yd_update_stays_in(doc, p, len, "other", 5, &stays);
    int err = yd_apply_update_events(doc, p, len, NULL, &events);

    demand_sound(doc);
    demand((stay == 0) == well && (!some || (asked == 0) == well), "two opinions about an update");
    if (!err) {
        demand_explained(doc, &events, before);
        if (some && !touches)
            demand_untouched(doc, &part);
        if (stays && !waits)
            demand(yd_list_len(doc, ROOT) == before, "it does not stay in its root");
    }
    yd_buf_free(&part.content);
    yd_events_clear(&events);
}

static bool same_text(const struct yd_doc *doc, const struct yd_doc *replica)
{
    struct yd_buf a = {0}, b = {0};
    bool same;

    yd_delta(doc, ROOT, &a);
    yd_delta(replica, ROOT, &b);
    same = same_bytes(&a, &b);
    yd_buf_free(&a);
    yd_buf_free(&b);
    return same;
}

struct order {
    struct yd_buf *out;
    uint64_t client;
    uint32_t clock, end;
};

static void put_order(const struct order *o)
{
    yd_buf_put_varuint(o->out, o->client);
    yd_buf_put_varuint(o->out, o->clock);
    yd_buf_put_varuint(o->out, o->end);
}

/* The ids of the root's list as they follow, also of what is deleted. */
static void list_order(const struct yd_doc *doc, struct yd_buf *out)
{
    struct order o = {.out = out};
    uint32_t type, item;

    if (yd_target_find(doc, ROOT, &type) != 0)
        return;
    for (item = doc->chains[doc->types[type].list].head; item != YD_NONE;
         item = doc->items[item].right) {
        const struct yd_item *it = &doc->items[item];
        uint64_t client = doc->clients[it->slot].id;
        if (client != o.client || it->clock != o.end) {
            put_order(&o);
            o.client = client;
            o.clock = it->clock;
        }
        o.end = it->clock + it->len;
    }
    put_order(&o);
}

static bool same_order(const struct yd_doc *doc, const struct yd_doc *replica)
{
    struct yd_buf a = {0}, b = {0};
    bool same;

    list_order(doc, &a);
    list_order(replica, &b);
    same = same_bytes(&a, &b);
    yd_buf_free(&a);
    yd_buf_free(&b);
    return same;
}

/* Whether there can be an edit at this index, which is within the text: it is not inside a pair. */
static bool is_place(struct yd_doc *doc, uint32_t index)
{
    uint32_t utf8;

    return yd_list_len(doc, ROOT) == 0 || yd_text_utf8_at(doc, ROOT, index, &utf8) == 0;
}

static void demand_done(bool fits, int err)
{
    demand(err == (fits ? 0 : YD_ERR_INDEX), "an edit has another end than its place explains");
}

static void edit(struct yd_doc *doc)
{
    const struct yd_attribute bold = {"b", 1, "true", 4};
    struct yd_doc *replica = yd_doc_new(NULL);
    struct yd_buf state = {0}, update = {0};
    uint32_t len = yd_list_len(doc, ROOT);
    struct yd_txn txn;
    uint64_t client = 77777;
    bool same, fits;

    yd_encode_diff(doc, NULL, 0, &state);
    demand(yd_apply_update(replica, state.data, state.len, NULL) == 0, "the state is refused");
    /* Forged origins, out of order, make a document that depends on the order of its updates. */
    same = same_order(doc, replica) && yd_pending_bytes(doc) == 0;
    while (yd_state(doc, client) > UINT32_MAX / 2) /* no room for one more edit */
        client++;
    demand(yd_txn_begin(&txn, doc, client) == 0, "no transaction");
    fits = is_place(doc, len / 2);
    demand_done(fits, yd_text_insert(&txn, ROOT, len / 2, "edit", 4, NULL, 0));
    len = yd_list_len(doc, ROOT);
    fits = is_place(doc, len / 3) && is_place(doc, len / 3 + len / 3);
    demand_done(fits, yd_text_format(&txn, ROOT, len / 3, len / 3, &bold, 1));
    fits = is_place(doc, len / 5) && is_place(doc, len / 5 + len / 6);
    demand_done(fits, yd_list_delete(&txn, ROOT, len / 5, len / 6));
    demand(yd_list_len(doc, ROOT) == len - (fits ? len / 6 : 0), "deleted too much or too little");
    demand(yd_map_set(&txn, ROOT, "k", 1, (const uint8_t *)"\x7e", 1) == 0, "no value is set");
    yd_txn_commit(&txn, &update);
    demand_sound(doc);
    demand(yd_apply_update(replica, update.data, update.len, NULL) == 0, "the edit is refused");
    demand_sound(replica);
    demand(!same || same_text(doc, replica), "an edit differs elsewhere");
    yd_buf_free(&state);
    yd_buf_free(&update);
    yd_doc_free(replica);
}

static void read_all(const struct yd_doc *doc)
{
    struct yd_buf out = {0};
    int err;

    for (int kind = YD_ARRAY; kind <= YD_XML_TEXT; kind++) {
        out.len = 0;
        if (yd_json(doc, ROOT, (enum yd_type_kind)kind, &out) == 0)
            demand(yd_json_check(out.data, out.len, &err) || err == YD_ERR_DEPTH, "no JSON");
    }
    out.len = 0;
    if (yd_delta(doc, ROOT, &out) == 0)
        demand(yd_json_check(out.data, out.len, &err) || err == YD_ERR_DEPTH, "no JSON");
    yd_buf_free(&out);
}

static void position(struct yd_doc *doc, const uint8_t *p, size_t len)
{
    struct yd_buf out = {0};
    struct yd_relpos pos, again;
    struct yd_target at;
    uint32_t index;

    if (yd_relpos_decode(p, len, &pos) != 0)
        return;
    if (yd_relpos_resolve(doc, &pos, &at, &index) == 0)
        demand(index <= yd_list_len(doc, at) || yd_list_len(doc, at) == 0, "beyond the end");
    yd_relpos_encode(&pos, &out);
    demand(yd_relpos_decode(out.data, out.len, &again) == 0, "its own position is refused");
    demand(again.kind == pos.kind && again.client == pos.client && again.clock == pos.clock &&
               again.assoc == pos.assoc && again.root_len == pos.root_len,
           "a position is another");
    yd_buf_free(&out);
}

static void snapshot(const struct yd_doc *doc, const uint8_t *p, size_t len)
{
    struct yd_doc *then = yd_doc_new(NULL);
    struct yd_buf now = {0}, update = {0};

    yd_snapshot(doc, &now);
    demand(yd_snapshot_check(now.data, now.len) == 0, "its own snapshot is refused");
    if (yd_snapshot_update(doc, p, len, &update) == 0) {
        demand(yd_apply_update(then, update.data, update.len, NULL) == 0, "a moment is refused");
        demand_sound(then);
    }
    yd_buf_free(&now);
    yd_buf_free(&update);
    yd_doc_free(then);
}

/* A value from JSON goes into a map and comes out as JSON. */
static void value(const uint8_t *p, size_t len)
{
    struct yd_doc *doc = yd_doc_new(NULL);
    struct yd_buf any = {0}, out = {0};
    struct yd_txn txn;
    int err;

    if (yd_any_from_json(&any, (const char *)p, len) == 0) {
        demand(yd_txn_begin(&txn, doc, 1) == 0, "no transaction");
        demand(yd_map_set(&txn, ROOT, "k", 1, any.data, any.len) == 0, "its value is refused");
        yd_txn_commit(&txn, NULL);
        demand(yd_json_key(doc, ROOT, "k", 1, &out) == 0, "no value");
        demand(yd_json_check(out.data, out.len, &err), "no JSON");
    } else {
        demand(any.len == 0, "an error wrote something");
    }
    yd_buf_free(&any);
    yd_buf_free(&out);
    yd_doc_free(doc);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct yd_doc *doc = yd_doc_new(NULL);
    const struct yd_limits limits = {.max_pending_bytes = 2048, .max_pending_runs = 16};
    struct yd_bytes update;
    uint8_t flags = 0;

    yd_doc_set_limits(doc, &limits);
    if (size > 0) {
        flags = *data++;
        size--;
    }
    yd_doc_set_gc(doc, !(flags & 1));
    while (next_part(&data, &size, &update))
        apply(doc, update.p, update.len);
    position(doc, data, size);
    value(data, size);
    snapshot(doc, data, size);
    read_all(doc);
    if (flags & 2)
        edit(doc);
    read_all(doc);
    yd_doc_free(doc);
    return 0;
}
