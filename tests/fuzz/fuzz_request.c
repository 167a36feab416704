/* A request's variables from any web server: lines "NAME=value" are read, routed, and everything
 * that has a parser of ours is parsed. */
#include "fcgi/http/cookie.h"
#include "fcgi/http/origin.h"
#include "fcgi/http/problem.h"
#include "fcgi/http/query.h"
#include "fcgi/http/router.h"
#include "fcgi/routes.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define LINES_MAX 32

static int drop(void *ctx, const void *data, size_t len)
{
    (void)data;
    *(size_t *)ctx += len;
    return 0;
}

static void use(struct cr_request *req, struct cr_error *err)
{
    struct cr_refresh_token token;

    for (size_t i = 0; i < cr_route_count; i++) {
        const struct cr_query_table *q = cr_routes[i].query;

        if (cr_router_match(cr_routes[i].pattern, req->path, req->params, &req->param_count) &&
            req->param_count > 0 && !req->params[0].text[0])
            abort(); /* a matched variable is never empty */
        if (q) {
            void *into = cr_calloc(1, q->size);

            (void)cr_query_bind(req->query_text, q->fields, into, err);
            free(into);
        }
    }
    (void)cr_query_bind(req->query_text, NULL, NULL, err);
    (void)cr_cookie_parse(req->cookie, &token, err);
    (void)cr_origin_check(req, "http://localhost:8080", err);
    (void)cr_request_is_json(req);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    cr_auto_free char *text = cr_strndup((const char *)data, size);
    char *env[LINES_MAX + 1] = {NULL};
    size_t count = 0, written = 0;
    struct cr_gateway gw = {.env = env, .write = drop, .ctx = &written};
    struct cr_error err = CR_ERROR_INIT;
    struct cr_request req;
    struct cr_response res;

    for (char *line = strtok(text, "\n"); line && count < LINES_MAX; line = strtok(NULL, "\n"))
        env[count++] = line;
    if (cr_request_init(&req, &gw, "/api/v1/", &err) == 0)
        use(&req, &err);
    cr_response_init(&res);
    cr_problem_set(&res, &req, &err);
    (void)cr_response_send(&res, &req, &gw);
    cr_response_clear(&res);
    cr_request_clear(&req);
    return 0;
}
