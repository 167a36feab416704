/* floor unix:PATH|tcp:PORT [FILE]: what the kernel allows. One thread, one epoll: takes WebSocket
 * messages and sends each to everybody else at the same address, without looking at it. Step 1 is
 * answered by FILE as step 2 (nothing, without it), so that readers can join. It keeps no document.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define EVENTS 64
#define ADDRESS_BYTES 256

struct peer {
    int fd;
    bool open, writing;
    uint8_t *in, *out;
    size_t in_len, in_cap, out_len, out_cap;
    struct room *room;
    struct peer *prev, *next;
};

struct room {
    char address[ADDRESS_BYTES];
    struct peer *peers;
    struct room *next;
};

static int epoll_fd;
static struct room *rooms;
static uint8_t *step2; /* a whole frame */
static size_t step2_len;

static void fail(const char *what)
{
    fprintf(stderr, "floor: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void watch(struct peer *p, int how)
{
    struct epoll_event e = {.events = p->writing ? EPOLLIN | EPOLLOUT : EPOLLIN, .data.ptr = p};

    if (epoll_ctl(epoll_fd, how, p->fd, &e) < 0)
        fail("epoll_ctl");
}

static void append(uint8_t **to, size_t *len, size_t *cap, const void *data, size_t n)
{
    if (*len + n > *cap) {
        *cap = *len + n + *cap / 2;
        *to = realloc(*to, *cap);
        if (!*to)
            fail("realloc");
    }
    memcpy(*to + *len, data, n);
    *len += n;
}

static void leave(struct peer *p)
{
    if (p->room) {
        if (p->prev)
            p->prev->next = p->next;
        else
            p->room->peers = p->next;
        if (p->next)
            p->next->prev = p->prev;
    }
    close(p->fd);
    free(p->in);
    free(p->out);
    free(p);
}

static void put(struct peer *p, const uint8_t *data, size_t len)
{
    ssize_t n = 0;

    if (p->out_len == 0) {
        n = send(p->fd, data, len, MSG_NOSIGNAL);
        if (n < 0 && errno != EAGAIN)
            return; /* reading finds out */
        if (n < 0)
            n = 0;
    }
    if ((size_t)n == len)
        return;
    append(&p->out, &p->out_len, &p->out_cap, data + n, len - (size_t)n);
    if (!p->writing) {
        p->writing = true;
        watch(p, EPOLL_CTL_MOD);
    }
}

static void flush(struct peer *p)
{
    ssize_t n = send(p->fd, p->out, p->out_len, MSG_NOSIGNAL);

    if (n > 0) {
        memmove(p->out, p->out + n, p->out_len - (size_t)n);
        p->out_len -= (size_t)n;
    }
    if (p->out_len == 0) {
        p->writing = false;
        watch(p, EPOLL_CTL_MOD);
    }
}

/* ---- frames ---- */

static size_t write_head(uint8_t *head, size_t len)
{
    size_t width = len < 126 ? 0 : len < 65536 ? 2 : 8, n = 2;

    head[0] = 0x82;
    head[1] = width == 0 ? (uint8_t)len : width == 2 ? 126 : 127;
    for (size_t i = 0; i < width; i++)
        head[n++] = (uint8_t)((uint64_t)len >> 8 * (width - 1 - i));
    return n;
}

static void broadcast(const struct peer *from, const uint8_t *data, size_t len)
{
    static uint8_t *frame;
    static size_t cap;
    uint8_t head[10];
    size_t n = write_head(head, len), used = 0;

    append(&frame, &used, &cap, head, n);
    append(&frame, &used, &cap, data, len);
    for (struct peer *p = from->room->peers; p; p = p->next)
        if (p != from)
            put(p, frame, used);
}

static void message(struct peer *p, uint8_t opcode, const uint8_t *data, size_t len)
{
    if (opcode != 2 || len < 2)
        return;
    if (data[0] == 0 && data[1] == 0)
        put(p, step2, step2_len);
    else if (data[0] != 0 || data[1] != 1) /* a joiner's own step 2 is empty */
        broadcast(p, data, len);
}

/* Returns what was taken of the input; 0: more is needed. */
static size_t take(struct peer *p, uint8_t *data, size_t len)
{
    size_t width, head;
    uint64_t n = 0;

    if (len < 2)
        return 0;
    width = (data[1] & 127) == 126 ? 2 : (data[1] & 127) == 127 ? 8 : 0;
    head = 2 + width + 4;
    if (len < head)
        return 0;
    for (size_t i = 0; i < width; i++)
        n = n << 8 | data[2 + i];
    if (width == 0)
        n = data[1] & 127;
    if (len - head < n)
        return 0;
    for (uint64_t i = 0; i < n; i++)
        data[head + i] ^= data[head - 4 + i % 4];
    message(p, data[0] & 15, data + head, (size_t)n);
    return head + (size_t)n;
}

/* ---- the handshake ---- */

static struct room *room_at(const char *address)
{
    struct room *r = rooms;

    while (r && strcmp(r->address, address) != 0)
        r = r->next;
    if (r)
        return r;
    r = calloc(1, sizeof *r);
    if (!r)
        fail("calloc");
    snprintf(r->address, sizeof r->address, "%s", address);
    r->next = rooms;
    rooms = r;
    return r;
}

/* The load client has one key for all, so that nothing has to be hashed. */
static const char answer[] = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                             "Connection: Upgrade\r\n"
                             "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

static size_t shake_hands(struct peer *p)
{
    char address[ADDRESS_BYTES];
    uint8_t *end = memmem(p->in, p->in_len, "\r\n\r\n", 4);

    if (!end)
        return 0;
    *end = '\0';
    if (sscanf((char *)p->in, "GET %255s", address) != 1)
        return 0;
    p->room = room_at(address);
    p->next = p->room->peers;
    if (p->next)
        p->next->prev = p;
    p->room->peers = p;
    p->open = true;
    put(p, (const uint8_t *)answer, sizeof answer - 1);
    return (size_t)(end + 4 - p->in);
}

static bool read_more(struct peer *p)
{
    static uint8_t scratch[65536];
    ssize_t n = recv(p->fd, scratch, sizeof scratch, 0);
    size_t at = 0, used;

    if (n <= 0)
        return n < 0 && errno == EAGAIN;
    append(&p->in, &p->in_len, &p->in_cap, scratch, (size_t)n);
    do {
        used = p->open ? take(p, p->in + at, p->in_len - at) : shake_hands(p);
        at += used;
    } while (used > 0 && at < p->in_len);
    memmove(p->in, p->in + at, p->in_len - at);
    p->in_len -= at;
    return true;
}

/* ---- start ---- */

static int listen_on(const char *where)
{
    struct sockaddr_un un = {.sun_family = AF_UNIX};
    struct sockaddr_in in = {.sin_family = AF_INET};
    bool is_unix = strncmp(where, "unix:", 5) == 0;
    int on = 1, fd = socket(is_unix ? AF_UNIX : AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), rc;

    if (is_unix) {
        snprintf(un.sun_path, sizeof un.sun_path, "%s", where + 5);
        unlink(un.sun_path);
        rc = bind(fd, (struct sockaddr *)&un, sizeof un);
    } else {
        in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        in.sin_port = htons((uint16_t)atoi(where + 4));
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
        rc = bind(fd, (struct sockaddr *)&in, sizeof in);
    }
    if (fd < 0 || rc < 0 || listen(fd, 4096) < 0)
        fail(where);
    return fd;
}

static void accept_all(int fd)
{
    int on = 1, got;

    while ((got = accept4(fd, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
        struct peer *p = calloc(1, sizeof *p);

        if (!p)
            fail("calloc");
        setsockopt(got, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        p->fd = got;
        watch(p, EPOLL_CTL_ADD);
    }
}

static void make_step2(const char *file)
{
    static const uint8_t nothing[] = {0, 1, 2, 0, 0};
    uint8_t head[10], chunk[65536];
    uint8_t *body = NULL;
    size_t len = 0, cap = 0, n, total = 0;
    FILE *f = file ? fopen(file, "r") : NULL;

    if (file && !f)
        fail(file);
    while (f && (n = fread(chunk, 1, sizeof chunk, f)) > 0)
        append(&body, &len, &cap, chunk, n);
    if (f) {
        uint8_t start[12] = {0, 1};

        n = 2;
        for (size_t left = len; n == 2 || left > 0; left >>= 7)
            start[n++] = (uint8_t)((left & 127) | (left > 127 ? 128 : 0));
        append(&step2, &step2_len, &total, head, write_head(head, n + len));
        append(&step2, &step2_len, &total, start, n);
        append(&step2, &step2_len, &total, body, len);
        fclose(f);
        free(body);
    } else {
        append(&step2, &step2_len, &total, head, write_head(head, sizeof nothing));
        append(&step2, &step2_len, &total, nothing, sizeof nothing);
    }
}

int main(int argc, char **argv)
{
    struct epoll_event events[EVENTS], e = {.events = EPOLLIN};
    struct rlimit limit;
    int fd;

    if (argc < 2)
        return 2;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    make_step2(argc > 2 ? argv[2] : NULL);
    fd = listen_on(argv[1]);
    epoll_fd = epoll_create1(0);
    epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &e);
    for (;;) {
        int n = epoll_wait(epoll_fd, events, EVENTS, -1);

        for (int i = 0; i < n; i++) {
            struct peer *p = events[i].data.ptr;

            if (!p) {
                accept_all(fd);
                continue;
            }
            if (events[i].events & EPOLLOUT)
                flush(p);
            if (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR) && !read_more(p))
                leave(p);
        }
    }
}
