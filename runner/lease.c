#include "runner/lease.h"

#include "base/clock.h"
#include "base/mem.h"
#include "log/log.h"
#include "thread/cond.h"

struct cr_leases {
    struct cr_store *store;
    struct cr_lives *lives;
    int64_t lease_ms;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool stopping; /* locked */
};

static void renew(struct cr_leases *l, struct cr_live *v)
{
    struct cr_error err = CR_ERROR_INIT;
    bool stop = false;
    pthread_mutex_lock(&v->lock);
    bool over = v->over;
    pthread_mutex_unlock(&v->lock);
    if (over)
        return;
    if (cr_store_job_renew(l->store, v->run.id, v->run.attempt, cr_wall_ms(), l->lease_ms, &stop,
                           &err) < 0) {
        /* Database away: nobody else can claim it either; the fencing number guards the result. */
        if (err.code == CR_ERR_GONE)
            cr_live_wish(v, CR_LIVE_LOST);
        else
            cr_log(CR_LOG_WARN, "a lease was not renewed", CR_S("job", v->run.id),
                   CR_S("error", err.message));
        return;
    }
    if (stop)
        cr_live_wish(v, CR_LIVE_STOP);
}

static void renew_all(struct cr_leases *l)
{
    struct cr_live **all = NULL;
    size_t count = cr_lives_all(l->lives, &all);
    for (size_t i = 0; i < count; i++) {
        renew(l, all[i]);
        cr_live_unref(all[i]);
    }
    free(all);
}

static void *lease_main(void *ctx)
{
    struct cr_leases *l = ctx;
    pthread_mutex_lock(&l->lock);
    while (!l->stopping) {
        cr_cond_wait_ms(&l->wake, &l->lock, l->lease_ms / 3);
        if (l->stopping)
            break;
        pthread_mutex_unlock(&l->lock);
        renew_all(l);
        pthread_mutex_lock(&l->lock);
    }
    pthread_mutex_unlock(&l->lock);
    return NULL;
}

struct cr_leases *cr_leases_start(struct cr_store *store, struct cr_lives *lives, int64_t lease_ms,
                                  struct cr_error *err)
{
    struct cr_leases *l = cr_calloc(1, sizeof(*l));
    *l = (struct cr_leases){.store = store, .lives = lives, .lease_ms = lease_ms};
    pthread_mutex_init(&l->lock, NULL);
    cr_cond_init(&l->wake);
    if (pthread_create(&l->thread, NULL, lease_main, l) != 0) {
        cr_fail(err, CR_ERR_UNAVAILABLE, "no thread for leases");
        free(l);
        return NULL;
    }
    return l;
}

void cr_leases_stop(struct cr_leases *l)
{
    if (!l)
        return;
    pthread_mutex_lock(&l->lock);
    l->stopping = true;
    pthread_cond_signal(&l->wake);
    pthread_mutex_unlock(&l->lock);
    pthread_join(l->thread, NULL);
    pthread_cond_destroy(&l->wake);
    pthread_mutex_destroy(&l->lock);
    free(l);
}
