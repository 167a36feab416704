#include "fcgi/access.h"

#include "base/clock.h"
#include "fcgi/http/origin.h"

#include <string.h>
#include <strings.h>

static int check_token(struct cr_app *app, struct cr_request *req, struct cr_error *err)
{
    static const char scheme[] = "Bearer ";
    const char *header = req->authorization;
    struct cr_token_claims claims;
    struct cr_error why = CR_ERROR_INIT;

    if (!header || strncasecmp(header, scheme, sizeof(scheme) - 1) != 0)
        return cr_fail(err, CR_ERR_UNAUTHORIZED, "%s", cr_error_public_text(CR_ERR_UNAUTHORIZED));
    if (cr_token_verify(app->verifier, CR_TOKEN_AUD_API, header + sizeof(scheme) - 1, cr_wall_ms(),
                        &claims, &why) < 0 ||
        !cr_id_is_valid(claims.sub))
        return cr_fail(err, CR_ERR_UNAUTHORIZED, "The access token is wrong or has expired.");
    memcpy(req->user_id, claims.sub, CR_ID_SIZE);
    return 0;
}

static int check_rate(struct cr_app *app, const struct cr_route *route, struct cr_request *req,
                      struct cr_error *err)
{
    const struct cr_config *c = app->config;
    const char *kind = "user", *key = req->user_id;
    int64_t per_minute = c->limits_requests_per_minute;

    if (!*key) {
        kind = "address";
        key = req->address;
    }
    if (route->rate == CR_RATE_SIGN_IN) {
        kind = "sign-in";
        per_minute = c->limits_signins_per_address;
    }
    if (!cr_rate_take(app->rate, kind, key, per_minute, cr_mono_ms(), &req->retry_after_s))
        return cr_fail(err, CR_ERR_RATE, "%s", cr_error_public_text(CR_ERR_RATE));
    return 0;
}

static int check_role(struct cr_app *app, const struct cr_route *route, struct cr_request *req,
                      struct cr_error *err)
{
    static const enum cr_role least[] = {
        [CR_ACCESS_VIEWER] = CR_ROLE_VIEWER,
        [CR_ACCESS_EDITOR] = CR_ROLE_EDITOR,
        [CR_ACCESS_OWNER] = CR_ROLE_OWNER,
    };

    if (cr_store_member_role(app->store, cr_request_param(req, "room"), req->user_id, &req->role,
                             err) < 0)
        return -1;
    if (req->role == CR_ROLE_NONE)
        return cr_fail(err, CR_ERR_NOT_FOUND, "%s", cr_error_public_text(CR_ERR_NOT_FOUND));
    if (req->role < least[route->access])
        return cr_fail(err, CR_ERR_FORBIDDEN, "This takes the role %s; yours is %s.",
                       cr_role_name(least[route->access]), cr_role_name(req->role));
    return 0;
}

int cr_access_check(struct cr_app *app, const struct cr_route *route, struct cr_request *req,
                    struct cr_error *err)
{
    if (route->access == CR_ACCESS_COOKIE &&
        cr_origin_check(req, app->config->http_public_url, err) < 0)
        return -1;
    if (route->access >= CR_ACCESS_USER && check_token(app, req, err) < 0)
        return -1;
    if (check_rate(app, route, req, err) < 0)
        return -1;
    return route->access >= CR_ACCESS_VIEWER ? check_role(app, route, req, err) : 0;
}
