#include "ydoc/wire.h"

#include <string.h>

void yd_reader_fail(struct yd_reader *r, int err)
{
    if (!r->err)
        r->err = err;
}

uint8_t yd_read_byte(struct yd_reader *r)
{
    if (r->err)
        return 0;
    if (r->p == r->end) {
        r->err = YD_ERR_TRUNCATED;
        return 0;
    }
    return *r->p++;
}

#define EACH_BYTE(b) (UINT64_C(0x0101010101010101) * (b))

/* All bytes at once: at least 8 are left, and no number is longer. */
static uint64_t whole_varuint(struct yd_reader *r)
{
    uint64_t word, ends, value;
    unsigned bits;

    memcpy(&word, r->p, 8);
    if (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)
        word = __builtin_bswap64(word);
    ends = ~word & EACH_BYTE(0x80);
    if (ends == 0) {
        r->err = YD_ERR_VARINT;
        return 0;
    }
    bits = (unsigned)__builtin_ctzll(ends) + 1;
    value = word & EACH_BYTE(0x7f) & (~UINT64_C(0) >> (64 - bits));
    value = (value & UINT64_C(0x007f007f007f007f)) | (value & UINT64_C(0x7f007f007f007f00)) >> 1;
    value = (value & UINT64_C(0x00003fff00003fff)) | (value & UINT64_C(0x3fff00003fff0000)) >> 2;
    value = (value & UINT64_C(0x000000000fffffff)) | (value & UINT64_C(0x0fffffff00000000)) >> 4;
    if (value > YD_MAX_SAFE_INT) {
        r->err = YD_ERR_VARINT;
        return 0;
    }
    r->p += bits / 8;
    return value;
}

uint64_t yd_read_long_varuint(struct yd_reader *r)
{
    uint64_t value = 0;
    const uint8_t *p = r->p;

    if (r->err)
        return 0;
    if (yd_reader_left(r) >= 8)
        return whole_varuint(r);
    for (unsigned shift = 0; shift < 56; shift += 7) {
        if (p == r->end) {
            r->err = YD_ERR_TRUNCATED;
            return 0;
        }
        value |= (uint64_t)(*p & 0x7f) << shift;
        if (*p++ < 0x80) {
            if (value > YD_MAX_SAFE_INT)
                break;
            r->p = p;
            return value;
        }
    }
    r->err = YD_ERR_VARINT;
    return 0;
}

uint64_t yd_read_other_client(struct yd_reader *r)
{
    const uint8_t *at = r->p;
    uint64_t id = yd_read_varuint(r);
    size_t left = (size_t)(r->end - at), len = (size_t)(r->p - at);

    if (r->err || left < 8)
        return id;
    r->id = id;
    r->id_len = len;
    memcpy(&r->id_word, at, 8);
    r->id_mask = ~UINT64_C(0);
    if (len < 8)
        r->id_mask = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? ~(r->id_mask >> (8 * len))
                                                            : ~(r->id_mask << (8 * len));
    return id;
}

uint32_t yd_read_long_u32(struct yd_reader *r)
{
    const uint8_t *at = r->p;
    uint64_t value;

    if (yd_reader_left(r) >= 4 && !r->err) { /* clocks of two and three bytes are the common ones */
        if (at[1] < 0x80) {
            r->p += 2;
            return (at[0] & 0x7fU) | (uint32_t)at[1] << 7;
        }
        if (at[2] < 0x80) {
            r->p += 3;
            return (at[0] & 0x7fU) | (at[1] & 0x7fU) << 7 | (uint32_t)at[2] << 14;
        }
    }
    value = yd_read_long_varuint(r);

    if (value > UINT32_MAX) {
        r->p = at;
        yd_reader_fail(r, YD_ERR_RANGE);
        return 0;
    }
    return (uint32_t)value;
}

/* 6 bits, then 7 a byte; 53 bits fit in 8 bytes. */
uint64_t yd_read_long_varint(struct yd_reader *r, bool *negative)
{
    const uint8_t *at = r->p;
    uint8_t byte = yd_read_byte(r);
    uint64_t value = byte & 0x3f;

    *negative = (byte & 0x40) != 0;
    for (unsigned shift = 6; byte >= 0x80 && shift <= 48; shift += 7) {
        byte = yd_read_byte(r); /* 0 at the end */
        value |= (uint64_t)(byte & 0x7f) << shift;
    }
    if (!r->err && (byte >= 0x80 || value > YD_MAX_SAFE_INT)) {
        r->p = at;
        r->err = YD_ERR_VARINT;
    }
    return r->err ? 0 : value;
}

struct yd_slice yd_read_bytes(struct yd_reader *r)
{
    const uint8_t *at = r->p;
    uint64_t len = yd_read_varuint(r);
    struct yd_slice s = {r->p, 0};

    if (len > yd_reader_left(r)) {
        r->p = at;
        yd_reader_fail(r, YD_ERR_TRUNCATED);
    }
    if (r->err)
        return s;
    s.len = (size_t)len;
    r->p += len;
    return s;
}

struct yd_slice yd_read_string(struct yd_reader *r)
{
    const uint8_t *at = r->p;
    struct yd_slice s = yd_read_bytes(r);
    uint64_t utf16;
    bool ascii;

    if (!r->err && !yd_utf8_scan(s.p, s.len, &utf16, &ascii)) {
        r->p = at;
        r->err = YD_ERR_UTF8;
    }
    return s;
}

void yd_read_json(struct yd_reader *r, bool allow_undefined)
{
    const uint8_t *at = r->p;
    struct yd_slice s = yd_read_string(r);
    int err = 0;

    if (r->err || (allow_undefined && s.len == 9 && memcmp(s.p, "undefined", 9) == 0))
        return;
    if (!yd_json_check(s.p, s.len, &err)) {
        r->p = at;
        r->err = err;
    }
}

static void skip(struct yd_reader *r, size_t n)
{
    if (yd_reader_left(r) < n)
        yd_reader_fail(r, YD_ERR_TRUNCATED);
    if (!r->err)
        r->p += n;
}

/* One value without its children; returns how many children follow, and whether they have keys. */
static uint64_t check_head(struct yd_reader *r, bool *keyed)
{
    const uint8_t *at = r->p;
    uint64_t count = 0;
    bool negative;

    *keyed = false;
    switch (yd_read_byte(r)) {
    case YD_TAG_UNDEFINED:
    case YD_TAG_NULL:
    case YD_TAG_FALSE:
    case YD_TAG_TRUE:
        break;
    case YD_TAG_INTEGER:
        yd_read_varint(r, &negative);
        break;
    case YD_TAG_FLOAT32:
        skip(r, 4);
        break;
    case YD_TAG_FLOAT64:
    case YD_TAG_BIGINT:
        skip(r, 8);
        break;
    case YD_TAG_STRING:
        yd_read_string(r);
        break;
    case YD_TAG_OBJECT:
        *keyed = true;
        count = yd_read_varuint(r);
        break;
    case YD_TAG_ARRAY:
        count = yd_read_varuint(r);
        break;
    case YD_TAG_BYTES:
        yd_read_bytes(r);
        break;
    default:
        r->p = r->err ? r->p : at;
        yd_reader_fail(r, YD_ERR_KIND);
    }
    /* An element takes a byte at least, with a key two. */
    if (count > yd_reader_left(r) / (*keyed ? 2 : 1))
        yd_reader_fail(r, YD_ERR_TRUNCATED);
    return r->err ? 0 : count;
}

void yd_read_any(struct yd_reader *r)
{
    uint64_t left[YD_MAX_DEPTH]; /* children still to come, for each open container */
    bool keyed[YD_MAX_DEPTH];
    unsigned depth = 0;

    for (;;) {
        bool has_keys;
        uint64_t count = check_head(r, &has_keys);
        if (count > 0) {
            if (depth == YD_MAX_DEPTH) {
                yd_reader_fail(r, YD_ERR_DEPTH);
                return;
            }
            left[depth] = count;
            keyed[depth++] = has_keys;
        }
        while (depth > 0 && left[depth - 1] == 0)
            depth--;
        if (depth == 0 || r->err)
            return;
        left[depth - 1]--;
        if (keyed[depth - 1])
            yd_read_string(r);
    }
}
