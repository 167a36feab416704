/* Tells coderoom-ws that a room changed: a datagram with the room's id (docs/PROTOCOL.md, "Service
 * socket"). Only makes faster what ws finds anyway, so failures are ignored. Any thread. */
#ifndef CR_FCGI_DOORBELL_H
#define CR_FCGI_DOORBELL_H

#include "base/error.h"

#include <sys/un.h>

struct cr_doorbell {
    int fd; /* -1 when closed */
    struct sockaddr_un to;
};

/* Errors: INVALID (path too long), UNAVAILABLE. The other end need not be there. */
int cr_doorbell_open(struct cr_doorbell *d, const char *path, struct cr_error *err);
void cr_doorbell_close(struct cr_doorbell *d);
void cr_doorbell_ring(const struct cr_doorbell *d, const char *room_id);

#endif
