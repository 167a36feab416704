/* Whether a request that a cookie vouches for comes from our own pages. */
#ifndef CR_FCGI_HTTP_ORIGIN_H
#define CR_FCGI_HTTP_ORIGIN_H

#include "fcgi/http/request.h"

/* SameSite=Strict keeps other sites' requests without the cookie; this is the second bar. A request
 * with an Origin must have ours (public_url's, or the host that was asked), one with Sec-Fetch-Site
 * must not come from elsewhere. Requests without both are no browser's. Errors: FORBIDDEN.
 * Source: OWASP CSRF prevention cheat sheet, "verifying origin". */
int cr_origin_check(const struct cr_request *req, const char *public_url, struct cr_error *err);

#endif
