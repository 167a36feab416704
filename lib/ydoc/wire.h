/* Internal: reading lib0's primitives from untrusted bytes.  Errors are sticky: after the first one
 * every read gives zeroes and the position stays where it failed, so callers check r->err once per
 * struct. */
#ifndef YD_WIRE_H
#define YD_WIRE_H

#include "ydoc/ydoc.h"

#include <string.h>

#define YD_MAX_SAFE_INT ((UINT64_C(1) << 53) - 1)

struct yd_reader {
    const uint8_t *start, *p, *end;
    int err; /* 0 or the first enum yd_error */
    /* The client id read last and its bytes: structs mostly name one client again and again. */
    uint64_t id, id_word, id_mask; /* mask 0: none */
    size_t id_len;
};

struct yd_slice {
    const uint8_t *p;
    size_t len;
};

static inline struct yd_reader yd_reader_of(const uint8_t *p, size_t len)
{
    static const uint8_t nothing[1];
    const uint8_t *at = p ? p : nothing;

    return (struct yd_reader){.start = at, .p = at, .end = p ? at + len : at};
}

static inline size_t yd_reader_left(const struct yd_reader *r)
{
    return (size_t)(r->end - r->p);
}

void yd_reader_fail(struct yd_reader *r, int err);
uint8_t yd_read_byte(struct yd_reader *r);
uint64_t yd_read_long_varuint(struct yd_reader *r); /* yd_read_varuint, for any length */
static inline uint64_t yd_read_varuint(struct yd_reader *r)
{
    return r->p < r->end && *r->p < 0x80 && !r->err ? *r->p++ : yd_read_long_varuint(r);
}
uint64_t yd_read_other_client(struct yd_reader *r); /* yd_read_client, for any */
static inline uint64_t yd_read_client(struct yd_reader *r)
{
    uint64_t word = 0;

    if (r->id_mask != 0 && yd_reader_left(r) >= 8) {
        memcpy(&word, r->p, 8);
        if (((word ^ r->id_word) & r->id_mask) == 0 && !r->err) {
            r->p += r->id_len;
            return r->id;
        }
    }
    return yd_read_other_client(r);
}
uint32_t yd_read_long_u32(struct yd_reader *r);
/* A varUint; more than 32 bits: YD_ERR_RANGE. */
static inline uint32_t yd_read_u32(struct yd_reader *r)
{
    return r->p < r->end && *r->p < 0x80 && !r->err ? *r->p++ : yd_read_long_u32(r);
}
uint64_t yd_read_long_varint(struct yd_reader *r, bool *negative);
/* A varInt as sign and magnitude, for lib0 tells -0 from 0.  On error 0. */
static inline uint64_t yd_read_varint(struct yd_reader *r, bool *negative)
{
    if (r->p == r->end || *r->p >= 0x80 || r->err)
        return yd_read_long_varint(r, negative);
    *negative = (*r->p & 0x40) != 0;
    return *r->p++ & 0x3f;
}
struct yd_slice yd_read_bytes(struct yd_reader *r);  /* varUint length + bytes */
struct yd_slice yd_read_string(struct yd_reader *r); /* the same, checked to be UTF-8 */
void yd_read_json(struct yd_reader *r, bool allow_undefined);

/* ---- `any` values ---------------------------------------------------------------------------- */

/* The byte that an `any` value begins with.  Source: lib0's encoding.writeAny. */
enum yd_any_tag {
    YD_TAG_BYTES = 116,
    YD_TAG_ARRAY = 117,
    YD_TAG_OBJECT = 118,
    YD_TAG_STRING = 119,
    YD_TAG_TRUE = 120,
    YD_TAG_FALSE = 121,
    YD_TAG_BIGINT = 122,
    YD_TAG_FLOAT64 = 123,
    YD_TAG_FLOAT32 = 124,
    YD_TAG_INTEGER = 125,
    YD_TAG_NULL = 126,
    YD_TAG_UNDEFINED = 127,
};

void yd_read_any(struct yd_reader *r); /* step over one value with its members, checking it */

/* ---- writing --------------------------------------------------------------------------------- */

#define YD_VARUINT_MAX 10 /* bytes of a varUint */
/* Write a varUint where there is room; returns the place behind it. */
static inline uint8_t *yd_put_varuint(uint8_t *p, uint64_t v)
{
    for (; v > 0x7f; v >>= 7)
        *p++ = (uint8_t)(v | 0x80);
    *p++ = (uint8_t)v;
    return p;
}

void yd_buf_put_varint(struct yd_buf *b, bool negative, uint64_t magnitude);
/* Room for `extra` more bytes behind those it has; the caller fills them and adds to len. */
uint8_t *yd_buf_room(struct yd_buf *b, size_t extra);

/* ---- text ------------------------------------------------------------------------------------ */

/* Check UTF-8 (strictly: no surrogates, nothing overlong) and count.  utf16: units; ascii: all
 * below 0x80. */
bool yd_utf8_scan(const uint8_t *p, size_t len, uint64_t *utf16, bool *ascii);
bool yd_utf8_is_ascii(const uint8_t *p, size_t len); /* stops at the first byte that is not */
/* The byte offset of a UTF-16 offset in valid UTF-8; *inside: it falls inside a surrogate pair, and
 * the offset is that of the pair's character. */
size_t yd_utf8_offset(const uint8_t *p, size_t len, uint32_t utf16, bool *inside);
bool yd_json_check(const uint8_t *p, size_t len, int *err);

#endif
