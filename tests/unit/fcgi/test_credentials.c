#include "tests/unit/unit.h"

#include "base/mem.h"
#include "fcgi/credentials.h"

static void addresses_get_one_form(void **state)
{
    cr_auto_free char *plain = cr_email_check("Ada.L@Example.ORG", NULL);
    cr_auto_free char *accent = cr_email_check("ame\xcc\x81lie@example.org", NULL);

    (void)state;
    assert_string_equal(plain, "ada.l@example.org");
    assert_string_equal(accent, "am\xc3\xa9lie@example.org");
}

static void what_is_no_address_is_refused(void **state)
{
    static const char *const wrong[] = {"",          "a",        "@",     "a@",      "@b",
                                        "a@b@c",     "a b@c",    "a@b c", "a@.b",    "a,b@c",
                                        "a\x01@b",   "a@b\x7f",  "<a@b>", "\"a\"@b", "a\xff@b",
                                        "a@b\ncc:x", "a;b@c.org"};

    (void)state;
    for (size_t i = 0; i < CR_COUNT(wrong); i++) {
        struct cr_error err = CR_ERROR_INIT;

        assert_null(cr_email_check(wrong[i], &err));
        assert_string_equal(err.field, "email");
    }
}

static void common_passwords_are_known(void **state)
{
    static const char *const common[] = {"password",   "Password1",   "passw0rd!",
                                         "P@$$w0rd",   "12345678",    "87654321",
                                         "qwertyuiop", "asdfghjk",    "aaaaaaaa",
                                         "abcabcabc",  "12121212",    "iloveyou",
                                         "sunshine1",  "letmein123",  "football2024",
                                         "1q2w3e4r",   "abcdefgh",    "trustno1",
                                         "welcome123", "dragon2020!", "correcthorsebatterystaple",
                                         "Coderoom1!", "........"};

    (void)state;
    for (size_t i = 0; i < CR_COUNT(common); i++) {
        if (!cr_password_is_common(common[i]))
            fail_msg("%s is common", common[i]);
    }
}

static void other_passwords_are_not_common(void **state)
{
    static const char *const fine[] = {"a long walk at noon",
                                       "xK9#mQ2v",
                                       "tr0ub4dor&3",
                                       "mein Hund frisst Gras",
                                       "passwordless is better",
                                       "\xd0\xbf\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5\xd1\x82 42"};

    (void)state;
    for (size_t i = 0; i < CR_COUNT(fine); i++) {
        if (cr_password_is_common(fine[i]))
            fail_msg("%s is not common", fine[i]);
    }
}

static int check(const char *password)
{
    struct cr_error err = CR_ERROR_INIT;
    int rc = cr_password_check(password, "ada.lovelace@example.org", "Ada Lovelace", &err);

    assert_string_equal(err.field, rc == 0 ? "" : "password");
    return rc;
}

static void passwords_have_bounds(void **state)
{
    char text[300];

    (void)state;
    assert_int_equal(check("xK9#mQ2"), -1);
    assert_int_equal(check("xK9#mQ2v"), 0);
    assert_int_equal(check("\xc3\xa9\xc3\xa0\xc3\xb9\xc3\xa8"), -1); /* 8 bytes, 4 characters */
    for (size_t i = 0; i < sizeof(text); i++)
        text[i] = "correct pony cell"[i % 17];
    text[256] = '\0';
    assert_int_equal(check(text), 0);
    text[256] = 'x';
    text[257] = '\0';
    assert_int_equal(check(text), -1);
}

static void passwords_are_not_the_person(void **state)
{
    (void)state;
    assert_int_equal(check("ada lovelace"), -1);
    assert_int_equal(check("Ada.Lovelace@example.org"), -1);
    assert_int_equal(check("ada.lovelace"), -1);
    assert_int_equal(check("ada.lovelace walks"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_get_one_form),
        cmocka_unit_test(what_is_no_address_is_refused),
        cmocka_unit_test(common_passwords_are_known),
        cmocka_unit_test(other_passwords_are_not_common),
        cmocka_unit_test(passwords_have_bounds),
        cmocka_unit_test(passwords_are_not_the_person),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
