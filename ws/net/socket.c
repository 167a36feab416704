/* One WebSocket between libwebsockets and struct cr_conn: handshake in, messages put together,
 * one frame out for each writeable call, pings. */
#include "base/clock.h"
#include "base/limits.h"
#include "log/log.h"
#include "ws/join.h"
#include "ws/metrics.h"
#include "ws/net/internal.h"

#define CLOSE_GRACE_S 5 /* for the peer to take the close frame; then the socket is cut */
#define PINGS_UNANSWERED 2

_Static_assert(CR_FRAME_HEAD >= LWS_PRE, "frames leave room for the header");

struct cr_net_conn {
    struct cr_conn conn;
    struct cr_server *server;
    struct lws *wsi;
    struct cr_net_conn *prev, *next; /* all of the server */
    int64_t pinged_ms;
    struct cr_buf rx; /* a message of which more is to come */
    bool ping_due;
    int unanswered; /* pings since the last pong */
};

static void wake(struct cr_conn *c)
{
    struct cr_net_conn *n = c->net;

    lws_callback_on_writable(n->wsi);
    if (c->closing)
        lws_set_timeout(n->wsi, PENDING_TIMEOUT_USER_OK, CLOSE_GRACE_S);
}

/* ---- handshake ---- */

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

static void opened(struct cr_server *s, struct lws *wsi, struct cr_net_session *session)
{
    struct cr_net_conn *n = cr_calloc(1, sizeof *n);
    struct cr_handshake h;

    n->server = s;
    n->wsi = wsi;
    cr_conn_init(&n->conn, wake, n);
    session->conn = n;
    n->pinged_ms = cr_mono_ms();
    n->next = s->conns;
    if (n->next)
        n->next->prev = n;
    s->conns = n;
    s->connections++;
    cr_metric_add(cr_ws_metrics.connections, 1);
    read_handshake(wsi, &h);
    cr_join(s->o.hub, &n->conn, &h);
}

static void closed(struct cr_net_session *session)
{
    struct cr_net_conn *n = session->conn;

    session->conn = NULL;
    if (n->prev)
        n->prev->next = n->next;
    else
        n->server->conns = n->next;
    if (n->next)
        n->next->prev = n->prev;
    n->server->connections--;
    cr_metric_add(cr_ws_metrics.connections, -1);
    cr_conn_ended(&n->conn);
    cr_conn_clear(&n->conn);
    cr_buf_clear(&n->rx);
    free(n);
}

/* ---- messages ---- */

static void received(struct cr_net_conn *n, const uint8_t *data, size_t len)
{
    bool final = lws_is_final_fragment(n->wsi) && lws_remaining_packet_payload(n->wsi) == 0;
    bool text = !lws_frame_is_binary(n->wsi);

    if (n->conn.closing)
        return;
    if (n->rx.len + len > n->conn.max_message) {
        cr_buf_clear(&n->rx);
        cr_conn_close(&n->conn, CR_ERR_TOO_LARGE, "a message has at most %zu bytes",
                      n->conn.max_message);
        return;
    }
    if (final && n->rx.len == 0) {
        cr_conn_feed(&n->conn, text, data, len);
        return;
    }
    cr_buf_append(&n->rx, data, len);
    if (!final)
        return;
    cr_conn_feed(&n->conn, text, n->rx.data, n->rx.len);
    cr_buf_clear(&n->rx); /* large messages are rare: keep no memory for them */
}

static int send_close(struct cr_net_conn *n)
{
    const struct cr_conn *c = &n->conn;
    char reason[CR_CONN_REASON_SIZE];
    size_t len = strlen(c->close_reason);

    memcpy(reason, c->close_reason, len);
    lws_close_reason(n->wsi, (enum lws_close_status)cr_error_close_code(c->close_code),
                     (unsigned char *)reason, len);
    return -1;
}

static int send_ping(struct cr_net_conn *n)
{
    uint8_t frame[LWS_PRE + 1] = {0}; /* libwebsockets does not report an empty pong */

    n->ping_due = false;
    n->unanswered++;
    return lws_write(n->wsi, frame + LWS_PRE, 1, LWS_WRITE_PING) < 0 ? -1 : 0;
}

static int writeable(struct cr_net_conn *n)
{
    CR_AUTO(cr_frame) *f = NULL;

    if (n->conn.closing)
        return send_close(n);
    if (n->ping_due) {
        if (send_ping(n) < 0)
            return -1;
    } else {
        f = cr_conn_pop(&n->conn);
        if (f &&
            lws_write(n->wsi, f->data, f->len, f->text ? LWS_WRITE_TEXT : LWS_WRITE_BINARY) < 0)
            return -1;
    }
    if (n->conn.count > 0)
        lws_callback_on_writable(n->wsi);
    return 0;
}

static void ping_when_due(struct cr_net_conn *n, int64_t now_ms)
{
    if (n->conn.closing || now_ms - n->pinged_ms < n->server->o.ping_interval_ms)
        return;
    n->pinged_ms = now_ms;
    if (n->unanswered >= PINGS_UNANSWERED) {
        /* Nobody is there: a close frame would wait for nobody. */
        lws_set_timeout(n->wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC);
        return;
    }
    n->ping_due = true;
    lws_callback_on_writable(n->wsi);
}

/* One look at all sockets now and then is cheaper than a timer for each, see timer.c. */
void cr_net_ping(struct cr_server *s)
{
    int64_t now_ms = cr_mono_ms();

    for (struct cr_net_conn *n = s->conns; n; n = n->next)
        ping_when_due(n, now_ms);
}

int cr_net_socket(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                  size_t len)
{
    struct cr_server *s = lws_context_user(lws_get_context(wsi));
    struct cr_net_session *session = user;

    switch (reason) {
    case LWS_CALLBACK_EVENT_WAIT_CANCELLED:
        s->o.drain(s->o.ctx);
        return 0;
    case LWS_CALLBACK_HTTP:
        lws_return_http_status(wsi, HTTP_STATUS_BAD_REQUEST, "WebSocket only");
        return -1;
    case LWS_CALLBACK_ESTABLISHED:
        opened(s, wsi, session);
        return 0;
    case LWS_CALLBACK_CLOSED:
        if (session && session->conn)
            closed(session);
        return 0;
    case LWS_CALLBACK_RECEIVE:
        if (session->conn)
            received(session->conn, in, len);
        return 0;
    case LWS_CALLBACK_RECEIVE_PONG:
        if (session->conn)
            session->conn->unanswered = 0;
        return 0;
    case LWS_CALLBACK_SERVER_WRITEABLE:
        return session->conn ? writeable(session->conn) : 0;
    default:
        return 0;
    }
}
