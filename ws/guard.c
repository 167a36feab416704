#include "base/utf.h"
#include "ws/guard_internal.h"
#include "ws/update.h"
#include "ydoc/any.h"
#include "ydoc/read.h"
#include "ydoc/touch.h"
#include "json/write.h"

#include <string.h>

#define JSON_BYTES (256 * 1024) /* of the map; a larger one protects nothing */

/* ---- reading the map ---- */

static struct cr_json *read_map(const struct yd_doc *doc)
{
    struct yd_buf json = {0};
    struct cr_json *map = NULL;

    if (yd_json(doc, yd_root(CR_GUARD_ROOT), YD_MAP, &json) == 0)
        map = cr_json_parse(json.data, json.len, JSON_BYTES, NULL);
    yd_buf_free(&json);
    return map;
}

/* A position as Yjs' relativePositionToJSON says it. */
static bool read_position(const struct cr_json_node *n, int32_t assoc, struct yd_relpos *out)
{
    const struct cr_json_node *item = cr_json_get(n, "item");
    int64_t client, clock;

    if (!cr_json_int(cr_json_get(item, "client"), &client) ||
        !cr_json_int(cr_json_get(item, "clock"), &clock) || client < 0 || clock < 0 ||
        clock > UINT32_MAX)
        return false;
    *out = (struct yd_relpos){.kind = YD_RELPOS_UNIT,
                              .client = (uint64_t)client,
                              .clock = (uint32_t)clock,
                              .assoc = assoc};
    return true;
}

static void take_range(struct cr_guard *g, struct guard_text *w, const struct cr_json_node *value)
{
    struct cr_guarded r = {.value = value};
    const char *text;
    uint32_t from, to;

    if (!read_position(cr_json_get(value, "start"), 0, &r.start) ||
        !read_position(cr_json_get(value, "end"), -1, &r.end) ||
        !guard_find(w->doc, &r, &from, &to))
        return;
    text = guard_text_between(w, from, to, &r.len);
    if (!text || g->bytes + r.len > CR_GUARD_BYTES)
        return;
    g->bytes += r.len;
    r.text = cr_strndup(text, r.len);
    r.units = (uint32_t)cr_utf8_len_utf16((const uint8_t *)text, r.len);
    r.things = to - from - r.units;
    g->ranges[g->count++] = r;
}

/* Most documents never had the map. */
static bool has_map(const struct yd_doc *doc)
{
    return yd_has_root(doc, CR_GUARD_ROOT, strlen(CR_GUARD_ROOT));
}

bool cr_guard_is_used(const struct yd_doc *doc)
{
    CR_AUTO(cr_json) *map = has_map(doc) ? read_map(doc) : NULL;

    return cr_json_count(cr_json_root(map)) > 0;
}

bool cr_guard_is_remote(const struct yd_doc *doc, const uint8_t *update, size_t len)
{
    /* Nothing is in the map, or refers to it from the waiting room: only its name leads there. */
    return !has_map(doc) && yd_pending_bytes(doc) == 0 &&
           !memmem(update, len, CR_GUARD_ROOT, strlen(CR_GUARD_ROOT));
}

static bool note_map(void *ctx, const char *root, size_t len)
{
    bool *named = ctx;

    *named = !root || (len == strlen(CR_GUARD_ROOT) && memcmp(root, CR_GUARD_ROOT, len) == 0);
    return !*named;
}

/* The map as the update makes it in a copy of the document in which nothing waits. */
static struct cr_json *read_meant(const struct yd_doc *doc, const struct yd_bytes *update)
{
    struct yd_buf settled = {0};
    struct yd_doc *copy = yd_doc_new(NULL);
    struct cr_json *map = NULL;

    if (yd_encode_settled(doc, NULL, 0, &settled) == 0 &&
        yd_apply_update(copy, settled.data, settled.len, NULL) == 0) {
        yd_apply_update(copy, update->p, update->len, NULL);
        map = read_map(copy);
    }
    yd_buf_free(&settled);
    yd_doc_free(copy);
    return map;
}

static void let_owner(struct cr_guard *g, const struct yd_doc *doc, const struct yd_bytes *update)
{
    bool named = false;

    g->free = yd_pending_bytes(doc) == 0;
    if (g->free)
        return;
    yd_update_roots(doc, update->p, update->len, note_map, &named);
    if (named)
        g->meant = read_meant(doc, update);
}

void cr_guard_take(struct cr_guard *g, struct yd_doc *doc, const struct yd_bytes *by_owner)
{
    struct guard_text w = {.doc = doc};

    *g = (struct cr_guard){0};
    if (by_owner)
        let_owner(g, doc, by_owner);
    if (!has_map(doc))
        return;
    g->map = read_map(doc);
    if (cr_json_count(cr_json_root(g->map)) == 0)
        return;
    g->ranges = cr_calloc(CR_GUARD_RANGES, sizeof *g->ranges);
    for (const struct cr_json_node *n = cr_json_first(cr_json_root(g->map));
         n && g->count < CR_GUARD_RANGES; n = cr_json_next(n))
        take_range(g, &w, n);
    guard_text_forget(&w);
}

void cr_guard_clear(struct cr_guard *g)
{
    for (size_t i = 0; i < g->count; i++)
        free(g->ranges[i].text);
    free(g->ranges);
    cr_json_free(g->map);
    cr_json_free(g->meant);
    *g = (struct cr_guard){0};
}

/* ---- the map is as it was ---- */

static struct cr_buf json_of(const struct cr_json_node *n)
{
    struct cr_json_out w = {0};

    cr_json_put_node(&w, NULL, n);
    return w.buf;
}

static bool same_json(const struct cr_json_node *a, const struct cr_json_node *b)
{
    CR_AUTO_BUF x = {0}, y = {0};

    if (!a || !b)
        return a == b;
    x = json_of(a);
    y = json_of(b);
    return x.len == y.len && memcmp(x.data, y.data, x.len) == 0;
}

void guard_set_json(struct yd_txn *txn, const char *key, const struct cr_buf *json)
{
    struct yd_buf any = {0};

    if (yd_any_from_json(&any, (const char *)json->data, json->len) == 0)
        yd_map_set(txn, yd_root(CR_GUARD_ROOT), key, strlen(key), any.data, any.len);
    yd_buf_free(&any);
}

/* Returns whether anything had to be put back. */
static bool mend_map(struct yd_txn *txn, const struct cr_json_node *was,
                     const struct cr_json_node *is)
{
    bool changed = false;

    for (const struct cr_json_node *n = cr_json_first(was); n; n = cr_json_next(n)) {
        if (!same_json(n, cr_json_get(is, cr_json_key(n)))) {
            CR_AUTO_BUF json = json_of(n);

            guard_set_json(txn, cr_json_key(n), &json);
            changed = true;
        }
    }
    for (const struct cr_json_node *n = cr_json_first(is); n; n = cr_json_next(n)) {
        if (!cr_json_get(was, cr_json_key(n))) {
            yd_map_delete(txn, yd_root(CR_GUARD_ROOT), cr_json_key(n), strlen(cr_json_key(n)));
            changed = true;
        }
    }
    return changed;
}

/* ---- all of it ---- */

static bool mend_all(struct cr_guard *g, struct yd_txn *txn, const struct cr_json_node *now)
{
    const struct cr_json_node *kept = g->free ? now : cr_json_root(g->meant ? g->meant : g->map);
    struct guard_text w = {.doc = txn->doc};
    bool changed = mend_map(txn, kept, now);

    for (size_t i = 0; i < g->count; i++) {
        const struct cr_guarded *r = &g->ranges[i];

        /* An owner lifts a protection by changing its entry. */
        if (same_json(r->value, cr_json_get(kept, cr_json_key(r->value))))
            changed = guard_mend_text(txn, &w, r) || changed;
    }
    guard_text_forget(&w);
    return changed;
}

bool cr_guard_mend(struct cr_guard *g, struct yd_doc *doc, struct yd_buf *mend)
{
    CR_AUTO(cr_json) *now = NULL;
    bool changed;
    struct yd_txn txn;

    if (g->free ? g->count == 0 : !has_map(doc))
        return false;
    now = read_map(doc);
    if ((cr_json_count(cr_json_root(now)) == 0 && cr_json_count(cr_json_root(g->map)) == 0 &&
         cr_json_count(cr_json_root(g->meant)) == 0) ||
        yd_txn_begin(&txn, doc, cr_update_client()) < 0)
        return false;
    changed = mend_all(g, &txn, cr_json_root(now));
    yd_txn_commit(&txn, mend);
    return changed;
}
