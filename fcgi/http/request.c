#include "fcgi/http/request.h"

#include "base/id.h"
#include "base/limits.h"
#include "base/mem.h"
#include "json/json.h"

#include <arpa/inet.h>
#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

const char *cr_gateway_var(const struct cr_gateway *gw, const char *name)
{
    size_t len = strlen(name);

    for (char *const *e = gw->env; e && *e; e++) {
        if (strncmp(*e, name, len) == 0 && (*e)[len] == '=')
            return *e + len + 1;
    }
    return NULL;
}

const char *cr_method_name(enum cr_method m)
{
    static const char *const names[] = {"GET", "POST", "PATCH", "DELETE", "OPTIONS", "OTHER"};

    return names[m];
}

static void set_method(struct cr_request *req, const char *name)
{
    req->method = CR_METHOD_OTHER;
    if (!name)
        return;
    req->head_only = strcmp(name, "HEAD") == 0;
    if (req->head_only)
        name = "GET";
    for (enum cr_method m = CR_GET; m < CR_METHOD_OTHER; m++) {
        if (strcmp(name, cr_method_name(m)) == 0)
            req->method = m;
    }
}

/* nginx makes the id; whatever else stands there must not spoil logs or headers. */
static void set_id(struct cr_request *req, const char *given)
{
    static const char allowed[] =
        "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_";
    size_t len = given ? strlen(given) : 0;

    if (len >= 8 && len <= CR_REQUEST_ID_MAX && strspn(given, allowed) == len)
        memcpy(req->id, given, len + 1);
    else
        cr_id_new(req->id);
}

/* One household or machine owns a whole IPv6 /64: limits must not be escaped inside it. */
static void set_address(struct cr_request *req, const char *text)
{
    struct in6_addr a;

    if (!text || inet_pton(AF_INET6, text, &a) != 1) {
        snprintf(req->address, sizeof(req->address), "%s", text ? text : "");
        return;
    }
    if (!IN6_IS_ADDR_V4MAPPED(&a))
        memset(&a.s6_addr[8], 0, 8);
    inet_ntop(AF_INET6, &a, req->address, sizeof(req->address));
}

static int set_path(struct cr_request *req, const struct cr_gateway *gw, const char *base,
                    struct cr_error *err)
{
    const char *uri = cr_gateway_var(gw, "REQUEST_URI");
    const char *script = cr_gateway_var(gw, "SCRIPT_NAME");
    const char *info = cr_gateway_var(gw, "PATH_INFO");
    const char *query = cr_gateway_var(gw, "QUERY_STRING");
    cr_auto_free char *whole = NULL;
    size_t base_len = strlen(base), len;

    /* REQUEST_URI is what the client sent; servers without it have split and decoded the path. */
    if (uri && !*uri)
        uri = NULL;
    if (uri)
        whole = cr_strdup(uri);
    else
        whole = cr_asprintf("%s%s", script ? script : "", info ? info : "");
    len = strcspn(whole, "?#");
    if (!query)
        query = uri && uri[len] == '?' ? uri + len + 1 : "";
    req->query_text = query;
    whole[len] = '\0';
    if (strncmp(whole, base, base_len) != 0)
        return cr_fail(err, CR_ERR_NOT_FOUND, "path is not below the API's");
    if (len - base_len + 2 > sizeof(req->path))
        return cr_fail(err, CR_ERR_NOT_FOUND, "path of %zu bytes", len);
    req->path[0] = '/';
    memcpy(req->path + 1, whole + base_len, len - base_len + 1);
    return 0;
}

static int set_length(struct cr_request *req, const char *text, struct cr_error *err)
{
    size_t n = 0;

    for (const char *p = text ? text : ""; *p; p++) {
        if (*p < '0' || *p > '9')
            return cr_fail(err, CR_ERR_INVALID, "Content-Length is not a number");
        n = n * 10 + (size_t)(*p - '0');
        if (n > CR_LIMIT_BODY_BYTES)
            return cr_fail(err, CR_ERR_TOO_LARGE, "the body is larger than %d bytes",
                           CR_LIMIT_BODY_BYTES);
    }
    req->content_length = n;
    return 0;
}

int cr_request_init(struct cr_request *req, const struct cr_gateway *gw, const char *base,
                    struct cr_error *err)
{
    memset(req, 0, sizeof(*req));
    req->query_text = "";
    set_id(req, cr_gateway_var(gw, "HTTP_X_REQUEST_ID"));
    set_method(req, cr_gateway_var(gw, "REQUEST_METHOD"));
    set_address(req, cr_gateway_var(gw, "REMOTE_ADDR"));
    req->content_type = cr_gateway_var(gw, "CONTENT_TYPE");
    req->authorization = cr_gateway_var(gw, "HTTP_AUTHORIZATION");
    req->cookie = cr_gateway_var(gw, "HTTP_COOKIE");
    req->origin = cr_gateway_var(gw, "HTTP_ORIGIN");
    req->fetch_site = cr_gateway_var(gw, "HTTP_SEC_FETCH_SITE");
    req->host = cr_gateway_var(gw, "HTTP_HOST");
    if (set_path(req, gw, base, err) < 0)
        return -1;
    return set_length(req, cr_gateway_var(gw, "CONTENT_LENGTH"), err);
}

void cr_request_clear(struct cr_request *req)
{
    cr_json_free(req->json);
    free(req->query);
    free(req->body);
    memset(req, 0, sizeof(*req));
}

int cr_request_read_body(const struct cr_request *req, const struct cr_gateway *gw,
                         struct cr_buf *out, struct cr_error *err)
{
    while (out->len < req->content_length) {
        size_t want = req->content_length - out->len;
        long n = gw->read(gw->ctx, cr_buf_reserve(out, want), want);

        if (n <= 0)
            return cr_fail(err, CR_ERR_INVALID, "the body ended early");
        out->len += (size_t)n;
    }
    return 0;
}

const char *cr_request_param(const struct cr_request *req, const char *name)
{
    for (size_t i = 0; i < req->param_count; i++) {
        if (strcmp(req->params[i].name, name) == 0)
            return req->params[i].text;
    }
    assert(false && "the route's pattern has no such variable");
    return "";
}

bool cr_request_is_json(const struct cr_request *req)
{
    static const char type[] = "application/json";
    const char *p = req->content_type;

    if (!p || strncasecmp(p, type, sizeof(type) - 1) != 0)
        return false;
    p += sizeof(type) - 1;
    p += strspn(p, " \t");
    if (*p == '\0')
        return true;
    if (*p++ != ';')
        return false;
    p += strspn(p, " \t");
    return strcasecmp(p, "charset=utf-8") == 0 || strcasecmp(p, "charset=\"utf-8\"") == 0;
}
