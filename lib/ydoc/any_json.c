#include "ydoc/any_json.h"

#include <string.h>

/* Tags of `any` values. */
enum { UNDEFINED = 127, NIL = 126, INTEGER = 125, FLOAT32 = 124, FLOAT64 = 123, BIGINT = 122 };
enum { NO = 121, YES = 120, STRING = 119, OBJECT = 118, ARRAY = 117, BYTES = 116 };

/* A container that is open. */
struct level {
    uint64_t left;
    bool keyed, empty;
};

static void put_escape(struct yd_buf *out, uint8_t c)
{
    static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt", hex[] = "0123456789abcdef";
    const char *at = memchr(from, c, 7);
    char text[6] = {'\\', 'u', '0', '0'};

    if (at) {
        text[1] = to[at - from];
        yd_buf_append(out, text, 2);
        return;
    }
    text[4] = hex[c >> 4];
    text[5] = hex[c & 15];
    yd_buf_append(out, text, 6);
}

void yd_json_string(struct yd_buf *out, struct yd_slice s)
{
    size_t run = 0;

    yd_buf_append(out, "\"", 1);
    for (size_t i = 0; i < s.len; i++) {
        if (s.p[i] >= 0x20 && s.p[i] != '"' && s.p[i] != '\\')
            continue;
        yd_buf_append(out, s.p + run, i - run);
        put_escape(out, s.p[i]);
        run = i + 1;
    }
    if (s.len > run) /* the empty one may have no bytes to point to */
        yd_buf_append(out, s.p + run, s.len - run);
    yd_buf_append(out, "\"", 1);
}

static double read_integer(struct yd_reader *r)
{
    bool negative;
    double v = (double)yd_read_varint(r, &negative);

    return negative ? -v : v;
}

static uint64_t read_big_endian(struct yd_reader *r, unsigned bytes)
{
    uint64_t v = 0;

    while (bytes-- > 0)
        v = v << 8 | *r->p++;
    return v;
}

static double read_float(struct yd_reader *r, bool wide)
{
    uint64_t bits = read_big_endian(r, wide ? 8 : 4);
    uint32_t low = (uint32_t)bits;
    double d;
    float f;

    if (wide)
        memcpy(&d, &bits, sizeof(d));
    else
        memcpy(&f, &low, sizeof(f));
    return wide ? d : (double)f;
}

static void put_bytes(struct yd_buf *out, struct yd_slice s, size_t limit)
{
    yd_buf_append(out, "{", 1);
    for (size_t i = 0; i < s.len && out->len <= limit; i++) {
        yd_buf_append(out, i > 0 ? ",\"" : "\"", i > 0 ? 2 : 1);
        yd_json_number(out, (double)i);
        yd_buf_append(out, "\":", 2);
        yd_json_number(out, s.p[i]);
    }
    yd_buf_append(out, "}", 1);
}

/* One value without its children; returns whether it opened a container. */
static bool put_head(struct yd_reader *r, struct yd_buf *out, size_t limit, struct level *level)
{
    uint8_t tag = *r->p++;

    switch (tag) {
    case UNDEFINED:
    case NIL:
        yd_buf_append(out, "null", 4);
        return false;
    case INTEGER:
        yd_json_number(out, read_integer(r));
        return false;
    case FLOAT32:
    case FLOAT64:
        yd_json_number(out, read_float(r, tag == FLOAT64));
        return false;
    case NO:
        yd_buf_append(out, "false", 5);
        return false;
    case YES:
        yd_buf_append(out, "true", 4);
        return false;
    case STRING:
        yd_json_string(out, yd_read_bytes(r));
        return false;
    case BYTES:
        put_bytes(out, yd_read_bytes(r), limit);
        return false;
    case OBJECT:
    case ARRAY:
        *level = (struct level){yd_read_varuint(r), tag == OBJECT, true};
        yd_buf_append(out, level->keyed ? "{" : "[", 1);
        return true;
    default:
        yd_reader_fail(r, YD_ERR_JSON); /* a bigint */
        return false;
    }
}

/* Up to the next value of the container: its comma and key; false: there is none. */
static bool next_value(struct yd_reader *r, struct yd_buf *out, struct level *level)
{
    struct yd_slice key;

    while (level->left > 0) {
        level->left--;
        if (level->keyed)
            key = yd_read_bytes(r);
        if (level->keyed && *r->p == UNDEFINED) {
            r->p++;
            continue;
        }
        if (!level->empty)
            yd_buf_append(out, ",", 1);
        level->empty = false;
        if (level->keyed) {
            yd_json_string(out, key);
            yd_buf_append(out, ":", 1);
        }
        return true;
    }
    yd_buf_append(out, level->keyed ? "}" : "]", 1);
    return false;
}

void yd_any_to_json(struct yd_reader *r, size_t max, struct yd_buf *out)
{
    struct level levels[YD_MAX_DEPTH + 1];
    struct yd_reader checked = *r;
    size_t start = out->len, limit = max > SIZE_MAX - start ? SIZE_MAX : start + max;
    unsigned depth = 0;

    yd_read_any(&checked);
    if (!checked.err && *r->p == UNDEFINED)
        checked.err = YD_ERR_JSON;
    if (checked.err) {
        *r = checked;
        return;
    }
    do {
        depth += put_head(r, out, limit, &levels[depth]);
        while (depth > 0 && !next_value(r, out, &levels[depth - 1]))
            depth--;
        if (out->len > limit)
            yd_reader_fail(r, YD_ERR_TOO_BIG);
    } while (depth > 0 && !r->err);
    if (r->err)
        out->len = start;
}
