#include "tests/differential/frame.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define PIPE_BYTES 65536 /* what a pipe takes at once */
#define COMMAND_SECONDS 60

uint32_t peer_get_u32(const uint8_t *p)
{
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

void peer_put_u32(struct yd_buf *out, uint32_t v)
{
    const uint8_t bytes[] = {(uint8_t)v, (uint8_t)(v >> 8), (uint8_t)(v >> 16), (uint8_t)(v >> 24)};

    yd_buf_append(out, bytes, sizeof(bytes));
}

static void answer(int status, const struct yd_buf *out, struct yd_buf *head)
{
    head->len = 0;
    peer_put_u32(head, (uint32_t)status);
    peer_put_u32(head, (uint32_t)out->len);
    fwrite(head->data, 1, head->len, stdout);
    if (out->len > 0)
        fwrite(out->data, 1, out->len, stdout);
    fflush(stdout);
}

void peer_serve(peer_run_fn run)
{
    struct yd_buf out = {0}, head = {0};
    uint8_t command[5];

    setvbuf(stdin, NULL, _IOFBF, PIPE_BYTES);
    setvbuf(stdout, NULL, _IOFBF, PIPE_BYTES);
    while (fread(command, 1, sizeof(command), stdin) == sizeof(command)) {
        uint32_t len = peer_get_u32(command + 1);
        uint8_t *body =
            malloc(len > 0 ? len : 1); /* its own size: a sanitizer sees what is beyond */
        if (!body || fread(body, 1, len, stdin) != len)
            abort();
        alarm(COMMAND_SECONDS);
        out.len = 0;
        answer(run((char)command[0], body, len, &out), &out, &head);
        alarm(0);
        free(body);
    }
    yd_buf_free(&out);
    yd_buf_free(&head);
}
