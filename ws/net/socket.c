/* One open WebSocket between its file descriptor and struct cr_conn: bytes in become messages,
 * frames go out in as few system calls as can be, pings and the closing handshake. */
#include "base/clock.h"
#include "base/limits.h"
#include "ws/net/internal.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#define CLOSE_GRACE_MS 5000 /* for the peer to take the close frame; then the socket is cut */
#define PINGS_UNANSWERED 2
#define FRAMES_AT_ONCE 64
#define CLOSE_NORMAL 1000
#define CLOSE_PROTOCOL_ERROR 1002
#define CLOSE_NOT_UTF8 1007
#define CLOSE_APPLICATION 3000 /* and above: anybody may use them */
#define CLOSE_END 5000

/* ---- writing ---- */

static bool is_busy(void)
{
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR || errno == ENOBUFS;
}

static size_t write_now(struct cr_conn *c, const struct cr_frame *f)
{
    ssize_t sent = send(c->fd, cr_frame_wire(f), cr_frame_wire_len(f), MSG_DONTWAIT | MSG_NOSIGNAL);

    if (sent >= 0)
        return (size_t)sent;
    if (!is_busy())
        cr_net_bury((struct cr_net_conn *)c);
    return 0;
}

/* A breach of the protocol below ours has its own codes (RFC 6455 7.4.1). */
static const char *breach(unsigned code)
{
    return code == CLOSE_NOT_UTF8 ? "protocol: a text message is not UTF-8"
                                  : "protocol: not as RFC 6455 has it";
}

static void queue_close(struct cr_net_conn *n, unsigned code, const char *reason)
{
    uint8_t data[2 + CR_CONN_REASON_BYTES];
    size_t len = strnlen(reason, CR_CONN_REASON_BYTES);
    CR_AUTO(cr_frame) *f = NULL;

    data[0] = (uint8_t)(code >> 8);
    data[1] = (uint8_t)code;
    memcpy(data + 2, reason, len);
    f = cr_frame_control(CR_FRAME_CLOSE, data, 2 + len);
    cr_conn_put_control(&n->conn, f);
    n->close_sent = true;
    n->deadline_ms = cr_mono_ms() + CLOSE_GRACE_MS;
}

void cr_net_flush(struct cr_net_conn *n)
{
    struct iovec iov[FRAMES_AT_ONCE];

    while (n->conn.count > 0) {
        struct msghdr m = {.msg_iov = iov};
        ssize_t sent;

        m.msg_iovlen = (size_t)cr_conn_gather(&n->conn, iov, FRAMES_AT_ONCE);
        sent = sendmsg(n->conn.fd, &m, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent < 0) {
            if (is_busy())
                break;
            cr_net_bury(n);
            return;
        }
        cr_conn_written(&n->conn, (size_t)sent); /* may queue more, or close */
        if (n->dead)
            return;
    }
    cr_net_watch(n, EPOLLOUT, n->conn.count > 0);
    if (n->conn.count == 0 && n->close_sent && n->peer_closed)
        cr_net_bury(n);
}

static void wake(struct cr_conn *c)
{
    struct cr_net_conn *n = (struct cr_net_conn *)c;

    if (n->dead)
        return;
    if (c->closing && !n->close_sent) {
        queue_close(n, (unsigned)cr_error_close_code((enum cr_error_code)c->close_code),
                    c->close_reason);
        n->paused_until_ms = 0;
        cr_net_follow_read(n);
        cr_net_flush(n);
        return;
    }
    cr_net_watch(n, EPOLLOUT, true);
}

static void pause_reading(struct cr_conn *c, int64_t ms)
{
    struct cr_net_conn *n = (struct cr_net_conn *)c;
    int64_t until = cr_mono_ms() + ms;

    if (n->dead)
        return;
    if (until > n->paused_until_ms)
        n->paused_until_ms = until;
    cr_net_follow_read(n);
}

static void held(struct cr_conn *c)
{
    struct cr_net_conn *n = (struct cr_net_conn *)c;

    if (!n->dead)
        cr_net_follow_read(n);
}

const struct cr_conn_net cr_net_ops = {write_now, wake, pause_reading, held};

void cr_net_ping(struct cr_net_conn *n)
{
    CR_AUTO(cr_frame) *f = NULL;

    if (n->unanswered >= PINGS_UNANSWERED) {
        cr_net_bury(n); /* nobody is there: a close frame would wait for nobody */
        return;
    }
    n->unanswered++;
    f = cr_frame_control(CR_FRAME_PING, NULL, 0);
    cr_conn_put_control(&n->conn, f);
    cr_net_flush(n);
}

/* ---- reading ---- */

static void pong(struct cr_net_conn *n, const uint8_t *data, size_t len)
{
    CR_AUTO(cr_frame) *f = NULL;

    /* Who pings without reading the answers gets no pile of them. */
    if (n->conn.closing || n->conn.count > FRAMES_AT_ONCE)
        return;
    f = cr_frame_control(CR_FRAME_PONG, data, len);
    cr_conn_put_control(&n->conn, f);
    cr_net_flush(n);
}

/* RFC 6455 7.4: which codes a peer may send. */
static bool code_is_fine(unsigned code)
{
    return (code >= CLOSE_NORMAL && code <= 1003) || (code >= 1007 && code <= 1014) ||
           (code >= CLOSE_APPLICATION && code < CLOSE_END);
}

/* The peer closes, or answers our close. */
static void on_close(struct cr_net_conn *n, const uint8_t *data, size_t len)
{
    unsigned code = len >= 2 ? (unsigned)data[0] << 8 | data[1] : CLOSE_NORMAL;

    n->peer_closed = true;
    if (!n->close_sent) {
        n->conn.closing = true;
        if (len != 1 && code_is_fine(code))
            queue_close(n, code, "");
        else
            queue_close(n, CLOSE_PROTOCOL_ERROR, breach(CLOSE_PROTOCOL_ERROR));
    }
    cr_net_flush(n);
}

static bool on_event(void *ctx, enum cr_wire_event e, uint8_t *data, size_t len)
{
    struct cr_net_conn *n = ctx;

    switch (e) {
    case CR_WIRE_TEXT:
    case CR_WIRE_BINARY:
        cr_conn_feed(&n->conn, e == CR_WIRE_TEXT, data, len);
        break;
    case CR_WIRE_TOO_LONG:
        cr_conn_close(&n->conn, CR_ERR_TOO_LARGE, "a message has at most %zu bytes",
                      n->conn.max_message);
        break;
    case CR_WIRE_PING:
        pong(n, data, len);
        break;
    case CR_WIRE_PONG:
        n->unanswered = 0;
        break;
    case CR_WIRE_CLOSE:
        on_close(n, data, len);
        return false;
    }
    return !n->dead;
}

void cr_net_readable(struct cr_net_conn *n)
{
    uint8_t *buffer = n->server->read_buffer;
    ssize_t got = recv(n->conn.fd, buffer, CR_CONN_READ_BYTES, MSG_DONTWAIT);
    int code;

    if (got < 0 && is_busy())
        return;
    if (got <= 0) {
        cr_net_bury(n);
        return;
    }
    if (n->peer_closed)
        return; /* it said that nothing follows */
    /* What comes when we have closed is only looked through for the peer's close. */
    code = cr_wire_read(&n->wire, buffer, (size_t)got, n->conn.closing ? 0 : n->conn.max_message,
                        on_event, n);
    if (code != 0 && !n->dead) {
        n->conn.closing = true;
        if (!n->close_sent)
            queue_close(n, (unsigned)code, breach((unsigned)code));
        n->peer_closed = true; /* what follows cannot be read */
        cr_net_flush(n);
    }
}
