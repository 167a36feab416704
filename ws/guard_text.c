/* The text of protected ranges: found, and put back. */
#include "base/utf.h"
#include "doclog/doclog.h"
#include "ws/guard_internal.h"
#include "json/write.h"

#include <string.h>

static bool resolve(struct yd_doc *doc, const struct yd_relpos *pos, uint32_t *index)
{
    struct yd_target type;

    return yd_relpos_resolve(doc, pos, &type, index) == 0 && type.root &&
           type.root_len == strlen(CR_DOC_TEXT_ROOT) &&
           memcmp(type.root, CR_DOC_TEXT_ROOT, type.root_len) == 0;
}

bool guard_find(struct yd_doc *doc, const struct cr_guarded *r, uint32_t *from, uint32_t *to)
{
    return resolve(doc, &r->start, from) && resolve(doc, &r->end, to) && *from <= *to;
}

void guard_text_forget(struct guard_text *w)
{
    yd_buf_free(&w->text);
    w->read = false;
}

const char *guard_text_between(struct guard_text *w, uint32_t from, uint32_t to, size_t *len)
{
    struct yd_target root = yd_root(CR_DOC_TEXT_ROOT);
    uint32_t a = 0, b = 0;

    if (!w->read)
        yd_text(w->doc, CR_DOC_TEXT_ROOT, strlen(CR_DOC_TEXT_ROOT), &w->text);
    w->read = true;
    if (yd_text_utf8_at(w->doc, root, from, &a) < 0 || yd_text_utf8_at(w->doc, root, to, &b) < 0 ||
        a > b || b > w->text.len)
        return NULL;
    *len = b - a;
    return w->text.data ? (const char *)w->text.data + a : "";
}

/* ---- the text is what it was ---- */

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
    struct yd_target root = yd_root(CR_DOC_TEXT_ROOT);
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
    cr_json_put_str(w, "tname", CR_DOC_TEXT_ROOT);
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
    guard_set_json(txn, cr_json_key(r->value), &w.buf);
}

static bool same_unit(const struct yd_relpos *a, const struct yd_relpos *b)
{
    return a->kind == b->kind && a->client == b->client && a->clock == b->clock;
}

static void follow_range(struct yd_txn *txn, const struct cr_guarded *r, uint32_t from)
{
    struct yd_target root = yd_root(CR_DOC_TEXT_ROOT);
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

/* Things in [from, to) that are no text. */
static uint32_t count_things(struct guard_text *w, uint32_t from, uint32_t to)
{
    size_t len = 0;
    const char *text = guard_text_between(w, from, to, &len);

    return text ? to - from - (uint32_t)cr_utf8_len_utf16((const uint8_t *)text, len) : 0;
}

/* Take them out. The text stays as it is, so *w may be used meanwhile. */
static void remove_things(struct yd_txn *txn, struct guard_text *w, uint32_t from, uint32_t to)
{
    struct yd_target root = yd_root(CR_DOC_TEXT_ROOT);
    uint32_t things = count_things(w, from, to), middle = from + (to - from) / 2, at;

    if (things == 0)
        return;
    if (things == to - from) {
        yd_list_delete(txn, root, from, things);
        return;
    }
    if (yd_text_utf8_at(txn->doc, root, middle, &at) < 0)
        middle++; /* it was inside a surrogate pair */
    remove_things(txn, w, middle, to);
    remove_things(txn, w, from, middle);
}

bool guard_mend_text(struct yd_txn *txn, struct guard_text *w, const struct cr_guarded *r)
{
    size_t len = 0, start, end;
    uint32_t from, to, at = 0;
    const char *text;
    bool other, changed = false;

    if (!guard_find(txn->doc, r, &from, &to))
        return false;
    text = guard_text_between(w, from, to, &len);
    if (!text || yd_text_utf8_at(txn->doc, yd_root(CR_DOC_TEXT_ROOT), from, &at) < 0)
        return false;
    start = common_start(r->text, r->len, text, len);
    end = common_end(r->text, r->len, text, len, start);
    other = start + end < r->len || start + end < len;
    if ((other ? count_things(w, from, to) : to - from - r->units) > r->things) {
        remove_things(txn, w, from, to);
        changed = true;
    }
    if (other) {
        guard_text_forget(w); /* it is another one now */
        if (!splice(txn, at + start, len - start - end, r->text + start, r->len - start - end))
            return true;
    }
    follow_range(txn, r, from);
    return changed || other;
}
