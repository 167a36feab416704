/* The stream to the runner: descriptors 0 and 1 of the container. */
#include "runner/agent/agent.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define SMALL_FRAMES 1024 /* kept free for PHASE, TAKEN, RESULT, ERROR */
#define OUT_SIZE (4 * (PIECE_MAX + CR_CELL_HEADER) + SMALL_FRAMES)

static uint8_t in_buf[CR_CELL_HEADER + CR_CELL_FRAME_MAX];
static size_t in_len;
static uint8_t out_buf[OUT_SIZE];
static size_t out_len;
static size_t piece_len;

void host_init(void)
{
    /* A runner that does not read must not stop us from watching the clock. */
    if (fcntl(STDOUT_FILENO, F_SETFL, O_NONBLOCK) < 0)
        _exit(1);
    memset(out_buf, 0, sizeof(out_buf)); /* touch it now, not when memory is short */
}

bool host_wants_write(void)
{
    return out_len > 0;
}

bool host_has_room(void)
{
    return OUT_SIZE - out_len >= PIECE_MAX + CR_CELL_HEADER + SMALL_FRAMES;
}

void host_flush(void)
{
    size_t done = 0;
    while (done < out_len) {
        ssize_t n = write(STDOUT_FILENO, out_buf + done, out_len - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && errno == EAGAIN)
            break;
        if (n <= 0)
            _exit(1); /* nobody listens any more */
        done += (size_t)n;
    }
    memmove(out_buf, out_buf + done, out_len - done);
    out_len -= done;
}

void host_flush_all(void)
{
    while (host_wants_write()) {
        struct pollfd p = {.fd = STDOUT_FILENO, .events = POLLOUT};
        poll(&p, 1, -1);
        host_flush();
    }
}

void host_send(uint8_t type, const void *data, size_t len)
{
    if (OUT_SIZE - out_len < CR_CELL_HEADER + len)
        host_flush_all();
    cr_cell_header(out_buf + out_len, type, len);
    memcpy(out_buf + out_len + CR_CELL_HEADER, data, len);
    out_len += CR_CELL_HEADER + len;
}

ssize_t host_piece_read(int fd)
{
    ssize_t n;
    do {
        n = read(fd, out_buf + out_len + CR_CELL_HEADER, PIECE_MAX);
    } while (n < 0 && errno == EINTR);
    piece_len = n > 0 ? (size_t)n : 0;
    return n;
}

void host_piece_send(uint8_t type, size_t keep)
{
    if (keep > piece_len)
        keep = piece_len;
    if (keep > 0) {
        cr_cell_header(out_buf + out_len, type, keep);
        out_len += CR_CELL_HEADER + keep;
    }
    piece_len = 0;
}

void host_read(void (*on_frame)(const struct cr_cell_frame *f))
{
    ssize_t n = read(STDIN_FILENO, in_buf + in_len, sizeof(in_buf) - in_len);
    if (n < 0 && (errno == EINTR || errno == EAGAIN))
        return;
    if (n <= 0)
        _exit(0); /* the runner went away: so does the cell */
    in_len += (size_t)n;

    size_t used = 0;
    for (;;) {
        struct cr_cell_frame f;
        long len = cr_cell_scan(in_buf + used, in_len - used, &f);
        if (len < 0)
            give_up("frame too long", 0);
        if (len == 0)
            break;
        on_frame(&f);
        used += (size_t)len;
    }
    memmove(in_buf, in_buf + used, in_len - used);
    in_len -= used;
}
