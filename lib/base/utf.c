#include "base/utf.h"

#include "base/mem.h"

#include <utf8proc.h>

/* Length in bytes of the character at s, 0 when it is not valid (RFC 3629 section 4). */
static size_t character(const uint8_t *s, size_t len, uint32_t *code)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    uint8_t lead = s[0];
    size_t need;
    uint32_t c;

    if (lead < 0x80) {
        *code = lead;
        return 1;
    }
    if (lead >= 0xc2 && lead <= 0xdf) {
        need = 2;
        c = lead & 0x1fU;
    } else if (lead >= 0xe0 && lead <= 0xef) {
        need = 3;
        c = lead & 0x0fU;
    } else if (lead >= 0xf0 && lead <= 0xf4) {
        need = 4;
        c = lead & 0x07U;
    } else {
        return 0;
    }
    if (len < need)
        return 0;
    for (size_t i = 1; i < need; i++) {
        if ((s[i] & 0xc0) != 0x80)
            return 0;
        c = c << 6 | (s[i] & 0x3fU);
    }
    if (c < least[need] || (c >= 0xd800 && c <= 0xdfff) || c > 0x10ffff)
        return 0;
    *code = c;
    return need;
}

size_t cr_utf8_next(const uint8_t *s, size_t len, uint32_t *code)
{
    return len ? character(s, len, code) : 0;
}

bool cr_utf8_is_valid(const uint8_t *s, size_t len)
{
    uint32_t c;

    for (size_t i = 0; i < len;) {
        size_t n = character(s + i, len - i, &c);
        if (!n)
            return false;
        i += n;
    }
    return true;
}

size_t cr_utf8_len_utf16(const uint8_t *s, size_t len)
{
    size_t units = 0;

    for (size_t i = 0; i < len; i++) {
        if ((s[i] & 0xc0) != 0x80)
            units += s[i] >= 0xf0 ? 2 : 1; /* four bytes are a surrogate pair */
    }
    return units;
}

size_t cr_utf8_len_chars(const uint8_t *s, size_t len)
{
    size_t chars = 0;

    for (size_t i = 0; i < len; i++)
        chars += (s[i] & 0xc0) != 0x80;
    return chars;
}

bool cr_utf8_has_control(const char *s, size_t len)
{
    const uint8_t *p = (const uint8_t *)s;
    uint32_t c;

    for (size_t i = 0; i < len;) {
        size_t n = character(p + i, len - i, &c);
        if (!n)
            return true; /* not text at all: nothing that asks this wants it */
        if (c < 0x20 || (c >= 0x7f && c <= 0x9f) || (c >= 0x2028 && c <= 0x202e) ||
            (c >= 0x2066 && c <= 0x2069))
            return true;
        i += n;
    }
    return false;
}

static char *map(const char *s, size_t len, utf8proc_option_t options)
{
    utf8proc_uint8_t *out = NULL;

    if (!cr_utf8_is_valid((const uint8_t *)s, len))
        return NULL;
    utf8proc_ssize_t n =
        utf8proc_map((const utf8proc_uint8_t *)s, (utf8proc_ssize_t)len, &out, options);
    if (n < 0)
        return NULL;
    /* utf8proc allocates with malloc(3), so the caller's free(3) is right. */
    return (char *)out;
}

char *cr_utf8_nfc(const char *s, size_t len)
{
    return map(s, len, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
}

char *cr_utf8_fold(const char *s, size_t len)
{
    return map(s, len, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD);
}
