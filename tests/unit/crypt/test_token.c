#include "tests/unit/unit.h"

#include "base/clock.h"
#include "base/id.h"
#include "crypt/crypt.h"
#include "crypt/token.h"

#include <jwt.h>

#define KEY(name) CR_TEST_KEYS "/" name

static struct cr_token_signer *signer;
static struct cr_token_verifier *verifier;

static int start(void **state)
{
    struct cr_error e = CR_ERROR_INIT;

    (void)state;
    cr_crypt_init(NULL);
    signer = cr_token_signer_open(KEY("p256.pem"), &e);
    verifier = cr_token_verifier_open(KEY("p256-public.pem"), &e);
    return signer && verifier ? 0 : -1;
}

static int stop(void **state)
{
    (void)state;
    cr_token_signer_free(signer);
    cr_token_verifier_free(verifier);
    return 0;
}

static char *sign(const char *aud, int64_t ttl_ms, struct cr_token_claims *claims)
{
    struct cr_error e = CR_ERROR_INIT;

    *claims = (struct cr_token_claims){.sub = "user1", .room = "room1", .role = "editor"};
    char *token = cr_token_sign(signer, aud, claims, ttl_ms, &e);
    if (!token)
        fail_msg("%s", e.message);
    return token;
}

static void refused(const char *token, int64_t now_ms, const char *why)
{
    struct cr_error e = CR_ERROR_INIT;
    struct cr_token_claims out;

    assert_int_equal(cr_token_verify(verifier, CR_TOKEN_AUD_API, token, now_ms, &out, &e), -1);
    assert_int_equal(e.code, CR_ERR_UNAUTHORIZED);
    if (!strstr(e.message, why))
        fail_msg("\"%s\" lacks \"%s\"", e.message, why);
}

/* A token with any header and payload, signed with a right key by libjwt's way when sign is set. */
static char *forge(const char *header, const char *payload, const char *signature)
{
    cr_auto_free char *h = cr_base64url_encode(header, strlen(header));
    cr_auto_free char *p = cr_base64url_encode(payload, strlen(payload));

    return cr_asprintf("%s.%s.%s", h, p, signature);
}

static char *read_key(const char *path)
{
    char *text = cr_calloc(1, 4096);
    FILE *in = fopen(path, "r");

    assert_non_null(in);
    assert_true(fread(text, 1, 4095, in) > 0);
    fclose(in);
    return text;
}

/* Signed with our key, but with claims of the test's choice. */
static char *sign_json(jwt_alg_t alg, const char *key_path, const char *claims_json)
{
    cr_auto_free char *key = read_key(key_path);
    jwt_t *jwt = NULL;

    assert_int_equal(jwt_new(&jwt), 0);
    assert_int_equal(jwt_add_grants_json(jwt, claims_json), 0);
    assert_int_equal(jwt_set_alg(jwt, alg, (unsigned char *)key, (int)strlen(key)), 0);
    char *token = jwt_encode_str(jwt);
    assert_non_null(token);
    jwt_free(jwt);
    return token;
}

static void what_was_signed_is_read_again(void **state)
{
    struct cr_token_claims in, out;
    cr_auto_free char *token = sign(CR_TOKEN_AUD_API, 600000, &in);

    (void)state;
    assert_int_equal(cr_token_verify(verifier, CR_TOKEN_AUD_API, token, cr_wall_ms(), &out, NULL),
                     0);
    assert_string_equal(out.sub, "user1");
    assert_string_equal(out.room, "room1");
    assert_string_equal(out.role, "editor");
    assert_true(cr_id_is_valid(out.jti));
    assert_string_equal(out.jti, in.jti);
    assert_int_equal(out.exp_s - out.iat_s, 600);
    assert_int_equal(out.exp_s, in.exp_s);
}

static void the_private_key_verifies_as_well(void **state)
{
    struct cr_token_claims c, out;
    struct cr_token_verifier *v = cr_token_verifier_open(KEY("p256.pem"), NULL);
    cr_auto_free char *token = sign(CR_TOKEN_AUD_WS, 30000, &c);

    (void)state;
    assert_non_null(v);
    assert_int_equal(cr_token_verify(v, CR_TOKEN_AUD_WS, token, cr_wall_ms(), &out, NULL), 0);
    cr_token_verifier_free(v);
}

static void a_token_is_for_one_audience(void **state)
{
    struct cr_token_claims c;
    cr_auto_free char *ticket = sign(CR_TOKEN_AUD_WS, 30000, &c);

    (void)state;
    refused(ticket, cr_wall_ms(), "another audience");
}

static void a_token_ends(void **state)
{
    struct cr_token_claims c, out;
    cr_auto_free char *token = sign(CR_TOKEN_AUD_API, 600000, &c);
    int64_t end_ms = c.exp_s * 1000;

    (void)state;
    assert_int_equal(cr_token_verify(verifier, CR_TOKEN_AUD_API, token, end_ms + 29000, &out, NULL),
                     0);
    refused(token, end_ms + 30000, "expired");
}

static void a_short_token_gets_little_more(void **state)
{
    struct cr_token_claims c;
    cr_auto_free char *token = sign(CR_TOKEN_AUD_API, 30000, &c);

    (void)state;
    refused(token, c.exp_s * 1000 + 3000, "expired");
}

static void a_token_from_the_future_is_refused(void **state)
{
    struct cr_token_claims c;
    cr_auto_free char *token = sign(CR_TOKEN_AUD_API, 600000, &c);

    (void)state;
    refused(token, (c.iat_s - 31) * 1000, "from the future");
}

static void another_key_is_refused(void **state)
{
    struct cr_token_signer *other = cr_token_signer_open(KEY("other.pem"), NULL);
    struct cr_token_claims c = {.sub = "user1"};
    cr_auto_free char *token = cr_token_sign(other, CR_TOKEN_AUD_API, &c, 600000, NULL);

    (void)state;
    refused(token, cr_wall_ms(), "wrong signature");
    cr_token_signer_free(other);
}

static void every_changed_character_is_noticed(void **state)
{
    struct cr_token_claims c, out;
    cr_auto_free char *token = sign(CR_TOKEN_AUD_API, 600000, &c);

    (void)state;
    for (size_t i = 0; token[i]; i++) {
        char was = token[i];
        token[i] = was == 'A' ? 'B' : 'A';
        assert_int_equal(
            cr_token_verify(verifier, CR_TOKEN_AUD_API, token, cr_wall_ms(), &out, NULL), -1);
        token[i] = was;
    }
}

#define GOOD                                                                                       \
    "\"iss\":\"coderoom\",\"aud\":\"coderoom-api\",\"sub\":\"u\",\"jti\":\"j\",\"iat\":1000,"      \
    "\"nbf\":1000,\"exp\":2000"

static void no_other_algorithm_is_taken(void **state)
{
    cr_auto_free char *none = forge("{\"alg\":\"none\",\"typ\":\"JWT\"}", "{" GOOD "}", "");
    /* The classic: the public key's text as the secret of an HMAC. */
    cr_auto_free char *hmac = sign_json(JWT_ALG_HS256, KEY("p256-public.pem"), "{" GOOD "}");
    cr_auto_free char *es384 = sign_json(JWT_ALG_ES384, KEY("p384.pem"), "{" GOOD "}");

    (void)state;
    refused(none, 1500000, "alg");
    refused(hmac, 1500000, "alg");
    refused(es384, 1500000, "alg");
}

static void odd_headers_are_refused(void **state)
{
    static const char *const headers[] = {
        "{\"alg\":\"ES256\"}",
        "{\"alg\":\"ES256\",\"typ\":\"JWT\",\"crit\":[\"exp\"]}",
        "{\"alg\":\"ES256\",\"typ\":\"JWT\",\"jku\":\"https://evil.example/\"}",
        "{\"alg\":\"ES256\",\"typ\":\"JWT\",\"alg\":\"none\"}",
        "{\"alg\":[\"ES256\"],\"typ\":\"JWT\"}",
        "[]",
        "",
    };

    (void)state;
    for (size_t i = 0; i < CR_COUNT(headers); i++) {
        cr_auto_free char *token = forge(headers[i], "{" GOOD "}", "AAAA");
        refused(token, 1500000, "token refused");
    }
}

static void every_claim_is_required_and_checked(void **state)
{
    static const char *const claims[][2] = {
        {"{\"iss\":\"coderoom\",\"aud\":\"coderoom-api\",\"sub\":\"u\",\"jti\":\"j\",\"iat\":1000,"
         "\"nbf\":1000}",
         "exp is missing"},
        {"{\"iss\":\"other\",\"aud\":\"coderoom-api\",\"sub\":\"u\",\"jti\":\"j\",\"iat\":1000,"
         "\"nbf\":1000,\"exp\":2000}",
         "another issuer"},
        {"{\"iss\":\"coderoom\",\"aud\":[\"coderoom-api\"],\"sub\":\"u\",\"jti\":\"j\",\"iat\":"
         "1000,"
         "\"nbf\":1000,\"exp\":2000}",
         "aud"},
        {"{\"iss\":\"coderoom\",\"aud\":\"coderoom-api\",\"jti\":\"j\",\"iat\":1000,\"nbf\":1000,"
         "\"exp\":2000}",
         "sub is missing"},
        {"{\"iss\":\"coderoom\",\"aud\":\"coderoom-api\",\"sub\":\"u\",\"jti\":\"j\",\"iat\":2000,"
         "\"nbf\":1000,\"exp\":2000}",
         "before it begins"},
        {"{" GOOD ",\"admin\":true}", "admin"},
    };
    struct cr_token_claims out;

    (void)state;
    cr_auto_free char *good = sign_json(JWT_ALG_ES256, KEY("p256.pem"), "{" GOOD "}");
    assert_int_equal(cr_token_verify(verifier, CR_TOKEN_AUD_API, good, 1500000, &out, NULL), 0);
    assert_string_equal(out.room, "");
    for (size_t i = 0; i < CR_COUNT(claims); i++) {
        cr_auto_free char *token = sign_json(JWT_ALG_ES256, KEY("p256.pem"), claims[i][0]);
        refused(token, 1500000, claims[i][1]);
    }
}

static void garbage_is_refused(void **state)
{
    static const char *const texts[] = {"", ".", "..", "...", "a.b.c", "a.b", "ey.ey.ey.ey"};
    cr_auto_free char *longest = cr_calloc(1, 10000);
    struct cr_token_claims c;

    (void)state;
    for (size_t i = 0; i < CR_COUNT(texts); i++)
        refused(texts[i], 0, "token refused");
    memset(longest, 'A', 9999);
    refused(longest, 0, "too long");
    cr_auto_free char *token = sign(CR_TOKEN_AUD_API, 600000, &c);
    cr_auto_free char *more = cr_asprintf("%s.", token);
    refused(more, cr_wall_ms(), "token refused");
}

static void only_p256_keys_are_taken(void **state)
{
    static const char *const bad[] = {KEY("p384.pem"), KEY("ed25519.pem"), KEY("locked.pem"),
                                      KEY("none.pem"), KEY("README.md")};

    (void)state;
    for (size_t i = 0; i < CR_COUNT(bad); i++) {
        struct cr_error e = CR_ERROR_INIT;
        assert_null(cr_token_signer_open(bad[i], &e));
        assert_int_equal(e.code, CR_ERR_INVALID);
        assert_non_null(strstr(e.message, bad[i]));
        assert_null(cr_token_verifier_open(bad[i], &e));
    }
    assert_null(cr_token_signer_open(KEY("p256-public.pem"), NULL));
}

static void nobody_gets_a_token_without_a_subject(void **state)
{
    struct cr_token_claims c = {0};

    (void)state;
    assert_null(cr_token_sign(signer, CR_TOKEN_AUD_API, &c, 1000, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_signed_is_read_again),
        cmocka_unit_test(the_private_key_verifies_as_well),
        cmocka_unit_test(a_token_is_for_one_audience),
        cmocka_unit_test(a_token_ends),
        cmocka_unit_test(a_short_token_gets_little_more),
        cmocka_unit_test(a_token_from_the_future_is_refused),
        cmocka_unit_test(another_key_is_refused),
        cmocka_unit_test(every_changed_character_is_noticed),
        cmocka_unit_test(no_other_algorithm_is_taken),
        cmocka_unit_test(odd_headers_are_refused),
        cmocka_unit_test(every_claim_is_required_and_checked),
        cmocka_unit_test(garbage_is_refused),
        cmocka_unit_test(only_p256_keys_are_taken),
        cmocka_unit_test(nobody_gets_a_token_without_a_subject),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
