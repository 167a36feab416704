#include "base/id.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

static const char alphabet[] = "0123456789abcdefghijklmnopqrstuv";

void cr_id_new(char out[CR_ID_SIZE])
{
    uint8_t random[CR_ID_LEN];
    size_t have = 0;

    while (have < sizeof random) {
        ssize_t n = getrandom(random + have, sizeof random - have, 0);
        if (n < 0 && errno != EINTR)
            abort(); /* without random numbers nothing here is safe */
        if (n > 0)
            have += (size_t)n;
    }
    for (size_t i = 0; i < CR_ID_LEN; i++)
        out[i] = alphabet[random[i] & 31]; /* five bits of each byte: no bias */
    out[CR_ID_LEN] = '\0';
}

bool cr_id_is_valid(const char *s)
{
    if (!s || strnlen(s, CR_ID_SIZE) != CR_ID_LEN)
        return false;
    for (size_t i = 0; i < CR_ID_LEN; i++) {
        if (!((s[i] >= '0' && s[i] <= '9') || (s[i] >= 'a' && s[i] <= 'v')))
            return false;
    }
    return true;
}

uint32_t cr_id_hash(const char *s)
{
    uint32_t hash = 2166136261U;

    for (; *s; s++)
        hash = (hash ^ (uint8_t)*s) * 16777619U;
    return hash;
}
