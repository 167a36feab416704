/* A message on its way to one or many connections: bytes that are made once and shared.
 * Thread: loop only (the count is not atomic). */
#ifndef CR_WS_FRAME_H
#define CR_WS_FRAME_H

#include "base/buf.h"
#include "base/mem.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Writable bytes before data, where the library that sends puts its header. */
#define CR_FRAME_HEAD 16

struct cr_frame {
    int refs;
    bool text;
    size_t len;
    uint8_t *data; /* inside this allocation */
};

/* A copy of data, with one reference that the caller holds. */
struct cr_frame *cr_frame_new(bool text, const void *data, size_t len);
struct cr_frame *cr_frame_ref(struct cr_frame *f);
void cr_frame_free(struct cr_frame *f); /* give a reference back; NULL is fine */
CR_DEFINE_AUTO(cr_frame)

#endif
