#include "ws/hub.h"

#include "base/clock.h"
#include "log/log.h"
#include "ws/join.h"
#include "ws/metrics.h"
#include "ws/persist.h"
#include "ws/run.h"
#include "ws/service.h"

#include <stdio.h>

#define WATCH_ROOMS 1000 /* revisions asked for in one call */
#define ACCOUNTS_KEPT 4096

void cr_hub_init(struct cr_hub *h, const struct cr_hub_options *o, struct cr_store *store,
                 struct cr_pool *pool, void (*arm_save)(void *ctx, int64_t ms),
                 void (*arm_tick)(void *ctx, int64_t ms), void *ctx)
{
    memset(h, 0, sizeof *h);
    h->o = *o;
    h->store = store;
    h->pool = pool;
    h->arm_save = arm_save;
    h->arm_tick = arm_tick;
    h->ctx = ctx;
    h->database_ok = true;
}

static void accounts_clear(struct cr_hub *h)
{
    while (h->accounts) {
        struct cr_account_rate *a = h->accounts;

        h->accounts = a->next;
        free(a);
    }
}

void cr_hub_clear(struct cr_hub *h)
{
    for (size_t i = 0; i < CR_HUB_BUCKETS; i++)
        while (h->rooms[i])
            cr_room_end(h->rooms[i], CR_ERR_RESTART, "the server ends");
    cr_run_orphans_clear(h);
    accounts_clear(h);
}

struct work { /* wraps a job so that the hub knows what is under way */
    struct cr_hub *hub;
    void (*work)(void *worker, void *job);
    void (*done)(void *job);
    void *job;
};

static void work_run(void *worker, void *arg)
{
    struct work *w = arg;

    w->work(worker, w->job);
}

static void work_done(void *arg)
{
    struct work *w = arg;

    w->hub->work_count--;
    w->done(w->job);
    free(w);
}

bool cr_hub_submit(struct cr_hub *h, void (*work)(void *worker, void *job), void (*done)(void *job),
                   void *job)
{
    struct cr_error err = CR_ERROR_INIT;
    struct work *w = cr_malloc(sizeof *w);

    *w = (struct work){h, work, done, job};
    if (cr_pool_submit(h->pool, work_run, work_done, w, &err) < 0) {
        cr_log(CR_LOG_WARN, "database work refused", CR_S("error", err.message));
        free(w);
        return false;
    }
    h->work_count++;
    return true;
}

void cr_hub_arm_save(struct cr_hub *h, int64_t ms)
{
    int64_t due_ms = cr_mono_ms() + ms;

    if (h->save_armed && h->save_due_ms <= due_ms)
        return;
    h->save_armed = true;
    h->save_due_ms = due_ms;
    h->arm_save(h->ctx, ms);
}

void cr_hub_save(struct cr_hub *h, int64_t now_ms)
{
    int64_t again = -1;

    h->save_armed = false;
    for (size_t i = 0; i < CR_HUB_BUCKETS; i++) {
        for (struct cr_live_room *r = h->rooms[i]; r; r = r->hash_next) {
            int64_t ms = cr_persist_room(r, now_ms);

            if (ms >= 0 && (again < 0 || ms < again))
                again = ms;
        }
    }
    if (again >= 0)
        cr_hub_arm_save(h, again < h->o.save_interval_ms ? h->o.save_interval_ms : again);
}

void cr_hub_set_tick(struct cr_hub *h, struct cr_tick *t, int64_t ms)
{
    int64_t now_ms = cr_mono_ms();

    if (cr_tick_set(&h->ticks, t, now_ms + ms))
        h->arm_tick(h->ctx, ms);
}

void cr_hub_tick(struct cr_hub *h, int64_t now_ms)
{
    int64_t next_ms = cr_ticks_fire(&h->ticks, now_ms);

    if (next_ms >= 0)
        h->arm_tick(h->ctx, next_ms > now_ms ? next_ms - now_ms : 1);
}

/* ---- watching the revisions of live rooms ---- */

struct watch {
    struct cr_hub *hub;
    size_t count;
    char (*ids)[CR_ID_SIZE];
    int64_t *revs;
    bool ok;
    struct cr_error err;
};

static void watch_work(void *worker, void *job)
{
    struct watch *w = job;

    (void)worker;
    w->ok = w->count > 0 || cr_store_ping(w->hub->store, &w->err) == 0;
    for (size_t i = 0; i < w->count && w->ok; i += WATCH_ROOMS) {
        size_t n = w->count - i < WATCH_ROOMS ? w->count - i : WATCH_ROOMS;

        w->ok = cr_store_room_revs(w->hub->store, (const char(*)[CR_ID_SIZE])(w->ids + i), n,
                                   w->revs + i, &w->err) == 0;
    }
}

static void watch_done(void *job)
{
    struct watch *w = job;
    struct cr_hub *h = w->hub;

    h->watching = false;
    if (w->ok != h->database_ok)
        cr_log(w->ok ? CR_LOG_INFO : CR_LOG_WARN,
               w->ok ? "database answers again" : "database does not answer",
               CR_S("error", w->err.message));
    h->database_ok = w->ok;
    for (size_t i = 0; w->ok && i < w->count; i++) {
        struct cr_live_room *r = cr_hub_find(h, w->ids[i]);

        if (!r || !r->loaded)
            continue;
        if (w->revs[i] == 0)
            cr_room_end(r, CR_ERR_GONE, "the room was deleted");
        else if (w->revs[i] != r->data.room.rev)
            cr_room_refresh(r);
    }
    free(w->ids);
    free(w->revs);
    free(w);
}

static void watch_start(struct cr_hub *h)
{
    struct watch *w = cr_calloc(1, sizeof *w);

    w->hub = h;
    w->ids = cr_calloc(h->room_count + 1, sizeof *w->ids);
    w->revs = cr_calloc(h->room_count + 1, sizeof *w->revs);
    for (size_t i = 0; i < CR_HUB_BUCKETS; i++)
        for (struct cr_live_room *r = h->rooms[i]; r; r = r->hash_next)
            if (r->loaded)
                memcpy(w->ids[w->count++], r->id, CR_ID_SIZE);
    if (cr_hub_submit(h, watch_work, watch_done, w)) {
        h->watching = true;
        return;
    }
    free(w->ids);
    free(w->revs);
    free(w);
}

void cr_hub_watch(struct cr_hub *h)
{
    if (!h->watching && !h->draining)
        watch_start(h);
}

static int64_t unsaved_since_us(const struct cr_doc_unsaved *u)
{
    return u->batch.len > 0 ? u->batch_since_us : u->queue_since_us;
}

/* What is only worth a look now and then. */
static void tell_gauges(const struct cr_hub *h)
{
    int64_t hot = 0, pending = 0, oldest_us = INT64_MAX, now_us = cr_mono_us();

    for (size_t i = 0; i < CR_HUB_BUCKETS; i++) {
        for (const struct cr_live_room *r = h->rooms[i]; r; r = r->hash_next) {
            for (const struct cr_live_doc *d = r->docs; d; d = d->next) {
                hot += d->doc != NULL;
                pending += d->doc ? (int64_t)yd_pending_bytes(d->doc) : 0;
                if (d->unsaved && unsaved_since_us(d->unsaved) < oldest_us)
                    oldest_us = unsaved_since_us(d->unsaved);
            }
        }
    }
    cr_metric_set(cr_ws_metrics.hot_docs, hot);
    cr_metric_set(cr_ws_metrics.pending_bytes, pending);
    cr_metric_set(cr_ws_metrics.save_lag_ms, oldest_us < now_us ? (now_us - oldest_us) / 1000 : 0);
}

void cr_hub_second(struct cr_hub *h, int64_t now_ms)
{
    tell_gauges(h);
    for (size_t i = 0; i < CR_HUB_BUCKETS; i++) {
        struct cr_live_room *r = h->rooms[i];

        while (r) {
            struct cr_live_room *next = r->hash_next;

            if (!cr_room_unload_idle(r, now_ms))
                cr_room_second(r, now_ms);
            r = next;
        }
    }
    cr_run_orphans_second(h, now_ms);
    cr_run_queue_second(h, now_ms);
}

void cr_hub_notify(struct cr_hub *h, const char *room_id)
{
    struct cr_live_room *r = cr_hub_find(h, room_id);

    if (r && r->loaded)
        cr_room_refresh(r);
}

void cr_hub_drain(struct cr_hub *h)
{
    h->draining = true;
    for (size_t i = 0; i < CR_HUB_BUCKETS; i++) {
        for (struct cr_live_room *r = h->rooms[i]; r; r = r->hash_next) {
            r->retry_ms = 0;
            for (struct cr_peer *p = r->peers; p; p = p->next)
                cr_conn_close(p->conn, CR_ERR_RESTART, "the server restarts");
            for (struct cr_live_doc *d = r->docs; d; d = d->next)
                for (struct cr_peer *p = d->peers; p; p = p->next)
                    cr_conn_close(p->conn, CR_ERR_RESTART, "the server restarts");
        }
    }
    cr_join_retry(h); /* they are told, too */
    cr_service_close_all(h, CR_ERR_RESTART, "the server restarts");
    cr_hub_save(h, cr_mono_ms());
}

bool cr_hub_is_saved(const struct cr_hub *h)
{
    for (size_t i = 0; i < CR_HUB_BUCKETS; i++)
        for (const struct cr_live_room *r = h->rooms[i]; r; r = r->hash_next)
            for (const struct cr_live_doc *d = r->docs; d; d = d->next)
                if (!cr_doc_is_saved(d))
                    return false;
    return h->work_count == 0;
}

static size_t bucket(const char *id)
{
    return cr_id_hash(id) % CR_HUB_BUCKETS;
}

struct cr_live_room *cr_hub_find(const struct cr_hub *h, const char *room_id)
{
    struct cr_live_room *r = h->rooms[bucket(room_id)];

    while (r && strcmp(r->id, room_id) != 0)
        r = r->hash_next;
    return r;
}

void cr_hub_add(struct cr_hub *h, struct cr_live_room *r)
{
    struct cr_live_room **at = &h->rooms[bucket(r->id)];

    r->hash_next = *at;
    *at = r;
    h->room_count++;
    cr_metric_add(cr_ws_metrics.rooms, 1);
}

void cr_hub_remove(struct cr_hub *h, struct cr_live_room *r)
{
    struct cr_live_room **at = &h->rooms[bucket(r->id)];

    while (*at && *at != r)
        at = &(*at)->hash_next;
    if (!*at)
        return;
    *at = r->hash_next;
    h->room_count--;
    cr_metric_add(cr_ws_metrics.rooms, -1);
}

bool cr_hub_take_run(struct cr_hub *h, const char *account, int64_t now_ms)
{
    struct cr_account_rate *a = h->accounts;
    size_t count = 0;

    for (; a && strcmp(a->key, account) != 0; a = a->next)
        count++;
    if (!a) {
        if (count >= ACCOUNTS_KEPT)
            accounts_clear(h);
        a = cr_calloc(1, sizeof *a);
        snprintf(a->key, sizeof a->key, "%s", account);
        cr_rate_init(&a->rate, h->o.runs_per_minute * 60, now_ms);
        a->next = h->accounts;
        h->accounts = a;
    }
    /* In sixtieths, so that a few a minute are no rounding error. */
    return cr_rate_take(&a->rate, 60, h->o.runs_per_minute, h->o.runs_per_minute * 60, now_ms);
}
