#include "json/scan.h"

#include "base/limits.h"
#include "base/utf.h"

#include <stdbool.h>
#include <string.h>

/* cJSON copies a number to a buffer of 64 bytes; no number that we need comes near. */
#define NUMBER_MAX_CHARS 60

struct scan {
    const uint8_t *p;
    size_t len;
    size_t at;
    struct cr_error *err;
};

static int value(struct scan *s, int depth);

static int bad(struct scan *s, const char *what)
{
    return cr_fail(s->err, CR_ERR_INVALID, "not valid JSON: %s at byte %zu", what, s->at);
}

/* The byte at the cursor; 0 at the end (a NUL in the text is no valid byte anywhere, either). */
static uint8_t peek(const struct scan *s)
{
    return s->at < s->len ? s->p[s->at] : 0;
}

static void skip_space(struct scan *s)
{
    while (peek(s) == ' ' || peek(s) == '\t' || peek(s) == '\n' || peek(s) == '\r')
        s->at++;
}

static bool take(struct scan *s, uint8_t c)
{
    if (peek(s) != c)
        return false;
    s->at++;
    return true;
}

static size_t digits(struct scan *s)
{
    size_t n = 0;

    for (; peek(s) >= '0' && peek(s) <= '9'; n++)
        s->at++;
    return n;
}

static int number(struct scan *s)
{
    size_t start = s->at;

    (void)take(s, '-');
    if (!take(s, '0') && digits(s) == 0)
        return bad(s, "a number without digits");
    if (take(s, '.') && digits(s) == 0)
        return bad(s, "a fraction without digits");
    if (peek(s) == 'e' || peek(s) == 'E') {
        s->at++;
        if (!take(s, '+'))
            (void)take(s, '-');
        if (digits(s) == 0)
            return bad(s, "an exponent without digits");
    }
    if (s->at - start > NUMBER_MAX_CHARS)
        return bad(s, "a number that is too long");
    return 0;
}

/* Four hex digits at the cursor, or -1. */
static int32_t hex4(struct scan *s)
{
    int32_t v = 0;

    for (int i = 0; i < 4; i++) {
        uint8_t c = peek(s);
        if (c >= '0' && c <= '9')
            v = v * 16 + (c - '0');
        else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
            v = v * 16 + ((c | 0x20) - 'a' + 10);
        else
            return -1;
        s->at++;
    }
    return v;
}

static int unicode_escape(struct scan *s)
{
    int32_t c = hex4(s);

    if (c < 0)
        return bad(s, "a \\u escape without four hex digits");
    if (c == 0)
        return bad(s, "a NUL character");
    if (c >= 0xdc00 && c <= 0xdfff)
        return bad(s, "half a surrogate pair");
    if (c >= 0xd800 && c <= 0xdbff) {
        int32_t low = take(s, '\\') && take(s, 'u') ? hex4(s) : -1;
        if (low < 0xdc00 || low > 0xdfff)
            return bad(s, "half a surrogate pair");
    }
    return 0;
}

static int escape(struct scan *s)
{
    uint8_t c = peek(s);

    if (c == 0 || !strchr("\"\\/bfnrtu", c))
        return bad(s, "an unknown escape");
    s->at++;
    return c == 'u' ? unicode_escape(s) : 0;
}

static int string(struct scan *s)
{
    if (!take(s, '"'))
        return bad(s, "no string where one belongs");
    for (;;) {
        uint32_t c;
        size_t n = cr_utf8_next(s->p + s->at, s->len - s->at, &c);
        if (n == 0)
            return bad(s, s->at < s->len ? "text that is not UTF-8" : "an unfinished string");
        if (c < 0x20)
            return bad(s, "a control character in a string");
        s->at += n;
        if (c == '"')
            return 0;
        if (c == '\\' && escape(s) < 0)
            return -1;
    }
}

static int member(struct scan *s, int depth)
{
    skip_space(s);
    if (string(s) < 0)
        return -1;
    skip_space(s);
    if (!take(s, ':'))
        return bad(s, "no colon after a key");
    return value(s, depth);
}

/* The rest of an object or array whose opening bracket was taken. */
static int items(struct scan *s, int depth, bool is_object)
{
    uint8_t close = is_object ? '}' : ']';

    if (depth > CR_LIMIT_JSON_DEPTH)
        return bad(s, "too many levels");
    skip_space(s);
    if (take(s, close))
        return 0;
    do {
        if ((is_object ? member(s, depth) : value(s, depth)) < 0)
            return -1;
    } while (take(s, ','));
    return take(s, close) ? 0 : bad(s, "no comma or closing bracket");
}

static int literal(struct scan *s, const char *word)
{
    size_t n = strlen(word);

    if (s->len - s->at < n || memcmp(s->p + s->at, word, n) != 0)
        return bad(s, "an unknown word");
    s->at += n;
    return 0;
}

/* One value with the blanks around it; depth is the number of brackets that are open. */
static int value(struct scan *s, int depth)
{
    int r;

    skip_space(s);
    switch (peek(s)) {
    case '{':
        s->at++;
        r = items(s, depth + 1, true);
        break;
    case '[':
        s->at++;
        r = items(s, depth + 1, false);
        break;
    case '"':
        r = string(s);
        break;
    case 't':
        r = literal(s, "true");
        break;
    case 'f':
        r = literal(s, "false");
        break;
    case 'n':
        r = literal(s, "null");
        break;
    case '-':
    case '0' ... '9':
        r = number(s);
        break;
    default:
        return bad(s, s->at < s->len ? "an unexpected character" : "the text ends too early");
    }
    if (r == 0)
        skip_space(s);
    return r;
}

int cr_json_scan(const uint8_t *data, size_t len, struct cr_error *err)
{
    struct scan s = {.p = data, .len = len, .err = err};

    if (value(&s, 0) < 0)
        return -1;
    return s.at == len ? 0 : bad(&s, "something behind the value");
}
