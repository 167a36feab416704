/* What is known of a request afterwards: one log line, and the metrics. */
#ifndef CR_FCGI_OBSERVE_H
#define CR_FCGI_OBSERVE_H

#include "fcgi/routes.h"

/* route: NULL when none matched. err: NULL when it went well. Any thread. */
void cr_observe(const struct cr_route *route, const struct cr_request *req,
                const struct cr_response *res, const struct cr_error *err, int64_t took_us);

#endif
