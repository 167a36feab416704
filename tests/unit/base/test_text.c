#include "tests/unit/unit.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/mem.h"
#include "base/quote.h"
#include "base/utf.h"

static bool valid(const char *s, size_t len)
{
    return cr_utf8_is_valid((const uint8_t *)s, len);
}

static void utf8_is_taken_by_the_letter_of_rfc_3629(void **state)
{
    static const char *const good[] = {"",
                                       "a",
                                       "\xc3\xa9",
                                       "\xe2\x82\xac",
                                       "\xf0\x9f\x98\x80",
                                       "\xf4\x8f\xbf\xbf",
                                       "\xed\x9f\xbf",
                                       "\xee\x80\x80"};
    static const char *const bad[] = {"\x80",
                                      "\xc0\x80",
                                      "\xc1\xbf",
                                      "\xe0\x80\x80",
                                      "\xed\xa0\x80",
                                      "\xed\xbf\xbf",
                                      "\xf0\x80\x80\x80",
                                      "\xf4\x90\x80\x80",
                                      "\xf5\x80\x80\x80",
                                      "\xff",
                                      "\xe2\x82",
                                      "\xf0\x9f\x98",
                                      "a\xc3",
                                      "\xc3\x28"};

    (void)state;
    for (size_t i = 0; i < CR_COUNT(good); i++)
        assert_true(valid(good[i], strlen(good[i])));
    for (size_t i = 0; i < CR_COUNT(bad); i++)
        assert_false(valid(bad[i], strlen(bad[i])));
}

static void lengths_are_counted_in_units_and_characters(void **state)
{
    const uint8_t *s = (const uint8_t *)"a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80";

    (void)state;
    assert_int_equal(cr_utf8_len_utf16(s, 10), 5);
    assert_int_equal(cr_utf8_len_chars(s, 10), 4);
}

static void controls_and_overrides_are_found(void **state)
{
    static const char *const bad[] = {"a\n",          "\x7f", "\xc2\x85",     "\xe2\x80\xae",
                                      "\xe2\x81\xa6", "\xff", "\xe2\x80\xa8", "\xe2\x80\xa9"};

    (void)state;
    for (size_t i = 0; i < CR_COUNT(bad); i++)
        assert_true(cr_utf8_has_control(bad[i], strlen(bad[i])));
    assert_true(cr_utf8_has_control("a\0b", 3));
    assert_false(cr_utf8_has_control("Zo\xc3\xab \xf0\x9f\x98\x80", 9));
}

static void nfc_joins_what_belongs_together(void **state)
{
    (void)state;
    cr_auto_free char *joined = cr_utf8_nfc("e\xcc\x81", 3);
    assert_string_equal(joined, "\xc3\xa9");
    cr_auto_free char *empty = cr_utf8_nfc("", 0);
    assert_string_equal(empty, "");
    assert_null(cr_utf8_nfc("\xff", 1));
}

static void folding_ignores_case(void **state)
{
    (void)state;
    cr_auto_free char *a = cr_utf8_fold("Stra\xc3\x9f"
                                        "e",
                                        7);
    cr_auto_free char *b = cr_utf8_fold("STRASSE", 7);
    assert_string_equal(a, b);
}

static void quoted(const char *in, size_t len, const char *expected)
{
    CR_AUTO_BUF b = {0};

    cr_quote_json(&b, in, len);
    assert_string_equal(cr_buf_cstr(&b), expected);
}

static void quoting_makes_any_bytes_a_json_string(void **state)
{
    (void)state;
    quoted("", 0, "\"\"");
    quoted("a\"b\\c\n\r\t", 8, "\"a\\\"b\\\\c\\n\\r\\t\"");
    quoted("\0\x1b\x7f", 3, "\"\\u0000\\u001b\\u007f\"");
    quoted("\xc3\xa9\xff\xe2\x82", 5, "\"\xc3\xa9\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
    quoted("\xe2\x80\xa8", 3, "\"\\u2028\"");
}

static void ids_are_valid_and_differ(void **state)
{
    char a[CR_ID_SIZE], b[CR_ID_SIZE];

    (void)state;
    cr_id_new(a);
    cr_id_new(b);
    assert_true(cr_id_is_valid(a));
    assert_string_not_equal(a, b);
}

static void other_texts_are_no_ids(void **state)
{
    (void)state;
    assert_false(cr_id_is_valid(NULL));
    assert_false(cr_id_is_valid(""));
    assert_false(cr_id_is_valid("0123456789abcdefghi"));   /* 19 */
    assert_true(cr_id_is_valid("0123456789abcdefghij"));   /* 20 */
    assert_false(cr_id_is_valid("0123456789abcdefghijk")); /* 21 */
    assert_false(cr_id_is_valid("0123456789abcdefghiw"));
    assert_false(cr_id_is_valid("0123456789ABCDEFGHIJ"));
    assert_false(cr_id_is_valid("0123456789abcdef/../"));
}

static void times_are_written_as_rfc_3339(void **state)
{
    char out[32];

    (void)state;
    cr_wall_format(1769860800123, out, sizeof out);
    assert_string_equal(out, "2026-01-31T12:00:00.123Z");
    cr_wall_format(0, out, sizeof out);
    assert_string_equal(out, "1970-01-01T00:00:00.000Z");
    cr_wall_format(-1, out, sizeof out);
    assert_string_equal(out, "1969-12-31T23:59:59.999Z");
}

static void monotonic_clock_does_not_go_back(void **state)
{
    int64_t a = cr_mono_us();
    int64_t b = cr_mono_us();

    (void)state;
    assert_true(b >= a);
    assert_true(cr_mono_ms() >= a / 1000);
    assert_true(cr_wall_ms() > 1700000000000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(utf8_is_taken_by_the_letter_of_rfc_3629),
        cmocka_unit_test(lengths_are_counted_in_units_and_characters),
        cmocka_unit_test(controls_and_overrides_are_found),
        cmocka_unit_test(nfc_joins_what_belongs_together),
        cmocka_unit_test(folding_ignores_case),
        cmocka_unit_test(quoting_makes_any_bytes_a_json_string),
        cmocka_unit_test(ids_are_valid_and_differ),
        cmocka_unit_test(other_texts_are_no_ids),
        cmocka_unit_test(times_are_written_as_rfc_3339),
        cmocka_unit_test(monotonic_clock_does_not_go_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
