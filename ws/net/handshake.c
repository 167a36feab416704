/* The way in: libwebsockets reads the request and answers it; then the socket is taken out of its
 * hands and served by loop.c, since there it costs a quarter of the memory and every delivery is
 * one system call. */
#include "base/limits.h"
#include "log/log.h"
#include "ws/join.h"
#include "ws/net/internal.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

static void copy_header(struct lws *wsi, enum lws_token_indexes token, char *out, size_t size)
{
    if (lws_hdr_copy(wsi, out, (int)size, token) < 0)
        out[0] = '\0';
}

static void copy_query(struct lws *wsi, char *out, size_t size)
{
    size_t used = 0;
    int n;

    out[0] = '\0';
    for (int i = 0; used + 2 < size; i++) {
        n = lws_hdr_copy_fragment(wsi, out + used + (i > 0), (int)(size - used - 1),
                                  WSI_TOKEN_HTTP_URI_ARGS, i);
        if (n <= 0)
            break;
        if (i > 0)
            out[used++] = '&';
        used += (size_t)n;
    }
    out[used] = '\0';
}

static void read_handshake(struct lws *wsi, struct cr_handshake *h)
{
    static const char request_id[] = "x-request-id:";

    memset(h, 0, sizeof *h);
    copy_header(wsi, WSI_TOKEN_GET_URI, h->path, sizeof h->path);
    copy_query(wsi, h->query, sizeof h->query);
    copy_header(wsi, WSI_TOKEN_ORIGIN, h->origin, sizeof h->origin);
    copy_header(wsi, WSI_TOKEN_HOST, h->host, sizeof h->host);
    copy_header(wsi, WSI_TOKEN_HTTP_AUTHORIZATION, h->authorization, sizeof h->authorization);
    if (lws_hdr_custom_copy(wsi, h->request_id, sizeof h->request_id, request_id,
                            (int)strlen(request_id)) < 0)
        h->request_id[0] = '\0';
}

/* The socket under another number; libwebsockets gets something else to close, because it shuts a
 * socket down before that, which would reach ours. */
static int take_socket(struct lws *wsi)
{
    int theirs = lws_get_socket_fd(wsi);
    int ours = fcntl(theirs, F_DUPFD_CLOEXEC, 0);
    int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);

    if (ours >= 0 && nothing >= 0 && dup3(nothing, theirs, O_CLOEXEC) == theirs) {
        close(nothing);
        return ours;
    }
    if (ours >= 0)
        close(ours);
    if (nothing >= 0)
        close(nothing);
    return -1;
}

static void established(struct lws *wsi)
{
    struct cr_server *s = lws_context_user(lws_get_context(wsi));
    struct cr_handshake h;
    struct cr_net_conn *n;
    int fd;

    read_handshake(wsi, &h);
    fd = take_socket(wsi);
    if (fd < 0) {
        cr_log(CR_LOG_ERROR, "no file descriptor for a socket");
        return;
    }
    n = cr_net_adopt(s, fd);
    if (n)
        cr_join(s->o.hub, &n->conn, &h);
}

/* The room is at another process: 503 lets nginx ask the next one. libwebsockets would answer
 * something else, so the answer is written here; it closes the connection. */
static bool turn_away(struct lws *wsi)
{
    struct cr_server *s = lws_context_user(lws_get_context(wsi));
    struct cr_handshake h;
    char address[CR_PROCESS_ADDRESS_SIZE], answer[CR_PROCESS_ADDRESS_SIZE + 256];
    int len;

    read_handshake(wsi, &h);
    if (!cr_join_is_elsewhere(s->o.hub, h.path, address))
        return false;
    len = snprintf(answer, sizeof answer,
                   "HTTP/1.1 503 Service Unavailable\r\nX-Coderoom-Owner: %s\r\n%s%s%s"
                   "Content-Length: 0\r\nConnection: close\r\n\r\n",
                   address, strstr(address, "://") ? "Location: " : "",
                   strstr(address, "://") ? address : "", strstr(address, "://") ? "\r\n" : "");
    if (send(lws_get_socket_fd(wsi), answer, (size_t)len, MSG_NOSIGNAL) < 0)
        cr_log(CR_LOG_DEBUG, "a connection that is turned away is gone");
    return true;
}

int cr_net_handshake(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                     size_t len)
{
    struct cr_server *s;

    (void)user, (void)in, (void)len;
    switch (reason) {
    case LWS_CALLBACK_EVENT_WAIT_CANCELLED:
        s = lws_context_user(lws_get_context(wsi));
        s->o.drain(s->o.ctx);
        return 0;
    case LWS_CALLBACK_HTTP:
        lws_return_http_status(wsi, HTTP_STATUS_BAD_REQUEST, "WebSocket only");
        return -1;
    case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
        return turn_away(wsi) ? -1 : 0;
    case LWS_CALLBACK_ESTABLISHED:
        established(wsi);
        return -1; /* it is ours now */
    default:
        return 0;
    }
}
