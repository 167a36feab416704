#include "ydoc/wire.h"

#include <stdlib.h>
#include <string.h>

void yd_buf_free(struct yd_buf *b)
{
    free(b->data);
    *b = (struct yd_buf){0};
}

uint8_t *yd_buf_room(struct yd_buf *b, size_t extra)
{
    if (extra > b->cap - b->len) {
        size_t cap = b->cap ? b->cap : 64;
        if (extra > SIZE_MAX / 4 - b->len)
            abort();
        while (cap < b->len + extra)
            cap *= 2;
        b->data = realloc(b->data, cap);
        if (!b->data)
            abort();
        b->cap = cap;
    }
    return b->data + b->len;
}

void yd_buf_append(struct yd_buf *b, const void *p, size_t len)
{
    if (len == 0)
        return;
    memcpy(yd_buf_room(b, len), p, len);
    b->len += len;
}

void yd_buf_put_varuint(struct yd_buf *b, uint64_t v)
{
    uint8_t *begin = yd_buf_room(b, YD_VARUINT_MAX);

    b->len += (size_t)(yd_put_varuint(begin, v) - begin);
}

void yd_buf_put_varint(struct yd_buf *b, bool negative, uint64_t magnitude)
{
    uint8_t *p = yd_buf_room(b, 1 + YD_VARUINT_MAX), *begin = p;

    *p++ = (uint8_t)((magnitude > 0x3f ? 0x80 : 0) | (negative ? 0x40 : 0) | (magnitude & 0x3f));
    if (magnitude > 0x3f)
        p = yd_put_varuint(p, magnitude >> 6);
    b->len += (size_t)(p - begin);
}

void yd_buf_put_bytes(struct yd_buf *b, const void *p, size_t len)
{
    yd_buf_put_varuint(b, len);
    yd_buf_append(b, p, len);
}

const char *yd_strerror(int err)
{
    switch (err) {
    case YD_OK:
        return "no error";
    case YD_ERR_TRUNCATED:
        return "the data ends too early";
    case YD_ERR_VARINT:
        return "a number is out of range";
    case YD_ERR_UTF8:
        return "a string is not valid UTF-8";
    case YD_ERR_JSON:
        return "an embedded value is not valid JSON";
    case YD_ERR_KIND:
        return "unknown kind of struct, content, value or message";
    case YD_ERR_DEPTH:
        return "nested too deeply";
    case YD_ERR_RANGE:
        return "a clock or length is too large";
    case YD_ERR_REFERENCE:
        return "a struct refers to its own future";
    case YD_ERR_DUPLICATE:
        return "a client occurs twice";
    case YD_ERR_EMPTY:
        return "a struct is empty";
    case YD_ERR_TRAILING:
        return "there are bytes after the end";
    case YD_ERR_PENDING_FULL:
        return "too much waits for missing updates";
    case YD_ERR_TOO_BIG:
        return "the document would become too large";
    case YD_ERR_LIMIT:
        return "too many clients or too large a state";
    case YD_ERR_INDEX:
        return "an index is beyond the end or inside a character";
    case YD_ERR_TARGET:
        return "there is no such shared type";
    case YD_ERR_BUSY:
        return "a transaction is open";
    case YD_ERR_GONE:
        return "what it refers to is not in the document";
    case YD_ERR_COSTLY:
        return "an edit takes more work than its size allows";
    default:
        return "unknown error";
    }
}
