/* Writing in a document, and finding places by number. */
#include "tests/unit/ydoc/support.h"
#include "ydoc/any.h"
#include "ydoc/edit.h"
#include "ydoc/order.h"
#include "ydoc/read.h"

#include <stdio.h>
#include <stdlib.h>

#define T yd_root("t")

/* A document and a replica that gets each of its updates. */
struct pair {
    struct yd_doc *doc, *replica;
    struct yd_txn txn;
};

static void begin(struct pair *p)
{
    p->doc = yd_doc_new(NULL);
    p->replica = yd_doc_new(NULL);
    assert_int_equal(yd_txn_begin(&p->txn, p->doc, 7), 0);
}

/* Commit, bring the update to the replica, and begin again as the same client. */
static bool commit(struct pair *p)
{
    struct yd_buf update = {0}, a = {0}, b = {0};
    bool changed = yd_txn_commit(&p->txn, &update);

    assert_int_equal(changed, update.len > 0);
    assert_null(yd_check_inside(p->doc));
    if (changed) {
        struct yd_result res = apply_ok(p->replica, update.data, update.len);
        assert_true(res.changed && res.complete);
    }
    yd_encode_diff(p->doc, NULL, 0, &a);
    yd_encode_diff(p->replica, NULL, 0, &b);
    assert_int_equal(a.len, b.len);
    assert_memory_equal(a.data, b.data, a.len);
    yd_buf_free(&update);
    yd_buf_free(&a);
    yd_buf_free(&b);
    assert_int_equal(yd_txn_begin(&p->txn, p->doc, 7), 0);
    return changed;
}

static void end(struct pair *p)
{
    yd_txn_commit(&p->txn, NULL);
    yd_doc_free(p->doc);
    yd_doc_free(p->replica);
}

static int insert(struct pair *p, uint32_t index, const char *text)
{
    return yd_text_insert(&p->txn, T, index, text, strlen(text), NULL, 0);
}

static void text_is_written_and_broadcast(void **state)
{
    struct pair p;

    (void)state;
    begin(&p);
    assert_int_equal(insert(&p, 0, "hello"), 0);
    assert_int_equal(insert(&p, 5, " world"), 0);
    assert_int_equal(insert(&p, 5, ","), 0);
    assert_true(commit(&p));
    assert_text(p.replica, "t", "hello, world");
    assert_int_equal(yd_list_delete(&p.txn, T, 1, 10), 0);
    assert_true(commit(&p));
    assert_text(p.replica, "t", "hd");
    assert_int_equal(insert(&p, 1, "ol"), 0);
    assert_int_equal(insert(&p, 2, "u"), 0);
    assert_true(commit(&p));
    assert_text(p.replica, "t", "hould");
    assert_false(commit(&p));
    end(&p);
}

static void bad_edits_change_nothing(void **state)
{
    struct yd_txn second;
    struct pair p;

    (void)state;
    begin(&p);
    assert_int_equal(insert(&p, 0, "a\xf0\x9f\x98\x80z"), 0);
    commit(&p);
    assert_int_equal(yd_txn_begin(&second, p.doc, 8), YD_ERR_BUSY);
    assert_int_equal(yd_apply_update(p.doc, BYTES(0, 0), NULL), YD_ERR_BUSY);
    assert_int_equal(insert(&p, 5, "x"), YD_ERR_INDEX);
    assert_int_equal(insert(&p, 2, "x"), YD_ERR_INDEX); /* inside the pair */
    assert_int_equal(insert(&p, 0, "\xff"), YD_ERR_UTF8);
    assert_int_equal(insert(&p, 0, "\xed\xa0\x80"), YD_ERR_UTF8); /* a lone surrogate */
    assert_int_equal(yd_list_delete(&p.txn, T, 2, 1), YD_ERR_INDEX);
    assert_int_equal(yd_list_delete(&p.txn, T, 0, 2), YD_ERR_INDEX);
    assert_int_equal(yd_list_delete(&p.txn, T, 3, 2), YD_ERR_INDEX);
    assert_int_equal(yd_list_delete(&p.txn, T, 3, UINT32_MAX), YD_ERR_INDEX);
    assert_int_equal(yd_map_set(&p.txn, T, "k", 1, BYTES(200)), YD_ERR_KIND);
    assert_int_equal(yd_map_set(&p.txn, T, "k", 1, BYTES(126, 126)), YD_ERR_TRAILING);
    assert_int_equal(yd_array_insert(&p.txn, T, 0, BYTES(126), 2), YD_ERR_TRUNCATED);
    assert_int_equal(yd_text_insert_embed(&p.txn, T, 0, "{", 1, NULL, 0), YD_ERR_JSON);
    assert_int_equal(yd_list_delete(&p.txn, (struct yd_target){.client = 7, .clock = 0}, 0, 0),
                     YD_ERR_TARGET);
    assert_int_equal(yd_txn_begin(&second, p.doc, 0), YD_ERR_RANGE);
    assert_false(commit(&p));
    assert_text(p.doc, "t", "a\xf0\x9f\x98\x80z");
    assert_int_equal(yd_list_delete(&p.txn, T, 1, 2), 0);
    commit(&p);
    assert_text(p.replica, "t", "az");
    end(&p);
}

/* Of a root that is not there: not even its name comes in. */
static void bad_edits_make_no_root(void **state)
{
    const struct yd_attribute bold = {"b", 1, "true", 4};
    struct yd_target at = yd_root("a name that nobody uses");
    struct pair p;
    size_t memory;

    (void)state;
    begin(&p);
    memory = yd_memory_bytes(p.doc);
    assert_int_equal(yd_text_insert(&p.txn, at, 1, "x", 1, NULL, 0), YD_ERR_INDEX);
    assert_int_equal(yd_text_insert(&p.txn, at, 0, "", 0, NULL, 0), 0);
    assert_int_equal(yd_text_insert_embed(&p.txn, at, 1, "1", 1, &bold, 1), YD_ERR_INDEX);
    assert_int_equal(yd_text_format(&p.txn, at, 0, 1, &bold, 1), YD_ERR_INDEX);
    assert_int_equal(yd_text_format(&p.txn, at, 0, 0, &bold, 1), 0);
    assert_int_equal(yd_list_delete(&p.txn, at, 0, 1), YD_ERR_INDEX);
    assert_int_equal(yd_list_delete(&p.txn, at, 0, 0), 0);
    assert_int_equal(yd_array_insert(&p.txn, at, 2, BYTES(126), 1), YD_ERR_INDEX);
    assert_int_equal(yd_array_insert_type(&p.txn, at, 2, YD_MAP, NULL, 0, NULL), YD_ERR_INDEX);
    assert_int_equal(yd_array_insert_type(&p.txn, at, 0, (enum yd_type_kind)9, NULL, 0, NULL),
                     YD_ERR_KIND);
    assert_int_equal(yd_map_set_type(&p.txn, at, "k", 1, YD_XML_HOOK, "\xff", 1, NULL),
                     YD_ERR_UTF8);
    assert_int_equal(yd_map_delete(&p.txn, at, "k", 1), 0);
    assert_int_equal(yd_memory_bytes(p.doc), memory);
    assert_false(commit(&p));
    assert_int_equal(insert(&p, 0, "x"), 0);
    commit(&p);
    end(&p);
}

/* What is put among formats takes them away before itself, and puts them back. */
static void marks_count_as_well(void **state)
{
    struct pair p;
    char key[8];

    (void)state;
    begin(&p);
    insert(&p, 0, "ab");
    for (int i = 0; i < 20; i++) {
        int len = snprintf(key, sizeof(key), "k%d", i);
        const struct yd_attribute a = {key, (size_t)len, "true", 4};
        assert_int_equal(yd_text_format(&p.txn, T, 0, 2, &a, 1), 0);
    }
    commit(&p);
    p.doc->clients[yd_slot_find(p.doc, 7)].state += UINT32_MAX - 70; /* some are left */
    assert_int_equal(
        yd_text_insert(&p.txn, T, 1, "x", 1, &(struct yd_attribute){"k", 1, "1", 1}, 1),
        YD_ERR_RANGE);
    p.doc->clients[yd_slot_find(p.doc, 7)].state -= UINT32_MAX - 70;
    assert_int_equal(
        yd_text_insert(&p.txn, T, 1, "x", 1, &(struct yd_attribute){"k", 1, "1", 1}, 1), 0);
    commit(&p);
    end(&p);
}

/* In the middle of an edit, too. */
static void an_open_edit_is_encoded(void **state)
{
    struct yd_buf all = {0}, update = {0};
    struct yd_doc *copy = yd_doc_new(NULL);
    struct pair p;

    (void)state;
    assert_int_equal(yd_encode_text_insert(9, "t", 1, "nine", 4, &update), 0);
    begin(&p);
    yd_txn_commit(&p.txn, NULL);
    apply_ok(p.doc, update.data, update.len);
    assert_int_equal(yd_txn_begin(&p.txn, p.doc, 12), 0);
    assert_int_equal(insert(&p, 4, " twelve"), 0);
    assert_int_equal(yd_encode_diff(p.doc, NULL, 0, &all), 0);
    apply_ok(copy, all.data, all.len);
    assert_text(copy, "t", "nine twelve");
    yd_buf_free(&all);
    yd_buf_free(&update);
    yd_doc_free(copy);
    end(&p);
}

static void limits_hold_for_edits(void **state)
{
    const struct yd_limits limits = {.max_doc_bytes = 100};
    char big[101] = {0};
    struct pair p;

    (void)state;
    begin(&p);
    yd_doc_set_limits(p.doc, &limits);
    memset(big, 'x', 100);
    assert_int_equal(insert(&p, 0, big), 0);
    assert_int_equal(insert(&p, 0, "y"), YD_ERR_TOO_BIG);
    yd_doc_set_limits(p.doc, &(struct yd_limits){.max_doc_bytes = 50}); /* it may get smaller */
    assert_int_equal(yd_list_delete(&p.txn, T, 0, 10), 0);
    assert_int_equal(yd_list_len(p.doc, T), 90);
    end(&p);
}

static void bytes_and_units_are_translated(void **state)
{
    /* a ä € 😀 z: bytes 1 2 3 4 1, units 1 1 1 2 1 */
    static const uint32_t units[] = {0, 1, 2, 3, 5, 6}, bytes[] = {0, 1, 3, 6, 10, 11};
    struct pair p;
    uint32_t v;

    (void)state;
    begin(&p);
    assert_int_equal(yd_text_utf16_at(p.doc, T, 0, &v), YD_ERR_TARGET);
    insert(&p, 0, "a\xc3\xa4z");
    insert(&p, 2, "\xe2\x82\xac\xf0\x9f\x98\x80");
    commit(&p);
    for (size_t i = 0; i < 6; i++) {
        assert_int_equal(yd_text_utf16_at(p.doc, T, bytes[i], &v), 0);
        assert_int_equal(v, units[i]);
        assert_int_equal(yd_text_utf8_at(p.doc, T, units[i], &v), 0);
        assert_int_equal(v, bytes[i]);
    }
    assert_int_equal(yd_text_utf16_at(p.doc, T, 2, &v), YD_ERR_INDEX);
    assert_int_equal(yd_text_utf16_at(p.doc, T, 12, &v), YD_ERR_INDEX);
    assert_int_equal(yd_text_utf8_at(p.doc, T, 4, &v), YD_ERR_INDEX);
    assert_int_equal(yd_text_utf8_at(p.doc, T, 7, &v), YD_ERR_INDEX);
    end(&p);
}

static void types_nest_up_to_the_limit(void **state)
{
    struct yd_target at = yd_root("m");
    struct pair p;

    (void)state;
    begin(&p);
    for (int i = 0; i < YD_MAX_DEPTH; i++)
        assert_int_equal(yd_map_set_type(&p.txn, at, "k", 1, YD_MAP, NULL, 0, &at), 0);
    assert_int_equal(yd_map_set_type(&p.txn, at, "k", 1, YD_MAP, NULL, 0, NULL), YD_ERR_DEPTH);
    commit(&p);
    assert_int_equal(yd_map_delete(&p.txn, yd_root("m"), "k", 1), 0);
    assert_int_equal(yd_map_set(&p.txn, at, "k", 1, BYTES(126)), YD_ERR_TARGET);
    commit(&p);
    end(&p);
}

static void assert_json(const struct yd_doc *doc, struct yd_target at, enum yd_type_kind kind,
                        const char *expected)
{
    struct yd_buf out = {0};

    assert_int_equal(yd_json(doc, at, kind, &out), 0);
    yd_buf_append(&out, "", 1);
    assert_string_equal((const char *)out.data, expected);
    yd_buf_free(&out);
}

/* Each kind of value, made by hand. */
static void any_value_is_written(void **state)
{
    struct yd_buf v = {0};
    struct pair p;

    (void)state;
    yd_any_undefined(&v);
    yd_any_null(&v);
    yd_any_bool(&v, true);
    yd_any_bool(&v, false);
    yd_any_number(&v, -0.0);
    yd_any_number(&v, -64);
    yd_any_number(&v, 2147483647);
    yd_any_number(&v, 2147483648.0);
    yd_any_number(&v, 0.1);
    yd_any_bigint(&v, INT64_MIN);
    yd_any_bigint(&v, INT64_MAX);
    assert_int_equal(yd_any_string(&v, "a\"\n", 3), 0);
    assert_int_equal(yd_any_string(&v, "\xff", 1), YD_ERR_UTF8);
    yd_any_bytes(&v, "\0\xff\1", 3);
    yd_any_array(&v, 1);
    yd_any_object(&v, 2);
    assert_int_equal(yd_any_key(&v, "u", 1), 0);
    yd_any_undefined(&v);
    assert_int_equal(yd_any_key(&v, "\xc3", 1), YD_ERR_UTF8);
    assert_int_equal(yd_any_key(&v, "k", 1), 0);
    yd_any_string(&v, "", 0);
    begin(&p);
    assert_int_equal(yd_array_insert(&p.txn, yd_root("a"), 0, v.data, v.len, 14), 0);
    commit(&p);
    assert_json(p.replica, yd_root("a"), YD_ARRAY,
                "[null,null,true,false,0,-64,2147483647,2147483648,0.1,-9223372036854775808,"
                "9223372036854775807,\"a\\\"\\n\",\"AP8B\",[{\"k\":\"\"}]]");
    yd_buf_free(&v);
    end(&p);
}

static void arrays_and_maps_are_written(void **state)
{
    struct yd_target list;
    struct yd_buf v = {0};
    struct pair p;

    (void)state;
    begin(&p);
    assert_int_equal(yd_any_from_json(&v, "[1,{\"a\":\"\\ud83d\\ude00\"}]", 24), 0);
    assert_int_equal(yd_map_set(&p.txn, yd_root("m"), "k", 1, v.data, v.len), 0);
    assert_int_equal(yd_map_set(&p.txn, yd_root("m"), "k", 1, v.data, v.len), 0);
    assert_int_equal(yd_map_set_type(&p.txn, yd_root("m"), "list", 4, YD_ARRAY, NULL, 0, &list), 0);
    assert_int_equal(yd_array_insert(&p.txn, list, 0, BYTES(126, 120, 121), 3), 0);
    assert_int_equal(yd_array_insert(&p.txn, list, 1, BYTES(127), 1), 0);
    assert_int_equal(yd_list_len(p.doc, list), 4);
    assert_int_equal(yd_list_delete(&p.txn, list, 1, 2), 0);
    commit(&p);
    assert_json(p.replica, yd_root("m"), YD_MAP,
                "{\"list\":[null,false],\"k\":[1,{\"a\":\"\xf0\x9f\x98\x80\"}]}");
    yd_buf_free(&v);
    end(&p);
}

/* ---- the index of a long list ---------------------------------------------------------------- */

static uint32_t chain_of(struct yd_doc *doc)
{
    return doc->types[doc->names[yd_name_find(doc, (const uint8_t *)"t", 1)].root].list;
}

/* What the index says is what a walk finds. */
static void check_order(struct yd_doc *doc)
{
    uint32_t chain = chain_of(doc), item, offset;
    struct yd_size all = {0, 0, 0};

    for (uint32_t i = doc->chains[chain].head; i != YD_NONE; i = doc->items[i].right) {
        struct yd_size s = yd_item_size(&doc->items[i]), before = yd_list_before(doc, i);
        assert_memory_equal(&before, &all, sizeof(all));
        if (s.units > 0) {
            assert_true(
                yd_list_find(doc, chain, YD_BY_UNITS, all.units + s.units - 1, &item, &offset));
            assert_int_equal(item, i);
            assert_int_equal(offset, s.units - 1);
        }
        if (s.bytes > 0) {
            assert_true(yd_list_find(doc, chain, YD_BY_BYTES, all.bytes, &item, &offset));
            assert_int_equal(item, i);
            assert_int_equal(offset, 0);
        }
        if (doc->items[i].right != YD_NONE)
            assert_true(yd_list_is_left(doc, i, doc->items[i].right) &&
                        !yd_list_is_left(doc, doc->items[i].right, i));
        all.units += s.units;
        all.bytes += s.bytes;
    }
    assert_int_equal(yd_list_units(doc, chain), all.units);
    assert_false(yd_list_find(doc, chain, YD_BY_UNITS, all.units, &item, &offset));
}

/* Random edits against a plain array of characters; remote edits come in between. */
static void index_follows_all_edits(void **state)
{
    static const char *const words[] = {"a", "xyz", "hello world, ", "q"};
    struct yd_doc *remote = yd_doc_new(NULL);
    struct yd_buf text = {0};
    struct pair p;
    char *model = calloc(1, 1 << 20);
    size_t len = 0;

    (void)state;
    srand(5);
    begin(&p);
    for (int i = 0; i < 6000; i++) {
        size_t at = len ? (size_t)rand() % (len + 1) : 0, n;
        if (rand() % 3 == 0 && len > 0) {
            n = (size_t)rand() % 20 % (len - at + 1);
            n = i % 1000 == 999 ? len - at : n;
            assert_int_equal(yd_list_delete(&p.txn, T, (uint32_t)at, (uint32_t)n), 0);
            memmove(model + at, model + at + n, len - at - n);
            len -= n;
        } else {
            const char *w = words[rand() % 4];
            n = strlen(w);
            assert_int_equal(insert(&p, (uint32_t)at, w), 0);
            memmove(model + at + n, model + at, len - at);
            memcpy(model + at, w, n);
            len += n;
        }
        if (rand() % 4 == 0 || i % 1000 == 0) {
            struct yd_buf sv = {0}, diff = {0};
            struct yd_txn there;
            yd_txn_commit(&p.txn, NULL);
            if (i % 500 == 0) { /* somebody else edits, too */
                yd_encode_state_vector(remote, &sv);
                yd_encode_diff(p.doc, sv.data, sv.len, &diff);
                apply_ok(remote, diff.data, diff.len);
                yd_buf_free(&diff);
                yd_txn_begin(&there, remote, 9);
                yd_text_insert(&there, T, (uint32_t)(len / 2), "REMOTE", 6, NULL, 0);
                yd_txn_commit(&there, &diff);
                apply_ok(p.doc, diff.data, diff.len);
                memmove(model + len / 2 + 6, model + len / 2, len - len / 2);
                memcpy(model + len / 2, "REMOTE", 6);
                len += 6;
                yd_buf_free(&sv);
                yd_buf_free(&diff);
                check_order(p.doc);
            }
            yd_txn_begin(&p.txn, p.doc, 7);
        }
    }
    yd_text(p.doc, "t", 1, &text);
    assert_int_equal(text.len, len);
    assert_memory_equal(text.data, model, len);
    assert_non_null(p.doc->orders);
    yd_doc_trim(p.doc);
    assert_null(p.doc->orders);
    yd_buf_free(&text);
    free(model);
    yd_doc_free(remote);
    end(&p);
}

static void assert_delta(const struct yd_doc *doc, const char *expected)
{
    struct yd_buf out = {0};

    assert_int_equal(yd_delta(doc, T, &out), 0);
    yd_buf_append(&out, "", 1);
    assert_string_equal((const char *)out.data, expected);
    yd_buf_free(&out);
}

static void formats_are_marked_and_taken_back(void **state)
{
    const struct yd_attribute bold = {"b", 1, "true", 4}, plain = {"b", 1, "null", 4};
    struct pair p;
    size_t structs;

    (void)state;
    begin(&p);
    insert(&p, 0, "0123456789");
    commit(&p);
    assert_int_equal(yd_text_format(&p.txn, T, 2, 4, &bold, 1), 0);
    commit(&p);
    structs = yd_struct_count(p.doc);
    assert_int_equal(structs, 5);
    assert_delta(p.replica,
                 "[{\"insert\":\"01\"},{\"insert\":\"2345\",\"attributes\":{\"b\":true}},"
                 "{\"insert\":\"6789\"}]");
    assert_int_equal(yd_text_format(&p.txn, T, 2, 4, &bold, 1), 0); /* is bold already */
    assert_false(commit(&p));
    assert_int_equal(yd_text_format(&p.txn, T, 0, 10, &plain, 1), 0);
    commit(&p);
    assert_int_equal(yd_text_insert(&p.txn, T, 10, "B", 1, &bold, 1), 0);
    assert_int_equal(insert(&p, 11, "C"), 0); /* bold as well */
    assert_int_equal(yd_text_insert_embed(&p.txn, T, 3, "{\"x\":1}", 7, NULL, 0), 0);
    commit(&p);
    assert_int_equal(yd_text_format(&p.txn, T, 2, 4, &(struct yd_attribute){"b", 1, "{", 1}, 1),
                     YD_ERR_JSON);
    assert_int_equal(yd_text_format(&p.txn, T, 2, 40, &bold, 1), YD_ERR_INDEX);
    assert_delta(p.replica, "[{\"insert\":\"012\"},{\"insert\":{\"x\":1}},{\"insert\":\"3456789\"},"
                            "{\"insert\":\"BC\",\"attributes\":{\"b\":true}}]");
    end(&p);
}

static void documents_without_edits_have_no_index(void **state)
{
    struct yd_doc *doc = yd_doc_new(NULL);
    struct yd_buf update = {0};

    (void)state;
    assert_int_equal(yd_encode_text_insert(3, "t", 1, "text", 4, &update), 0);
    apply_ok(doc, update.data, update.len);
    assert_null(doc->orders);
    yd_buf_free(&update);
    yd_doc_free(doc);
}

/* Counts what is held: each block has its size in front. */
static void *counting_resize(void *ctx, void *p, size_t size)
{
    size_t *held = ctx, *block = p ? (size_t *)p - 2 : NULL;

    *held -= block ? *block : 0;
    if (size == 0) {
        free(block);
        return NULL;
    }
    block = realloc(block, size + 2 * sizeof(size_t));
    *block = size;
    *held += size;
    return block + 2;
}

static void index_comes_from_the_allocator_and_goes(void **state)
{
    size_t held = 0, before;
    const struct yd_allocator alloc = {counting_resize, &held};
    struct yd_doc *doc = yd_doc_new(&alloc);
    struct yd_txn txn;

    (void)state;
    yd_txn_begin(&txn, doc, 7);
    for (uint32_t i = 0; i < 1000; i++)
        yd_text_insert(&txn, T, i / 2, "x", 1, NULL, 0);
    assert_non_null(doc->orders);
    yd_txn_commit(&txn, NULL);
    assert_int_equal(held, yd_memory_bytes(doc));
    before = held;
    yd_doc_trim(doc);
    assert_true(held < before);
    assert_int_equal(held, yd_memory_bytes(doc));
    assert_int_equal(yd_list_len(doc, T), 1000); /* it is built again */
    yd_doc_free(doc);
    assert_int_equal(held, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_written_and_broadcast),
        cmocka_unit_test(bad_edits_change_nothing),
        cmocka_unit_test(bad_edits_make_no_root),
        cmocka_unit_test(marks_count_as_well),
        cmocka_unit_test(an_open_edit_is_encoded),
        cmocka_unit_test(any_value_is_written),
        cmocka_unit_test(limits_hold_for_edits),
        cmocka_unit_test(bytes_and_units_are_translated),
        cmocka_unit_test(types_nest_up_to_the_limit),
        cmocka_unit_test(arrays_and_maps_are_written),
        cmocka_unit_test(index_follows_all_edits),
        cmocka_unit_test(formats_are_marked_and_taken_back),
        cmocka_unit_test(documents_without_edits_have_no_index),
        cmocka_unit_test(index_comes_from_the_allocator_and_goes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
