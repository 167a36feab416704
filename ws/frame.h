/* A message on its way to one or many connections: bytes that are made once and shared, with the
 * header of RFC 6455 before them, so that a connection needs nothing but one write.
 * Thread: loop only (the count is not atomic). */
#ifndef CR_WS_FRAME_H
#define CR_WS_FRAME_H

#include "base/buf.h"
#include "base/mem.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cr_frame {
    int refs;
    bool text;
    uint8_t head;  /* bytes of header right before data */
    size_t len;    /* of data */
    uint8_t *data; /* inside this allocation */
};

/* A copy of data, with one reference that the caller holds. */
struct cr_frame *cr_frame_new(bool text, const void *data, size_t len);
/* The same with data still to be written: len bytes, before the frame is sent. */
struct cr_frame *cr_frame_alloc(bool text, size_t len);
/* A control frame (RFC 6455 5.5): op is CR_FRAME_CLOSE, _PING or _PONG; len at most 125. */
enum cr_frame_op {
    CR_FRAME_TEXT = 1,
    CR_FRAME_BINARY,
    CR_FRAME_CLOSE = 8,
    CR_FRAME_PING,
    CR_FRAME_PONG
};
struct cr_frame *cr_frame_control(enum cr_frame_op op, const void *data, size_t len);
struct cr_frame *cr_frame_ref(struct cr_frame *f);
void cr_frame_free(struct cr_frame *f); /* give a reference back; NULL is fine */
CR_DEFINE_AUTO(cr_frame)

/* Header and data as they go over the wire. */
static inline const uint8_t *cr_frame_wire(const struct cr_frame *f)
{
    return f->data - f->head;
}
static inline size_t cr_frame_wire_len(const struct cr_frame *f)
{
    return f->head + f->len;
}

#endif
