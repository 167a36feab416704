/* A container's attached stream as the runner reads it: Docker's multiplexing, the agent's frames,
 * the result. However the bytes are cut, the same frames come out. */
#include "base/buf.h"
#include "runner/agent/protocol.h"
#include "runner/docker/demux.h"
#include "runner/verdict.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct sink {
    struct cr_buf bytes;
    uint64_t digest; /* of all frames, in order */
};

static void look(struct sink *s, const struct cr_cell_frame *f)
{
    struct cr_cell_result facts;
    struct cr_run_result r = {0};
    s->digest = s->digest * 31 + f->type;
    for (size_t i = 0; i < f->len; i++)
        s->digest = s->digest * 31 + f->data[i];
    if (f->type != CR_CELL_RESULT || cr_cell_result_read(f->data, f->len, &facts) < 0)
        return;
    cr_verdict_decide(&facts, "/bin/program", &r);
    if (r.verdict == CR_VERDICT_NONE || cr_verdict_name(r.verdict)[0] == '\0')
        abort();
    cr_run_result_clear(&r);
}

static int on_piece(void *ctx, int stream, const uint8_t *data, size_t len)
{
    struct sink *s = ctx;
    struct cr_cell_frame f;
    size_t used = 0;
    long n;
    if (stream != 1)
        return 0;
    cr_buf_append(&s->bytes, data, len);
    while ((n = cr_cell_scan(s->bytes.data + used, s->bytes.len - used, &f)) > 0) {
        if (f.len > CR_CELL_FRAME_MAX)
            abort();
        look(s, &f);
        used += (size_t)n;
    }
    cr_buf_consume(&s->bytes, used);
    return n < 0 ? -1 : 0;
}

static uint64_t feed(const uint8_t *data, size_t size, size_t step)
{
    struct cr_demux d = {0};
    struct sink s = {0};
    for (size_t at = 0; at < size; at += step) {
        size_t n = size - at < step ? size - at : step;
        if (cr_demux_feed(&d, data + at, n, on_piece, &s) < 0)
            break;
    }
    cr_buf_clear(&s.bytes);
    return s.digest;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (feed(data, size, size + 1) != feed(data, size, 1 + size % 7))
        abort();
    return 0;
}
