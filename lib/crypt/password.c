#include "crypt/password.h"

#include "base/clock.h"
#include "base/mem.h"
#include "crypt/crypt.h"

#include <errno.h>
#include <pthread.h>
#include <sodium.h>
#include <time.h>

struct cr_hasher {
    struct cr_hasher_options options;
    pthread_mutex_t lock;
    pthread_cond_t turn;
    int running;
    int waiting;
    char *unknown; /* what a password for no account is compared with */
};

static void init_lock(struct cr_hasher *h)
{
    pthread_condattr_t attr;

    pthread_mutex_init(&h->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&h->turn, &attr);
    pthread_condattr_destroy(&attr);
}

static struct timespec deadline_in(int64_t ms)
{
    int64_t at_ms = cr_mono_ms() + ms;

    return (struct timespec){.tv_sec = at_ms / 1000, .tv_nsec = at_ms % 1000 * 1000000};
}

/* With the lock held. */
static int wait_for_turn(struct cr_hasher *h, struct cr_error *err)
{
    struct timespec deadline = deadline_in(h->options.wait_ms);
    int late = 0;

    if (h->waiting >= h->options.max_waiting)
        return cr_fail(err, CR_ERR_RATE, "too many sign-ins at once");
    h->waiting++;
    while (h->running >= h->options.concurrency && !late)
        late = pthread_cond_timedwait(&h->turn, &h->lock, &deadline);
    h->waiting--;
    if (h->running >= h->options.concurrency)
        return cr_fail(err, CR_ERR_RATE, "no turn for a password hash within %lld ms",
                       (long long)h->options.wait_ms);
    return 0;
}

static int enter(struct cr_hasher *h, struct cr_error *err)
{
    int r = 0;

    pthread_mutex_lock(&h->lock);
    if (h->running >= h->options.concurrency)
        r = wait_for_turn(h, err);
    if (r == 0)
        h->running++;
    pthread_mutex_unlock(&h->lock);
    return r;
}

static void leave(struct cr_hasher *h)
{
    pthread_mutex_lock(&h->lock);
    h->running--;
    pthread_cond_signal(&h->turn);
    pthread_mutex_unlock(&h->lock);
}

struct cr_hasher *cr_hasher_new(const struct cr_hasher_options *o, struct cr_error *err)
{
    char random[CR_SECRET_SIZE];

    if (o->concurrency < 1 || o->max_waiting < 0 || o->wait_ms < 0 || o->passes < 1 ||
        o->memory_bytes < (int64_t)crypto_pwhash_MEMLIMIT_MIN ||
        (uint64_t)o->memory_bytes > crypto_pwhash_MEMLIMIT_MAX) {
        cr_fail(err, CR_ERR_INVALID, "these options make no password hash");
        return NULL;
    }
    struct cr_hasher *h = cr_calloc(1, sizeof *h);
    h->options = *o;
    init_lock(h);
    cr_random_secret(random);
    if (cr_hasher_hash(h, random, &h->unknown, err) < 0) {
        cr_hasher_free(h);
        return NULL;
    }
    return h;
}

void cr_hasher_free(struct cr_hasher *h)
{
    if (!h)
        return;
    pthread_cond_destroy(&h->turn);
    pthread_mutex_destroy(&h->lock);
    free(h->unknown);
    free(h);
}

int cr_hasher_hash(struct cr_hasher *h, const char *password, char **out, struct cr_error *err)
{
    char text[crypto_pwhash_STRBYTES];

    if (enter(h, err) < 0)
        return -1;
    int r = crypto_pwhash_str_alg(text, password, strlen(password),
                                  (unsigned long long)h->options.passes,
                                  (size_t)h->options.memory_bytes, crypto_pwhash_ALG_ARGON2ID13);
    leave(h);
    if (r != 0)
        return cr_fail(err, CR_ERR_UNAVAILABLE, "no memory for a password hash");
    *out = cr_strdup(text);
    return 0;
}

int cr_hasher_verify(struct cr_hasher *h, const char *stored, const char *password, bool *ok,
                     struct cr_error *err)
{
    if (enter(h, err) < 0)
        return -1;
    errno = 0;
    int r = crypto_pwhash_str_verify(stored ? stored : h->unknown, password, strlen(password));
    int failure = errno;
    leave(h);
    /* libsodium answers "wrong" for both: only errno tells that it never computed the hash. */
    if (r != 0 && failure == ENOMEM)
        return cr_fail(err, CR_ERR_UNAVAILABLE, "no memory for a password hash");
    *ok = stored && r == 0;
    return 0;
}

bool cr_hasher_is_outdated(const struct cr_hasher *h, const char *stored)
{
    return crypto_pwhash_str_needs_rehash(stored, (unsigned long long)h->options.passes,
                                          (size_t)h->options.memory_bytes) != 0;
}
