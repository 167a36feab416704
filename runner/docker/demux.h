/* Docker's multiplexed stream: u8 stream (1 output, 2 error), three zero bytes, u32 length (big
 * endian), bytes. A parser of bytes from outside: it keeps eight bytes and never allocates.
 * Source: Docker Engine API, "Attach to a container", stream format. */
#ifndef CR_RUNNER_DOCKER_DEMUX_H
#define CR_RUNNER_DOCKER_DEMUX_H

#include <stddef.h>
#include <stdint.h>

struct cr_demux {
    uint8_t head[8];
    size_t head_len;
    uint32_t left; /* bytes of the current piece that are still to come */
};

/* Call each for the bytes in p, piece by piece; stops with -1 when the stream is malformed or each
 * returns non-zero. */
int cr_demux_feed(struct cr_demux *d, const uint8_t *p, size_t len,
                  int (*each)(void *ctx, int stream, const uint8_t *data, size_t len), void *ctx);

#endif
