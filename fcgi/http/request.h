/* One request, as the web server hands it over. */
#ifndef CR_FCGI_HTTP_REQUEST_H
#define CR_FCGI_HTTP_REQUEST_H

#include "base/buf.h"
#include "base/error.h"
#include "fcgi/http/gateway.h"
#include "model/model.h"

#include <stdbool.h>

#define CR_REQUEST_ID_MAX 64
#define CR_REQUEST_PATH_MAX 2048 /* bytes; our longest is 150 */
#define CR_REQUEST_PARAMS 3

enum cr_method { CR_GET, CR_POST, CR_PATCH, CR_DELETE, CR_OPTIONS, CR_METHOD_OTHER };
const char *cr_method_name(enum cr_method m); /* "GET"; "OTHER" */

struct cr_path_value {
    const char *name; /* static, from the pattern */
    char text[64];    /* checked by the segment's type */
};

struct cr_json;

struct cr_request {
    /* From the gateway; text is borrowed from it, NULL when absent. */
    enum cr_method method;
    bool head_only; /* HEAD: method is CR_GET and the answer's body is left out */
    char id[CR_REQUEST_ID_MAX + 1];
    char path[CR_REQUEST_PATH_MAX]; /* below the base, still percent-encoded, begins with "/" */
    const char *query_text;         /* "" when there is none */
    const char *content_type;
    size_t content_length;
    const char *authorization;
    const char *cookie;
    const char *origin;
    const char *fetch_site; /* Sec-Fetch-Site */
    const char *host;
    int64_t retry_after_s; /* for an error RATE */
    char address[64];      /* of the client, for limits: an IPv6 address is cut to its /64 */

    /* Filled on the way to the handler, checked. */
    struct cr_path_value params[CR_REQUEST_PARAMS];
    size_t param_count;
    void *query;              /* the route's query struct; NULL when it has none; owned */
    void *body;               /* the route's body struct; NULL when it has none; owned */
    struct cr_json *json;     /* what body borrows from; owned */
    char user_id[CR_ID_SIZE]; /* "" when nobody is signed in */
    enum cr_role role;        /* in the room of the path; CR_ROLE_NONE elsewhere */
};

/* Read the variables. base: path of the API with a slash at its end ("/api/v1/").
 * Always fills id, so that an error can be answered. Errors: NOT_FOUND (outside of base, too
 * long), INVALID, TOO_LARGE (body). */
int cr_request_init(struct cr_request *req, const struct cr_gateway *gw, const char *base,
                    struct cr_error *err);
void cr_request_clear(struct cr_request *req);

/* Read the whole body. Errors: INVALID (shorter than announced). */
int cr_request_read_body(const struct cr_request *req, const struct cr_gateway *gw,
                         struct cr_buf *out, struct cr_error *err);

/* Value of a path variable; the name must be one of the pattern. */
const char *cr_request_param(const struct cr_request *req, const char *name);

/* True for "application/json", also with charset=utf-8. */
bool cr_request_is_json(const struct cr_request *req);

#endif
