/* What the files of this folder share. */
#ifndef CR_WS_NET_INTERNAL_H
#define CR_WS_NET_INTERNAL_H

#include "ws/net/server.h"

#include <libwebsockets.h>
#include <stdatomic.h>

struct cr_net_conn;

struct cr_server {
    struct cr_server_options o;
    struct lws_context *context;
    struct lws_vhost *vhost;
    int save_fd, half_second_fd; /* timers; the loop closes them */
    struct cr_net_conn *conns;
    size_t connections;
    int notify_fd;
    atomic_bool stopping;
};

/* Protocol callbacks. */
int cr_net_socket(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                  size_t len);
int cr_net_notify(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                  size_t len);

int cr_net_save(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                size_t len);
int cr_net_half_second(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                       size_t len);

void cr_net_ping(struct cr_server *s); /* the sockets whose turn it is; twice a second */
int cr_net_timers_open(struct cr_server *s, struct cr_error *err);
/* The doorbell's datagram socket: bound, non-blocking. -1 with err. */
int cr_net_notify_open(const char *path, struct cr_error *err);
/* Remove a socket file that nobody listens on any more. Errors: UNAVAILABLE (somebody does). */
int cr_net_remove_stale(const char *path, int type, struct cr_error *err);

struct cr_net_session { /* libwebsockets keeps it for each connection */
    struct cr_net_conn *conn;
};

#endif
