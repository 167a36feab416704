/* Everything the daemon holds: live rooms with their documents, people and runs; the runners'
 * connections; what it needs to serve them. No network here: connections come in as struct cr_conn,
 * time comes in by the two timer calls, the database is reached through the pool's workers.
 * Thread: loop only, except what runs on a worker (named *_work in the sources), which touches
 * nothing but its job and the store. */
#ifndef CR_WS_HUB_H
#define CR_WS_HUB_H

#include "crypt/token.h"
#include "lang/lang.h"
#include "store/store.h"
#include "thread/pool.h"
#include "ws/conn.h"
#include "ws/rate.h"
#include "ws/tick.h"

struct cr_live_room;
struct cr_live_run;
struct cr_service;

#define CR_HUB_BUCKETS 1024

struct cr_hub_options {
    int64_t save_interval_ms;
    int64_t run_wall_ms;        /* what a run gets when it asks for nothing */
    int64_t run_wall_max_ms;    /* what it may ask for */
    int64_t output_limit_bytes; /* of one run */
    int64_t runs_per_minute;    /* of one account */
    const char *public_origin;  /* "https://host:port"; borrowed */
    const char *service_token;  /* what runners present; "" lets none in */
    const struct cr_lang_set *languages;
    const struct cr_token_verifier *verifier;
};

struct cr_account_rate { /* runs of one account */
    struct cr_account_rate *next;
    char key[CR_ID_SIZE];
    struct cr_rate rate;
};

struct cr_hub {
    struct cr_hub_options o;
    struct cr_store *store;                /* only used on workers */
    struct cr_lease *lease;                /* who owns which room; NULL: this process owns all */
    struct cr_waiting_join *waiting_joins; /* for a room whose owner may be dead */
    struct cr_pool *pool;
    /* Ask for cr_hub_save() in so many ms; called again it replaces what was asked for. */
    void (*arm_save)(void *ctx, int64_t ms);
    void (*arm_tick)(void *ctx, int64_t ms); /* the same for cr_hub_tick() */
    void *ctx;
    struct cr_ticks ticks;
    bool save_armed;
    int64_t save_due_ms; /* monotonic; an earlier wish moves it, a later one does not */

    struct cr_live_room *rooms[CR_HUB_BUCKETS]; /* by id */
    size_t room_count;
    struct cr_service *services; /* runners that are connected */
    struct cr_live_run *orphans; /* runs that runners speak of and whose room is not in memory */
    size_t orphan_count;
    struct cr_account_rate *accounts;
    bool watching;     /* a look at the revisions is on its way */
    bool asking_queue; /* a look at the queue is on its way */
    bool draining;     /* the daemon ends: nobody comes in any more */
    bool database_ok;
    size_t compacting; /* documents of which a worker writes the head */
    size_t work_count; /* jobs given to the pool that have not come back */
};

void cr_hub_init(struct cr_hub *h, const struct cr_hub_options *o, struct cr_store *store,
                 struct cr_pool *pool, void (*arm_save)(void *ctx, int64_t ms),
                 void (*arm_tick)(void *ctx, int64_t ms), void *ctx);
void cr_hub_clear(struct cr_hub *h); /* no connection is left and the pool is drained */

/* The timers. now_ms: cr_mono_ms(). */
void cr_hub_watch(struct cr_hub *h); /* twice a second: did rooms change? sockets follow in one */
void cr_hub_save(struct cr_hub *h, int64_t now_ms);   /* what arm_save asked for */
void cr_hub_tick(struct cr_hub *h, int64_t now_ms);   /* what arm_tick asked for */
void cr_hub_second(struct cr_hub *h, int64_t now_ms); /* once a second */

/* Something about a room changed (the doorbell): look at once. */
void cr_hub_notify(struct cr_hub *h, const char *room_id);

/* The daemon ends: close every socket with RESTART; then saving goes on until cr_hub_is_saved(). */
void cr_hub_drain(struct cr_hub *h);
bool cr_hub_is_saved(const struct cr_hub *h);

/* Give a job to the pool. work runs on a worker, done back here. False when the pool is full: then
 * neither is called and the caller cleans up. */
bool cr_hub_submit(struct cr_hub *h, void (*work)(void *worker, void *job), void (*done)(void *job),
                   void *job);
/* Have t fire in so many ms (sooner when it was set sooner). */
void cr_hub_set_tick(struct cr_hub *h, struct cr_tick *t, int64_t ms);
void cr_hub_arm_save(struct cr_hub *h, int64_t ms);

struct cr_live_room *cr_hub_find(const struct cr_hub *h, const char *room_id); /* NULL: not live */
void cr_hub_add(struct cr_hub *h, struct cr_live_room *r);
void cr_hub_remove(struct cr_hub *h, struct cr_live_room *r);
/* Take one of the account's runs of this minute; false when none is left. */
bool cr_hub_take_run(struct cr_hub *h, const char *account, int64_t now_ms);

#endif
