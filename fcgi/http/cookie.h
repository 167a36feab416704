/* The refresh token's cookie. The __Host- prefix makes browsers refuse it unless it is Secure, for
 * this host alone and for Path=/ (RFC 6265bis section 4.1.3.2). */
#ifndef CR_FCGI_HTTP_COOKIE_H
#define CR_FCGI_HTTP_COOKIE_H

#include "base/error.h"
#include "base/id.h"
#include "crypt/crypt.h"

#include <stdint.h>

#define CR_REFRESH_COOKIE "__Host-coderoom"
#define CR_REFRESH_COOKIE_MAX 256 /* bytes of a Set-Cookie value that we make */

struct cr_refresh_token {
    char family[CR_ID_SIZE];
    char secret[CR_SECRET_SIZE];
};

/* Find the token in a Cookie header (NULL is fine). Errors: UNAUTHORIZED when there is none, more
 * than one, or it is not of our form. */
int cr_cookie_parse(const char *header, struct cr_refresh_token *out, struct cr_error *err);
/* The value of a Set-Cookie header. max_age_s 0 clears the cookie (token may be NULL). */
void cr_cookie_format(const struct cr_refresh_token *token, int64_t max_age_s,
                      char out[CR_REFRESH_COOKIE_MAX]);

#endif
