#include "fcgi/rate.h"

#include "base/mem.h"
#include "crypt/crypt.h"

#include <pthread.h>
#include <stdio.h>

#define WAYS 8 /* buckets that compete for one place in the table */
#define MINUTE_MS 60000

struct bucket {
    uint64_t key;    /* 0: free */
    int64_t full_ms; /* when it is full again */
};

struct cr_rate {
    pthread_mutex_t lock;
    size_t sets; /* power of two */
    char seed[CR_SECRET_SIZE];
    struct bucket buckets[]; /* sets * WAYS */
};

struct cr_rate *cr_rate_new(size_t capacity)
{
    size_t sets = 1;
    struct cr_rate *r;

    while (sets * WAYS < capacity)
        sets *= 2;
    r = cr_calloc(1, sizeof(*r) + sets * WAYS * sizeof(struct bucket));
    r->sets = sets;
    cr_random_secret(r->seed);
    pthread_mutex_init(&r->lock, NULL);
    return r;
}

void cr_rate_free(struct cr_rate *r)
{
    if (!r)
        return;
    pthread_mutex_destroy(&r->lock);
    free(r);
}

/* Keyed, so that nobody can choose names that meet in one place. */
static uint64_t hash_key(const struct cr_rate *r, const char *kind, const char *key)
{
    char hex[CR_SHA256_HEX_SIZE], text[512];
    uint64_t hash;
    int len = snprintf(text, sizeof(text), "%s %s %s", r->seed, kind, key);

    cr_sha256_hex(text, (size_t)len < sizeof(text) ? (size_t)len : sizeof(text) - 1, hex);
    hex[16] = '\0';
    hash = strtoull(hex, NULL, 16);
    return hash ? hash : 1;
}

/* The bucket of hash, or the one that makes room for it: a free one, else the fullest. */
static struct bucket *find(struct cr_rate *r, uint64_t hash, int64_t now_ms)
{
    struct bucket *set = &r->buckets[(hash & (r->sets - 1)) * WAYS], *victim = set;

    for (size_t i = 0; i < WAYS; i++) {
        if (set[i].key == hash)
            return &set[i];
        if (set[i].key == 0 || (victim->key != 0 && set[i].full_ms < victim->full_ms))
            victim = &set[i];
    }
    *victim = (struct bucket){.key = hash, .full_ms = now_ms};
    return victim;
}

bool cr_rate_take(struct cr_rate *r, const char *kind, const char *key, int64_t per_minute,
                  int64_t now_ms, int64_t *wait_s)
{
    /* In time instead of tokens: each request moves the moment at which the bucket is full. */
    int64_t step_ms = MINUTE_MS / per_minute > 0 ? MINUTE_MS / per_minute : 1;
    uint64_t hash = hash_key(r, kind, key);
    struct bucket *b;
    int64_t start_ms;
    bool ok;

    pthread_mutex_lock(&r->lock);
    b = find(r, hash, now_ms);
    start_ms = b->full_ms > now_ms ? b->full_ms : now_ms;
    ok = start_ms + step_ms - now_ms <= step_ms * per_minute;
    if (ok)
        b->full_ms = start_ms + step_ms;
    else
        *wait_s = (start_ms + step_ms - now_ms - step_ms * per_minute + 999) / 1000;
    pthread_mutex_unlock(&r->lock);
    return ok;
}
