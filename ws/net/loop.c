/* The sockets that are open: an epoll instance that is one file of libwebsockets' loop. */
#include "base/clock.h"
#include "log/log.h"
#include "ws/metrics.h"
#include "ws/net/internal.h"

#include <sys/epoll.h>
#include <unistd.h>

#define EVENTS 256 /* handled before the loop looks at timers again */

int cr_net_sockets_open(struct cr_server *s, struct cr_error *err)
{
    lws_sock_file_fd_type fd;

    fd.filefd = s->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (s->epoll_fd < 0 ||
        !lws_adopt_descriptor_vhost(s->vhost, LWS_ADOPT_RAW_FILE_DESC, fd, "sockets", NULL))
        return cr_fail(err, CR_ERR_UNAVAILABLE, "no epoll instance");
    return 0;
}

struct cr_net_conn *cr_net_adopt(struct cr_server *s, int fd)
{
    struct cr_net_conn *n = cr_calloc(1, sizeof *n);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = n};

    if (epoll_ctl(s->epoll_fd, EPOLL_CTL_ADD, fd, &event) < 0) {
        cr_log(CR_LOG_ERROR, "a socket cannot be watched");
        close(fd);
        free(n);
        return NULL;
    }
    n->server = s;
    n->events = EPOLLIN;
    cr_conn_init(&n->conn, &cr_net_ops);
    n->conn.fd = fd;
    n->pinged_ms = n->conn.last_sent_ms;
    n->next = s->conns;
    if (n->next)
        n->next->prev = n;
    s->conns = n;
    s->connections++;
    cr_metric_add(cr_ws_metrics.connections, 1);
    return n;
}

void cr_net_watch(struct cr_net_conn *n, uint32_t event, bool on)
{
    struct epoll_event e = {.events = on ? n->events | event : n->events & ~event, .data.ptr = n};

    if (e.events == n->events)
        return;
    n->events = e.events;
    epoll_ctl(n->server->epoll_fd, EPOLL_CTL_MOD, n->conn.fd, &e);
}

bool cr_net_is_read(const struct cr_net_conn *n)
{
    return n->conn.closing || (!n->conn.holding && n->paused_until_ms == 0);
}

void cr_net_follow_read(struct cr_net_conn *n)
{
    cr_net_watch(n, EPOLLIN, cr_net_is_read(n));
}

void cr_net_bury(struct cr_net_conn *n)
{
    if (n->dead)
        return;
    n->dead = n->conn.closing = true;
    n->dead_next = n->server->dead;
    n->server->dead = n;
    close(n->conn.fd); /* epoll forgets it */
}

static void end(struct cr_net_conn *n)
{
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
    cr_wire_clear(&n->wire);
    free(n);
}

/* Ending one may bury others. */
static void end_dead(struct cr_server *s)
{
    while (s->dead) {
        struct cr_net_conn *n = s->dead;

        s->dead = n->dead_next;
        end(n);
    }
}

static void dispatch(struct cr_server *s)
{
    struct epoll_event events[EVENTS];
    int count = epoll_wait(s->epoll_fd, events, EVENTS, 0);

    for (int i = 0; i < count; i++) {
        struct cr_net_conn *n = events[i].data.ptr;

        if (!n->dead && events[i].events & EPOLLOUT) {
            n->unanswered = 0; /* it reads, slowly: its pong comes when it has read our ping */
            cr_net_flush(n);
        }
        /* One that was handled before it may have made it hold. */
        if (!n->dead && events[i].events & n->events & EPOLLIN)
            cr_net_readable(n);
        else if (!n->dead && events[i].events & (EPOLLHUP | EPOLLERR))
            cr_net_bury(n);
    }
}

int cr_net_sockets(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                   size_t len)
{
    struct cr_server *s = lws_context_user(lws_get_context(wsi));

    (void)user, (void)in, (void)len;
    if (reason == LWS_CALLBACK_RAW_RX_FILE) {
        dispatch(s);
        end_dead(s);
    }
    return 0;
}

static void sweep_one(struct cr_net_conn *n, int64_t now_ms)
{
    if (n->deadline_ms != 0 && now_ms >= n->deadline_ms) {
        cr_net_bury(n);
        return;
    }
    if (n->paused_until_ms != 0 && now_ms >= n->paused_until_ms) {
        n->paused_until_ms = 0;
        cr_net_follow_read(n);
    }
    if (!cr_net_is_read(n))
        return; /* its pong would not be read */
    if (!n->conn.closing && now_ms - n->pinged_ms >= n->server->o.ping_interval_ms) {
        n->pinged_ms = now_ms;
        cr_net_ping(n);
    }
}

/* One look at all sockets now and then is cheaper than a timer for each. */
void cr_net_sweep(struct cr_server *s)
{
    int64_t now_ms = cr_mono_ms();

    for (struct cr_net_conn *n = s->conns; n; n = n->next)
        if (!n->dead)
            sweep_one(n, now_ms);
    end_dead(s);
}

void cr_net_close_all(struct cr_server *s)
{
    for (struct cr_net_conn *n = s->conns; n; n = n->next)
        cr_net_bury(n);
    end_dead(s);
}
