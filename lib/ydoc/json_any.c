/* JSON text to `any` values.  The text is checked as a whole first, so the walk can trust it. */
#include "ydoc/any.h"
#include "ydoc/wire.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

static void skip_spaces(const uint8_t **p)
{
    while (**p == ' ' || **p == '\t' || **p == '\n' || **p == '\r')
        (*p)++;
}

static void put_utf8(struct yd_buf *out, uint32_t code)
{
    uint8_t b[4];
    size_t n = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;

    for (size_t i = n; i-- > 1; code >>= 6)
        b[i] = (uint8_t)(0x80 | (code & 0x3f));
    b[0] = (uint8_t)(n == 1 ? code : (0xf00U >> n & 0xff) | code);
    yd_buf_append(out, b, n);
}

static uint32_t hex4(const uint8_t *p)
{
    uint32_t v = 0;

    for (int i = 0; i < 4; i++)
        v = v << 4 | (p[i] <= '9' ? p[i] - 48U : (p[i] | 0x20) - 87U);
    return v;
}

/* After "\u": one character, of two escapes when it is a pair. */
static void put_escaped(struct yd_buf *out, const uint8_t **p)
{
    uint32_t code = hex4(*p);

    *p += 4;
    if (code >= 0xd800 && code <= 0xdbff && (*p)[0] == '\\' && (*p)[1] == 'u') {
        uint32_t low = hex4(*p + 2);
        if (low >= 0xdc00 && low <= 0xdfff) {
            *p += 6;
            code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        }
    }
    put_utf8(out, code >= 0xd800 && code <= 0xdfff ? 0xfffd : code);
}

/* A string as it stands, if it has no escapes. */
static bool put_plain_string(struct yd_buf *out, const uint8_t **p)
{
    const uint8_t *end = *p + 1;

    while (*end != '"' && *end != '\\')
        end++;
    if (*end == '\\')
        return false;
    yd_buf_put_bytes(out, *p + 1, (size_t)(end - *p - 1));
    *p = end + 1;
    return true;
}

/* From the opening quote to behind the closing one. */
static void put_string(struct yd_buf *out, const uint8_t **p)
{
    static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
    struct yd_buf s = {0};

    if (put_plain_string(out, p))
        return;
    for ((*p)++; **p != '"';) {
        const uint8_t *run = *p;
        while (**p != '"' && **p != '\\')
            (*p)++;
        yd_buf_append(&s, run, (size_t)(*p - run));
        if (**p == '"')
            break;
        uint8_t c = (*p)[1];
        *p += 2;
        if (c == 'u') {
            put_escaped(&s, p);
        } else {
            const char *at = memchr(from, c, 5);
            yd_buf_append(&s, at ? (const void *)&to[at - from] : (const void *)&c, 1);
        }
    }
    (*p)++;
    yd_buf_put_bytes(out, s.data, s.len);
    yd_buf_free(&s);
}

/* A short integer; not -0, which is not 0. */
static bool put_integer(struct yd_buf *out, const uint8_t **p)
{
    const uint8_t *at = *p;
    int64_t v = 0;

    for (; *at >= '0' && *at <= '9' && at - *p < 15; at++)
        v = v * 10 + (*at - '0');
    if (at == *p || *at == '.' || (*at | 0x20) == 'e' || (*at >= '0' && *at <= '9'))
        return false;
    yd_any_number(out, (double)v);
    *p = at;
    return true;
}

/* strtod reads the decimal point of the program's locale. */
static void put_number(struct yd_buf *out, const uint8_t **p)
{
    const char *point = localeconv()->decimal_point;
    struct yd_buf s = {0};

    if (put_integer(out, p))
        return;
    for (; **p == '-' || **p == '+' || **p == '.' || (**p | 0x20) == 'e' ||
           (**p >= '0' && **p <= '9');
         (*p)++) {
        if (**p == '.')
            yd_buf_append(&s, point, strlen(point));
        else
            yd_buf_append(&s, *p, 1);
    }
    yd_buf_append(&s, "", 1);
    yd_any_number(out, strtod((const char *)s.data, NULL));
    yd_buf_free(&s);
}

/* How many parts each array and object has, in the order in which they open: it comes first. */
struct counts {
    uint32_t *v; /* malloc'ed */
    size_t n, cap;
};

static void skip_string(const uint8_t **p)
{
    for ((*p)++; **p != '"'; (*p)++)
        *p += **p == '\\';
    (*p)++;
}

static size_t open_count(struct counts *c, const uint8_t *p)
{
    if (c->n == c->cap) {
        c->cap += c->cap / 2 + 8;
        c->v = realloc(c->v, c->cap * sizeof(*c->v));
        if (!c->v)
            abort();
    }
    skip_spaces(&p);
    c->v[c->n] = *p != ']' && *p != '}';
    return c->n++;
}

static void count_parts(const uint8_t *p, struct counts *c)
{
    size_t open[YD_MAX_DEPTH + 1];
    unsigned depth = 0;

    skip_spaces(&p);
    do {
        if (*p == '"') {
            skip_string(&p);
            continue;
        }
        if (*p == '[' || *p == '{')
            open[depth++] = open_count(c, p + 1);
        else if (*p == ',')
            c->v[open[depth - 1]]++;
        else if (*p == ']' || *p == '}')
            depth--;
        p++;
    } while (depth > 0);
}

static void put_scalar(struct yd_buf *out, const uint8_t **p)
{
    static const uint8_t string_tag = YD_TAG_STRING;

    switch (**p) {
    case '"':
        yd_buf_append(out, &string_tag, 1);
        put_string(out, p);
        return;
    case 't':
        *p += 4;
        yd_any_bool(out, true);
        return;
    case 'f':
        *p += 5;
        yd_any_bool(out, false);
        return;
    case 'n':
        *p += 4;
        yd_any_null(out);
        return;
    default:
        put_number(out, p);
    }
}

static void put_key(struct yd_buf *out, const uint8_t **p)
{
    put_string(out, p);
    skip_spaces(p);
    (*p)++; /* the colon */
    skip_spaces(p);
}

static void convert(struct yd_buf *out, const uint8_t *p, const uint32_t *counts)
{
    bool keyed[YD_MAX_DEPTH + 1];
    unsigned depth = 0;

    do {
        skip_spaces(&p);
        if (*p == ',') {
            p++;
            continue;
        }
        if (*p == ']' || *p == '}') {
            depth--;
            p++;
            continue;
        }
        if (depth > 0 && keyed[depth - 1])
            put_key(out, &p);
        if (*p == '[')
            yd_any_array(out, *counts++);
        else if (*p == '{')
            yd_any_object(out, *counts++);
        if (*p == '[' || *p == '{')
            keyed[depth++] = *p++ == '{';
        else
            put_scalar(out, &p);
    } while (depth > 0);
}

int yd_any_from_json(struct yd_buf *out, const char *json, size_t len)
{
    struct yd_buf text = {0};
    struct counts counts = {0};
    uint64_t units;
    bool ascii;
    int err;

    if (!yd_utf8_scan((const uint8_t *)json, len, &units, &ascii))
        return YD_ERR_UTF8;
    if (!yd_json_check((const uint8_t *)json, len, &err))
        return err;
    yd_buf_append(&text, json, len);
    yd_buf_append(&text, "", 1); /* where a number ends at the end */
    count_parts(text.data, &counts);
    convert(out, text.data, counts.v);
    free(counts.v);
    yd_buf_free(&text);
    return 0;
}
