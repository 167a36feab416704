#include "runner/docker/demux.h"

static int head_ok(const uint8_t *h)
{
    return (h[0] == 1 || h[0] == 2) && h[1] == 0 && h[2] == 0 && h[3] == 0;
}

static uint32_t head_length(const uint8_t *h)
{
    return (uint32_t)h[4] << 24 | (uint32_t)h[5] << 16 | (uint32_t)h[6] << 8 | h[7];
}

int cr_demux_feed(struct cr_demux *d, const uint8_t *p, size_t len,
                  int (*each)(void *ctx, int stream, const uint8_t *data, size_t len), void *ctx)
{
    while (len > 0) {
        if (d->left == 0) {
            d->head[d->head_len++] = *p++;
            len--;
            if (d->head_len < sizeof(d->head))
                continue;
            if (!head_ok(d->head))
                return -1;
            d->head_len = 0;
            d->left = head_length(d->head);
            continue;
        }
        size_t n = len < d->left ? len : d->left;
        if (each(ctx, d->head[0], p, n) != 0)
            return -1;
        p += n;
        len -= n;
        d->left -= (uint32_t)n;
    }
    return 0;
}
