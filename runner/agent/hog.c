/* Small programs that try to break a limit. The runner runs them in a cell at its start, before it
 * takes jobs: a limit that this machine does not keep is then known, and named. */
#include "runner/agent/agent.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

/* Touch so many bytes; 1 when that was allowed. */
static int hog_memory(size_t bytes)
{
    const size_t page = 4096;
    char *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED)
        return 2;
    for (size_t at = 0; at < bytes; at += page)
        p[at] = 1;
    return 1;
}

/* Have so many processes at once; 0 when the kernel refuses. */
static int hog_pids(size_t count)
{
    for (size_t i = 0; i < count; i++) {
        pid_t pid = fork();
        if (pid < 0)
            return errno == EAGAIN ? 0 : 2;
        if (pid == 0) {
            pause();
            _exit(0);
        }
    }
    return 1;
}

static int hog_output(void)
{
    char text[4096];
    memset(text, 'x', sizeof(text));
    while (write(STDOUT_FILENO, text, sizeof(text)) > 0) {
    }
    return 1;
}

/* Send a packet away; 0 when there is no way out. */
static int hog_network(void)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(53)};
    to.sin_addr.s_addr = htonl(0xc0000201); /* 192.0.2.1, reserved for examples (RFC 5737) */
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return 0;
    return connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0 ? 1 : 0;
}

int hog(const char *what, const char *amount)
{
    size_t n = amount ? strtoul(amount, NULL, 10) : 0;
    if (strcmp(what, "memory") == 0)
        return hog_memory(n);
    if (strcmp(what, "pids") == 0)
        return hog_pids(n);
    if (strcmp(what, "output") == 0)
        return hog_output();
    if (strcmp(what, "network") == 0)
        return hog_network();
    return 2;
}
