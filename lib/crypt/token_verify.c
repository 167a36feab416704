#include "base/limits.h"
#include "crypt/crypt.h"
#include "crypt/pem.h"
#include "crypt/token.h"
#include "json/fields.h"

#include <jwt.h>
#include <stdio.h>

#define ES256_SIGNATURE_BYTES 64 /* RFC 7518 section 3.4: R and S of 32 bytes each */

struct cr_token_verifier {
    char *pem;
};

struct cr_token_verifier *cr_token_verifier_open(const char *pem_path, struct cr_error *err)
{
    char *pem = cr_pem_read_public(pem_path, err);

    if (!pem)
        return NULL;
    struct cr_token_verifier *v = cr_calloc(1, sizeof *v);
    v->pem = pem;
    return v;
}

void cr_token_verifier_free(struct cr_token_verifier *v)
{
    if (!v)
        return;
    free(v->pem);
    free(v);
}

/* The only header that we accept; "kid" is allowed and ignored. */
struct header {
    int alg, typ;
    const char *kid;
};
static const char *const algs[] = {"ES256", NULL};
static const char *const typs[] = {"JWT", NULL};
static const struct cr_json_field header_fields[] = {
    CR_JSON_ENUM("alg", struct header, alg, algs, CR_JSON_REQUIRED),
    CR_JSON_ENUM("typ", struct header, typ, typs, CR_JSON_REQUIRED),
    CR_JSON_STR("kid", struct header, kid, 0, 128, 0), CR_JSON_END};

struct payload {
    const char *iss, *aud, *sub, *jti, *room, *role;
    int64_t iat, nbf, exp;
};
#define CLAIM_MAX (sizeof((struct cr_token_claims *)0)->sub - 1)
#define ROLE_MAX (sizeof((struct cr_token_claims *)0)->role - 1)
#define TIME_MAX_S INT64_C(253402300799) /* the last second of the year 9999 */
static const struct cr_json_field payload_fields[] = {
    CR_JSON_STR("iss", struct payload, iss, 1, 64, CR_JSON_REQUIRED),
    CR_JSON_STR("aud", struct payload, aud, 1, 64, CR_JSON_REQUIRED),
    CR_JSON_STR("sub", struct payload, sub, 1, CLAIM_MAX, CR_JSON_REQUIRED | CR_JSON_LINE),
    CR_JSON_STR("jti", struct payload, jti, 1, CLAIM_MAX, CR_JSON_REQUIRED | CR_JSON_LINE),
    CR_JSON_STR("room", struct payload, room, 1, CLAIM_MAX, CR_JSON_LINE),
    CR_JSON_STR("role", struct payload, role, 1, ROLE_MAX, CR_JSON_LINE),
    CR_JSON_INT("iat", struct payload, iat, 0, TIME_MAX_S, CR_JSON_REQUIRED),
    CR_JSON_INT("nbf", struct payload, nbf, 0, TIME_MAX_S, CR_JSON_REQUIRED),
    CR_JSON_INT("exp", struct payload, exp, 0, TIME_MAX_S, CR_JSON_REQUIRED),
    CR_JSON_END};

static int refuse(struct cr_error *err, const char *why)
{
    return cr_fail(err, CR_ERR_UNAUTHORIZED, "token refused: %s", why);
}

/* Decode and check one part of the token; the caller frees *doc, which owns dst's strings. */
static int read_part(const char *part, size_t len, const struct cr_json_field *fields, void *dst,
                     struct cr_json **doc, struct cr_error *err)
{
    CR_AUTO_BUF text = {0};
    struct cr_error why = CR_ERROR_INIT;

    if (cr_base64url_decode(part, len, &text) < 0)
        return refuse(err, "not base64url");
    *doc = cr_json_parse(text.data, text.len, CR_TOKEN_MAX_BYTES, &why);
    if (!*doc || cr_json_bind(*doc, cr_json_root(*doc), fields, dst, &why) < 0)
        return cr_fail(err, CR_ERR_UNAUTHORIZED, "token refused: %s %s", why.field, why.message);
    return 0;
}

static int check_signature_size(const char *part, size_t len, struct cr_error *err)
{
    CR_AUTO_BUF raw = {0};

    if (cr_base64url_decode(part, len, &raw) < 0 || raw.len != ES256_SIGNATURE_BYTES)
        return refuse(err, "not a signature");
    return 0;
}

/* libjwt takes the algorithm from the token: the header was checked to name ours before. */
static int check_signature(const struct cr_token_verifier *v, const char *token,
                           struct cr_error *err)
{
    jwt_t *jwt = NULL;
    int r = jwt_decode(&jwt, token, (const unsigned char *)v->pem, (int)strlen(v->pem));

    if (r == 0 && jwt_get_alg(jwt) != JWT_ALG_ES256)
        r = -1;
    jwt_free(jwt);
    return r == 0 ? 0 : refuse(err, "wrong signature");
}

static int check_claims(const struct payload *p, const char *aud, int64_t now_s,
                        struct cr_error *err)
{
    /* A ticket of 30 s must not live twice as long: a tenth of its life at most. */
    int64_t life = p->exp - p->iat;
    int64_t skew = life / 10 < CR_TOKEN_SKEW_S ? life / 10 : CR_TOKEN_SKEW_S;

    if (strcmp(p->iss, CR_TOKEN_ISSUER) != 0)
        return refuse(err, "another issuer");
    if (strcmp(p->aud, aud) != 0)
        return refuse(err, "another audience");
    if (life <= 0)
        return refuse(err, "it ends before it begins");
    if (p->exp + skew <= now_s)
        return refuse(err, "expired");
    if (p->nbf > now_s + CR_TOKEN_SKEW_S || p->iat > now_s + CR_TOKEN_SKEW_S)
        return refuse(err, "from the future");
    return 0;
}

static void fill(struct cr_token_claims *out, const struct payload *p)
{
    *out = (struct cr_token_claims){.iat_s = p->iat, .exp_s = p->exp};
    snprintf(out->sub, sizeof out->sub, "%s", p->sub);
    snprintf(out->jti, sizeof out->jti, "%s", p->jti);
    snprintf(out->room, sizeof out->room, "%s", p->room ? p->room : "");
    snprintf(out->role, sizeof out->role, "%s", p->role ? p->role : "");
}

int cr_token_verify(const struct cr_token_verifier *v, const char *aud, const char *token,
                    int64_t now_ms, struct cr_token_claims *out, struct cr_error *err)
{
    CR_AUTO(cr_json) *header_doc = NULL;
    CR_AUTO(cr_json) *payload_doc = NULL;
    struct header header = {0};
    struct payload payload = {0};

    if (strnlen(token, CR_TOKEN_MAX_BYTES + 1) > CR_TOKEN_MAX_BYTES)
        return refuse(err, "too long");
    const char *dot1 = strchr(token, '.');
    const char *dot2 = dot1 ? strchr(dot1 + 1, '.') : NULL;
    if (!dot2)
        return refuse(err, "not three parts");
    if (read_part(token, (size_t)(dot1 - token), header_fields, &header, &header_doc, err) < 0 ||
        check_signature_size(dot2 + 1, strlen(dot2 + 1), err) < 0 ||
        check_signature(v, token, err) < 0 ||
        read_part(dot1 + 1, (size_t)(dot2 - dot1 - 1), payload_fields, &payload, &payload_doc,
                  err) < 0 ||
        check_claims(&payload, aud, now_ms / 1000, err) < 0)
        return -1;
    fill(out, &payload);
    return 0;
}
