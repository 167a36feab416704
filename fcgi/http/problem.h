/* Errors as application/problem+json (RFC 9457). */
#ifndef CR_FCGI_HTTP_PROBLEM_H
#define CR_FCGI_HTTP_PROBLEM_H

#include "fcgi/http/response.h"

/* Replace what res holds by the error. Messages about our insides are not shown. Headers that were
 * added before are dropped, too: add those of the error afterwards. */
void cr_problem_set(struct cr_response *res, const struct cr_request *req,
                    const struct cr_error *err);

#endif
