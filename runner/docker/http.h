/* One HTTP call to Docker. Private to runner/docker. */
#ifndef CR_RUNNER_DOCKER_HTTP_H
#define CR_RUNNER_DOCKER_HTTP_H

#include "base/buf.h"
#include "base/error.h"

struct cr_docker {
    char *socket;
    char version[16]; /* "v1.41"; written by cr_docker_hello() only, under the lock */
};

struct cr_http_call {
    const char *method;
    const char *path; /* with the query, without the version */
    const void *body; /* JSON; may be NULL */
    size_t body_len;
    long timeout_ms;
};

/* Make the call and collect the reply (at most 4 MB). Returns the HTTP status, or -1 when there was
 * no answer (UNAVAILABLE). api_version: where to put the header of that name; may be NULL. */
long cr_http(struct cr_docker *d, const struct cr_http_call *call, struct cr_buf *reply,
             char api_version[16], struct cr_error *err);

/* The same, and turn a status of 400 and more into an error with Docker's message. accept: a status
 * that is fine as well (304, 404, 409), or 0. */
int cr_http_ok(struct cr_docker *d, const struct cr_http_call *call, struct cr_buf *reply,
               long accept, struct cr_error *err);

#endif
