#include "base/clock.h"
#include "base/id.h"
#include "crypt/crypt.h"
#include "crypt/pem.h"
#include "crypt/token.h"

#include <jwt.h>
#include <stdbool.h>

struct cr_token_signer {
    char *pem;
};

struct cr_token_signer *cr_token_signer_open(const char *pem_path, struct cr_error *err)
{
    char *pem = cr_pem_read_private(pem_path, err);

    if (!pem)
        return NULL;
    struct cr_token_signer *s = cr_calloc(1, sizeof *s);
    s->pem = pem;
    return s;
}

void cr_token_signer_free(struct cr_token_signer *s)
{
    if (!s)
        return;
    cr_wipe(s->pem, strlen(s->pem));
    free(s->pem);
    free(s);
}

static bool add_claims(jwt_t *jwt, const char *aud, const struct cr_token_claims *c)
{
    return jwt_add_grant(jwt, "iss", CR_TOKEN_ISSUER) == 0 && jwt_add_grant(jwt, "aud", aud) == 0 &&
           jwt_add_grant(jwt, "sub", c->sub) == 0 && jwt_add_grant(jwt, "jti", c->jti) == 0 &&
           jwt_add_grant_int(jwt, "iat", (long)c->iat_s) == 0 &&
           jwt_add_grant_int(jwt, "nbf", (long)c->iat_s) == 0 &&
           jwt_add_grant_int(jwt, "exp", (long)c->exp_s) == 0 &&
           (!c->room[0] || jwt_add_grant(jwt, "room", c->room) == 0) &&
           (!c->role[0] || jwt_add_grant(jwt, "role", c->role) == 0);
}

char *cr_token_sign(const struct cr_token_signer *s, const char *aud,
                    struct cr_token_claims *claims, int64_t ttl_ms, struct cr_error *err)
{
    jwt_t *jwt = NULL;
    char *token = NULL;

    if (!claims->sub[0]) {
        cr_fail(err, CR_ERR_INTERNAL, "a token without a subject was asked for");
        return NULL;
    }
    if (!claims->jti[0])
        cr_id_new(claims->jti);
    claims->iat_s = cr_wall_ms() / 1000;
    claims->exp_s = claims->iat_s + ttl_ms / 1000;
    if (jwt_new(&jwt) == 0 && add_claims(jwt, aud, claims) &&
        jwt_set_alg(jwt, JWT_ALG_ES256, (const unsigned char *)s->pem, (int)strlen(s->pem)) == 0)
        token = jwt_encode_str(jwt);
    if (!token)
        cr_fail(err, CR_ERR_INTERNAL, "the token could not be signed");
    jwt_free(jwt);
    return token;
}
