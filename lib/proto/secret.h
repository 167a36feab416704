/* Secrets that we hand out and of which only a hash is stored: invitation links, room tokens,
 * refresh tokens. Each is 256 random bits, so a plain hash is enough: there is nothing to guess
 * and no salt to keep. The API stores them, ws looks room tokens up: both hash here. Any thread. */
#ifndef CR_PROTO_SECRET_H
#define CR_PROTO_SECRET_H

#include "crypt/crypt.h"

#include <stdbool.h>

#define CR_ROOM_TOKEN_PREFIX "crt_" /* lets people and secret scanners see what it is */
#define CR_ROOM_TOKEN_SIZE (4 + CR_SECRET_SIZE)

/* SHA-256 of the whole text as the client shows it, a room token with its prefix. For
 * cr_store_grant_insert(), cr_store_grant_by_hash() and sessions. */
void cr_secret_hash(const char *secret, char out[CR_SHA256_HEX_SIZE]);

bool cr_secret_is_wellformed(const char *s);     /* 43 characters of base64url; NULL is not */
bool cr_room_token_is_wellformed(const char *s); /* the same behind "crt_" */

#endif
