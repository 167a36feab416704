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

uint64_t yd_read_varuint(struct yd_reader *r)
{
    uint64_t value = 0;
    const uint8_t *p = r->p;

    if (r->err)
        return 0;
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

uint32_t yd_read_u32(struct yd_reader *r)
{
    const uint8_t *at = r->p;
    uint64_t value = yd_read_varuint(r);

    if (value > UINT32_MAX) {
        r->p = at;
        yd_reader_fail(r, YD_ERR_RANGE);
        return 0;
    }
    return (uint32_t)value;
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

static void skip_varint(struct yd_reader *r)
{
    /* 6 bits, then 7 a byte; 53 bits fit in 8 bytes. */
    const uint8_t *at = r->p;
    uint64_t value = 0;
    unsigned shift = 0;

    for (unsigned n = 0; n < 8; n++) {
        uint8_t byte = yd_read_byte(r);
        unsigned bits = n ? 7 : 6;
        if (r->err)
            return;
        value |= (uint64_t)(byte & ((1U << bits) - 1)) << shift;
        shift += bits;
        if (byte < 0x80) {
            if (value > YD_MAX_SAFE_INT)
                break;
            return;
        }
    }
    r->p = at;
    yd_reader_fail(r, YD_ERR_VARINT);
}

/* One value without its children; returns how many children follow, and whether they have keys. */
static uint64_t any_head(struct yd_reader *r, bool *keyed)
{
    const uint8_t *at = r->p;
    uint64_t count = 0;

    *keyed = false;
    switch (yd_read_byte(r)) {
    case 127: /* undefined */
    case 126: /* null */
    case 121: /* false */
    case 120: /* true */
        break;
    case 125:
        skip_varint(r);
        break;
    case 124: /* float32 */
        skip(r, 4);
        break;
    case 123: /* float64 */
    case 122: /* bigint */
        skip(r, 8);
        break;
    case 119:
        yd_read_string(r);
        break;
    case 118:
        *keyed = true;
        count = yd_read_varuint(r);
        break;
    case 117:
        count = yd_read_varuint(r);
        break;
    case 116:
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
        uint64_t count = any_head(r, &has_keys);
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
