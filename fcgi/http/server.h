/* Taking requests: a pool of threads on a FastCGI socket, or one request as plain CGI. The only
 * door to libfcgi.
 *
 * The peer on the socket is trusted to be a web server: libfcgi 2.4.2 ends the process when a
 * parameter's length is a lie of 2 GiB and more (its own assertion on malloc), which no request
 * through nginx can cause. So the socket is 0660, never TCP, and a supervisor keeps the process. */
#ifndef CR_FCGI_HTTP_SERVER_H
#define CR_FCGI_HTTP_SERVER_H

#include "base/error.h"
#include "fcgi/http/gateway.h"

#include <stdbool.h>
#include <stdint.h>

struct cr_server;

struct cr_server_options {
    int listen_fd; /* borrowed; stays open */
    int threads;
    /* Answer one request through gw; on one of the server's threads. */
    void (*serve)(void *ctx, const struct cr_gateway *gw);
    void *ctx;
};

enum cr_server_mode {
    CR_SERVER_DAEMON,    /* started by a supervisor: make the socket */
    CR_SERVER_INHERITED, /* file descriptor 0 is a listening socket (spawn-fcgi, systemd) */
    CR_SERVER_CGI        /* started for one request */
};
/* How this process was started: looks at descriptor 0 and the environment. */
enum cr_server_mode cr_server_detect(void);

/* Make a listening unix socket of mode 0660. It takes the path over in one step, so that a new
 * process can follow an old one without a gap. Errors: UNAVAILABLE. Returns the descriptor. */
int cr_server_listen(const char *path, struct cr_error *err);

/* Block all signals in the caller first: the threads inherit its mask. Errors: UNAVAILABLE. */
struct cr_server *cr_server_start(const struct cr_server_options *o, struct cr_error *err);
/* Take no more requests and wait for those that are being answered, at most timeout_ms. True when
 * all threads ended; then s is freed. False: some still work, end the process. */
bool cr_server_stop(struct cr_server *s, int64_t timeout_ms);

/* Plain CGI: one request from the environment and standard input, the answer to standard output. */
void cr_server_cgi(void (*serve)(void *ctx, const struct cr_gateway *gw), void *ctx);

#endif
