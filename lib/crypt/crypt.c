#include "crypt/crypt.h"

#include "base/mem.h"

#include <sodium.h>

#define BASE64URL sodium_base64_VARIANT_URLSAFE_NO_PADDING

int cr_crypt_init(struct cr_error *err)
{
    if (sodium_init() < 0)
        return cr_fail(err, CR_ERR_INTERNAL, "libsodium could not be started");
    return 0;
}

void cr_random_bytes(void *out, size_t len)
{
    randombytes_buf(out, len);
}

void cr_random_secret(char out[CR_SECRET_SIZE])
{
    uint8_t random[32];

    randombytes_buf(random, sizeof random);
    sodium_bin2base64(out, CR_SECRET_SIZE, random, sizeof random, BASE64URL);
    sodium_memzero(random, sizeof random);
}

void cr_sha256_hex(const void *data, size_t len, char out[CR_SHA256_HEX_SIZE])
{
    uint8_t hash[crypto_hash_sha256_BYTES];

    crypto_hash_sha256(hash, data, len);
    sodium_bin2hex(out, CR_SHA256_HEX_SIZE, hash, sizeof hash);
}

void cr_hmac_sha256_hex(const void *key, size_t key_len, const void *data, size_t len,
                        char out[CR_SHA256_HEX_SIZE])
{
    crypto_auth_hmacsha256_state state;
    uint8_t mac[crypto_auth_hmacsha256_BYTES];

    crypto_auth_hmacsha256_init(&state, key, key_len);
    crypto_auth_hmacsha256_update(&state, data, len);
    crypto_auth_hmacsha256_final(&state, mac);
    sodium_bin2hex(out, CR_SHA256_HEX_SIZE, mac, sizeof mac);
    sodium_memzero(&state, sizeof state);
}

bool cr_secret_equal(const char *a, const char *b)
{
    size_t len = strlen(a);

    return len == strlen(b) && sodium_memcmp(a, b, len) == 0;
}

void cr_wipe(void *p, size_t len)
{
    sodium_memzero(p, len);
}

char *cr_base64url_encode(const void *data, size_t len)
{
    size_t size = sodium_base64_ENCODED_LEN(len, BASE64URL);
    char *out = cr_malloc(size);

    return sodium_bin2base64(out, size, data, len, BASE64URL);
}

int cr_base64url_decode(const char *s, size_t len, struct cr_buf *out)
{
    size_t room = len / 4 * 3 + 3;
    size_t got = 0;
    uint8_t *to = cr_buf_reserve(out, room);

    if (sodium_base642bin(to, room, s, len, NULL, &got, NULL, BASE64URL) != 0)
        return -1;
    out->len += got;
    return 0;
}
