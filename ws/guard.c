#include "ws/guard.h"

#include "ws/update.h"
#include "ydoc/any.h"
#include "ydoc/read.h"
#include "json/write.h"

#include <string.h>

#define TEXT_ROOT "text"
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

static bool resolve(struct yd_doc *doc, const struct yd_relpos *pos, uint32_t *index)
{
    struct yd_target type;

    return yd_relpos_resolve(doc, pos, &type, index) == 0 && type.root &&
           type.root_len == strlen(TEXT_ROOT) && memcmp(type.root, TEXT_ROOT, type.root_len) == 0;
}

/* Where the range is now, in UTF-16 units. */
static bool find_range(struct yd_doc *doc, const struct cr_guarded *r, uint32_t *from, uint32_t *to)
{
    return resolve(doc, &r->start, from) && resolve(doc, &r->end, to) && *from <= *to;
}

/* The whole text, read when the first range is looked at: once for all of them. */
struct whole {
    struct yd_doc *doc;
    struct yd_buf text;
    bool read;
};

static void forget_text(struct whole *w)
{
    yd_buf_free(&w->text);
    w->read = false;
}

/* The text between, UTF-8, borrowed from *w; NULL: it cannot be told. */
static const char *text_between(struct whole *w, uint32_t from, uint32_t to, size_t *len)
{
    struct yd_target root = yd_root(TEXT_ROOT);
    uint32_t a = 0, b = 0;

    if (!w->read)
        yd_text(w->doc, TEXT_ROOT, strlen(TEXT_ROOT), &w->text);
    w->read = true;
    if (yd_text_utf8_at(w->doc, root, from, &a) < 0 || yd_text_utf8_at(w->doc, root, to, &b) < 0 ||
        a > b || b > w->text.len)
        return NULL;
    *len = b - a;
    return w->text.data ? (const char *)w->text.data + a : "";
}

static void take_range(struct cr_guard *g, struct whole *w, const struct cr_json_node *value)
{
    struct cr_guarded r = {.value = value};
    const char *text;
    uint32_t from, to;

    if (!read_position(cr_json_get(value, "start"), 0, &r.start) ||
        !read_position(cr_json_get(value, "end"), -1, &r.end) ||
        !find_range(w->doc, &r, &from, &to))
        return;
    text = text_between(w, from, to, &r.len);
    if (!text || g->bytes + r.len > CR_GUARD_BYTES)
        return;
    g->bytes += r.len;
    r.text = cr_strndup(text, r.len);
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

void cr_guard_take(struct cr_guard *g, struct yd_doc *doc)
{
    struct whole w = {.doc = doc};

    *g = (struct cr_guard){0};
    if (!has_map(doc))
        return;
    g->map = read_map(doc);
    if (cr_json_count(cr_json_root(g->map)) == 0)
        return;
    g->ranges = cr_calloc(CR_GUARD_RANGES, sizeof *g->ranges);
    for (const struct cr_json_node *n = cr_json_first(cr_json_root(g->map));
         n && g->count < CR_GUARD_RANGES; n = cr_json_next(n))
        take_range(g, &w, n);
    forget_text(&w);
}

void cr_guard_clear(struct cr_guard *g)
{
    for (size_t i = 0; i < g->count; i++)
        free(g->ranges[i].text);
    free(g->ranges);
    cr_json_free(g->map);
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

static void set_json(struct yd_txn *txn, const char *key, const struct cr_buf *json)
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

            set_json(txn, cr_json_key(n), &json);
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

/* ---- the texts are as they were ---- */

/* Bytes that both begin with; ends between two characters. */
static size_t common_start(const char *a, size_t a_len, const char *b, size_t b_len)
{
    size_t n = 0, max = a_len < b_len ? a_len : b_len;

    while (n < max && a[n] == b[n])
        n++;
    while (n > 0 && ((n < a_len && ((uint8_t)a[n] & 0xc0) == 0x80) ||
                     (n < b_len && ((uint8_t)b[n] & 0xc0) == 0x80)))
        n--;
    return n;
}

/* Bytes that both end with, beyond the common start. */
static size_t common_end(const char *a, size_t a_len, const char *b, size_t b_len, size_t start)
{
    size_t n = 0, max = (a_len < b_len ? a_len : b_len) - start;

    while (n < max && a[a_len - n - 1] == b[b_len - n - 1])
        n++;
    while (n > 0 && ((uint8_t)a[a_len - n] & 0xc0) == 0x80)
        n--;
    return n;
}

/* The text at byte offset `at` of the root becomes: without del bytes, with these. */
static bool splice(struct yd_txn *txn, size_t at, size_t del, const char *text, size_t len)
{
    struct yd_target root = yd_root(TEXT_ROOT);
    uint32_t from = 0, to = 0;

    if (yd_text_utf16_at(txn->doc, root, (uint32_t)at, &from) < 0 ||
        yd_text_utf16_at(txn->doc, root, (uint32_t)(at + del), &to) < 0)
        return false;
    return (to == from || yd_list_delete(txn, root, from, to - from) == 0) &&
           (len == 0 || yd_text_insert(txn, root, from, text, len, NULL, 0) == 0);
}

static void put_position(struct cr_json_out *w, const char *key, const struct yd_relpos *pos)
{
    cr_json_open_object(w, key);
    cr_json_put_str(w, "tname", TEXT_ROOT);
    cr_json_open_object(w, "item");
    cr_json_put_int(w, "client", (int64_t)pos->client);
    cr_json_put_int(w, "clock", pos->clock);
    cr_json_close(w);
    cr_json_put_int(w, "assoc", pos->assoc);
    cr_json_close(w);
}

/* The range's units are others now: tell the map. */
static void move_range(struct yd_txn *txn, const struct cr_guarded *r,
                       const struct yd_relpos *start, const struct yd_relpos *end)
{
    CR_AUTO_JSON_OUT w = {0};

    cr_json_open_object(&w, NULL);
    for (const struct cr_json_node *n = cr_json_first(r->value); n; n = cr_json_next(n))
        if (strcmp(cr_json_key(n), "start") != 0 && strcmp(cr_json_key(n), "end") != 0)
            cr_json_put_node(&w, cr_json_key(n), n);
    put_position(&w, "start", start);
    put_position(&w, "end", end);
    cr_json_close(&w);
    set_json(txn, cr_json_key(r->value), &w.buf);
}

static bool same_unit(const struct yd_relpos *a, const struct yd_relpos *b)
{
    return a->kind == b->kind && a->client == b->client && a->clock == b->clock;
}

static void follow_range(struct yd_txn *txn, const struct cr_guarded *r, uint32_t from)
{
    struct yd_target root = yd_root(TEXT_ROOT);
    struct yd_relpos start, end;
    uint32_t at = 0, to;

    if (yd_text_utf8_at(txn->doc, root, from, &at) < 0 ||
        yd_text_utf16_at(txn->doc, root, at + (uint32_t)r->len, &to) < 0 ||
        yd_relpos_at(txn->doc, root, from, 0, &start) < 0 ||
        yd_relpos_at(txn->doc, root, to, -1, &end) < 0)
        return;
    if (!same_unit(&start, &r->start) || !same_unit(&end, &r->end))
        move_range(txn, r, &start, &end);
}

/* Returns whether the text had to be put back. */
static bool mend_range(struct yd_txn *txn, struct whole *w, const struct cr_guarded *r)
{
    size_t len = 0, start, end;
    uint32_t from, to, at = 0;
    const char *text;
    bool changed;

    if (!find_range(txn->doc, r, &from, &to))
        return false;
    text = text_between(w, from, to, &len);
    if (!text || yd_text_utf8_at(txn->doc, yd_root(TEXT_ROOT), from, &at) < 0)
        return false;
    start = common_start(r->text, r->len, text, len);
    end = common_end(r->text, r->len, text, len, start);
    changed = start + end < r->len || start + end < len;
    if (changed) {
        forget_text(w); /* it is another one now */
        if (!splice(txn, at + start, len - start - end, r->text + start, r->len - start - end))
            return true;
    }
    follow_range(txn, r, from);
    return changed;
}

/* ---- all of it ---- */

static bool mend_all(struct cr_guard *g, struct yd_txn *txn, bool by_owner,
                     const struct cr_json_node *now)
{
    struct whole w = {.doc = txn->doc};
    bool changed = false;

    if (!by_owner)
        changed = mend_map(txn, cr_json_root(g->map), now);
    for (size_t i = 0; i < g->count; i++) {
        const struct cr_guarded *r = &g->ranges[i];

        /* An owner lifts a protection by changing its entry. */
        if (!by_owner || same_json(r->value, cr_json_get(now, cr_json_key(r->value))))
            changed = mend_range(txn, &w, r) || changed;
    }
    forget_text(&w);
    return changed;
}

bool cr_guard_mend(struct cr_guard *g, struct yd_doc *doc, bool by_owner, struct yd_buf *mend)
{
    CR_AUTO(cr_json) *now = NULL;
    bool changed;
    struct yd_txn txn;

    if (by_owner ? g->count == 0 : !has_map(doc))
        return false;
    now = read_map(doc);
    if ((cr_json_count(cr_json_root(now)) == 0 && cr_json_count(cr_json_root(g->map)) == 0) ||
        yd_txn_begin(&txn, doc, cr_update_client()) < 0)
        return false;
    changed = mend_all(g, &txn, by_owner, cr_json_root(now));
    yd_txn_commit(&txn, mend);
    return changed;
}
