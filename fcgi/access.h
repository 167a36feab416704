/* Who may call a route, and how often. */
#ifndef CR_FCGI_ACCESS_H
#define CR_FCGI_ACCESS_H

#include "fcgi/routes.h"

/* Fills req->user_id, req->role and, on RATE, req->retry_after_s. Errors: RATE, FORBIDDEN (origin,
 * role), UNAUTHORIZED (token), NOT_FOUND (not a member), UNAVAILABLE. Any thread. */
int cr_access_check(struct cr_app *app, const struct cr_route *route, struct cr_request *req,
                    struct cr_error *err);

#endif
