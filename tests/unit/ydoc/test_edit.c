/* Writing in a document: what is refused, limits, values, arrays and maps. */
#include "tests/unit/ydoc/pair.h"
#include "ydoc/any.h"
#include "ydoc/read.h"

static void bad_edits_change_nothing(void **state)
{
    struct yd_txn second;
    struct pair p;

    (void)state;
    pair_begin(&p);
    assert_int_equal(pair_insert(&p, 0, "a\xf0\x9f\x98\x80z"), 0);
    pair_commit(&p);
    assert_int_equal(yd_txn_begin(&second, p.doc, 8), YD_ERR_BUSY);
    assert_int_equal(yd_apply_update(p.doc, BYTES(0, 0), NULL), YD_ERR_BUSY);
    assert_int_equal(pair_insert(&p, 5, "x"), YD_ERR_INDEX);
    assert_int_equal(pair_insert(&p, 2, "x"), YD_ERR_INDEX); /* inside the pair */
    assert_int_equal(pair_insert(&p, 0, "\xff"), YD_ERR_UTF8);
    assert_int_equal(pair_insert(&p, 0, "\xed\xa0\x80"), YD_ERR_UTF8); /* a lone surrogate */
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
    assert_false(pair_commit(&p));
    assert_text(p.doc, "t", "a\xf0\x9f\x98\x80z");
    assert_int_equal(yd_list_delete(&p.txn, T, 1, 2), 0);
    pair_commit(&p);
    assert_text(p.replica, "t", "az");
    pair_end(&p);
}

/* Of a root that is not there: not even its name comes in. */
static void bad_edits_make_no_root(void **state)
{
    const struct yd_attribute bold = {"b", 1, "true", 4};
    struct yd_target at = yd_root("a name that nobody uses");
    struct pair p;
    size_t memory;

    (void)state;
    pair_begin(&p);
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
    assert_false(pair_commit(&p));
    assert_int_equal(pair_insert(&p, 0, "x"), 0);
    pair_commit(&p);
    pair_end(&p);
}

/* In the middle of an edit, too. */
static void an_open_edit_is_encoded(void **state)
{
    struct yd_buf all = {0}, update = {0};
    struct yd_doc *copy = yd_doc_new(NULL);
    struct pair p;

    (void)state;
    assert_int_equal(yd_encode_text_insert(9, "t", 1, "nine", 4, &update), 0);
    pair_begin(&p);
    yd_txn_commit(&p.txn, NULL);
    apply_ok(p.doc, update.data, update.len);
    assert_int_equal(yd_txn_begin(&p.txn, p.doc, 12), 0);
    assert_int_equal(pair_insert(&p, 4, " twelve"), 0);
    assert_int_equal(yd_encode_diff(p.doc, NULL, 0, &all), 0);
    apply_ok(copy, all.data, all.len);
    assert_text(copy, "t", "nine twelve");
    yd_buf_free(&all);
    yd_buf_free(&update);
    yd_doc_free(copy);
    pair_end(&p);
}

static void limits_hold_for_edits(void **state)
{
    const struct yd_limits limits = {.max_doc_bytes = 100};
    char big[101] = {0};
    struct pair p;

    (void)state;
    pair_begin(&p);
    yd_doc_set_limits(p.doc, &limits);
    memset(big, 'x', 100);
    assert_int_equal(pair_insert(&p, 0, big), 0);
    assert_int_equal(pair_insert(&p, 0, "y"), YD_ERR_TOO_BIG);
    yd_doc_set_limits(p.doc, &(struct yd_limits){.max_doc_bytes = 50}); /* it may get smaller */
    assert_int_equal(yd_list_delete(&p.txn, T, 0, 10), 0);
    assert_int_equal(yd_list_len(p.doc, T), 90);
    pair_end(&p);
}

static void types_nest_up_to_the_limit(void **state)
{
    struct yd_target at = yd_root("m");
    struct pair p;

    (void)state;
    pair_begin(&p);
    for (int i = 0; i < YD_MAX_DEPTH; i++)
        assert_int_equal(yd_map_set_type(&p.txn, at, "k", 1, YD_MAP, NULL, 0, &at), 0);
    assert_int_equal(yd_map_set_type(&p.txn, at, "k", 1, YD_MAP, NULL, 0, NULL), YD_ERR_DEPTH);
    pair_commit(&p);
    assert_int_equal(yd_map_delete(&p.txn, yd_root("m"), "k", 1), 0);
    assert_int_equal(yd_map_set(&p.txn, at, "k", 1, BYTES(126)), YD_ERR_TARGET);
    pair_commit(&p);
    pair_end(&p);
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
    pair_begin(&p);
    assert_int_equal(yd_array_insert(&p.txn, yd_root("a"), 0, v.data, v.len, 14), 0);
    pair_commit(&p);
    assert_json(p.replica, yd_root("a"), YD_ARRAY,
                "[null,null,true,false,0,-64,2147483647,2147483648,0.1,-9223372036854775808,"
                "9223372036854775807,\"a\\\"\\n\",\"AP8B\",[{\"k\":\"\"}]]");
    yd_buf_free(&v);
    pair_end(&p);
}

static void arrays_and_maps_are_written(void **state)
{
    struct yd_target list;
    struct yd_buf v = {0};
    struct pair p;

    (void)state;
    pair_begin(&p);
    assert_int_equal(yd_any_from_json(&v, "[1,{\"a\":\"\\ud83d\\ude00\"}]", 24), 0);
    assert_int_equal(yd_map_set(&p.txn, yd_root("m"), "k", 1, v.data, v.len), 0);
    assert_int_equal(yd_map_set(&p.txn, yd_root("m"), "k", 1, v.data, v.len), 0);
    assert_int_equal(yd_map_set_type(&p.txn, yd_root("m"), "list", 4, YD_ARRAY, NULL, 0, &list), 0);
    assert_int_equal(yd_array_insert(&p.txn, list, 0, BYTES(126, 120, 121), 3), 0);
    assert_int_equal(yd_array_insert(&p.txn, list, 1, BYTES(127), 1), 0);
    assert_int_equal(yd_list_len(p.doc, list), 4);
    assert_int_equal(yd_list_delete(&p.txn, list, 1, 2), 0);
    pair_commit(&p);
    assert_json(p.replica, yd_root("m"), YD_MAP,
                "{\"list\":[null,false],\"k\":[1,{\"a\":\"\xf0\x9f\x98\x80\"}]}");
    yd_buf_free(&v);
    pair_end(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bad_edits_change_nothing),    cmocka_unit_test(bad_edits_make_no_root),
        cmocka_unit_test(an_open_edit_is_encoded),     cmocka_unit_test(any_value_is_written),
        cmocka_unit_test(limits_hold_for_edits),       cmocka_unit_test(types_nest_up_to_the_limit),
        cmocka_unit_test(arrays_and_maps_are_written),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
