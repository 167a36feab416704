#include "tests/unit/unit.h"

#include "fcgi/http/cookie.h"

#define FAMILY "0123456789abcdefghij"
#define SECRET "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmno-_"
#define GOOD "__Host-coderoom=" FAMILY "." SECRET

static int parse(const char *header, struct cr_refresh_token *t)
{
    struct cr_error err = CR_ERROR_INIT;
    int rc = cr_cookie_parse(header, t, &err);

    assert_int_equal(err.code, rc == 0 ? CR_ERR_NONE : CR_ERR_UNAUTHORIZED);
    return rc;
}

static void token_is_found_among_others(void **state)
{
    static const char *const headers[] = {GOOD, "a=b; " GOOD, GOOD "; c=d", "a;;" GOOD ";",
                                          "x__Host-coderoom=1; " GOOD};
    struct cr_refresh_token t;

    (void)state;
    for (size_t i = 0; i < CR_COUNT(headers); i++) {
        assert_int_equal(parse(headers[i], &t), 0);
        assert_string_equal(t.family, FAMILY);
        assert_string_equal(t.secret, SECRET);
    }
}

static void everything_else_is_no_token(void **state)
{
    static const char *const headers[] = {NULL,
                                          "",
                                          ";",
                                          "a=b",
                                          "__Host-coderoom",
                                          "__Host-coderoom=",
                                          "__host-coderoom=" FAMILY "." SECRET,
                                          "__Host-coderoom=" FAMILY "," SECRET,
                                          "__Host-coderoom=" FAMILY "." SECRET "A",
                                          "__Host-coderoom=\"" FAMILY "." SECRET "\"",
                                          "__Host-coderoom=ABCDEFGHIJABCDEFGHIJ." SECRET,
                                          "__Host-coderoom=" FAMILY "."
                                          "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmno\xff_",
                                          GOOD "; " GOOD};
    struct cr_refresh_token t;

    (void)state;
    for (size_t i = 0; i < CR_COUNT(headers); i++)
        assert_int_equal(parse(headers[i], &t), -1);
}

static void what_is_set_can_be_read(void **state)
{
    struct cr_refresh_token t, back;
    char value[CR_REFRESH_COOKIE_MAX];

    (void)state;
    assert_int_equal(parse(GOOD, &t), 0);
    cr_cookie_format(&t, 60, value);
    assert_string_equal(value, GOOD "; Path=/; Max-Age=60; HttpOnly; Secure; SameSite=Strict");
    assert_int_equal(parse(value, &back), 0);
    cr_cookie_format(NULL, 0, value);
    assert_string_equal(value,
                        "__Host-coderoom=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Strict");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(token_is_found_among_others),
        cmocka_unit_test(everything_else_is_no_token),
        cmocka_unit_test(what_is_set_can_be_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
