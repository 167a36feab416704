/* The program's standard input: a ring between the runner and the program's pipe. The runner never
 * has more than the ring's size on the way, so a program that does not read blocks nobody. */
#include "runner/agent/agent.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

int stdin_fd = -1;

static uint8_t ring[CR_CELL_STDIN_WINDOW];
static size_t ring_start, ring_len;
static bool at_eof;     /* the runner will send no more */
static bool not_wanted; /* the program closed its end */

static void take(size_t len)
{
    uint8_t count[4];
    ring_start = (ring_start + len) % sizeof(ring);
    ring_len -= len;
    cr_cell_put(count, len, 4);
    host_send(CR_CELL_TAKEN, count, sizeof(count));
}

void stdin_put(const uint8_t *data, size_t len)
{
    if (at_eof)
        return;
    if (len > sizeof(ring) - ring_len)
        give_up("standard input over its window", 0);
    size_t end = (ring_start + ring_len) % sizeof(ring);
    size_t first = sizeof(ring) - end < len ? sizeof(ring) - end : len;
    memcpy(ring + end, data, first);
    memcpy(ring, data + first, len - first);
    ring_len += len;
    if (not_wanted)
        take(ring_len);
}

static void close_when_done(void)
{
    if (stdin_fd >= 0 && (not_wanted || (at_eof && ring_len == 0))) {
        close(stdin_fd);
        stdin_fd = -1;
    }
}

void stdin_eof(void)
{
    at_eof = true;
    close_when_done();
}

bool stdin_wants_write(void)
{
    close_when_done();
    return stdin_fd >= 0 && ring_len > 0;
}

void stdin_write(void)
{
    size_t len = sizeof(ring) - ring_start < ring_len ? sizeof(ring) - ring_start : ring_len;
    ssize_t n = write(stdin_fd, ring + ring_start, len);
    if (n > 0)
        take((size_t)n);
    if (n < 0 && errno != EAGAIN && errno != EINTR) {
        not_wanted = true;
        take(ring_len);
    }
    close_when_done();
}
