/* The table of all routes, and what a row may say. */
#ifndef CR_FCGI_ROUTES_H
#define CR_FCGI_ROUTES_H

#include "fcgi/app.h"
#include "fcgi/http/query.h"
#include "fcgi/http/request.h"
#include "fcgi/http/response.h"
#include "json/fields.h"

#include <stdio.h>

enum cr_access {
    CR_ACCESS_ANYONE,
    CR_ACCESS_COOKIE, /* anyone, from our own pages only: the cookie speaks */
    CR_ACCESS_USER,   /* signed in */
    CR_ACCESS_VIEWER, /* signed in, and at least that role in {room} */
    CR_ACCESS_EDITOR,
    CR_ACCESS_OWNER
};

enum cr_rate_class {
    CR_RATE_ACCOUNT, /* limits.requests_per_minute of the account; of the address without one */
    CR_RATE_SIGN_IN  /* limits.signins_per_address of the address */
};

/* A body or query: the struct that a handler gets, checked. */
struct cr_body_table {
    const struct cr_json_field *fields;
    size_t size;
    const void *defaults; /* a filled struct; NULL: zeros */
};
struct cr_query_table {
    const struct cr_query_field *fields;
    size_t size;
    const void *defaults;
};

/* Answers into res; on -1 the error is answered. All values in req are checked. */
typedef int cr_handler(struct cr_app *app, struct cr_request *req, struct cr_response *res,
                       struct cr_error *err);

struct cr_route {
    enum cr_method method;
    const char *pattern; /* fcgi/http/router.h */
    const char *name;    /* operationId in docs/openapi.yaml; label of logs and metrics */
    enum cr_access access;
    enum cr_rate_class rate;
    const struct cr_query_table *query; /* NULL: takes none */
    const struct cr_body_table *body;   /* NULL: takes none */
    cr_handler *handler;
};

extern const struct cr_route cr_routes[];
extern const size_t cr_route_count;

/* "POST /rooms/{room}/files createFile", one a line. */
void cr_routes_print(FILE *out);

#endif
