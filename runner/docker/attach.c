/* The attached stream: an HTTP call that turns into a raw connection. */
#include "runner/docker/docker.h"

#include "base/mem.h"
#include "runner/docker/http.h"

#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#define HEAD_MAX 8192
#define ATTACH_TIMEOUT_S 10

static int connect_to(const char *path, struct cr_error *err)
{
    struct sockaddr_un addr = {.sun_family = AF_UNIX};
    struct timeval limit = {.tv_sec = ATTACH_TIMEOUT_S};
    if (strlen(path) >= sizeof(addr.sun_path))
        return cr_fail(err, CR_ERR_INVALID, "path of Docker's socket is too long");
    strcpy(addr.sun_path, path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return cr_fail(err, CR_ERR_UNAVAILABLE, "socket: %s", strerror(errno));
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
    if (connect(fd, (struct sockaddr *)&addr, sizeof(addr)) == 0)
        return fd;
    cr_fail(err, CR_ERR_UNAVAILABLE, "Docker does not answer on %s: %s", path, strerror(errno));
    close(fd);
    return -1;
}

/* Read up to the empty line and not a byte more: what follows belongs to the container. */
static int read_head(int fd, char head[HEAD_MAX], struct cr_error *err)
{
    size_t len = 0;
    while (len < HEAD_MAX - 1) {
        ssize_t n = recv(fd, head + len, HEAD_MAX - 1 - len, MSG_PEEK);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return cr_fail(err, CR_ERR_UNAVAILABLE, "Docker does not answer to attach");
        head[len + (size_t)n] = '\0';
        char *end = strstr(head, "\r\n\r\n");
        size_t take = end ? (size_t)(end + 4 - head) - len : (size_t)n;
        if (recv(fd, head + len, take, 0) != (ssize_t)take)
            return cr_fail(err, CR_ERR_UNAVAILABLE, "Docker's answer to attach was cut");
        len += take;
        head[len] = '\0';
        if (end)
            return 0;
    }
    return cr_fail(err, CR_ERR_UNAVAILABLE, "Docker's answer to attach is too long");
}

int cr_docker_attach(struct cr_docker *d, const char *id, struct cr_error *err)
{
    char head[HEAD_MAX];
    int status = 0;
    cr_auto_free char *request =
        cr_asprintf("POST /%s/containers/%s/attach?stream=1&stdin=1&stdout=1&stderr=1 HTTP/1.1\r\n"
                    "Host: docker\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n"
                    "Content-Length: 0\r\n\r\n",
                    d->version, id);
    size_t len = strlen(request);
    cr_auto_fd int fd = connect_to(d->socket, err);
    if (fd < 0)
        return -1;
    if (send(fd, request, len, MSG_NOSIGNAL) != (ssize_t)len)
        return cr_fail(err, CR_ERR_UNAVAILABLE, "attach: %s", strerror(errno));
    if (read_head(fd, head, err) < 0)
        return -1;
    if (sscanf(head, "HTTP/1.%*d %d", &status) != 1 || (status != 101 && status != 200))
        return cr_fail(err, CR_ERR_INTERNAL, "Docker refuses to attach: %.40s", head);
    int out = fd;
    fd = -1;
    return out;
}
