#include "monitor/listen.h"

#include "base/mem.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#define BACKLOG 16

static int unavailable(const char *address, int fd, struct cr_error *err)
{
    cr_fail(err, CR_ERR_UNAVAILABLE, "cannot listen on %s: %s", address, strerror(errno));
    if (fd >= 0)
        close(fd);
    return -1;
}

static int listen_unix(const char *path, struct cr_error *err)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    struct stat st;

    if (strlen(path) >= sizeof a.sun_path)
        return cr_fail(err, CR_ERR_INVALID, "the socket path %.150s is too long", path);
    memcpy(a.sun_path, path, strlen(path) + 1);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return unavailable(path, fd, err);
    /* Only a socket is in the way after a crash; anything else there is not ours. */
    if (lstat(path, &st) == 0 && S_ISSOCK(st.st_mode))
        unlink(path);
    if (bind(fd, (struct sockaddr *)&a, sizeof a) < 0 || chmod(path, 0660) < 0 ||
        listen(fd, BACKLOG) < 0)
        return unavailable(path, fd, err);
    return fd;
}

/* "host:port" or "[host]:port" in two; both owned by the caller. */
static int split(const char *address, char **host, char **port)
{
    const char *colon = strrchr(address, ':');
    const char *start = address;

    if (!colon || colon == address || !colon[1])
        return -1;
    size_t len = (size_t)(colon - address);
    if (start[0] == '[') {
        if (start[len - 1] != ']')
            return -1;
        start++;
        len -= 2;
    }
    *host = cr_strndup(start, len);
    *port = cr_strdup(colon + 1);
    return 0;
}

static int listen_tcp(const char *address, struct cr_error *err)
{
    struct addrinfo hints = {.ai_family = AF_UNSPEC,
                             .ai_socktype = SOCK_STREAM,
                             .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE};
    struct addrinfo *a = NULL;
    cr_auto_free char *host = NULL;
    cr_auto_free char *port = NULL;
    int one = 1;

    if (split(address, &host, &port) < 0)
        return cr_fail(err, CR_ERR_INVALID,
                       "\"%.100s\" is no address: write 127.0.0.1:9470, [::1]:9470 or /a/path",
                       address);
    int r = getaddrinfo(strcmp(host, "localhost") == 0 ? "127.0.0.1" : host, port, &hints, &a);
    if (r != 0)
        return cr_fail(err, CR_ERR_INVALID, "\"%.100s\" is no address: %s", address,
                       gai_strerror(r));
    int fd = socket(a->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) < 0 ||
        bind(fd, a->ai_addr, a->ai_addrlen) < 0 || listen(fd, BACKLOG) < 0)
        fd = unavailable(address, fd, err);
    freeaddrinfo(a);
    return fd;
}

int cr_monitor_listen(const char *address, struct cr_error *err)
{
    return address[0] == '/' ? listen_unix(address, err) : listen_tcp(address, err);
}

int cr_monitor_bound_port(int fd)
{
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } a;
    socklen_t len = sizeof a;

    if (getsockname(fd, &a.any, &len) < 0)
        return 0;
    if (a.any.sa_family == AF_INET)
        return ntohs(a.v4.sin_port);
    return a.any.sa_family == AF_INET6 ? ntohs(a.v6.sin6_port) : 0;
}
