/* A private listener for whoever watches a daemon: /healthz, /readyz, /metrics, on a thread of its
 * own so that a stuck event loop is still seen. The only door to libmicrohttpd. */
#ifndef CR_MONITOR_MONITOR_H
#define CR_MONITOR_MONITOR_H

#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

struct cr_monitor;
struct cr_ready;

struct cr_monitor_options {
    const char *program; /* "coderoom-ws" */
    const char *listen;  /* "127.0.0.1:9471", "[::1]:9471", port 0 for any; or a unix socket's path
                            (starts with "/"; an old socket there is replaced; mode 0660) */
    /* /healthz is 503 when cr_monitor_beat() was last called longer ago; 0: never. */
    int64_t beat_limit_ms;
    /* Called on the monitor's thread for each /readyz: calls cr_ready_add() for each thing that the
     * daemon needs. Must not block long: look at flags that others keep. NULL: always ready. */
    void (*ready)(void *ctx, struct cr_ready *r);
    void *ctx;
};

/* Errors: UNAVAILABLE (address taken or not allowed), INVALID (not an address). */
struct cr_monitor *cr_monitor_start(const struct cr_monitor_options *o, struct cr_error *err);
void cr_monitor_stop(struct cr_monitor *m);      /* NULL is fine; joins the thread */
void cr_monitor_beat(struct cr_monitor *m);      /* any thread; "my loop is alive" */
int cr_monitor_port(const struct cr_monitor *m); /* 0 on a unix socket */

/* name: static text ("database"); detail: what is missing, in a few words; NULL when ok. Copied. */
void cr_ready_add(struct cr_ready *r, const char *name, bool ok, const char *detail);

#endif
