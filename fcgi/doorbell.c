#include "fcgi/doorbell.h"

#include "base/id.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int cr_doorbell_open(struct cr_doorbell *d, const char *path, struct cr_error *err)
{
    size_t len = strlen(path);

    d->fd = -1;
    memset(&d->to, 0, sizeof(d->to));
    d->to.sun_family = AF_UNIX;
    if (len >= sizeof(d->to.sun_path))
        return cr_fail(err, CR_ERR_INVALID, "ws.notify_socket is too long");
    memcpy(d->to.sun_path, path, len);
    d->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (d->fd < 0)
        return cr_fail(err, CR_ERR_UNAVAILABLE, "socket: %s", strerror(errno));
    return 0;
}

void cr_doorbell_close(struct cr_doorbell *d)
{
    if (d->fd >= 0)
        close(d->fd);
    d->fd = -1;
}

void cr_doorbell_ring(const struct cr_doorbell *d, const char *room_id)
{
    (void)sendto(d->fd, room_id, CR_ID_LEN, MSG_NOSIGNAL, (const struct sockaddr *)&d->to,
                 sizeof(d->to));
}
