#include "fcgi/handlers/base64.h"

#include "base/mem.h"

#include <stdint.h>

char *cr_base64_encode(const void *data, size_t len)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const uint8_t *in = data;
    char *out = cr_malloc((len + 2) / 3 * 4 + 1), *at = out;

    for (size_t i = 0; i < len; i += 3) {
        uint32_t bits = (uint32_t)in[i] << 16;

        if (i + 1 < len)
            bits |= (uint32_t)in[i + 1] << 8;
        if (i + 2 < len)
            bits |= in[i + 2];
        *at++ = digits[bits >> 18];
        *at++ = digits[bits >> 12 & 63];
        *at++ = i + 1 < len ? digits[bits >> 6 & 63] : '=';
        *at++ = i + 2 < len ? digits[bits & 63] : '=';
    }
    *at = '\0';
    return out;
}
