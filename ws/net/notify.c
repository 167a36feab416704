/* The doorbell: datagrams that hold the id of a room that changed. And the care for socket files.
 */
#include "log/log.h"
#include "ws/net/internal.h"

#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

static int unix_address(const char *path, struct sockaddr_un *out, struct cr_error *err)
{
    memset(out, 0, sizeof *out);
    out->sun_family = AF_UNIX;
    if (strlen(path) >= sizeof out->sun_path)
        return cr_fail(err, CR_ERR_INVALID, "%.120s: longer than a socket's path may be", path);
    memcpy(out->sun_path, path, strlen(path) + 1);
    return 0;
}

int cr_net_remove_stale(const char *path, int type, struct cr_error *err)
{
    struct sockaddr_un address;
    cr_auto_fd int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);

    if (unix_address(path, &address, err) < 0)
        return -1;
    if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) == 0)
        return cr_fail(err, CR_ERR_UNAVAILABLE, "%s: somebody listens there already", path);
    if (errno == ECONNREFUSED && unlink(path) < 0)
        return cr_fail(err, CR_ERR_UNAVAILABLE, "%s: %s", path, strerror(errno));
    return 0;
}

int cr_net_notify_open(const char *path, struct cr_error *err)
{
    struct sockaddr_un address;
    int fd;

    if (cr_net_remove_stale(path, SOCK_DGRAM, err) < 0 || unix_address(path, &address, err) < 0)
        return -1;
    fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) < 0 ||
        chmod(path, 0660) < 0) {
        cr_fail(err, CR_ERR_UNAVAILABLE, "%s: %s", path, strerror(errno));
        if (fd >= 0)
            close(fd);
        return -1;
    }
    return fd;
}

static void read_all(struct cr_server *s)
{
    char datagram[64];
    ssize_t n;

    while ((n = recv(s->notify_fd, datagram, sizeof datagram, MSG_DONTWAIT)) >= 0) {
        if (n != CR_ID_LEN)
            continue;
        datagram[n] = '\0';
        if (cr_id_is_valid(datagram))
            cr_hub_notify(s->o.hub, datagram);
    }
}

int cr_net_notify(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                  size_t len)
{
    (void)user, (void)in, (void)len;
    if (reason == LWS_CALLBACK_RAW_RX_FILE)
        read_all(lws_context_user(lws_get_context(wsi)));
    return 0;
}
