#include "fcgi/dispatch.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/mem.h"
#include "fcgi/access.h"
#include "fcgi/http/cookie.h"
#include "fcgi/http/problem.h"
#include "fcgi/http/router.h"
#include "fcgi/observe.h"
#include "fcgi/routes.h"
#include "log/log.h"
#include "json/json.h"

#include <stdio.h>
#include <string.h>

/* Lists the methods of a path in allow ("GET, HEAD, OPTIONS"); empty when the path is unknown. */
static const struct cr_route *find_route(struct cr_request *req, char *allow, size_t size)
{
    const struct cr_route *found = NULL;
    size_t len = 0;

    allow[0] = '\0';
    for (size_t i = 0; i < cr_route_count; i++) {
        const struct cr_route *r = &cr_routes[i];
        struct cr_path_value params[CR_REQUEST_PARAMS];
        size_t count;

        if (!cr_router_match(r->pattern, req->path, params, &count))
            continue;
        len += (size_t)snprintf(allow + len, size - len, "%s%s, ", cr_method_name(r->method),
                                r->method == CR_GET ? ", HEAD" : "");
        if (r->method != req->method)
            continue;
        memcpy(req->params, params, sizeof(params));
        req->param_count = count;
        found = r;
    }
    if (len > 0)
        snprintf(allow + len, size - len, "OPTIONS");
    return found;
}

static void *filled(size_t size, const void *defaults)
{
    void *p = cr_calloc(1, size);

    if (defaults)
        memcpy(p, defaults, size);
    return p;
}

static int bind_query(const struct cr_route *route, struct cr_request *req, struct cr_error *err)
{
    if (!route->query)
        return cr_query_bind(req->query_text, NULL, NULL, err);
    req->query = filled(route->query->size, route->query->defaults);
    return cr_query_bind(req->query_text, route->query->fields, req->query, err);
}

static int bind_body(const struct cr_route *route, struct cr_request *req,
                     const struct cr_gateway *gw, struct cr_error *err)
{
    CR_AUTO_BUF bytes = {0};

    if (!route->body) {
        if (req->content_length > 0)
            return cr_fail(err, CR_ERR_INVALID, "this request takes no body");
        return 0;
    }
    if (!cr_request_is_json(req))
        return cr_fail(err, CR_ERR_MEDIA_TYPE, "%s", cr_error_public_text(CR_ERR_MEDIA_TYPE));
    if (cr_request_read_body(req, gw, &bytes, err) < 0)
        return -1;
    req->json = cr_json_parse(bytes.data, bytes.len, CR_LIMIT_BODY_BYTES, err);
    if (!req->json)
        return -1;
    req->body = filled(route->body->size, route->body->defaults);
    return cr_json_bind(req->json, cr_json_root(req->json), route->body->fields, req->body, err);
}

/* Who asks comes first: what is wrong with a request is told only to those who may make it. */
static int call(struct cr_app *app, const struct cr_route *route, struct cr_request *req,
                const struct cr_gateway *gw, struct cr_response *res, struct cr_error *err)
{
    if (cr_access_check(app, route, req, err) < 0 || bind_query(route, req, err) < 0 ||
        bind_body(route, req, gw, err) < 0)
        return -1;
    return route->handler(app, req, res, err);
}

static int answer_options(const struct cr_request *req, const char *allow, struct cr_response *res,
                          struct cr_error *err)
{
    if (!*allow)
        return cr_fail(err, CR_ERR_NOT_FOUND, "%s", "there is no such address");
    if (req->method != CR_OPTIONS)
        return cr_fail(err, CR_ERR_METHOD, "%s", cr_error_public_text(CR_ERR_METHOD));
    res->status = 204;
    cr_response_header(res, "Allow", allow);
    return 0;
}

static void answer_error(const struct cr_route *route, const struct cr_request *req,
                         const char *allow, struct cr_response *res, const struct cr_error *err)
{
    char text[CR_REFRESH_COOKIE_MAX];

    cr_problem_set(res, req, err);
    if (err->code == CR_ERR_METHOD) {
        cr_response_header(res, "Allow", allow);
    } else if (err->code == CR_ERR_RATE) {
        snprintf(text, sizeof(text), "%lld",
                 req->retry_after_s > 0 ? (long long)req->retry_after_s : 1LL);
        cr_response_header(res, "Retry-After", text);
    } else if (err->code == CR_ERR_UNAUTHORIZED && route && route->access == CR_ACCESS_COOKIE) {
        cr_cookie_format(NULL, 0, text); /* it will never work again */
        cr_response_header(res, "Set-Cookie", text);
    } else if (err->code == CR_ERR_UNAUTHORIZED && route && route->access >= CR_ACCESS_USER) {
        cr_response_header(res, "WWW-Authenticate", "Bearer"); /* RFC 9110 section 11.6.1 */
    }
}

void cr_dispatch(void *ctx, const struct cr_gateway *gw)
{
    struct cr_app *app = ctx;
    const struct cr_route *route = NULL;
    struct cr_request req;
    struct cr_response res;
    struct cr_error err = CR_ERROR_INIT;
    int64_t start_us = cr_mono_us();
    char allow[96] = "";
    int rc = cr_request_init(&req, gw, app->api_base, &err);

    cr_response_init(&res);
    if (rc == 0) {
        route = find_route(&req, allow, sizeof(allow));
        rc = route ? call(app, route, &req, gw, &res, &err)
                   : answer_options(&req, allow, &res, &err);
    }
    if (rc < 0)
        answer_error(route, &req, allow, &res, &err);
    if (cr_response_send(&res, &req, gw) < 0)
        cr_log(CR_LOG_DEBUG, "the client was gone before its answer", CR_S("req", req.id));
    cr_observe(route, &req, &res, rc < 0 ? &err : NULL, cr_mono_us() - start_us);
    cr_response_clear(&res);
    cr_request_clear(&req);
}
