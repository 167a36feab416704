/* Writing JSON. */
#include "ydoc/json_out.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void yd_json_put(struct yd_buf *out, const char *text)
{
    yd_buf_append(out, text, strlen(text));
}

void yd_json_put_string(struct yd_buf *out, struct yd_slice s)
{
    static const char plain[] = "\"\\\b\f\n\r\t", escaped[] = "\"\\bfnrt";
    size_t from = 0;

    yd_json_put(out, "\"");
    for (size_t i = 0; i < s.len; i++) {
        char text[8];
        const char *at;
        if (s.p[i] >= 0x20 && s.p[i] != '"' && s.p[i] != '\\')
            continue;
        yd_buf_append(out, s.p + from, i - from);
        from = i + 1;
        at = memchr(plain, s.p[i], 7);
        if (at)
            snprintf(text, sizeof(text), "\\%c", escaped[at - plain]);
        else
            snprintf(text, sizeof(text), "\\u%04x", s.p[i]);
        yd_json_put(out, text);
    }
    if (s.len > from)
        yd_buf_append(out, s.p + from, s.len - from);
    yd_json_put(out, "\"");
}

void yd_json_put_uint(struct yd_buf *out, uint64_t v)
{
    char text[24];

    snprintf(text, sizeof(text), "%llu", (unsigned long long)v);
    yd_json_put(out, text);
}

/* The shortest digits that are read back as v (positive and finite), without a point; returns where
 * the point would be: 0.DIGITS times ten to that. */
static int shortest(double v, char digits[24])
{
    char text[40];
    size_t n = 0;

    for (int precision = 0; precision < 17; precision++) {
        snprintf(text, sizeof(text), "%.*e", precision, v);
        if (strtod(text, NULL) == v) /* both with the locale's point */
            break;
    }
    for (const char *p = text; *p != 'e'; p++) {
        if (*p >= '0' && *p <= '9')
            digits[n++] = *p;
    }
    while (n > 1 && digits[n - 1] == '0')
        n--;
    digits[n] = '\0';
    return (int)strtol(strchr(text, 'e') + 1, NULL, 10) + 1;
}

static void put_zeros(struct yd_buf *out, int n)
{
    for (; n > 0; n--)
        yd_json_put(out, "0");
}

void yd_json_put_number(struct yd_buf *out, double v)
{
    char digits[24], tail[16];
    int point, n;

    if (v == 0 || v != v || v - v != 0) {
        yd_json_put(out, v == 0 ? "0" : "null");
        return;
    }
    if (v < 0)
        yd_json_put(out, "-");
    point = shortest(v < 0 ? -v : v, digits);
    n = (int)strlen(digits);
    if (point > 21 || point < -5) {
        yd_buf_append(out, digits, 1);
        if (n > 1)
            yd_json_put(out, ".");
        yd_json_put(out, digits + 1);
        snprintf(tail, sizeof(tail), "e%+d", point - 1);
        yd_json_put(out, tail);
    } else if (point <= 0) {
        yd_json_put(out, "0.");
        put_zeros(out, -point);
        yd_json_put(out, digits);
    } else if (n <= point) {
        yd_json_put(out, digits);
        put_zeros(out, point - n);
    } else {
        yd_buf_append(out, digits, (size_t)point);
        yd_json_put(out, ".");
        yd_json_put(out, digits + point);
    }
}

void yd_json_put_base64(struct yd_buf *out, struct yd_slice b)
{
    static const char set[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    yd_json_put(out, "\"");
    for (size_t i = 0; i < b.len; i += 3) {
        size_t left = b.len - i;
        uint32_t v = (uint32_t)b.p[i] << 16 | (left > 1 ? (uint32_t)b.p[i + 1] << 8 : 0) |
                     (left > 2 ? b.p[i + 2] : 0U);
        char text[4] = {set[v >> 18], set[v >> 12 & 63], left > 1 ? set[v >> 6 & 63] : '=',
                        left > 2 ? set[v & 63] : '='};
        yd_buf_append(out, text, 4);
    }
    yd_json_put(out, "\"");
}

/* ---- any ------------------------------------------------------------------------------------- */

static uint64_t big_endian(struct yd_reader *r, unsigned bytes)
{
    uint64_t v = 0;

    while (bytes-- > 0)
        v = v << 8 | yd_read_byte(r);
    return v;
}

static void put_integer(struct yd_buf *out, struct yd_reader *r)
{
    uint8_t byte = yd_read_byte(r);
    bool negative = byte & 0x40;
    uint64_t v = byte & 0x3f;

    for (unsigned shift = 6; byte & 0x80; shift += 7) {
        byte = yd_read_byte(r);
        v |= (uint64_t)(byte & 0x7f) << shift;
    }
    if (negative && v != 0)
        yd_json_put(out, "-");
    yd_json_put_uint(out, v);
}

static void put_float(struct yd_buf *out, struct yd_reader *r, bool wide)
{
    uint64_t bits = big_endian(r, wide ? 8 : 4);
    uint32_t narrow = (uint32_t)bits;
    double v;
    float f;

    if (wide) {
        memcpy(&v, &bits, sizeof(v));
    } else {
        memcpy(&f, &narrow, sizeof(f));
        v = (double)f;
    }
    yd_json_put_number(out, v);
}

static void put_bigint(struct yd_buf *out, struct yd_reader *r)
{
    uint64_t v = big_endian(r, 8);

    if (v >> 63) {
        yd_json_put(out, "-");
        v = 0 - v;
    }
    yd_json_put_uint(out, v);
}

static void put_members(struct yd_buf *out, struct yd_reader *r, bool keyed)
{
    uint64_t n = yd_read_varuint(r);
    bool first = true;

    yd_json_put(out, keyed ? "{" : "[");
    for (; n > 0 && !r->err; n--) {
        struct yd_slice key = {NULL, 0};
        if (keyed)
            key = yd_read_bytes(r);
        if (keyed && r->p < r->end && *r->p == 127) {
            r->p++;
            continue;
        }
        yd_json_put(out, first ? "" : ",");
        first = false;
        if (keyed) {
            yd_json_put_string(out, key);
            yd_json_put(out, ":");
        }
        yd_json_put_any(out, r); /* no deeper than YD_MAX_DEPTH */
    }
    yd_json_put(out, keyed ? "}" : "]");
}

void yd_json_put_any(struct yd_buf *out, struct yd_reader *r)
{
    switch (yd_read_byte(r)) {
    case 125:
        put_integer(out, r);
        break;
    case 124:
        put_float(out, r, false);
        break;
    case 123:
        put_float(out, r, true);
        break;
    case 122:
        put_bigint(out, r);
        break;
    case 121:
        yd_json_put(out, "false");
        break;
    case 120:
        yd_json_put(out, "true");
        break;
    case 119:
        yd_json_put_string(out, yd_read_bytes(r));
        break;
    case 118:
        put_members(out, r, true);
        break;
    case 117:
        put_members(out, r, false);
        break;
    case 116:
        yd_json_put_base64(out, yd_read_bytes(r));
        break;
    default: /* undefined, null */
        yd_json_put(out, "null");
    }
}
