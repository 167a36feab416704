#include "ws/update.h"

#include "crypt/crypt.h"

#include <string.h>

#define SYNC 0   /* y-protocols: a sync message … */
#define UPDATE 2 /* … that is an update */

uint64_t cr_update_client(void)
{
    uint32_t client;

    do
        cr_random_bytes(&client, sizeof client);
    while (client == 0);
    return client;
}

struct cr_frame *cr_update_frame(const uint8_t *update, size_t len)
{
    struct yd_buf head = {0};
    struct cr_frame *f;

    yd_buf_put_varuint(&head, SYNC);
    yd_buf_put_varuint(&head, UPDATE);
    yd_buf_put_varuint(&head, len);
    f = cr_frame_alloc(false, head.len + len);
    memcpy(f->data, head.data, head.len);
    if (len > 0)
        memcpy(f->data + head.len, update, len);
    yd_buf_free(&head);
    return f;
}

struct cr_frame *cr_update_frame_of(const struct yd_bytes *updates, size_t n)
{
    struct yd_buf merged = {0};
    struct cr_frame *f = NULL;

    if (yd_merge_updates(updates, n, &merged) == 0)
        f = cr_update_frame(merged.data, merged.len);
    yd_buf_free(&merged);
    return f;
}
