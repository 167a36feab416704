/* Writing text, and its formats. */
#include "tests/unit/ydoc/pair.h"
#include "ydoc/internal.h"
#include "ydoc/read.h"

#include <stdio.h>

static void text_is_written_and_broadcast(void **state)
{
    struct pair p;

    (void)state;
    pair_begin(&p);
    assert_int_equal(pair_insert(&p, 0, "hello"), 0);
    assert_int_equal(pair_insert(&p, 5, " world"), 0);
    assert_int_equal(pair_insert(&p, 5, ","), 0);
    assert_true(pair_commit(&p));
    assert_text(p.replica, "t", "hello, world");
    assert_int_equal(yd_list_delete(&p.txn, T, 1, 10), 0);
    assert_true(pair_commit(&p));
    assert_text(p.replica, "t", "hd");
    assert_int_equal(pair_insert(&p, 1, "ol"), 0);
    assert_int_equal(pair_insert(&p, 2, "u"), 0);
    assert_true(pair_commit(&p));
    assert_text(p.replica, "t", "hould");
    assert_false(pair_commit(&p));
    pair_end(&p);
}

static void bytes_and_units_are_translated(void **state)
{
    /* a ä € 😀 z: bytes 1 2 3 4 1, units 1 1 1 2 1 */
    static const uint32_t units[] = {0, 1, 2, 3, 5, 6}, bytes[] = {0, 1, 3, 6, 10, 11};
    struct pair p;
    uint32_t v;

    (void)state;
    pair_begin(&p);
    assert_int_equal(yd_text_utf16_at(p.doc, T, 0, &v), YD_ERR_TARGET);
    pair_insert(&p, 0, "a\xc3\xa4z");
    pair_insert(&p, 2, "\xe2\x82\xac\xf0\x9f\x98\x80");
    pair_commit(&p);
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
    pair_end(&p);
}

/* ---- formats ---- */

/* What is put among formats takes them away before itself, and puts them back. */
static void marks_count_as_well(void **state)
{
    struct pair p;
    char key[8];

    (void)state;
    pair_begin(&p);
    pair_insert(&p, 0, "ab");
    for (int i = 0; i < 20; i++) {
        int len = snprintf(key, sizeof(key), "k%d", i);
        const struct yd_attribute a = {key, (size_t)len, "true", 4};
        assert_int_equal(yd_text_format(&p.txn, T, 0, 2, &a, 1), 0);
    }
    pair_commit(&p);
    p.doc->clients[yd_slot_find(p.doc, 7)].state += UINT32_MAX - 70; /* some are left */
    assert_int_equal(
        yd_text_insert(&p.txn, T, 1, "x", 1, &(struct yd_attribute){"k", 1, "1", 1}, 1),
        YD_ERR_RANGE);
    p.doc->clients[yd_slot_find(p.doc, 7)].state -= UINT32_MAX - 70;
    assert_int_equal(
        yd_text_insert(&p.txn, T, 1, "x", 1, &(struct yd_attribute){"k", 1, "1", 1}, 1), 0);
    pair_commit(&p);
    pair_end(&p);
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
    pair_begin(&p);
    pair_insert(&p, 0, "0123456789");
    pair_commit(&p);
    assert_int_equal(yd_text_format(&p.txn, T, 2, 4, &bold, 1), 0);
    pair_commit(&p);
    structs = yd_struct_count(p.doc);
    assert_int_equal(structs, 5);
    assert_delta(p.replica,
                 "[{\"insert\":\"01\"},{\"insert\":\"2345\",\"attributes\":{\"b\":true}},"
                 "{\"insert\":\"6789\"}]");
    assert_int_equal(yd_text_format(&p.txn, T, 2, 4, &bold, 1), 0); /* is bold already */
    assert_false(pair_commit(&p));
    assert_int_equal(yd_text_format(&p.txn, T, 0, 10, &plain, 1), 0);
    pair_commit(&p);
    assert_int_equal(yd_text_insert(&p.txn, T, 10, "B", 1, &bold, 1), 0);
    assert_int_equal(pair_insert(&p, 11, "C"), 0); /* bold as well */
    assert_int_equal(yd_text_insert_embed(&p.txn, T, 3, "{\"x\":1}", 7, NULL, 0), 0);
    pair_commit(&p);
    assert_int_equal(yd_text_format(&p.txn, T, 2, 4, &(struct yd_attribute){"b", 1, "{", 1}, 1),
                     YD_ERR_JSON);
    assert_int_equal(yd_text_format(&p.txn, T, 2, 40, &bold, 1), YD_ERR_INDEX);
    assert_delta(p.replica, "[{\"insert\":\"012\"},{\"insert\":{\"x\":1}},{\"insert\":\"3456789\"},"
                            "{\"insert\":\"BC\",\"attributes\":{\"b\":true}}]");
    pair_end(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_written_and_broadcast),
        cmocka_unit_test(bytes_and_units_are_translated),
        cmocka_unit_test(marks_count_as_well),
        cmocka_unit_test(formats_are_marked_and_taken_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
