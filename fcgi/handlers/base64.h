/* Base64 with padding (RFC 4648 section 4), as browsers' atob() reads it. */
#ifndef CR_FCGI_HANDLERS_BASE64_H
#define CR_FCGI_HANDLERS_BASE64_H

#include <stddef.h>

char *cr_base64_encode(const void *data, size_t len); /* owned by the caller */

#endif
