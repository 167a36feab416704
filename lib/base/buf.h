/* A growing byte buffer. Not thread-safe; one owner. Zero-initialised ({0}) is an empty buffer. */
#ifndef CR_BASE_BUF_H
#define CR_BASE_BUF_H

#include <stddef.h>
#include <stdint.h>

struct cr_buf {
    uint8_t *data; /* owned; NULL while empty; not NUL-terminated unless cr_buf_cstr() was called */
    size_t len;
    size_t cap;
};

void cr_buf_clear(struct cr_buf *b); /* free what it holds; usable again afterwards */
void cr_buf_reset(struct cr_buf *b); /* len = 0, keeps the memory */
void cr_buf_fit(struct cr_buf *b);   /* give back what it does not need: it is kept for long */
/* Make room for extra more bytes and return where they go; the caller adds to len. */
uint8_t *cr_buf_reserve(struct cr_buf *b, size_t extra);
void cr_buf_append(struct cr_buf *b, const void *p, size_t len);
void cr_buf_append_str(struct cr_buf *b, const char *s);
void cr_buf_append_byte(struct cr_buf *b, uint8_t byte);
void cr_buf_printf(struct cr_buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Drop len bytes from the front. */
void cr_buf_consume(struct cr_buf *b, size_t len);
/* The content as NUL-terminated text; borrowed until the next change. */
const char *cr_buf_cstr(struct cr_buf *b);

#define CR_AUTO_BUF __attribute__((cleanup(cr_buf_clear))) struct cr_buf

#endif
