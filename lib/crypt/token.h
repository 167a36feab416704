/* Signed tokens: JWTs (RFC 7519) with ES256 (RFC 7518 section 3.4) and nothing else; libjwt 1.10
 * has no EdDSA. The rules of RFC 8725 hold: one algorithm, issuer and audience checked, expiry
 * required, oversized or odd tokens refused before their signature is looked at.
 * Any thread; a signer or verifier may be shared. */
#ifndef CR_CRYPT_TOKEN_H
#define CR_CRYPT_TOKEN_H

#include "base/error.h"
#include "base/mem.h"

#include <stdint.h>

#define CR_TOKEN_ISSUER "coderoom"
#define CR_TOKEN_AUD_API "coderoom-api" /* access token, minutes */
#define CR_TOKEN_AUD_WS "coderoom-ws"   /* ticket for one socket, 30 s, one use (jti) */
#define CR_TOKEN_MAX_BYTES 4096
#define CR_TOKEN_SKEW_S 30 /* clocks of two machines may differ by this much */

struct cr_token_claims {
    char sub[32];  /* the user's id; "" is refused by both functions */
    char jti[32];  /* id of this token; filled by cr_token_sign() when "" */
    char room[32]; /* "" when the token is for no room */
    char role[16]; /* "" when it carries none */
    int64_t iat_s; /* seconds since 1970; filled by cr_token_sign() */
    int64_t exp_s;
};

struct cr_token_signer;
struct cr_token_verifier;

/* Reads a private key: PEM, P-256. Errors: INVALID (no such file, wrong kind of key). */
struct cr_token_signer *cr_token_signer_open(const char *pem_path, struct cr_error *err);
void cr_token_signer_free(struct cr_token_signer *s);
/* Reads a public key, or takes the public half of a private one. */
struct cr_token_verifier *cr_token_verifier_open(const char *pem_path, struct cr_error *err);
void cr_token_verifier_free(struct cr_token_verifier *v);

/* Returns the token (owned by the caller) or NULL. *claims gets jti, iat_s and exp_s. */
char *cr_token_sign(const struct cr_token_signer *s, const char *aud,
                    struct cr_token_claims *claims, int64_t ttl_ms, struct cr_error *err);
/* Checks everything and fills *out. now_ms: wall clock. Errors: UNAUTHORIZED; the message says why,
 * for the log. */
int cr_token_verify(const struct cr_token_verifier *v, const char *aud, const char *token,
                    int64_t now_ms, struct cr_token_claims *out, struct cr_error *err);

#endif
