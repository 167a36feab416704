/* What the files of this folder share. */
#ifndef CR_WS_NET_INTERNAL_H
#define CR_WS_NET_INTERNAL_H

#include "ws/net/server.h"
#include "ws/net/wire.h"

#include <libwebsockets.h>
#include <stdatomic.h>

struct cr_net_conn {
    struct cr_conn conn;
    struct cr_server *server;
    struct cr_net_conn *prev, *next; /* all of the server */
    struct cr_net_conn *dead_next;
    struct cr_wire wire;
    int64_t pinged_ms;
    int64_t paused_until_ms; /* 0: it is read */
    int64_t deadline_ms;     /* closing: then it is cut; 0 before */
    uint32_t events;         /* what epoll watches for */
    uint8_t unanswered;      /* pings since the last pong */
    bool close_sent, peer_closed, dead;
};

struct cr_server {
    struct cr_server_options o;
    struct lws_context *context;
    struct lws_vhost *vhost;
    int save_fd, tick_fd, quarter_second_fd; /* timers; the loop closes them */
    unsigned quarters;                       /* of a second, so far */
    int epoll_fd;                            /* of the sockets; the loop closes it, too */
    struct cr_net_conn *conns;
    struct cr_net_conn *dead; /* to be freed when nobody is in the middle of something */
    size_t connections;
    int notify_fd;
    atomic_bool stopping;
    uint8_t read_buffer[CR_CONN_READ_BYTES]; /* shared: what it holds is handled at once */
};

/* Protocol callbacks. */
int cr_net_handshake(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                     size_t len);
int cr_net_sockets(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                   size_t len);
int cr_net_notify(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                  size_t len);
int cr_net_save(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                size_t len);
int cr_net_tick(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                size_t len);
int cr_net_quarter_second(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                          size_t len);

int cr_net_timers_open(struct cr_server *s, struct cr_error *err);
/* The doorbell's datagram socket: bound, non-blocking. -1 with err. */
int cr_net_notify_open(const char *path, struct cr_error *err);
/* Remove a socket file that nobody listens on any more. Errors: UNAVAILABLE (somebody does). */
int cr_net_remove_stale(const char *path, int type, struct cr_error *err);

/* Sockets (loop.c). */
int cr_net_sockets_open(struct cr_server *s, struct cr_error *err);
/* Serve a connection whose handshake is done; takes the descriptor (non-blocking). */
struct cr_net_conn *cr_net_adopt(struct cr_server *s, int fd);
void cr_net_watch(struct cr_net_conn *n, uint32_t event, bool on);
bool cr_net_is_read(const struct cr_net_conn *n); /* it neither holds nor pauses */
void cr_net_follow_read(struct cr_net_conn *n);   /* that may have changed */
void cr_net_sweep(struct cr_server *s);           /* twice a second: pings, pauses, deadlines */
void cr_net_close_all(struct cr_server *s);
/* The connection is of no use any more; it ends when the loop comes back. */
void cr_net_bury(struct cr_net_conn *n);

/* One socket (socket.c). */
extern const struct cr_conn_net cr_net_ops;
void cr_net_readable(struct cr_net_conn *n);
void cr_net_flush(struct cr_net_conn *n);
void cr_net_ping(struct cr_net_conn *n);

#endif
