#include "ws/guard.h"

#include "crypt/crypt.h"
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

/* The text between, UTF-8, owned by the caller. */
static char *text_between(struct yd_doc *doc, uint32_t from, uint32_t to, size_t *len)
{
    struct yd_buf text = {0};
    uint32_t a = 0, b = 0;
    char *out = NULL;

    yd_text(doc, TEXT_ROOT, strlen(TEXT_ROOT), &text);
    if (yd_text_utf8_at(doc, yd_root(TEXT_ROOT), from, &a) == 0 &&
        yd_text_utf8_at(doc, yd_root(TEXT_ROOT), to, &b) == 0 && a <= b && b <= text.len) {
        *len = b - a;
        out = cr_strndup((const char *)text.data + a, *len);
    }
    yd_buf_free(&text);
    return out;
}

static void take_range(struct cr_guard *g, struct yd_doc *doc, const struct cr_json_node *value)
{
    struct cr_guarded r = {.value = value};
    uint32_t from, to;

    if (!read_position(cr_json_get(value, "start"), 0, &r.start) ||
        !read_position(cr_json_get(value, "end"), -1, &r.end) || !find_range(doc, &r, &from, &to))
        return;
    r.text = text_between(doc, from, to, &r.len);
    if (r.text)
        g->ranges[g->count++] = r;
}

bool cr_guard_is_used(const struct yd_doc *doc)
{
    CR_AUTO(cr_json) *map = read_map(doc);

    return cr_json_count(cr_json_root(map)) > 0;
}

void cr_guard_take(struct cr_guard *g, struct yd_doc *doc)
{
    *g = (struct cr_guard){.map = read_map(doc)};
    if (cr_json_count(cr_json_root(g->map)) == 0)
        return;
    g->ranges = cr_calloc(CR_GUARD_RANGES, sizeof *g->ranges);
    for (const struct cr_json_node *n = cr_json_first(cr_json_root(g->map));
         n && g->count < CR_GUARD_RANGES; n = cr_json_next(n))
        take_range(g, doc, n);
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
static bool mend_range(struct yd_txn *txn, const struct cr_guarded *r)
{
    size_t len = 0, start, end;
    uint32_t from, to, at = 0;
    cr_auto_free char *text = NULL;
    bool changed;

    if (!find_range(txn->doc, r, &from, &to))
        return false;
    text = text_between(txn->doc, from, to, &len);
    if (!text || yd_text_utf8_at(txn->doc, yd_root(TEXT_ROOT), from, &at) < 0)
        return false;
    start = common_start(r->text, r->len, text, len);
    end = common_end(r->text, r->len, text, len, start);
    changed = start + end < r->len || start + end < len;
    if (changed &&
        !splice(txn, at + start, len - start - end, r->text + start, r->len - start - end))
        return true;
    follow_range(txn, r, from);
    return changed;
}

/* ---- all of it ---- */

static uint64_t fresh_client(void)
{
    uint32_t client;

    do
        cr_random_bytes(&client, sizeof client); /* 32 bits, as stock clients take */
    while (client == 0);
    return client;
}

bool cr_guard_mend(struct cr_guard *g, struct yd_doc *doc, bool by_owner, struct yd_buf *mend)
{
    CR_AUTO(cr_json) *now = read_map(doc);
    const struct cr_json_node *was_root = cr_json_root(g->map), *now_root = cr_json_root(now);
    bool changed = false;
    struct yd_txn txn;

    if ((cr_json_count(now_root) == 0 && cr_json_count(was_root) == 0) ||
        yd_txn_begin(&txn, doc, fresh_client()) < 0)
        return false;
    if (!by_owner)
        changed = mend_map(&txn, was_root, now_root);
    for (size_t i = 0; i < g->count; i++) {
        const struct cr_guarded *r = &g->ranges[i];

        /* An owner lifts a protection by changing its entry. */
        if (!by_owner || same_json(r->value, cr_json_get(now_root, cr_json_key(r->value))))
            changed = mend_range(&txn, r) || changed;
    }
    yd_txn_commit(&txn, mend);
    return changed;
}
