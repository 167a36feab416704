#include "tests/unit/unit.h"

#include "base/mem.h"
#include "crypt/crypt.h"

static int start(void **state)
{
    (void)state;
    return cr_crypt_init(NULL);
}

/* FIPS 180-2, appendix B.1. */
static void sha256_matches_the_standard(void **state)
{
    char out[CR_SHA256_HEX_SIZE];

    (void)state;
    cr_sha256_hex("abc", 3, out);
    assert_string_equal(out, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

/* RFC 4231, test case 2, and 3's idea: a key of another length. */
static void hmac_matches_the_standard(void **state)
{
    char out[CR_SHA256_HEX_SIZE];

    (void)state;
    cr_hmac_sha256_hex("Jefe", 4, "what do ya want for nothing?", 28, out);
    assert_string_equal(out, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

static void secrets_are_long_and_differ(void **state)
{
    char a[CR_SECRET_SIZE], b[CR_SECRET_SIZE];

    (void)state;
    cr_random_secret(a);
    cr_random_secret(b);
    assert_int_equal(strlen(a), CR_SECRET_SIZE - 1);
    assert_int_equal(strspn(a, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
                     CR_SECRET_SIZE - 1);
    assert_false(cr_secret_equal(a, b));
    assert_true(cr_secret_equal(a, a));
}

static void comparing_minds_the_length(void **state)
{
    (void)state;
    assert_false(cr_secret_equal("abc", "abcd"));
    assert_false(cr_secret_equal("abcd", "abc"));
    assert_false(cr_secret_equal("", "a"));
    assert_true(cr_secret_equal("", ""));
}

/* RFC 4648, section 10, without the padding. */
static void base64url_goes_there_and_back(void **state)
{
    static const char *const pairs[][2] = {{"", ""},           {"f", "Zg"},
                                           {"fo", "Zm8"},      {"foo", "Zm9v"},
                                           {"foob", "Zm9vYg"}, {"\xff\xfe\xfb", "__77"}};

    (void)state;
    for (size_t i = 0; i < CR_COUNT(pairs); i++) {
        CR_AUTO_BUF b = {0};
        cr_auto_free char *text = cr_base64url_encode(pairs[i][0], strlen(pairs[i][0]));
        assert_string_equal(text, pairs[i][1]);
        assert_int_equal(cr_base64url_decode(text, strlen(text), &b), 0);
        assert_string_equal(cr_buf_cstr(&b), pairs[i][0]);
    }
}

static void base64url_refuses_anything_else(void **state)
{
    static const char *const bad[] = {"Zg==", "Zm9v+", "Zm9v/", "Zm 9v", "Z", "Zh", "Zm9v\n"};

    (void)state;
    for (size_t i = 0; i < CR_COUNT(bad); i++) {
        CR_AUTO_BUF b = {0};
        assert_int_equal(cr_base64url_decode(bad[i], strlen(bad[i]), &b), -1);
        assert_int_equal(b.len, 0);
    }
}

static void wiping_leaves_zeros(void **state)
{
    char secret[] = "secret";
    static const char zeros[sizeof secret];

    (void)state;
    cr_wipe(secret, sizeof secret);
    assert_memory_equal(secret, zeros, sizeof secret);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sha256_matches_the_standard),
        cmocka_unit_test(hmac_matches_the_standard),
        cmocka_unit_test(secrets_are_long_and_differ),
        cmocka_unit_test(comparing_minds_the_length),
        cmocka_unit_test(base64url_goes_there_and_back),
        cmocka_unit_test(base64url_refuses_anything_else),
        cmocka_unit_test(wiping_leaves_zeros),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
