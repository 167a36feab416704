#include "proto/secret.h"

#include <string.h>

void cr_secret_hash(const char *secret, char out[CR_SHA256_HEX_SIZE])
{
    cr_sha256_hex(secret, strlen(secret), out);
}

bool cr_secret_is_wellformed(const char *s)
{
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    return s && strspn(s, alphabet) == CR_SECRET_SIZE - 1 && s[CR_SECRET_SIZE - 1] == '\0';
}

bool cr_room_token_is_wellformed(const char *s)
{
    size_t prefix = strlen(CR_ROOM_TOKEN_PREFIX);

    return s && strncmp(s, CR_ROOM_TOKEN_PREFIX, prefix) == 0 &&
           cr_secret_is_wellformed(s + prefix);
}
