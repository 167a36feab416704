/* What FastCGI and plain CGI have in common: variables in, a byte stream in, a byte stream out. */
#ifndef CR_FCGI_HTTP_GATEWAY_H
#define CR_FCGI_HTTP_GATEWAY_H

#include <stddef.h>
#include <stdint.h>

struct cr_gateway {
    char *const *env; /* "NAME=value", NULL-terminated (RFC 3875); borrowed */
    /* Up to len bytes of the request's body; 0 at its end, -1 when the client is gone. */
    long (*read)(void *ctx, void *buf, size_t len);
    /* All of len bytes of the response; -1 when the client is gone. */
    int (*write)(void *ctx, const void *data, size_t len);
    void *ctx;
};

/* Value of the first variable with that name; NULL when there is none. */
const char *cr_gateway_var(const struct cr_gateway *gw, const char *name);

#endif
