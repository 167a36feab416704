#include "tests/unit/unit.h"

#include "proto/secret.h"

static void made_secrets_are_wellformed(void **state)
{
    char secret[CR_SECRET_SIZE], token[CR_ROOM_TOKEN_SIZE];

    (void)state;
    assert_int_equal(cr_crypt_init(NULL), 0);
    cr_random_secret(secret);
    snprintf(token, sizeof(token), CR_ROOM_TOKEN_PREFIX "%s", secret);
    assert_true(cr_secret_is_wellformed(secret));
    assert_true(cr_room_token_is_wellformed(token));
    assert_false(cr_secret_is_wellformed(token));
    assert_false(cr_room_token_is_wellformed(secret));
}

static void other_text_is_not(void **state)
{
    (void)state;
    assert_false(cr_secret_is_wellformed(NULL));
    assert_false(cr_room_token_is_wellformed(NULL));
    assert_false(cr_secret_is_wellformed(""));
    assert_false(cr_room_token_is_wellformed("crt_"));
    assert_false(cr_secret_is_wellformed("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmno+/"));
    assert_false(cr_secret_is_wellformed("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmno-_="));
}

static void the_hash_is_sha_256_of_the_text(void **state)
{
    char hash[CR_SHA256_HEX_SIZE];

    (void)state;
    cr_secret_hash("abc", hash);
    assert_string_equal(hash, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(made_secrets_are_wellformed),
        cmocka_unit_test(other_text_is_not),
        cmocka_unit_test(the_hash_is_sha_256_of_the_text),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
