/* From a request to its answer: finds the route, checks who asks, how often and what, calls the
 * handler, answers errors, logs and counts. */
#ifndef CR_FCGI_DISPATCH_H
#define CR_FCGI_DISPATCH_H

#include "fcgi/app.h"
#include "fcgi/http/gateway.h"

/* ctx: struct cr_app. Any thread. Fits cr_server_options.serve. */
void cr_dispatch(void *ctx, const struct cr_gateway *gw);

#endif
