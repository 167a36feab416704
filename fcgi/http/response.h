/* One answer: a status, headers and, mostly, a JSON text. */
#ifndef CR_FCGI_HTTP_RESPONSE_H
#define CR_FCGI_HTTP_RESPONSE_H

#include "fcgi/http/gateway.h"
#include "fcgi/http/request.h"
#include "json/write.h"

struct cr_response {
    int status;               /* 200 unless set */
    const char *content_type; /* static; application/json unless set */
    struct cr_json_out json;  /* empty: no body */
    struct cr_buf headers;    /* whole lines */
};

void cr_response_init(struct cr_response *res);
void cr_response_clear(struct cr_response *res);
/* Forget what was written, for an error that comes late. */
void cr_response_reset(struct cr_response *res);

/* Add a header. name: static. value: must hold no control characters (asserted: it is ours). */
void cr_response_header(struct cr_response *res, const char *name, const char *value);

/* Send it with what every answer carries: request id, no-store, nosniff. -1: the client is gone. */
int cr_response_send(struct cr_response *res, const struct cr_request *req,
                     const struct cr_gateway *gw);

#endif
