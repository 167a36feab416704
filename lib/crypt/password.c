#include "crypt/password.h"

#include "base/clock.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#define LOOK_MS 10    /* between two looks whether a file is free */
#define SALT_BYTES 16 /* libsodium's, as the length of the hash */
#define HASH_BYTES 32
#define BASE64_MAX 64 /* of either */

struct cr_hasher {
    struct cr_hasher_options options;
    pthread_mutex_t lock;
    pthread_cond_t turn;
    int running;
    int waiting;
    int lock_fd;   /* -1: none */
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

static struct timespec timespec_of(int64_t at_ms)
{
    return (struct timespec){.tv_sec = at_ms / 1000, .tv_nsec = at_ms % 1000 * 1000000};
}

/* With the lock held. */
static int wait_for_turn(struct cr_hasher *h, int64_t deadline_ms, struct cr_error *err)
{
    struct timespec deadline = timespec_of(deadline_ms);
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

/* Until no other program holds the file. */
static int lock_file(struct cr_hasher *h, int64_t deadline_ms, struct cr_error *err)
{
    while (h->lock_fd >= 0 && flock(h->lock_fd, LOCK_EX | LOCK_NB) < 0) {
        if (errno != EWOULDBLOCK && errno != EINTR)
            return cr_fail(err, CR_ERR_UNAVAILABLE, "cannot lock %s: %s", h->options.lock_path,
                           strerror(errno));
        if (cr_mono_ms() >= deadline_ms)
            return cr_fail(err, CR_ERR_RATE, "no turn for a password hash within %lld ms",
                           (long long)h->options.wait_ms);
        usleep(LOOK_MS * 1000);
    }
    return 0;
}

static void unlock_file(struct cr_hasher *h)
{
    if (h->lock_fd >= 0)
        flock(h->lock_fd, LOCK_UN);
}

static int enter(struct cr_hasher *h, struct cr_error *err)
{
    int64_t deadline_ms = cr_mono_ms() + h->options.wait_ms; /* for both */
    int r = 0;

    if (lock_file(h, deadline_ms, err) < 0)
        return -1;
    pthread_mutex_lock(&h->lock);
    if (h->running >= h->options.concurrency)
        r = wait_for_turn(h, deadline_ms, err);
    if (r == 0)
        h->running++;
    pthread_mutex_unlock(&h->lock);
    if (r < 0)
        unlock_file(h);
    return r;
}

static void leave(struct cr_hasher *h)
{
    unlock_file(h);
    pthread_mutex_lock(&h->lock);
    h->running--;
    pthread_cond_signal(&h->turn);
    pthread_mutex_unlock(&h->lock);
}

/* A hash that no password has, in libsodium's text form: to compare with it costs what a comparison
 * with a true one costs, and to make it costs nothing, which matters to a program that is started
 * for each request. Source: RFC 9106 and crypto_pwhash_argon2id's "$argon2id$v=19$m=,t=,p=$$". */
static char *hash_of_nobody(const struct cr_hasher_options *o)
{
    unsigned char salt[SALT_BYTES], hash[HASH_BYTES];
    char salt64[BASE64_MAX], hash64[BASE64_MAX];

    randombytes_buf(salt, sizeof(salt));
    randombytes_buf(hash, sizeof(hash));
    sodium_bin2base64(salt64, sizeof(salt64), salt, sizeof(salt),
                      sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
    sodium_bin2base64(hash64, sizeof(hash64), hash, sizeof(hash),
                      sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
    return cr_asprintf("$argon2id$v=19$m=%lld,t=%d,p=1$%s$%s", (long long)o->memory_bytes / 1024,
                       o->passes, salt64, hash64);
}

struct cr_hasher *cr_hasher_new(const struct cr_hasher_options *o, struct cr_error *err)
{
    int fd = -1;

    if (o->concurrency < 1 || o->max_waiting < 0 || o->wait_ms < 0 || o->passes < 1 ||
        o->memory_bytes < (int64_t)crypto_pwhash_MEMLIMIT_MIN ||
        (uint64_t)o->memory_bytes > crypto_pwhash_MEMLIMIT_MAX) {
        cr_fail(err, CR_ERR_INVALID, "these options make no password hash");
        return NULL;
    }
    if (o->lock_path && (fd = open(o->lock_path, O_RDONLY | O_CLOEXEC)) < 0) {
        cr_fail(err, CR_ERR_UNAVAILABLE, "cannot open %s: %s", o->lock_path, strerror(errno));
        return NULL;
    }
    struct cr_hasher *h = cr_calloc(1, sizeof *h);
    h->options = *o;
    h->lock_fd = fd;
    init_lock(h);
    h->unknown = hash_of_nobody(o);
    return h;
}

void cr_hasher_free(struct cr_hasher *h)
{
    if (!h)
        return;
    pthread_cond_destroy(&h->turn);
    pthread_mutex_destroy(&h->lock);
    if (h->lock_fd >= 0)
        close(h->lock_fd);
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
