#include "fcgi/http/server.h"

#include "base/clock.h"
#include "base/mem.h"
#include "log/log.h"

#include <errno.h>
#include <fcgiapp.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>

struct worker {
    struct cr_server *server;
    pthread_t thread;
    atomic_bool waiting; /* in accept: may be interrupted */
    atomic_bool ended;
};

struct cr_server {
    struct cr_server_options o;
    atomic_bool stopping;
    struct worker *workers;
    int started;
};

static long fcgi_read(void *ctx, void *buf, size_t len)
{
    FCGX_Request *r = ctx;

    return FCGX_GetStr(buf, (int)len, r->in); /* len is at most CR_LIMIT_BODY_BYTES */
}

static int fcgi_write(void *ctx, const void *data, size_t len)
{
    FCGX_Request *r = ctx;
    const char *at = data;

    while (len > 0) {
        int part = len > 1 << 20 ? 1 << 20 : (int)len;

        if (FCGX_PutStr(at, part, r->out) != part)
            return -1;
        at += part;
        len -= (size_t)part;
    }
    return 0;
}

static void pause_ms(long ms)
{
    struct timespec t = {ms / 1000, ms % 1000 * 1000000};

    nanosleep(&t, NULL);
}

static void *work(void *arg)
{
    struct worker *w = arg;
    struct cr_server *s = w->server;
    FCGX_Request r;

    FCGX_InitRequest(&r, s->o.listen_fd, FCGI_FAIL_ACCEPT_ON_INTR);
    while (!atomic_load(&s->stopping)) {
        int rc;

        atomic_store(&w->waiting, true);
        rc = FCGX_Accept_r(&r);
        atomic_store(&w->waiting, false);
        if (rc == 0) {
            struct cr_gateway gw = {r.envp, fcgi_read, fcgi_write, &r};

            s->o.serve(s->o.ctx, &gw);
            FCGX_Finish_r(&r);
        } else if (!atomic_load(&s->stopping) && errno != EINTR) {
            cr_log(CR_LOG_WARN, "accept failed", CR_S("error", strerror(errno)));
            pause_ms(100); /* out of descriptors, most likely: others must get a chance */
        }
    }
    FCGX_Free(&r, 1);
    atomic_store(&w->ended, true);
    return NULL;
}

static void on_wake(int sig)
{
    (void)sig; /* interrupts accept, nothing more */
}

static void prepare_signals(void)
{
    struct sigaction wake = {.sa_handler = on_wake}, ignore = {.sa_handler = SIG_IGN};
    sigset_t set;

    /* libfcgi takes SIGUSR1 for a reason to drop what it writes: it must not come through. */
    sigaction(SIGUSR1, &ignore, NULL);
    sigaction(SIGPIPE, &ignore, NULL);
    sigaction(SIGUSR2, &wake, NULL); /* no SA_RESTART */
    sigemptyset(&set);
    sigaddset(&set, SIGUSR2);
    pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

struct cr_server *cr_server_start(const struct cr_server_options *o, struct cr_error *err)
{
    struct cr_server *s;

    if (FCGX_Init() != 0) {
        cr_fail(err, CR_ERR_UNAVAILABLE, "libfcgi does not start");
        return NULL;
    }
    prepare_signals();
    s = cr_calloc(1, sizeof(*s));
    s->o = *o;
    s->workers = cr_calloc((size_t)o->threads, sizeof(*s->workers));
    for (; s->started < o->threads; s->started++) {
        struct worker *w = &s->workers[s->started];

        w->server = s;
        if (pthread_create(&w->thread, NULL, work, w) != 0) {
            cr_fail(err, CR_ERR_UNAVAILABLE, "cannot start thread %d", s->started + 1);
            cr_server_stop(s, 1000);
            return NULL;
        }
    }
    return s;
}

/* A thread may be just about to accept when the signal comes, so it is repeated. */
static bool wake_all(struct cr_server *s)
{
    bool ended = true;

    for (int i = 0; i < s->started; i++) {
        struct worker *w = &s->workers[i];

        if (atomic_load(&w->ended))
            continue;
        ended = false;
        if (atomic_load(&w->waiting))
            pthread_kill(w->thread, SIGUSR2);
    }
    return ended;
}

bool cr_server_stop(struct cr_server *s, int64_t timeout_ms)
{
    int64_t deadline_ms = cr_mono_ms() + timeout_ms;

    atomic_store(&s->stopping, true);
    while (!wake_all(s)) {
        if (cr_mono_ms() >= deadline_ms)
            return false;
        pause_ms(10);
    }
    for (int i = 0; i < s->started; i++)
        pthread_join(s->workers[i].thread, NULL);
    free(s->workers);
    free(s);
    return true;
}
