/* Whether bytes are what JSON.parse takes: RFC 8259, nesting bounded by YD_MAX_DEPTH, no recursion.
 */
#include "ydoc/wire.h"

#include <string.h>

struct scan {
    const uint8_t *p, *end;
};

static void spaces(struct scan *s)
{
    while (s->p < s->end && (*s->p == ' ' || *s->p == '\t' || *s->p == '\n' || *s->p == '\r'))
        s->p++;
}

static bool is_digit(const struct scan *s)
{
    return s->p < s->end && *s->p >= '0' && *s->p <= '9';
}

static bool digits(struct scan *s)
{
    if (!is_digit(s))
        return false;
    while (is_digit(s))
        s->p++;
    return true;
}

static bool take(struct scan *s, char c)
{
    if (s->p < s->end && *s->p == (uint8_t)c) {
        s->p++;
        return true;
    }
    return false;
}

static bool number(struct scan *s)
{
    take(s, '-');
    if (!take(s, '0') && !digits(s))
        return false;
    if (take(s, '.') && !digits(s))
        return false;
    if (take(s, 'e') || take(s, 'E')) {
        if (!take(s, '+'))
            take(s, '-');
        return digits(s);
    }
    return true;
}

static bool hex4(struct scan *s)
{
    for (int i = 0; i < 4; i++, s->p++) {
        if (s->p == s->end || !memchr("0123456789abcdefABCDEF", *s->p, 22))
            return false;
    }
    return true;
}

static bool string(struct scan *s)
{
    if (!take(s, '"'))
        return false;
    while (s->p < s->end) {
        uint8_t c = *s->p++;
        if (c == '"')
            return true;
        if (c < 0x20)
            return false;
        if (c != '\\')
            continue;
        if (s->p == s->end)
            return false;
        c = *s->p++;
        if (c == 'u' ? !hex4(s) : !memchr("\"\\/bfnrt", c, 8))
            return false;
    }
    return false;
}

static bool word(struct scan *s, const char *w)
{
    size_t n = strlen(w);

    if ((size_t)(s->end - s->p) < n || memcmp(s->p, w, n) != 0)
        return false;
    s->p += n;
    return true;
}

static bool scalar(struct scan *s)
{
    if (s->p == s->end)
        return false;
    switch (*s->p) {
    case '"':
        return string(s);
    case 't':
        return word(s, "true");
    case 'f':
        return word(s, "false");
    case 'n':
        return word(s, "null");
    default:
        return number(s);
    }
}

/* After '{' or ',': the key and its colon. */
static bool member(struct scan *s)
{
    spaces(s);
    if (!string(s))
        return false;
    spaces(s);
    return take(s, ':');
}

bool yd_json_check(const uint8_t *p, size_t len, int *err)
{
    struct scan s = {p, p + len};
    bool object[YD_MAX_DEPTH];
    unsigned depth = 0;

    *err = YD_ERR_JSON;
    for (;;) {
        spaces(&s);
        bool is_object = s.p < s.end && *s.p == '{';
        if (is_object || (s.p < s.end && *s.p == '[')) {
            s.p++;
            spaces(&s);
            if (!take(&s, is_object ? '}' : ']')) {
                if (depth == YD_MAX_DEPTH) {
                    *err = YD_ERR_DEPTH;
                    return false;
                }
                object[depth++] = is_object;
                if (is_object && !member(&s))
                    return false;
                continue;
            }
        } else if (!scalar(&s)) {
            return false;
        }
        /* A value ended: close what ends with it, or go on to the next. */
        for (;;) {
            spaces(&s);
            if (depth == 0)
                return s.p == s.end;
            if (take(&s, ',')) {
                if (object[depth - 1] && !member(&s))
                    return false;
                break;
            }
            if (!take(&s, object[depth - 1] ? '}' : ']'))
                return false;
            depth--;
        }
    }
}
