/* What the decoder refuses: each case would make a stock client throw, hang, or differ from us. */
#include "tests/unit/ydoc/support.h"

#include <stdlib.h>

static void empty_update_is_fine(void **state)
{
    struct yd_doc *doc = yd_doc_new(NULL);
    struct yd_result res = apply_ok(doc, BYTES(0, 0));

    (void)state;
    assert_false(res.changed || res.has_new);
    assert_true(res.complete);
    yd_doc_free(doc);
}

static void every_truncation_is_refused(void **state)
{
    static const uint8_t whole[] = {1, 2, 5, 0,   0x04, ROOT_T, 3, 'a', 'b', 'c', 0x88,
                                    5, 2, 1, 125, 7,    1,      5, 1,   0,   1};

    (void)state;
    assert_int_equal(yd_update_check(whole, sizeof(whole), NULL), 0);
    for (size_t len = 0; len < sizeof(whole); len++)
        assert_refused(YD_ERR_TRUNCATED, whole, len);
}

static void bytes_behind_the_end_are_refused(void **state)
{
    (void)state;
    assert_refused(YD_ERR_TRAILING, BYTES(0, 0, 0));
}

static void huge_counts_are_refused_without_memory(void **state)
{
    (void)state;
    assert_refused(YD_ERR_TRUNCATED, BYTES(0xff, 0xff, 0xff, 0xff, 0x0f, 0));
    assert_refused(YD_ERR_TRUNCATED, BYTES(1, 0xff, 0xff, 0xff, 0xff, 0x0f, 5, 0, 0));
    assert_refused(YD_ERR_TRUNCATED, BYTES(0, 1, 5, 0xff, 0xff, 0xff, 0xff, 0x0f, 0));
    assert_refused(YD_ERR_TRUNCATED,
                   BYTES(1, 1, 5, 0, 0x08, ROOT_T, 0xff, 0xff, 0xff, 0x0f, 126, 0));
    assert_refused(YD_ERR_TRUNCATED,
                   BYTES(1, 1, 5, 0, 0x08, ROOT_T, 1, 117, 0xff, 0xff, 0xff, 0x0f, 0));
}

static void numbers_above_53_bits_are_refused(void **state)
{
    (void)state;
    assert_refused(YD_ERR_VARINT,
                   BYTES(1, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, 0, 0));
    assert_refused(YD_ERR_VARINT, BYTES(0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0));
}

#define ANY_INTEGER ONE_CLIENT(1, 5, 0), 0x08, ROOT_T, 1, 125

static void integers_beyond_53_bits_are_refused(void **state)
{
    struct yd_doc *doc = yd_doc_new(NULL);

    (void)state;
    apply_ok(doc, BYTES(ANY_INTEGER, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x1f, 0));
    assert_refused(YD_ERR_VARINT,
                   BYTES(ANY_INTEGER, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x20, 0));
    assert_refused(YD_ERR_VARINT,
                   BYTES(ANY_INTEGER, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0, 0));
    assert_refused(YD_ERR_TRUNCATED, BYTES(ANY_INTEGER, 0x80, 0x80));
    yd_doc_free(doc);
}

static void clocks_above_32_bits_are_refused(void **state)
{
    (void)state;
    assert_refused(YD_ERR_RANGE, BYTES(1, 1, 5, 0xff, 0xff, 0xff, 0xff, 0x1f, 0, 1, 0));
    assert_refused(YD_ERR_RANGE,
                   BYTES(1, 1, 5, 0xff, 0xff, 0xff, 0xff, 0x0f, 0, 1, 0)); /* clock + len */
    assert_refused(YD_ERR_RANGE, BYTES(0, 1, 5, 1, 0xff, 0xff, 0xff, 0xff, 0x0f, 1));
}

static void text_that_is_not_utf8_is_refused(void **state)
{
    (void)state;
    assert_refused(YD_ERR_UTF8, BYTES(1, 1, 5, 0, 0x04, ROOT_T, 1, 0xff, 0));
    assert_refused(YD_ERR_UTF8, BYTES(1, 1, 5, 0, 0x04, ROOT_T, 2, 0xc0, 0x80, 0)); /* overlong */
    assert_refused(YD_ERR_UTF8,
                   BYTES(1, 1, 5, 0, 0x04, ROOT_T, 3, 0xed, 0xa0, 0x80, 0)); /* surrogate */
    assert_refused(YD_ERR_UTF8,
                   BYTES(1, 1, 5, 0, 0x04, ROOT_T, 4, 0xf4, 0x90, 0x80, 0x80, 0));  /* > 10ffff */
    assert_refused(YD_ERR_UTF8, BYTES(1, 1, 5, 0, 0x04, ROOT_T, 2, 0xe2, 0x82, 0)); /* cut */
}

static void names_that_are_not_utf8_are_refused(void **state)
{
    (void)state;
    assert_refused(YD_ERR_UTF8, BYTES(1, 1, 5, 0, 0x04, 1, 1, 0xff, 1, 'a', 0));      /* root */
    assert_refused(YD_ERR_UTF8, BYTES(1, 1, 5, 0, 0x24, ROOT_T, 1, 0xff, 1, 'a', 0)); /* key */
    assert_refused(YD_ERR_UTF8, BYTES(1, 1, 5, 0, 0x06, ROOT_T, 1, 0xff, 1, '1', 0)); /* format */
    assert_refused(YD_ERR_UTF8, BYTES(1, 1, 5, 0, 0x07, ROOT_T, 3, 1, 0xff, 0));      /* element */
    assert_refused(YD_ERR_UTF8,
                   BYTES(1, 1, 5, 0, 0x09, ROOT_T, 1, 0xff, 118, 0, 0)); /* subdocument */
    assert_refused(YD_ERR_UTF8, BYTES(1, 1, 5, 0, 0x08, ROOT_T, 1, 119, 1, 0xff, 0)); /* any */
    assert_refused(YD_ERR_UTF8,
                   BYTES(1, 1, 5, 0, 0x08, ROOT_T, 1, 118, 1, 1, 0xff, 126, 0)); /* any's key */
}

static void json_that_clients_cannot_parse_is_refused(void **state)
{
    (void)state;
    assert_refused(YD_ERR_JSON, BYTES(1, 1, 5, 0, 0x05, ROOT_T, 1, '{', 0));
    assert_refused(YD_ERR_JSON, BYTES(1, 1, 5, 0, 0x05, ROOT_T, 0, 0));
    assert_refused(YD_ERR_JSON, BYTES(1, 1, 5, 0, 0x05, ROOT_T, 2, '0', '1', 0));
    assert_refused(YD_ERR_JSON, BYTES(1, 1, 5, 0, 0x06, ROOT_T, 1, 'b', 2, '"', '\n', 0));
    assert_refused(YD_ERR_JSON, BYTES(1, 1, 5, 0, 0x05, ROOT_T, 9, 'u', 'n', 'd', 'e', 'f', 'i',
                                      'n', 'e', 'd', 0));
}

static void legacy_json_may_be_undefined(void **state)
{
    struct yd_doc *doc = yd_doc_new(NULL);

    (void)state;
    apply_ok(doc, BYTES(1, 1, 5, 0, 0x02, ROOT_T, 2, 9, 'u', 'n', 'd', 'e', 'f', 'i', 'n', 'e', 'd',
                        2, '{', '}', 0));
    yd_doc_free(doc);
}

static void unknown_kinds_are_refused(void **state)
{
    (void)state;
    assert_refused(YD_ERR_KIND, BYTES(1, 1, 5, 0, 0x0b, ROOT_T, 1, 'a', 0));
    assert_refused(YD_ERR_KIND, BYTES(1, 1, 5, 0, 0x1f, ROOT_T, 1, 'a', 0));
    assert_refused(YD_ERR_KIND, BYTES(1, 1, 5, 0, 0x07, ROOT_T, 7, 0));      /* type */
    assert_refused(YD_ERR_KIND, BYTES(1, 1, 5, 0, 0x08, ROOT_T, 1, 115, 0)); /* any */
    assert_refused(YD_ERR_KIND,
                   BYTES(1, 1, 5, 0, 0x09, ROOT_T, 1, 'g', 126, 0)); /* options: null */
}

static void subdocument_with_two_names_is_refused(void **state)
{
    (void)state;
    assert_refused(YD_ERR_KIND, BYTES(1, 1, 5, 0, 0x09, ROOT_T, 1, 'g', 118, 1, 4, 'g', 'u', 'i',
                                      'd', 125, 1, 0));
    assert_refused(YD_ERR_TRUNCATED, BYTES(1, 1, 5, 0, 0x09, ROOT_T, 1, 'g', 118, 0xff, 0x7f, 0));
    assert_int_equal(
        yd_update_check(BYTES(1, 1, 5, 0, 0x09, ROOT_T, 1, 'g', 118, 1, 2, 'g', 'c', 121, 0), NULL),
        0);
}

static void empty_structs_are_refused(void **state)
{
    (void)state;
    assert_refused(YD_ERR_EMPTY, BYTES(1, 1, 5, 0, 0, 0, 0));
    assert_refused(YD_ERR_EMPTY, BYTES(1, 1, 5, 0, 0x04, ROOT_T, 0, 0));
    assert_refused(YD_ERR_EMPTY, BYTES(1, 1, 5, 0, 0x08, ROOT_T, 0, 0));
    assert_refused(YD_ERR_EMPTY, BYTES(1, 1, 5, 0, 10, 0, 0));
}

static void structs_that_need_themselves_are_refused(void **state)
{
    (void)state;
    assert_refused(YD_ERR_REFERENCE, BYTES(1, 1, 5, 0, 0x84, 5, 0, 1, 'a', 0));
    assert_refused(YD_ERR_REFERENCE, BYTES(1, 1, 5, 0, 0x44, 5, 9, 1, 'a', 0));
    assert_refused(YD_ERR_REFERENCE, BYTES(1, 1, 5, 0, 0x07, 0, 5, 0, 0, 0)); /* its own parent */
}

static void a_client_that_comes_twice_is_refused(void **state)
{
    (void)state;
    assert_refused(YD_ERR_DUPLICATE,
                   BYTES(2, 1, 5, 0, 0x04, ROOT_T, 1, 'a', 1, 5, 1, 0x04, ROOT_T, 1, 'b', 0));
}

/* `any` nested n times: arrays in arrays, or "[[[" as JSON. */
static int check_nested(uint8_t open, size_t n, bool json)
{
    struct yd_buf b = {0}, value = {0};
    const uint8_t head[] = {1, 1, 5, 0, (uint8_t)(json ? 0x05 : 0x08), ROOT_T};
    const uint8_t one = 1, null = 126, zero = 0;
    int err;

    yd_buf_append(&b, head, sizeof(head));
    for (size_t i = 0; i < n; i++) {
        yd_buf_append(&value, &open, 1);
        if (!json)
            yd_buf_append(&value, &one, 1);
    }
    if (!json)
        yd_buf_append(&value, &null, 1);
    for (size_t i = 0; i < n && json; i++)
        yd_buf_append(&value, "]", 1);
    if (json) {
        yd_buf_put_bytes(&b, value.data, value.len);
    } else {
        yd_buf_append(&b, &one, 1);
        yd_buf_append(&b, value.data, value.len);
    }
    yd_buf_append(&b, &zero, 1);
    err = yd_update_check(b.data, b.len, NULL);
    yd_buf_free(&b);
    yd_buf_free(&value);
    return err;
}

static void deep_values_are_refused(void **state)
{
    (void)state;
    assert_int_equal(check_nested(117, YD_MAX_DEPTH, false), 0);
    assert_int_equal(check_nested(117, YD_MAX_DEPTH + 1, false), YD_ERR_DEPTH);
    assert_int_equal(check_nested(117, 500000, false), YD_ERR_DEPTH);
    assert_int_equal(check_nested('[', YD_MAX_DEPTH, true), 0);
    assert_int_equal(check_nested('[', 500000, true), YD_ERR_DEPTH);
}

/* n types, each in the one before, made by alternating clients or by one. */
static struct yd_buf nested_types(uint8_t client, uint32_t n, bool from_root)
{
    struct yd_buf b = {0};

    yd_buf_put_varuint(&b, 1);
    yd_buf_put_varuint(&b, n);
    yd_buf_put_varuint(&b, client);
    yd_buf_put_varuint(&b, from_root ? 0 : 1);
    for (uint32_t i = 0; i < n; i++) {
        yd_buf_put_varuint(&b, 0x07);
        if (i == 0 && from_root) {
            yd_buf_append(&b, (const uint8_t[]){ROOT_T}, 3);
        } else {
            yd_buf_put_varuint(&b, 0);
            yd_buf_put_varuint(&b, client);
            yd_buf_put_varuint(&b, from_root ? i - 1 : i);
        }
        yd_buf_put_varuint(&b, 0); /* an array */
    }
    yd_buf_put_varuint(&b, 0);
    return b;
}

static void types_nested_too_deeply_are_refused(void **state)
{
    struct yd_doc *doc = yd_doc_new(NULL);
    struct yd_buf fits = nested_types(5, YD_MAX_DEPTH, true);
    struct yd_buf deep = nested_types(6, 20000, true);
    struct yd_result res;

    (void)state;
    apply_ok(doc, fits.data, fits.len);
    assert_int_equal(yd_apply_update(doc, deep.data, deep.len, &res), YD_ERR_DEPTH);
    assert_false(res.changed);
    yd_buf_free(&fits);
    yd_buf_free(&deep);
    yd_doc_free(doc);
}

static void types_too_deep_that_waited_are_dropped(void **state)
{
    struct yd_doc *doc = yd_doc_new(NULL);
    struct yd_buf waits = nested_types(5, YD_MAX_DEPTH, false);

    (void)state;
    assert_false(apply_ok(doc, waits.data, waits.len).complete);
    apply_ok(doc, BYTES(1, 1, 5, 0, 0x07, ROOT_T, 0, 0)); /* the first; one too many in all */
    assert_int_equal(yd_pending_bytes(doc), 0);
    assert_int_equal(yd_struct_count(doc), YD_MAX_DEPTH);
    yd_buf_free(&waits);
    yd_doc_free(doc);
}

static void parents_in_a_circle_wait_and_do_not_hang(void **state)
{
    struct yd_doc *doc = yd_doc_new(NULL);
    struct yd_result res =
        apply_ok(doc, BYTES(2, 1, 6, 0, 0x07, 0, 5, 0, 0, 1, 5, 0, 0x07, 0, 6, 0, 0, 0));

    (void)state;
    assert_false(res.changed || res.complete);
    assert_true(res.has_new);
    assert_int_equal(yd_struct_count(doc), 0);
    yd_doc_free(doc);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(empty_update_is_fine),
        cmocka_unit_test(every_truncation_is_refused),
        cmocka_unit_test(bytes_behind_the_end_are_refused),
        cmocka_unit_test(huge_counts_are_refused_without_memory),
        cmocka_unit_test(numbers_above_53_bits_are_refused),
        cmocka_unit_test(integers_beyond_53_bits_are_refused),
        cmocka_unit_test(clocks_above_32_bits_are_refused),
        cmocka_unit_test(text_that_is_not_utf8_is_refused),
        cmocka_unit_test(names_that_are_not_utf8_are_refused),
        cmocka_unit_test(json_that_clients_cannot_parse_is_refused),
        cmocka_unit_test(legacy_json_may_be_undefined),
        cmocka_unit_test(unknown_kinds_are_refused),
        cmocka_unit_test(subdocument_with_two_names_is_refused),
        cmocka_unit_test(empty_structs_are_refused),
        cmocka_unit_test(structs_that_need_themselves_are_refused),
        cmocka_unit_test(a_client_that_comes_twice_is_refused),
        cmocka_unit_test(deep_values_are_refused),
        cmocka_unit_test(types_nested_too_deeply_are_refused),
        cmocka_unit_test(types_too_deep_that_waited_are_dropped),
        cmocka_unit_test(parents_in_a_circle_wait_and_do_not_hang),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
