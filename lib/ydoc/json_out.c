/* Writing JSON. */
#include "ydoc/json_out.h"

#include <stdio.h>
#include <string.h>

void yd_json_put(struct yd_buf *out, const char *text)
{
    yd_buf_append(out, text, strlen(text));
}

void yd_json_put_uint(struct yd_buf *out, uint64_t v)
{
    char text[24];

    snprintf(text, sizeof(text), "%llu", (unsigned long long)v);
    yd_json_put(out, text);
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
    bool negative;
    uint64_t v = yd_read_varint(r, &negative);

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
    yd_json_number(out, v);
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
            yd_json_string(out, key);
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
        yd_json_string(out, yd_read_bytes(r));
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
