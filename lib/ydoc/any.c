/* Making `any` values. */
#include "ydoc/any.h"
#include "ydoc/wire.h"

#include <math.h>
#include <string.h>

static void put_tag(struct yd_buf *out, unsigned tag)
{
    uint8_t byte = (uint8_t)tag;

    yd_buf_append(out, &byte, 1);
}

void yd_any_undefined(struct yd_buf *out)
{
    put_tag(out, YD_TAG_UNDEFINED);
}

void yd_any_null(struct yd_buf *out)
{
    put_tag(out, YD_TAG_NULL);
}

void yd_any_bool(struct yd_buf *out, bool v)
{
    put_tag(out, v ? YD_TAG_TRUE : YD_TAG_FALSE);
}

static void put_big_endian(struct yd_buf *out, uint64_t v, unsigned bytes)
{
    uint8_t p[8];

    for (unsigned i = 0; i < bytes; i++)
        p[i] = (uint8_t)(v >> (8 * (bytes - 1 - i)));
    yd_buf_append(out, p, bytes);
}

void yd_any_number(struct yd_buf *out, double v)
{
    uint64_t wide;
    uint32_t narrow;
    float f;

    if (v >= -2147483647.0 && v <= 2147483647.0 && v == (double)(int64_t)v) {
        put_tag(out, YD_TAG_INTEGER);
        yd_buf_put_varint(out, signbit(v) != 0, (uint64_t)fabs(v));
        return;
    }
    f = fabs(v) <= 3.4028234663852886e38 ? (float)v : (float)INFINITY;
    if ((double)f == v || (isinf(v) && isinf(f))) {
        f = isinf(v) && v < 0 ? -f : f;
        memcpy(&narrow, &f, sizeof(narrow));
        put_tag(out, YD_TAG_FLOAT32);
        put_big_endian(out, narrow, 4);
        return;
    }
    memcpy(&wide, &v, sizeof(wide));
    put_tag(out, YD_TAG_FLOAT64);
    put_big_endian(out, wide, 8);
}

void yd_any_bigint(struct yd_buf *out, int64_t v)
{
    put_tag(out, YD_TAG_BIGINT);
    put_big_endian(out, (uint64_t)v, 8);
}

int yd_any_key(struct yd_buf *out, const char *key, size_t len)
{
    uint64_t units;
    bool ascii;

    if (!yd_utf8_scan((const uint8_t *)key, len, &units, &ascii))
        return YD_ERR_UTF8;
    yd_buf_put_bytes(out, key, len);
    return 0;
}

int yd_any_string(struct yd_buf *out, const char *s, size_t len)
{
    uint64_t units;
    bool ascii;

    if (!yd_utf8_scan((const uint8_t *)s, len, &units, &ascii))
        return YD_ERR_UTF8;
    put_tag(out, YD_TAG_STRING);
    yd_buf_put_bytes(out, s, len);
    return 0;
}

void yd_any_bytes(struct yd_buf *out, const void *p, size_t len)
{
    put_tag(out, YD_TAG_BYTES);
    yd_buf_put_bytes(out, p, len);
}

void yd_any_array(struct yd_buf *out, size_t count)
{
    put_tag(out, YD_TAG_ARRAY);
    yd_buf_put_varuint(out, count);
}

void yd_any_object(struct yd_buf *out, size_t count)
{
    put_tag(out, YD_TAG_OBJECT);
    yd_buf_put_varuint(out, count);
}
