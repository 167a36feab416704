#include "tests/unit/unit.h"

#include "base/error.h"
#include "base/utf.h"

static const enum cr_error_code all[] = {
#define CR_ERROR(name, wire, http, close, retry, text) CR_ERR_##name,
#include "base/error_codes.def"
#undef CR_ERROR
};

static void fail_fills_code_and_message(void **state)
{
    struct cr_error e = CR_ERROR_INIT;

    (void)state;
    assert_int_equal(cr_fail(&e, CR_ERR_NOT_FOUND, "room %s", "abc"), -1);
    assert_int_equal(e.code, CR_ERR_NOT_FOUND);
    assert_string_equal(e.message, "room abc");
    assert_string_equal(e.field, "");
}

static void fail_field_names_the_field(void **state)
{
    struct cr_error e = CR_ERROR_INIT;

    (void)state;
    cr_fail_field(&e, CR_ERR_INVALID, "files[3].name", "is empty");
    assert_string_equal(e.field, "files[3].name");
}

static void nobody_has_to_want_the_error(void **state)
{
    (void)state;
    assert_int_equal(cr_fail(NULL, CR_ERR_INVALID, "x"), -1);
    assert_int_equal(cr_fail_field(NULL, CR_ERR_INVALID, "f", "x"), -1);
    assert_int_equal(cr_wrap(NULL, "x"), -1);
}

static void wrap_puts_the_context_first(void **state)
{
    struct cr_error e = CR_ERROR_INIT;

    (void)state;
    cr_fail_field(&e, CR_ERR_CONFLICT, "name", "taken");
    cr_wrap(&e, "rename room %d", 7);
    assert_string_equal(e.message, "rename room 7: taken");
    assert_int_equal(e.code, CR_ERR_CONFLICT);
    assert_string_equal(e.field, "name");
}

static void arguments_may_come_from_the_error_itself(void **state)
{
    struct cr_error e = CR_ERROR_INIT;

    (void)state;
    cr_fail(&e, CR_ERR_INVALID, "inner");
    cr_fail(&e, CR_ERR_INVALID, "outer (%s)", e.message);
    assert_string_equal(e.message, "outer (inner)");
}

static void long_text_is_cut_between_characters(void **state)
{
    char text[600] = "";

    (void)state;
    for (int i = 0; i < 120; i++)
        strcat(text, "\xf0\x9f\x98\x80"); /* four bytes each */
    for (size_t shift = 0; shift < 4; shift++) {
        struct cr_error e = CR_ERROR_INIT;
        cr_fail_field(&e, CR_ERR_INVALID, text, "%.*s%s", (int)shift, "abc", text);
        assert_true(cr_utf8_is_valid((const uint8_t *)e.message, strlen(e.message)));
        assert_true(cr_utf8_is_valid((const uint8_t *)e.field, strlen(e.field)));
        assert_true(strlen(e.message) > sizeof e.message - 6);
        cr_wrap(&e, "%s", "because");
        assert_true(cr_utf8_is_valid((const uint8_t *)e.message, strlen(e.message)));
    }
}

static void wire_codes_are_unique(void **state)
{
    (void)state;
    for (size_t i = 0; i < CR_COUNT(all); i++) {
        for (size_t j = i + 1; j < CR_COUNT(all); j++)
            assert_string_not_equal(cr_error_wire(all[i]), cr_error_wire(all[j]));
    }
}

static void statuses_and_close_codes_agree(void **state)
{
    (void)state;
    for (size_t i = 0; i < CR_COUNT(all); i++) {
        int status = cr_error_http_status(all[i]);
        int close = cr_error_close_code(all[i]);
        assert_in_range(status, 400, 599);
        /* 44xx: do not come back; 45xx: try again later. Too fast is both: a 4xx that may return.
         */
        if (all[i] != CR_ERR_RATE)
            assert_int_equal(cr_error_is_retryable(all[i]), close >= 4500);
        assert_int_equal(close >= 4500, status >= 500);
        assert_int_equal(cr_error_is_public(all[i]), status < 500);
        assert_true(strlen(cr_error_public_text(all[i])) > 10);
    }
}

static void unknown_code_is_an_internal_error(void **state)
{
    (void)state;
    assert_int_equal(cr_error_http_status((enum cr_error_code)9999), 500);
    assert_false(cr_error_is_public((enum cr_error_code)9999));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fail_fills_code_and_message),
        cmocka_unit_test(fail_field_names_the_field),
        cmocka_unit_test(nobody_has_to_want_the_error),
        cmocka_unit_test(wrap_puts_the_context_first),
        cmocka_unit_test(arguments_may_come_from_the_error_itself),
        cmocka_unit_test(long_text_is_cut_between_characters),
        cmocka_unit_test(wire_codes_are_unique),
        cmocka_unit_test(statuses_and_close_codes_agree),
        cmocka_unit_test(unknown_code_is_an_internal_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
