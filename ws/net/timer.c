/* Timers as files of the loop. libwebsockets' own timers are cut to whole milliseconds for poll(),
 * so that the loop spins during the last one: 1 ms of CPU for every save. */
#include "ws/net/internal.h"

#include "base/clock.h"

#include <sys/timerfd.h>

static int timer_open(struct cr_server *s, const char *protocol)
{
    lws_sock_file_fd_type fd;

    fd.filefd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    if (fd.filefd < 0)
        return -1;
    if (!lws_adopt_descriptor_vhost(s->vhost, LWS_ADOPT_RAW_FILE_DESC, fd, protocol, NULL)) {
        close(fd.filefd);
        return -1;
    }
    return fd.filefd;
}

static void timer_set(int fd, int64_t ms, int64_t interval_ms)
{
    struct itimerspec when = {
        .it_value = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000},
        .it_interval = {.tv_sec = interval_ms / 1000, .tv_nsec = interval_ms % 1000 * 1000000}};

    if (ms == 0)
        when.it_value.tv_nsec = 1; /* 0 would mean never */
    timerfd_settime(fd, 0, &when, NULL);
}

int cr_net_timers_open(struct cr_server *s, struct cr_error *err)
{
    s->save_fd = timer_open(s, "save");
    s->tick_fd = timer_open(s, "tick");
    s->quarter_second_fd = timer_open(s, "quarter_second");
    if (s->save_fd < 0 || s->tick_fd < 0 || s->quarter_second_fd < 0)
        return cr_fail(err, CR_ERR_UNAVAILABLE, "no timers");
    timer_set(s->quarter_second_fd, 0, 250);
    return 0;
}

void cr_server_arm_save(void *server, int64_t ms)
{
    struct cr_server *s = server;

    timer_set(s->save_fd, ms, 0);
}

void cr_server_arm_tick(void *server, int64_t ms)
{
    struct cr_server *s = server;

    timer_set(s->tick_fd, ms, 0);
}

/* Whether it really fired. */
static bool take(int fd)
{
    uint64_t count;

    return read(fd, &count, sizeof count) == (ssize_t)sizeof count;
}

int cr_net_save(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
    struct cr_server *s = lws_context_user(lws_get_context(wsi));

    (void)user, (void)in, (void)len;
    if (reason == LWS_CALLBACK_RAW_RX_FILE && take(s->save_fd))
        cr_hub_save(s->o.hub, cr_mono_ms());
    return 0;
}

int cr_net_tick(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
    struct cr_server *s = lws_context_user(lws_get_context(wsi));

    (void)user, (void)in, (void)len;
    if (reason == LWS_CALLBACK_RAW_RX_FILE && take(s->tick_fd))
        cr_hub_tick(s->o.hub, cr_mono_ms());
    return 0;
}

int cr_net_quarter_second(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                          size_t len)
{
    struct cr_server *s = lws_context_user(lws_get_context(wsi));

    (void)user, (void)in, (void)len;
    if (reason == LWS_CALLBACK_RAW_RX_FILE && take(s->quarter_second_fd)) {
        if (s->quarters++ % 2 == 0)
            cr_net_sweep(s);
        s->o.quarter_second(s->o.ctx);
    }
    return 0;
}
