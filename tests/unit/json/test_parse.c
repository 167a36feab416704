#include "tests/unit/unit.h"

#include "base/buf.h"
#include "base/limits.h"
#include "json/json.h"

static struct cr_json *parse(const char *text, struct cr_error *err)
{
    return cr_json_parse(text, strlen(text), 1024 * 1024, err);
}

static void refused(const char *text)
{
    struct cr_error e = CR_ERROR_INIT;
    struct cr_json *j = parse(text, &e);

    if (j)
        fail_msg("accepted: %s", text);
    assert_int_equal(e.code, CR_ERR_INVALID);
    assert_true(strlen(e.message) > 0);
}

static void accepted(const char *text)
{
    struct cr_error e = CR_ERROR_INIT;
    struct cr_json *j = parse(text, &e);

    if (!j)
        fail_msg("refused: %s: %s", text, e.message);
    cr_json_free(j);
}

static void any_value_may_stand_alone(void **state)
{
    (void)state;
    accepted("null");
    accepted(" true ");
    accepted("\t\r\n-0.5e+10\n");
    accepted("0");
    accepted("\"\"");
    accepted("[]");
    accepted("{}");
    accepted("[1,[2,{\"a\":[]}],\"\\u00e9\\ud83d\\ude00\\/\\b\"]");
}

static void what_the_grammar_does_not_know_is_refused(void **state)
{
    static const char *const texts[] = {
        "",          " ",         "{",
        "[",         "[1,]",      "{\"a\":1,}",
        "{\"a\"}",   "{a:1}",     "[1 2]",
        "]",         "nul",       "True",
        "NaN",       "Infinity",  "01",
        "-",         "+1",        ".5",
        "1.",        "1e",        "1e+",
        "0x10",      "'a'",       "\"a",
        "\"\\x\"",   "\"\\u12\"", "\"a\nb\"",
        "\"\x01\"",  "// c\n1",   "1 // c",
        "{} {}",     "1,",        "\xef\xbb\xbf{}",
        "{\"a\" 1}", "{1:2}",
    };

    (void)state;
    for (size_t i = 0; i < CR_COUNT(texts); i++)
        refused(texts[i]);
}

static void text_that_c_or_clients_cannot_hold_is_refused(void **state)
{
    (void)state;
    refused("\"\\u0000\"");
    refused("{\"\\u0000\":1}");
    refused("\"\\ud800\"");
    refused("\"\\ud800\\u0041\"");
    refused("\"\\udc00\"");
    refused("\"\xff\"");
    refused("\"\xed\xa0\x80\"");
    refused("1e999");
    refused("-1e999");
}

static void a_nul_byte_ends_nothing(void **state)
{
    struct cr_error e = CR_ERROR_INIT;

    (void)state;
    assert_null(cr_json_parse("{}\0", 3, 100, &e));
    assert_null(cr_json_parse("\"a\0b\"", 5, 100, &e));
}

static void a_key_may_be_there_once(void **state)
{
    struct cr_error e = CR_ERROR_INIT;

    (void)state;
    assert_null(parse("{\"a\":1,\"b\":{\"x\":1,\"y\":2,\"x\":3}}", &e));
    assert_string_equal(e.field, "x");
    refused("{\"a\":1,\"\\u0061\":2}");
    accepted("{\"a\":{\"a\":1},\"A\":2}");
}

static void depth_is_limited(void **state)
{
    CR_AUTO_BUF b = {0};

    (void)state;
    for (int i = 0; i < CR_LIMIT_JSON_DEPTH; i++)
        cr_buf_append_byte(&b, '[');
    for (int i = 0; i < CR_LIMIT_JSON_DEPTH; i++)
        cr_buf_append_byte(&b, ']');
    accepted(cr_buf_cstr(&b));
    cr_buf_append_byte(&b, ']');
    memmove(b.data + 1, b.data, b.len - 1);
    b.data[0] = '[';
    refused(cr_buf_cstr(&b));
    cr_buf_reset(&b);
    for (int i = 0; i < 100000; i++)
        cr_buf_append_byte(&b, '[');
    refused(cr_buf_cstr(&b));
}

static void size_is_limited(void **state)
{
    struct cr_error e = CR_ERROR_INIT;

    (void)state;
    assert_null(cr_json_parse("[1,2,3]", 7, 6, &e));
    assert_int_equal(e.code, CR_ERR_TOO_LARGE);
}

static void many_keys_take_no_quadratic_time(void **state)
{
    CR_AUTO_BUF b = {0};

    (void)state;
    cr_buf_append_byte(&b, '{');
    for (int i = 0; i < 60000; i++)
        cr_buf_printf(&b, "%s\"k%d\":0", i ? "," : "", i);
    cr_buf_append_byte(&b, '}');
    accepted(cr_buf_cstr(&b));
}

static void values_are_read_by_type(void **state)
{
    int64_t n = 0;

    (void)state;
    CR_AUTO(cr_json) *j = parse("{\"s\":\"x\\ny\",\"i\":-9007199254740992,\"f\":1.5,\"b\":true,"
                                "\"n\":null,\"a\":[1,\"z\"],\"big\":9007199254740994}",
                                NULL);
    const struct cr_json_node *r = cr_json_root(j);
    assert_string_equal(cr_json_str(cr_json_get(r, "s")), "x\ny");
    assert_true(cr_json_int(cr_json_get(r, "i"), &n));
    assert_true(n == -INT64_C(9007199254740992));
    assert_false(cr_json_int(cr_json_get(r, "f"), &n));
    assert_false(cr_json_int(cr_json_get(r, "big"), &n));
    assert_false(cr_json_int(cr_json_get(r, "s"), &n));
    assert_true(cr_json_number(cr_json_get(r, "f"), 0) > 1.4);
    assert_true(cr_json_bool(cr_json_get(r, "b"), false));
    assert_int_equal(cr_json_type_of(cr_json_get(r, "n")), CR_JSON_T_NULL);
    assert_int_equal(cr_json_count(cr_json_get(r, "a")), 2);
    assert_string_equal(cr_json_str(cr_json_next(cr_json_first(cr_json_get(r, "a")))), "z");
    assert_string_equal(cr_json_key(cr_json_first(r)), "s");
}

static void what_is_not_there_reads_as_nothing(void **state)
{
    (void)state;
    CR_AUTO(cr_json) *j = parse("[1]", NULL);
    const struct cr_json_node *none = cr_json_get(cr_json_root(j), "a");
    assert_null(none);
    assert_null(cr_json_get(none, "b"));
    assert_null(cr_json_str(none));
    assert_null(cr_json_first(none));
    assert_null(cr_json_next(none));
    assert_null(cr_json_key(none));
    assert_int_equal(cr_json_count(none), 0);
    assert_true(cr_json_bool(none, true));
    assert_int_equal(cr_json_type_of(none), CR_JSON_T_NULL);
    assert_null(cr_json_root(NULL));
    cr_json_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_value_may_stand_alone),
        cmocka_unit_test(what_the_grammar_does_not_know_is_refused),
        cmocka_unit_test(text_that_c_or_clients_cannot_hold_is_refused),
        cmocka_unit_test(a_nul_byte_ends_nothing),
        cmocka_unit_test(a_key_may_be_there_once),
        cmocka_unit_test(depth_is_limited),
        cmocka_unit_test(size_is_limited),
        cmocka_unit_test(many_keys_take_no_quadratic_time),
        cmocka_unit_test(values_are_read_by_type),
        cmocka_unit_test(what_is_not_there_reads_as_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
