/* Random numbers, hashes and comparisons. With password.h and token.h the only door to libsodium,
 * OpenSSL and libjwt. Any thread. */
#ifndef CR_CRYPT_CRYPT_H
#define CR_CRYPT_CRYPT_H

#include "base/buf.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CR_SHA256_HEX_SIZE 65 /* 64 digits and the NUL */
#define CR_SECRET_SIZE 44     /* 32 random bytes as 43 characters of base64url, and the NUL */

/* Call once in main() before any other function of this folder. */
int cr_crypt_init(struct cr_error *err);

void cr_random_bytes(void *out, size_t len);
/* A new secret: refresh tokens, invitations, room tokens. Characters A-Z a-z 0-9 - _. */
void cr_random_secret(char out[CR_SECRET_SIZE]);

void cr_sha256_hex(const void *data, size_t len, char out[CR_SHA256_HEX_SIZE]);
void cr_hmac_sha256_hex(const void *key, size_t key_len, const void *data, size_t len,
                        char out[CR_SHA256_HEX_SIZE]);

/* Compares in a time that depends on the lengths only. */
bool cr_secret_equal(const char *a, const char *b);
/* Overwrites; the compiler does not leave it out. */
void cr_wipe(void *p, size_t len);

/* base64url without padding (RFC 4648 section 5). Decoding refuses other characters, padding and
 * stray bits: -1. */
char *cr_base64url_encode(const void *data, size_t len); /* owned by the caller */
int cr_base64url_decode(const char *s, size_t len, struct cr_buf *out);

#endif
