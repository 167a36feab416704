#include "ws/frame.h"

struct cr_frame *cr_frame_new(bool text, const void *data, size_t len)
{
    struct cr_frame *f = cr_malloc(sizeof *f + CR_FRAME_HEAD + len);

    f->refs = 1;
    f->text = text;
    f->len = len;
    f->data = (uint8_t *)(f + 1) + CR_FRAME_HEAD;
    if (len > 0)
        memcpy(f->data, data, len);
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
