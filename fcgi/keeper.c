#include "fcgi/keeper.h"

#include "base/mem.h"
#include "log/log.h"
#include "thread/cond.h"

#include <stdatomic.h>

#define RETRY_MS 500 /* until the database is prepared */
#define LOOK_MS 3000 /* afterwards */

struct cr_keeper {
    struct cr_store *store;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool stopping; /* under lock */
    atomic_bool prepared;
    atomic_bool there;
};

/* False when it is time to end. */
static bool wait_ms(struct cr_keeper *k, int64_t ms)
{
    bool go_on;

    pthread_mutex_lock(&k->lock);
    while (!k->stopping && cr_cond_wait_ms(&k->wake, &k->lock, ms) == 0)
        ;
    go_on = !k->stopping;
    pthread_mutex_unlock(&k->lock);
    return go_on;
}

static void look(struct cr_keeper *k)
{
    struct cr_error err = CR_ERROR_INIT;
    bool prepared = atomic_load(&k->prepared), was = atomic_load(&k->there);
    int rc = prepared ? cr_store_ping(k->store, &err) : cr_store_prepare(k->store, &err);

    if (rc == 0) {
        atomic_store(&k->prepared, true);
        if (!was)
            cr_log(CR_LOG_INFO, "database is ready");
    } else if (was || !prepared) {
        cr_log(CR_LOG_WARN, "database is not ready", CR_S("error", err.message));
    }
    atomic_store(&k->there, rc == 0);
}

static void *keep(void *arg)
{
    struct cr_keeper *k = arg;

    do
        look(k);
    while (wait_ms(k, atomic_load(&k->there) ? LOOK_MS : RETRY_MS));
    return NULL;
}

struct cr_keeper *cr_keeper_start(struct cr_store *store, struct cr_error *err)
{
    struct cr_keeper *k = cr_calloc(1, sizeof(*k));

    k->store = store;
    pthread_mutex_init(&k->lock, NULL);
    cr_cond_init(&k->wake);
    if (pthread_create(&k->thread, NULL, keep, k) != 0) {
        cr_fail(err, CR_ERR_UNAVAILABLE, "cannot start a thread");
        free(k);
        return NULL;
    }
    return k;
}

void cr_keeper_stop(struct cr_keeper *k)
{
    if (!k)
        return;
    pthread_mutex_lock(&k->lock);
    k->stopping = true;
    pthread_cond_signal(&k->wake);
    pthread_mutex_unlock(&k->lock);
    pthread_join(k->thread, NULL);
    pthread_cond_destroy(&k->wake);
    pthread_mutex_destroy(&k->lock);
    free(k);
}

const char *cr_keeper_missing(struct cr_keeper *k)
{
    if (atomic_load(&k->there))
        return NULL;
    return atomic_load(&k->prepared) ? "does not answer" : "not prepared yet";
}
