#include "ws/echo.h"

#include "ws/update.h"

void cr_echo_add(struct cr_echo *e, struct cr_frame *f, size_t update_len, uint64_t number)
{
    if (e->count == e->cap) {
        e->cap = e->cap ? e->cap * 2 : 2;
        e->edits = cr_realloc(e->edits, e->cap * sizeof *e->edits);
    }
    e->edits[e->count++] = (struct cr_echo_edit){cr_frame_ref(f), update_len, number};
}

static void drop(struct cr_echo *e, size_t count)
{
    for (size_t i = 0; i < count; i++)
        cr_frame_free(e->edits[i].frame);
    e->count -= count;
    if (e->count > 0)
        memmove(e->edits, e->edits + count, e->count * sizeof *e->edits);
    else
        cr_echo_clear(e); /* an idle client keeps no memory for it */
}

static struct cr_frame *merged(const struct cr_echo_edit *edits, size_t count)
{
    struct yd_bytes *parts = cr_calloc(count, sizeof *parts);
    struct cr_frame *f;

    for (size_t i = 0; i < count; i++)
        parts[i] = (struct yd_bytes){
            edits[i].frame->data + edits[i].frame->len - edits[i].update_len, edits[i].update_len};
    f = cr_update_frame_of(parts, count);
    free(parts);
    return f;
}

struct cr_frame *cr_echo_take(struct cr_echo *e, uint64_t number)
{
    struct cr_frame *f = NULL;
    size_t count = 0;

    while (count < e->count && e->edits[count].number <= number)
        count++;
    if (count == 0)
        return NULL;
    f = count == 1 ? cr_frame_ref(e->edits[0].frame) : merged(e->edits, count);
    drop(e, count);
    return f;
}

void cr_echo_clear(struct cr_echo *e)
{
    for (size_t i = 0; i < e->count; i++)
        cr_frame_free(e->edits[i].frame);
    free(e->edits);
    *e = (struct cr_echo){0};
}
