/* Sockets: connect, shake hands, read, write what the socket takes and keep the rest. */
#include "load.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define READ_BYTES (256 * 1024)
#define EVENTS 64
#define SLOW_RECEIVE_BYTES 4096
#define SOURCES 200 /* addresses of loopback that TCP connections come from: a class has many */

const struct load_options *net_options;
const struct handler *net_handler;
static int epoll_fd;
static uint64_t bytes_in;
static union {
    struct sockaddr any;
    struct sockaddr_in in;
    struct sockaddr_un un;
} server;
static socklen_t server_len;

uint64_t net_bytes_in(void)
{
    return bytes_in;
}

void net_init(const struct load_options *o, const struct handler *h)
{
    net_options = o;
    net_handler = h;
    epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (strncmp(o->connect, "unix:", 5) == 0) {
        server.un.sun_family = AF_UNIX;
        snprintf(server.un.sun_path, sizeof server.un.sun_path, "%s", o->connect + 5);
        server_len = sizeof server.un;
    } else if (strncmp(o->connect, "tcp:", 4) == 0) {
        server.in.sin_family = AF_INET;
        server.in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        server.in.sin_port = htons((uint16_t)atoi(o->connect + 4));
        server_len = sizeof server.in;
    } else {
        die("--connect takes unix:PATH or tcp:PORT");
    }
}

static void watch(struct conn *c, int how)
{
    struct epoll_event e = {.data.ptr = c};

    if (c->state == CONN_CONNECTING || c->out.len > 0)
        e.events |= EPOLLOUT;
    if (!c->paused)
        e.events |= EPOLLIN;
    c->writing = c->out.len > 0;
    if (epoll_ctl(epoll_fd, how, c->fd, &e) < 0)
        die("epoll_ctl: %s", strerror(errno));
}

/* ---- opening ---- */

static int make_socket(const struct conn *c)
{
    int on = 1, small = SLOW_RECEIVE_BYTES;
    int fd = socket(server.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    struct sockaddr_in source = {.sin_family = AF_INET};

    if (fd < 0)
        die("socket: %s", strerror(errno));
    if (c->slow)
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    if (server.any.sa_family == AF_INET) {
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
        source.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1 + (uint32_t)(c->index % SOURCES));
        if (bind(fd, (struct sockaddr *)&source, sizeof source) < 0)
            die("bind: %s", strerror(errno));
    }
    return fd;
}

bool conn_open(struct conn *c)
{
    c->fd = make_socket(c);
    c->start_ns = now_ns();
    if (connect(c->fd, &server.any, server_len) < 0 && errno != EINPROGRESS) {
        int why = errno;

        close(c->fd);
        if (why == EAGAIN) /* a unix socket's queue is full */
            return false;
        die("connect to %s: %s", net_options->connect, strerror(why));
    }
    c->state = CONN_CONNECTING;
    c->close_code = 0;
    c->stream_left = 0;
    c->in.len = c->out.len = 0;
    watch(c, EPOLL_CTL_ADD);
    return true;
}

static void connected(struct conn *c)
{
    char request[2048];
    int error = 0, n;
    socklen_t len = sizeof error;

    getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &error, &len);
    if (error)
        die("connect to %s: %s", net_options->connect, strerror(error));
    c->state = CONN_HANDSHAKE;
    n = snprintf(request, sizeof request,
                 "GET %s HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                 "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                 "Sec-WebSocket-Version: 13\r\n\r\n",
                 c->path);
    conn_write(c, request, (size_t)n);
    watch(c, EPOLL_CTL_MOD);
}

static void shake_hands(struct conn *c, const uint8_t *data, size_t len)
{
    const uint8_t *end;
    size_t head;

    bytes_add(&c->in, data, len);
    end = memmem(c->in.data, c->in.len, "\r\n\r\n", 4);
    if (!end)
        return;
    if (c->in.len < 12 || memcmp(c->in.data + 9, "101", 3) != 0)
        die("the handshake was answered: %.*s", (int)c->in.len, (const char *)c->in.data);
    head = (size_t)(end + 4 - c->in.data);
    c->state = CONN_OPEN;
    c->open_ns = now_ns();
    memmove(c->in.data, c->in.data + head, c->in.len - head);
    c->in.len -= head;
    net_handler->open(c);
    frame_received(c, NULL, 0); /* frames that came with the answer */
}

/* ---- reading and writing ---- */

void conn_lost(struct conn *c)
{
    if (c->state == CONN_CLOSED)
        return;
    c->state = CONN_CLOSED;
    close(c->fd);
    c->in.len = c->out.len = 0;
    net_handler->closed(c);
}

void conn_close(struct conn *c)
{
    if (c->state != CONN_CLOSED && c->state != CONN_NONE)
        close(c->fd);
    c->state = CONN_CLOSED;
}

void conn_pause(struct conn *c, bool paused)
{
    c->paused = paused;
    if (c->state != CONN_CLOSED)
        watch(c, EPOLL_CTL_MOD);
}

void conn_write(struct conn *c, const void *data, size_t len)
{
    ssize_t n = 0;

    if (c->state == CONN_CLOSED)
        return;
    if (c->out.len == 0) {
        n = send(c->fd, data, len, MSG_NOSIGNAL);
        if (n < 0 && errno != EAGAIN)
            return; /* reading finds out why */
        if (n < 0)
            n = 0;
    }
    if ((size_t)n < len) {
        bytes_add(&c->out, (const uint8_t *)data + n, len - (size_t)n);
        if (!c->writing)
            watch(c, EPOLL_CTL_MOD);
    }
}

static void flush(struct conn *c)
{
    ssize_t n = send(c->fd, c->out.data, c->out.len, MSG_NOSIGNAL);

    if (n > 0) {
        memmove(c->out.data, c->out.data + n, c->out.len - (size_t)n);
        c->out.len -= (size_t)n;
    }
    if (c->out.len == 0)
        watch(c, EPOLL_CTL_MOD);
}

void conn_send(struct conn *c, const void *payload, size_t len)
{
    static struct bytes b;

    if (net_options->dialect == DIALECT_YWS) {
        frame_write(c, 2, payload, len);
        return;
    }
    b.len = 0;
    bytes_blob(&b, c->doc, strlen(c->doc));
    bytes_add(&b, payload, len);
    frame_write(c, 2, b.data, b.len);
}

void conn_send_sync(struct conn *c, unsigned kind, const void *body, size_t len)
{
    static struct bytes b;

    b.len = 0;
    bytes_varint(&b, MSG_SYNC);
    bytes_varint(&b, kind);
    bytes_blob(&b, body, len);
    conn_send(c, b.data, b.len);
}

static void readable(struct conn *c)
{
    static uint8_t scratch[READ_BYTES];
    ssize_t n = recv(c->fd, scratch, sizeof scratch, 0);

    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n <= 0) {
        if (c->state != CONN_OPEN)
            die("the server ended the connection in the handshake");
        conn_lost(c);
        return;
    }
    bytes_in += (uint64_t)n;
    if (c->state == CONN_HANDSHAKE)
        shake_hands(c, scratch, (size_t)n);
    else
        frame_received(c, scratch, (size_t)n);
}

void net_poll(int64_t until_ns)
{
    struct epoll_event events[EVENTS];
    int64_t left = until_ns - now_ns();
    struct timespec wait = {0};
    int n;

    if (left > 0)
        wait = (struct timespec){left / 1000000000, left % 1000000000};
    n = epoll_pwait2(epoll_fd, events, EVENTS, &wait, NULL);
    for (int i = 0; i < n; i++) {
        struct conn *c = events[i].data.ptr;

        if (c->state == CONN_CONNECTING)
            connected(c);
        else if (events[i].events & EPOLLOUT)
            flush(c);
        if (c->state != CONN_CLOSED && events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR))
            readable(c);
    }
}
