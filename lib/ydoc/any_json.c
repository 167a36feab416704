#include "ydoc/any_json.h"

#include <string.h>

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

static uint64_t read_big_endian(struct yd_reader *r, unsigned bytes)
{
    uint64_t v = 0;

    while (bytes-- > 0)
        v = v << 8 | yd_read_byte(r);
    return v;
}

static double read_integer(struct yd_reader *r)
{
    bool negative;
    double v = (double)yd_read_varint(r, &negative);

    return negative ? -v : v;
}

static double read_float32(struct yd_reader *r)
{
    uint32_t bits = (uint32_t)read_big_endian(r, 4);
    float v;

    memcpy(&v, &bits, sizeof(v));
    return (double)v;
}

static double read_float64(struct yd_reader *r)
{
    uint64_t bits = read_big_endian(r, 8);
    double v;

    memcpy(&v, &bits, sizeof(v));
    return v;
}

void yd_any_head(struct yd_reader *r, struct yd_any *out)
{
    out->tag = yd_read_byte(r);
    out->count = 0;
    switch (out->tag) {
    case YD_TAG_INTEGER:
        out->number = read_integer(r);
        break;
    case YD_TAG_FLOAT32:
        out->number = read_float32(r);
        break;
    case YD_TAG_FLOAT64:
        out->number = read_float64(r);
        break;
    case YD_TAG_BIGINT:
        out->bigint = (int64_t)read_big_endian(r, 8);
        break;
    case YD_TAG_STRING:
    case YD_TAG_BYTES:
        out->bytes = yd_read_bytes(r);
        break;
    case YD_TAG_OBJECT:
    case YD_TAG_ARRAY:
        out->count = yd_read_varuint(r);
        break;
    default: /* its tag is all of it */
        break;
    }
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
    struct yd_any any;

    yd_any_head(r, &any);
    switch (any.tag) {
    case YD_TAG_UNDEFINED:
    case YD_TAG_NULL:
        yd_buf_append(out, "null", 4);
        return false;
    case YD_TAG_INTEGER:
    case YD_TAG_FLOAT32:
    case YD_TAG_FLOAT64:
        yd_json_number(out, any.number);
        return false;
    case YD_TAG_FALSE:
        yd_buf_append(out, "false", 5);
        return false;
    case YD_TAG_TRUE:
        yd_buf_append(out, "true", 4);
        return false;
    case YD_TAG_STRING:
        yd_json_string(out, any.bytes);
        return false;
    case YD_TAG_BYTES:
        put_bytes(out, any.bytes, limit);
        return false;
    case YD_TAG_OBJECT:
    case YD_TAG_ARRAY:
        *level = (struct level){any.count, any.tag == YD_TAG_OBJECT, true};
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
        if (level->keyed && *r->p == YD_TAG_UNDEFINED) {
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
    if (!checked.err && *r->p == YD_TAG_UNDEFINED)
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
