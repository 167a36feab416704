#include "ws/update.h"

#include "crypt/crypt.h"

#include <string.h>

uint64_t cr_update_client(void)
{
    uint32_t client;

    do
        cr_random_bytes(&client, sizeof client);
    while (client == 0);
    return client;
}

struct cr_frame *cr_sync_frame_alloc(enum yd_message_type type, size_t len, uint8_t **update)
{
    struct yd_buf head = {0};
    struct cr_frame *f;

    yd_buf_put_varuint(&head, 0); /* y-protocols: a sync message … */
    yd_buf_put_varuint(&head, type == YD_MSG_SYNC_STEP2 ? 1 : 2);
    yd_buf_put_varuint(&head, len);
    f = cr_frame_alloc(false, head.len + len);
    memcpy(f->data, head.data, head.len);
    *update = f->data + head.len;
    yd_buf_free(&head);
    return f;
}

struct cr_frame *cr_sync_frame(enum yd_message_type type, const uint8_t *update, size_t len)
{
    uint8_t *at;
    struct cr_frame *f = cr_sync_frame_alloc(type, len, &at);

    if (len > 0)
        memcpy(at, update, len);
    return f;
}

struct cr_frame *cr_update_frame(const uint8_t *update, size_t len)
{
    return cr_sync_frame(YD_MSG_SYNC_UPDATE, update, len);
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
