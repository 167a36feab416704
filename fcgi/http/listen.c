#include "base/mem.h"
#include "fcgi/http/server.h"

#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#define BACKLOG 1024 /* requests that wait for a thread; nginx limits them before */

enum cr_server_mode cr_server_detect(void)
{
    int listening = 0;
    socklen_t len = sizeof(listening);

    if (getsockopt(0, SOL_SOCKET, SO_ACCEPTCONN, &listening, &len) == 0 && listening)
        return CR_SERVER_INHERITED;
    return getenv("GATEWAY_INTERFACE") && getenv("REQUEST_METHOD") ? CR_SERVER_CGI
                                                                   : CR_SERVER_DAEMON;
}

int cr_server_listen(const char *path, struct cr_error *err)
{
    struct sockaddr_un fresh = {.sun_family = AF_UNIX};
    int fd, n = snprintf(fresh.sun_path, sizeof(fresh.sun_path), "%s.%d", path, (int)getpid());

    if (n < 0 || (size_t)n >= sizeof(fresh.sun_path))
        return cr_fail(err, CR_ERR_UNAVAILABLE, "the socket's path is too long: %s", path);
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return cr_fail(err, CR_ERR_UNAVAILABLE, "socket: %s", strerror(errno));
    unlink(fresh.sun_path);
    if (bind(fd, (struct sockaddr *)&fresh, sizeof(fresh)) < 0 || chmod(fresh.sun_path, 0660) < 0 ||
        listen(fd, BACKLOG) < 0 || rename(fresh.sun_path, path) < 0) {
        cr_fail(err, CR_ERR_UNAVAILABLE, "cannot listen on %s: %s", path, strerror(errno));
        unlink(fresh.sun_path);
        close(fd);
        return -1;
    }
    return fd;
}

static long stdin_read(void *ctx, void *buf, size_t len)
{
    ssize_t n;

    (void)ctx;
    do
        n = read(STDIN_FILENO, buf, len);
    while (n < 0 && errno == EINTR);
    return n;
}

static int stdout_write(void *ctx, const void *data, size_t len)
{
    const char *at = data;

    (void)ctx;
    while (len > 0) {
        ssize_t n = write(STDOUT_FILENO, at, len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return -1;
        at += n;
        len -= (size_t)n;
    }
    return 0;
}

void cr_server_cgi(void (*serve)(void *ctx, const struct cr_gateway *gw), void *ctx)
{
    struct cr_gateway gw = {environ, stdin_read, stdout_write, NULL};

    serve(ctx, &gw);
}
