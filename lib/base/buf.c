#include "base/buf.h"

#include "base/mem.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

void cr_buf_clear(struct cr_buf *b)
{
    free(b->data);
    *b = (struct cr_buf){0};
}

void cr_buf_reset(struct cr_buf *b)
{
    b->len = 0;
}

void cr_buf_fit(struct cr_buf *b)
{
    if (b->len == 0) {
        cr_buf_clear(b);
    } else if (b->cap > b->len) {
        b->data = cr_realloc(b->data, b->len);
        b->cap = b->len;
    }
}

uint8_t *cr_buf_reserve(struct cr_buf *b, size_t extra)
{
    /* Twice the need must not overflow below; no caller comes near half the address space. */
    assert(extra < SIZE_MAX / 4 && b->len < SIZE_MAX / 4);
    size_t need = b->len + extra;

    if (need > b->cap || !b->data) {
        size_t cap = b->cap ? b->cap : 64;
        while (cap < need)
            cap *= 2;
        b->data = cr_realloc(b->data, cap);
        b->cap = cap;
    }
    return b->data + b->len;
}

void cr_buf_append(struct cr_buf *b, const void *p, size_t len)
{
    if (!len)
        return;
    memcpy(cr_buf_reserve(b, len), p, len);
    b->len += len;
}

void cr_buf_append_str(struct cr_buf *b, const char *s)
{
    cr_buf_append(b, s, strlen(s));
}

void cr_buf_append_byte(struct cr_buf *b, uint8_t byte)
{
    *cr_buf_reserve(b, 1) = byte;
    b->len++;
}

void cr_buf_printf(struct cr_buf *b, const char *fmt, ...)
{
    va_list ap, again;

    va_start(ap, fmt);
    va_copy(again, ap);
    int len = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    assert(len >= 0);
    vsnprintf((char *)cr_buf_reserve(b, (size_t)len + 1), (size_t)len + 1, fmt, again);
    va_end(again);
    b->len += (size_t)len;
}

void cr_buf_consume(struct cr_buf *b, size_t len)
{
    assert(len <= b->len);
    if (len && len < b->len)
        memmove(b->data, b->data + len, b->len - len);
    b->len -= len;
}

const char *cr_buf_cstr(struct cr_buf *b)
{
    *cr_buf_reserve(b, 1) = '\0';
    return (const char *)b->data;
}
