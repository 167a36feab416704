/* Path patterns with typed variables: "/rooms/{room:id}/files/{file:id}". Types:
 *   id      one of our identifiers (base/id.h)
 *   number  1 to 2^53-1
 *   secret  43 characters of base64url, as cr_random_secret() makes them
 * A segment that is not of its type does not match, so a handler never sees one. */
#ifndef CR_FCGI_HTTP_ROUTER_H
#define CR_FCGI_HTTP_ROUTER_H

#include "fcgi/http/request.h"

#include <stdbool.h>

/* True when path (percent-encoded, without query) is of the pattern; fills params and *count, at
 * most CR_REQUEST_PARAMS of them. */
bool cr_router_match(const char *pattern, const char *path, struct cr_path_value *params,
                     size_t *count);

/* The pattern as OpenAPI writes it: "/rooms/{room}/files/{file}". */
void cr_router_describe(const char *pattern, struct cr_buf *out);

#endif
