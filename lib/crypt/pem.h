/* Reading P-256 keys from PEM files. Internal to lib/crypt. */
#ifndef CR_CRYPT_PEM_H
#define CR_CRYPT_PEM_H

#include "base/error.h"

/* The PEM text of the file's private key, checked; owned by the caller. NULL: INVALID. */
char *cr_pem_read_private(const char *path, struct cr_error *err);
/* The PEM text of the file's public key, or of the public half of its private key. */
char *cr_pem_read_public(const char *path, struct cr_error *err);

#endif
