#include "fcgi/http/cookie.h"

#include "proto/secret.h"

#include <stdio.h>
#include <string.h>

#define VALUE_LEN (CR_ID_LEN + 1 + CR_SECRET_SIZE - 1) /* family "." secret */

static int parse_value(const char *value, size_t len, struct cr_refresh_token *out)
{
    if (len != VALUE_LEN || value[CR_ID_LEN] != '.')
        return -1;
    memcpy(out->family, value, CR_ID_LEN);
    out->family[CR_ID_LEN] = '\0';
    memcpy(out->secret, value + CR_ID_LEN + 1, CR_SECRET_SIZE - 1);
    out->secret[CR_SECRET_SIZE - 1] = '\0';
    return cr_id_is_valid(out->family) && cr_secret_is_wellformed(out->secret) ? 0 : -1;
}

int cr_cookie_parse(const char *header, struct cr_refresh_token *out, struct cr_error *err)
{
    static const char name[] = CR_REFRESH_COOKIE "=";
    const char *value = NULL;
    size_t value_len = 0;

    for (const char *p = header ? header : ""; *p;) {
        size_t len;

        p += strspn(p, "; \t");
        len = strcspn(p, ";");
        if (strncmp(p, name, sizeof(name) - 1) == 0) {
            if (value)
                return cr_fail(err, CR_ERR_UNAUTHORIZED, "two refresh cookies");
            value = p + sizeof(name) - 1;
            value_len = len - (sizeof(name) - 1);
        }
        p += len;
    }
    if (!value)
        return cr_fail(err, CR_ERR_UNAUTHORIZED, "no refresh cookie");
    if (parse_value(value, value_len, out) < 0)
        return cr_fail(err, CR_ERR_UNAUTHORIZED, "malformed refresh cookie");
    return 0;
}

void cr_cookie_format(const struct cr_refresh_token *token, int64_t max_age_s,
                      char out[CR_REFRESH_COOKIE_MAX])
{
    bool set = token && max_age_s > 0;

    snprintf(out, CR_REFRESH_COOKIE_MAX,
             CR_REFRESH_COOKIE "=%s%s%s; Path=/; Max-Age=%lld; HttpOnly; Secure; SameSite=Strict",
             set ? token->family : "", set ? "." : "", set ? token->secret : "",
             set ? (long long)max_age_s : 0LL);
}
