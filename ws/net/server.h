/* The event loop and the sockets: the only door to libwebsockets, which accepts connections, reads
 * the handshake and runs the loop. It listens on a unix socket, where nginx is in front:
 * libwebsockets 4.1.6 (Debian 12) uses freed memory when an Upgrade header has an odd value, and
 * nginx sends a constant one. Never give it a public port. Thread: everything on the thread that
 * runs the loop, but cr_server_wake() and cr_server_stop(). */
#ifndef CR_WS_NET_SERVER_H
#define CR_WS_NET_SERVER_H

#include "ws/hub.h"

struct cr_server;

struct cr_server_options {
    const char *socket_path;
    const char *notify_path;
    int64_t ping_interval_ms;
    struct cr_hub *hub;
    void (*drain)(void *ctx); /* workers' results wait */
    void (*quarter_second)(void *ctx);
    void *ctx;
};

/* Listens when it returns. Errors: UNAVAILABLE (an address is taken or not allowed). */
struct cr_server *cr_server_open(const struct cr_server_options *o, struct cr_error *err);
/* Until cr_server_stop(); then sockets are closed and edits stored, for at most 10 s. Returns 0, or
 * -1 when edits could not be stored. */
int cr_server_run(struct cr_server *s);
void cr_server_close(struct cr_server *s);

void cr_server_arm_save(void *server, int64_t ms); /* for cr_hub_init() */
void cr_server_arm_tick(void *server, int64_t ms); /* the same */
void cr_server_wake(struct cr_server *s);          /* any thread */
void cr_server_stop(struct cr_server *s);          /* any thread, and signal handlers */

#endif
