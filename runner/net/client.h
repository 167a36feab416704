/* Keeps one WebSocket to each ws daemon, on a thread of its own: connects, comes back with
 * back-off, asks the link what to say whenever a socket takes more. */
#ifndef CR_RUNNER_NET_CLIENT_H
#define CR_RUNNER_NET_CLIENT_H

#include "base/error.h"
#include "runner/link.h"

struct cr_net;

struct cr_net_options {
    struct cr_link *link;         /* used on the thread only */
    const char *const *addresses; /* unix socket paths or ws://host[:port]; NULL-terminated */
    const char *token;            /* auth.service_token */
};

/* Errors: INVALID (an address), UNAVAILABLE. */
struct cr_net *cr_net_start(const struct cr_net_options *o, struct cr_error *err);
void cr_net_stop(struct cr_net *n); /* NULL is fine; joins the thread */
/* There may be something to say. Any thread; cheap. */
void cr_net_wake(struct cr_net *n);

#endif
