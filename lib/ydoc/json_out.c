/* Writing JSON. */
#include "ydoc/json_out.h"

#include <string.h>

void yd_json_put(struct yd_buf *out, const char *text)
{
    yd_buf_append(out, text, strlen(text));
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

static void put_bigint(struct yd_buf *out, int64_t v)
{
    if (v < 0)
        yd_json_put(out, "-");
    yd_json_put_uint(out, v < 0 ? 0 - (uint64_t)v : (uint64_t)v);
}

static void put_members(struct yd_buf *out, struct yd_reader *r, uint64_t n, bool keyed)
{
    bool first = true;

    yd_json_put(out, keyed ? "{" : "[");
    for (; n > 0 && !r->err; n--) {
        struct yd_slice key = {NULL, 0};
        if (keyed)
            key = yd_read_bytes(r);
        if (keyed && r->p < r->end && *r->p == YD_TAG_UNDEFINED) {
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
    struct yd_any any;

    yd_any_head(r, &any);
    switch (any.tag) {
    case YD_TAG_INTEGER:
    case YD_TAG_FLOAT32:
    case YD_TAG_FLOAT64:
        yd_json_number(out, any.number);
        break;
    case YD_TAG_BIGINT:
        put_bigint(out, any.bigint);
        break;
    case YD_TAG_FALSE:
        yd_json_put(out, "false");
        break;
    case YD_TAG_TRUE:
        yd_json_put(out, "true");
        break;
    case YD_TAG_STRING:
        yd_json_string(out, any.bytes);
        break;
    case YD_TAG_OBJECT:
    case YD_TAG_ARRAY:
        put_members(out, r, any.count, any.tag == YD_TAG_OBJECT);
        break;
    case YD_TAG_BYTES:
        yd_json_put_base64(out, any.bytes);
        break;
    default: /* undefined, null */
        yd_json_put(out, "null");
    }
}
