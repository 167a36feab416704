#include "proxy.h"

#include "base/mem.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>

enum { MAX_LINKS = 64, CHUNK = 65536 };

struct link {
    int client, server; /* -1: free */
    bool doomed;        /* the next answer is lost */
};

struct proxy {
    pthread_t thread;
    pthread_mutex_t lock;
    int listener, port;
    char target[256];
    bool stop, away, silent, lost;
    bool then_away;      /* with the lost answer */
    const char *marker;  /* NULL: nothing to lose */
    const char *counted; /* NULL: do not count */
    int left;            /* of the counted requests, until we stop */
    bool stopped;
    struct link links[MAX_LINKS];
};

static int connect_unix(const char *path)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd < 0 || strlen(path) >= sizeof(a.sun_path)) {
        if (fd >= 0)
            close(fd);
        return -1;
    }
    memcpy(a.sun_path, path, strlen(path) + 1);
    if (connect(fd, (struct sockaddr *)&a, sizeof(a)) < 0) {
        close(fd);
        return -1;
    }
    return fd;
}

static int connect_tcp(const char *host, const char *port)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *list = NULL;
    int fd = -1;

    if (getaddrinfo(host, port, &hints, &list) != 0)
        return -1;
    for (struct addrinfo *a = list; a && fd < 0; a = a->ai_next) {
        fd = socket(a->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (fd >= 0 && connect(fd, a->ai_addr, a->ai_addrlen) < 0) {
            close(fd);
            fd = -1;
        }
    }
    freeaddrinfo(list);
    return fd;
}

/* "%2Ftmp%2Fx.sock" to "/tmp/x.sock". */
static void decode(char *s)
{
    char *to = s;

    for (; *s; s++) {
        if (*s == '%' && s[1] && s[2]) {
            char hex[3] = {s[1], s[2], 0};
            *to++ = (char)strtol(hex, NULL, 16);
            s += 2;
        } else {
            *to++ = *s;
        }
    }
    *to = '\0';
}

static int connect_target(const struct proxy *p)
{
    char host[256];

    snprintf(host, sizeof(host), "%s", p->target);
    decode(host);
    if (host[0] == '/')
        return connect_unix(host);
    char *colon = strrchr(host, ':');

    if (colon)
        *colon = '\0';
    return connect_tcp(host, colon ? colon + 1 : "27017");
}

static void drop(struct link *l)
{
    if (l->client >= 0)
        close(l->client);
    if (l->server >= 0)
        close(l->server);
    *l = (struct link){-1, -1, false};
}

static void accept_one(struct proxy *p)
{
    int client = accept4(p->listener, NULL, NULL, SOCK_CLOEXEC);
    struct link *free_link = NULL;

    for (int i = 0; i < MAX_LINKS && !free_link; i++)
        if (p->links[i].client < 0)
            free_link = &p->links[i];
    int server = client >= 0 && free_link && !p->away ? connect_target(p) : -1;

    if (server < 0) {
        if (client >= 0)
            close(client);
        return;
    }
    *free_link = (struct link){client, server, false};
}

static bool write_all(int fd, const char *data, size_t len)
{
    while (len) {
        ssize_t n = send(fd, data, len, MSG_NOSIGNAL);

        if (n <= 0)
            return false;
        data += n;
        len -= (size_t)n;
    }
    return true;
}

/* A request begins with what we read at once, since a client waits for the answer to the one
 * before. True: this one is cut. */
static bool count_request(struct proxy *p, const char *data, size_t len)
{
    if (!p->counted || !memmem(data, len, p->counted, strlen(p->counted)) || p->left-- > 0)
        return false;
    p->counted = NULL;
    p->stopped = p->away = true;
    return true;
}

/* Pass on what one side sent; false: the link is over. */
static bool pass(struct proxy *p, struct link *l, bool from_client)
{
    static char buf[CHUNK]; /* the one relay thread's */
    ssize_t n = recv(from_client ? l->client : l->server, buf, sizeof(buf), 0);

    if (n <= 0)
        return false;
    if (p->silent)
        return true;
    if (from_client && count_request(p, buf, (size_t)n)) {
        write_all(l->server, buf, (size_t)n / 2);
        return false;
    }
    if (from_client && p->marker && memmem(buf, (size_t)n, p->marker, strlen(p->marker))) {
        l->doomed = true;
        p->marker = NULL;
    }
    if (!from_client && l->doomed) {
        p->lost = true;
        p->away = p->then_away;
        return false;
    }
    return write_all(from_client ? l->server : l->client, buf, (size_t)n);
}

static void serve(struct proxy *p, const struct pollfd *fds, int count, const int *link_of)
{
    if (fds[0].revents)
        accept_one(p);
    for (int i = 1; i < count; i++) {
        struct link *l = &p->links[link_of[i]];

        /* It may have been dropped for its other side in this round. */
        if (!fds[i].revents || (fds[i].fd != l->client && fds[i].fd != l->server))
            continue;
        if (!pass(p, l, fds[i].fd == l->client))
            drop(l);
    }
}

static void *run(void *arg)
{
    struct proxy *p = arg;
    struct pollfd fds[1 + 2 * MAX_LINKS];
    int link_of[1 + 2 * MAX_LINKS];

    for (;;) {
        int count = 0;

        pthread_mutex_lock(&p->lock);
        bool stop = p->stop;
        fds[count++] = (struct pollfd){p->listener, POLLIN, 0};
        for (int i = 0; i < MAX_LINKS; i++) {
            if (p->away || stop)
                drop(&p->links[i]);
            if (p->links[i].client < 0)
                continue;
            link_of[count] = i;
            fds[count++] = (struct pollfd){p->links[i].client, POLLIN, 0};
            link_of[count] = i;
            fds[count++] = (struct pollfd){p->links[i].server, POLLIN, 0};
        }
        pthread_mutex_unlock(&p->lock);
        if (stop)
            return NULL;
        if (poll(fds, (nfds_t)count, 20) > 0) {
            pthread_mutex_lock(&p->lock);
            serve(p, fds, count, link_of);
            pthread_mutex_unlock(&p->lock);
        }
    }
}

struct proxy *proxy_start(const char *target)
{
    struct proxy *p = cr_calloc(1, sizeof(*p));
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof(a);

    pthread_mutex_init(&p->lock, NULL);
    snprintf(p->target, sizeof(p->target), "%s", target);
    for (int i = 0; i < MAX_LINKS; i++)
        p->links[i] = (struct link){-1, -1, false};
    p->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(p->listener, (struct sockaddr *)&a, len) < 0 || listen(p->listener, 64) < 0 ||
        getsockname(p->listener, (struct sockaddr *)&a, &len) < 0 ||
        pthread_create(&p->thread, NULL, run, p) != 0) {
        close(p->listener);
        free(p);
        return NULL;
    }
    p->port = ntohs(a.sin_port);
    return p;
}

void proxy_stop(struct proxy *p)
{
    pthread_mutex_lock(&p->lock);
    p->stop = true;
    pthread_mutex_unlock(&p->lock);
    pthread_join(p->thread, NULL);
    close(p->listener);
    pthread_mutex_destroy(&p->lock);
    free(p);
}

int proxy_port(const struct proxy *p)
{
    return p->port;
}

static void set(struct proxy *p, bool *flag, bool value)
{
    pthread_mutex_lock(&p->lock);
    *flag = value;
    pthread_mutex_unlock(&p->lock);
}

void proxy_away(struct proxy *p, bool away)
{
    set(p, &p->away, away);
}

void proxy_silent(struct proxy *p, bool silent)
{
    set(p, &p->silent, silent);
}

static void set_marker(struct proxy *p, const char *marker, bool then_away)
{
    pthread_mutex_lock(&p->lock);
    p->marker = marker;
    p->then_away = then_away;
    p->lost = false;
    pthread_mutex_unlock(&p->lock);
}

void proxy_lose_answer(struct proxy *p, const char *marker)
{
    set_marker(p, marker, false);
}

void proxy_away_after(struct proxy *p, const char *marker)
{
    set_marker(p, marker, true);
}

static bool get(struct proxy *p, const bool *flag)
{
    pthread_mutex_lock(&p->lock);
    bool value = *flag;

    pthread_mutex_unlock(&p->lock);
    return value;
}

bool proxy_lost(struct proxy *p)
{
    return get(p, &p->lost);
}

void proxy_stop_after(struct proxy *p, const char *marker, int count)
{
    pthread_mutex_lock(&p->lock);
    p->counted = marker;
    p->left = count;
    p->stopped = p->away = false;
    pthread_mutex_unlock(&p->lock);
}

bool proxy_has_stopped(struct proxy *p)
{
    return get(p, &p->stopped);
}
