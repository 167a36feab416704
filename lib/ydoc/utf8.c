#include "ydoc/wire.h"

#include <string.h>

#define HIGH_BITS UINT64_C(0x8080808080808080)

/* Up to 15 bytes are all ASCII: in two words that may overlap, as most runs are short. */
static bool is_short_ascii(const uint8_t *p, size_t len)
{
    uint64_t a = 0, b = 0;
    uint32_t x, y;

    if (len >= 8) {
        memcpy(&a, p, 8);
        memcpy(&b, p + len - 8, 8);
    } else if (len >= 4) {
        memcpy(&x, p, 4);
        memcpy(&y, p + len - 4, 4);
        a = x | y;
    } else if (len > 0) {
        a = p[0] | p[len / 2] | p[len - 1];
    }
    return ((a | b) & HIGH_BITS) == 0;
}

static size_t ascii_run(const uint8_t *p, size_t len)
{
    size_t i = 0;

    if (len < 16 && is_short_ascii(p, len))
        return len;
    for (; i + 8 <= len; i += 8) {
        uint64_t word;
        memcpy(&word, p + i, 8);
        if (word & HIGH_BITS)
            break;
    }
    while (i < len && p[i] < 0x80)
        i++;
    return i;
}

/* Length in bytes of the character at p, or 0 when it is not UTF-8. */
static size_t char_len(const uint8_t *p, size_t left)
{
    static const uint32_t smallest[5] = {0, 0, 0x80, 0x800, 0x10000};
    size_t n = p[0] < 0xc2 ? 0 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : p[0] < 0xf5 ? 4 : 0;
    uint32_t code;

    if (n == 0 || n > left)
        return 0;
    code = p[0] & (0x7fU >> n);
    for (size_t i = 1; i < n; i++) {
        if ((p[i] & 0xc0) != 0x80)
            return 0;
        code = code << 6 | (p[i] & 0x3f);
    }
    if (code < smallest[n] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
        return 0;
    return n;
}

bool yd_utf8_is_ascii(const uint8_t *p, size_t len)
{
    return ascii_run(p, len) == len;
}

bool yd_utf8_scan(const uint8_t *p, size_t len, uint64_t *utf16, bool *ascii)
{
    uint64_t units = 0;
    size_t i = 0;

    *ascii = true;
    while (i < len) {
        size_t run = ascii_run(p + i, len - i);
        i += run;
        units += run;
        if (i == len)
            break;
        *ascii = false;
        size_t n = char_len(p + i, len - i);
        if (n == 0)
            return false;
        units += n == 4 ? 2 : 1;
        i += n;
    }
    *utf16 = units;
    return true;
}

#define EACH_BYTE(b) (UINT64_C(0x0101010101010101) * (b))

/* UTF-16 units of the characters that begin in these 8 bytes. */
static uint32_t units_of_8(const uint8_t *p)
{
    uint64_t word, more, four;

    memcpy(&word, p, 8);
    more = word >> 7 & ~(word >> 6) & EACH_BYTE(1);
    four = word >> 7 & word >> 6 & word >> 5 & word >> 4 & EACH_BYTE(1);
    return 8 + (uint32_t)(four * EACH_BYTE(1) >> 56) - (uint32_t)(more * EACH_BYTE(1) >> 56);
}

size_t yd_utf8_offset(const uint8_t *p, size_t len, uint32_t utf16, bool *inside)
{
    size_t i = 0;
    uint32_t units = 0;

    *inside = false;
    while (i + 8 <= len) {
        uint32_t n = units_of_8(p + i);
        if (units + n >= utf16)
            break;
        units += n;
        i += 8;
    }
    while (i > 0 && i < len && (p[i] & 0xc0) == 0x80)
        i++; /* the rest of a character that was counted */
    while (i < len && units < utf16) {
        size_t n = p[i] < 0x80 ? 1 : p[i] < 0xe0 ? 2 : p[i] < 0xf0 ? 3 : 4;
        if (n == 4) {
            if (units + 1 == utf16) {
                *inside = true;
                return i;
            }
            units++;
        }
        units++;
        i += n;
    }
    return i;
}
