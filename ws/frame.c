#include "ws/frame.h"

#define HEAD_MAX 10 /* RFC 6455 5.2: two bytes and a 64-bit length; a server masks nothing */
#define FIN 0x80

/* Ends right before data. Returns its length. */
static uint8_t put_head(uint8_t *data, enum cr_frame_op op, size_t len)
{
    uint8_t size = len < 126 ? 2 : len <= UINT16_MAX ? 4 : HEAD_MAX;
    uint8_t *at = data - size;

    *at++ = (uint8_t)(FIN | op);
    *at++ = len < 126 ? (uint8_t)len : len <= UINT16_MAX ? 126 : 127;
    for (int shift = (size - 3) * 8; shift >= 0; shift -= 8)
        *at++ = (uint8_t)((uint64_t)len >> shift);
    return size;
}

struct cr_frame *cr_frame_alloc(bool text, size_t len)
{
    struct cr_frame *f = cr_malloc(sizeof *f + HEAD_MAX + len);

    f->refs = 1;
    f->text = text;
    f->len = len;
    f->data = (uint8_t *)(f + 1) + HEAD_MAX;
    f->head = put_head(f->data, text ? CR_FRAME_TEXT : CR_FRAME_BINARY, len);
    return f;
}

struct cr_frame *cr_frame_new(bool text, const void *data, size_t len)
{
    struct cr_frame *f = cr_frame_alloc(text, len);

    if (len > 0)
        memcpy(f->data, data, len);
    return f;
}

struct cr_frame *cr_frame_control(enum cr_frame_op op, const void *data, size_t len)
{
    struct cr_frame *f = cr_frame_new(false, data, len);

    put_head(f->data, op, len);
    return f;
}

struct cr_frame *cr_frame_ref(struct cr_frame *f)
{
    f->refs++;
    return f;
}

void cr_frame_free(struct cr_frame *f)
{
    if (f && --f->refs == 0)
        free(f);
}
