#include "runner/worker.h"

#include "base/clock.h"
#include "base/mem.h"
#include "log/log.h"
#include "monitor/metric.h"
#include "runner/health.h"
#include "runner/job.h"
#include "runner/verdict.h"
#include "thread/cond.h"

#include <stdio.h>

#define POLL_MS 1000    /* when no doorbell rings */
#define STORE_TRIES 600 /* of a result: five minutes */
#define RETRY_MS 500    /* database or Docker away */

struct cr_workers {
    struct cr_workers_options o;
    const char **languages; /* ids, for the claim; whose turn it is fills it */
    pthread_t *threads;
    size_t count;
    pthread_mutex_t turn; /* held by the one that waits at the queue */
    pthread_mutex_t lock;
    pthread_cond_t bell;
    /* locked: */
    bool rung;
    bool stopping;
};

static bool wait_for_bell(struct cr_workers *w, int64_t ms)
{
    pthread_mutex_lock(&w->lock);
    if (!w->rung && !w->stopping)
        cr_cond_wait_ms(&w->bell, &w->lock, ms);
    w->rung = false;
    bool go_on = !w->stopping;
    pthread_mutex_unlock(&w->lock);
    return go_on;
}

void cr_workers_ring(struct cr_workers *w)
{
    pthread_mutex_lock(&w->lock);
    w->rung = true;
    pthread_cond_signal(&w->bell);
    pthread_mutex_unlock(&w->lock);
}

static bool stopping(struct cr_workers *w)
{
    pthread_mutex_lock(&w->lock);
    bool is = w->stopping;
    pthread_mutex_unlock(&w->lock);
    return is;
}

/* ---- the end of a job ---- */

static void count_verdict(enum cr_verdict v)
{
    char label[64];
    snprintf(label, sizeof(label), "verdict=\"%s\"", cr_verdict_name(v));
    cr_metric_add(cr_metric_counter("coderoom_runner_jobs_total", "Jobs that ended.", label), 1);
}

static void log_end(const struct cr_live *v, const struct cr_run_result *r)
{
    cr_log(r->verdict == CR_VERDICT_INTERNAL_ERROR ? CR_LOG_ERROR : CR_LOG_INFO, "job ended",
           CR_S("req", v->run.request_id), CR_S("job", v->run.id), CR_S("room", v->run.room_id),
           CR_I("attempt", v->run.attempt), CR_S("verdict", cr_verdict_name(r->verdict)),
           CR_I("exit_code", r->exit_code), CR_I("signal", r->signal), CR_I("wall_ms", r->wall_ms),
           CR_I("cpu_ms", r->cpu_ms), CR_I("memory_bytes", r->memory_bytes),
           CR_S("message", r->message));
}

/* True when the result is stored; false when it is another attempt's business. */
static bool store_result(struct cr_workers *w, struct cr_live *v, const struct cr_run_result *r,
                         int64_t finished_ms)
{
    struct cr_output out = {0};
    bool stored = false;
    cr_output_log_copy(&v->output, &out); /* nobody appends any more */
    for (int i = 0; i < STORE_TRIES; i++) {
        struct cr_error err = CR_ERROR_INIT;
        if (cr_store_job_finish(w->o.store, v->run.id, v->run.attempt, r, &out, finished_ms,
                                &err) == 0) {
            stored = true;
            break;
        }
        cr_log(CR_LOG_WARN, "a result could not be stored", CR_S("req", v->run.request_id),
               CR_S("job", v->run.id), CR_S("error", err.message));
        /* Ends at once when the lease went to another runner; at shutdown the lease runs out and
         * the job is run again. */
        if (!cr_error_is_retryable(err.code) || stopping(w))
            break;
        usleep(RETRY_MS * 1000);
    }
    cr_output_clear(&out);
    return stored;
}

/* Takes *r. */
static void settle(struct cr_workers *w, struct cr_live *v, bool finished, struct cr_run_result *r,
                   int64_t finished_ms)
{
    pthread_mutex_lock(&v->lock);
    v->over = true;
    v->over_mono_ms = cr_mono_ms();
    v->finished = finished;
    v->discarded = !finished;
    if (finished) {
        v->result = *r;
        v->finished_ms = finished_ms;
        *r = (struct cr_run_result){0};
    }
    pthread_mutex_unlock(&v->lock);
    cr_run_result_clear(r);
    w->o.changed(w->o.ctx);
}

static void end_with(struct cr_workers *w, struct cr_live *v, struct cr_run_result *r)
{
    int64_t now = cr_wall_ms();
    bool stored = store_result(w, v, r, now);
    log_end(v, r);
    count_verdict(r->verdict);
    settle(w, v, stored, r, now);
}

static void give_back(struct cr_workers *w, struct cr_live *v)
{
    struct cr_error err = CR_ERROR_INIT;
    struct cr_run_result none = {0};
    if (cr_store_job_release(w->o.store, v->run.id, v->run.attempt, &err) < 0)
        cr_log(CR_LOG_WARN, "a job could not be given back; its lease will run out",
               CR_S("job", v->run.id), CR_S("error", err.message));
    else
        cr_log(CR_LOG_INFO, "job given back", CR_S("req", v->run.request_id),
               CR_S("job", v->run.id));
    settle(w, v, false, &none, 0);
}

/* ---- running ---- */

static void run_in(struct cr_workers *w, struct cr_cell *cell, struct cr_live *v)
{
    struct cr_run_result r = {0};
    struct cr_job_hooks hooks = {.changed = w->o.changed, .ctx = w->o.ctx};
    enum cr_job_end end = cr_job_run(w->o.env, cell, v, &hooks, &r);
    cr_cells_discard(w->o.cells, cell);
    switch (end) {
    case CR_JOB_DECIDED:
        end_with(w, v, &r);
        break;
    case CR_JOB_LOST:
        cr_log(CR_LOG_WARN, "lease lost: the run is discarded", CR_S("job", v->run.id),
               CR_I("attempt", v->run.attempt));
        settle(w, v, false, &r, 0);
        break;
    case CR_JOB_GIVEN_UP:
        give_back(w, v);
        break;
    }
}

static void run_job(struct cr_workers *w, struct cr_live *v)
{
    struct cr_error err = CR_ERROR_INIT;
    bool warm = false;
    const struct cr_lang *lang = cr_lang_by_id(w->o.langs, v->run.language);
    struct cr_cell *cell = lang ? cr_cells_take(w->o.cells, lang, &warm, &err) : NULL;
    if (!lang) {
        struct cr_run_result r = {0};
        cr_verdict_internal(&r, "this runner does not know the language");
        end_with(w, v, &r);
        return;
    }
    if (!cell) { /* Docker is away: the job waits in the queue, not here */
        give_back(w, v);
        return;
    }
    cr_log(CR_LOG_INFO, "job starts", CR_S("req", v->run.request_id), CR_S("job", v->run.id),
           CR_S("room", v->run.room_id), CR_I("attempt", v->run.attempt), CR_S("cell", cell->id),
           CR_S("language", lang->id), CR_I("warm", warm));
    run_in(w, cell, v);
}

/* ---- the queue ---- */

/* The languages that can be run now; false when there are none. */
static bool may_claim(struct cr_workers *w)
{
    size_t n = 0;
    if (!cr_health_is_ok(CR_HEALTH_SELFTEST))
        return false;
    for (size_t i = 0; i < w->o.langs->count; i++) {
        if (cr_cells_can_run(w->o.cells, &w->o.langs->items[i]))
            w->languages[n++] = w->o.langs->items[i].id;
    }
    w->languages[n] = NULL;
    return n > 0;
}

/* 1: *run is ours, 0: nothing there, -1: database away. */
static int claim(struct cr_workers *w, struct cr_run *run)
{
    struct cr_error err = CR_ERROR_INIT;
    bool found = false;
    int64_t now = cr_wall_ms();
    if (cr_store_job_claim(w->o.store, w->o.runner_id, w->languages, now,
                           w->o.env->config->runner_lease_ms, &found, run, &err) < 0) {
        if (cr_health_is_ok(CR_HEALTH_DATABASE))
            cr_log(CR_LOG_ERROR, "the queue cannot be read", CR_S("error", err.message));
        cr_health_set(CR_HEALTH_DATABASE, false, err.message);
        return -1;
    }
    cr_health_set(CR_HEALTH_DATABASE, true, NULL);
    if (!found)
        return 0;
    cr_metric_observe_us(cr_metric_histogram("coderoom_runner_claim_seconds",
                                             "From the making of a job to its claim.", ""),
                         (cr_wall_ms() - run->created_ms) * 1000);
    return 1;
}

/* Stand at the queue until there is a job; NULL when the runner ends. */
static struct cr_live *next_job(struct cr_workers *w)
{
    struct cr_live *v = NULL;
    bool go_on = true;
    pthread_mutex_lock(&w->turn);
    while (go_on && !v) {
        struct cr_run run = {0};
        int rc = stopping(w) ? -1 : may_claim(w) ? claim(w, &run) : 0;
        if (rc > 0)
            v = cr_lives_add(w->o.lives, &run);
        else
            go_on = wait_for_bell(w, rc < 0 ? RETRY_MS : POLL_MS);
    }
    pthread_mutex_unlock(&w->turn);
    return v;
}

/* A job that killed its runners too often comes back from the claim with its result. */
static void tell_finished(struct cr_workers *w, struct cr_live *v)
{
    struct cr_run_result r = v->run.result;
    v->run.result = (struct cr_run_result){0};
    log_end(v, &r);
    count_verdict(r.verdict);
    settle(w, v, true, &r, v->run.finished_ms ? v->run.finished_ms : cr_wall_ms());
}

static void *worker_main(void *ctx)
{
    struct cr_workers *w = ctx;
    struct cr_live *v;
    while ((v = next_job(w)) != NULL) {
        if (v->run.state == CR_RUN_FINISHED) {
            tell_finished(w, v);
        } else if (stopping(w)) { /* claimed while the runner was told to end */
            give_back(w, v);
        } else {
            cr_live_input(v, v->run.stdin_data, v->run.stdin_len, !v->run.stdin_open);
            run_job(w, v);
        }
        cr_live_unref(v);
    }
    return NULL;
}

/* ---- life ---- */

struct cr_workers *cr_workers_start(const struct cr_workers_options *o, struct cr_error *err)
{
    struct cr_workers *w = cr_calloc(1, sizeof(*w));
    size_t wanted = (size_t)o->env->config->runner_concurrency;
    w->o = *o;
    w->languages = cr_calloc(o->langs->count + 1, sizeof(*w->languages));
    pthread_mutex_init(&w->turn, NULL);
    pthread_mutex_init(&w->lock, NULL);
    cr_cond_init(&w->bell);
    w->threads = cr_calloc(wanted, sizeof(*w->threads));
    while (w->count < wanted && pthread_create(&w->threads[w->count], NULL, worker_main, w) == 0)
        w->count++;
    if (w->count < wanted) {
        cr_fail(err, CR_ERR_UNAVAILABLE, "only %zu of %zu worker threads could be made", w->count,
                wanted);
        cr_workers_stop(w, 0);
        return NULL;
    }
    return w;
}

static void wait_idle(struct cr_workers *w, int64_t ms)
{
    int64_t deadline = cr_mono_ms() + ms;
    while (cr_lives_running(w->o.lives) > 0 && cr_mono_ms() < deadline)
        usleep(10000);
}

void cr_workers_stop(struct cr_workers *w, int64_t grace_ms)
{
    if (!w)
        return;
    pthread_mutex_lock(&w->lock);
    w->stopping = true;
    pthread_cond_broadcast(&w->bell);
    pthread_mutex_unlock(&w->lock);
    wait_idle(w, grace_ms);

    struct cr_live **all = NULL;
    size_t count = cr_lives_all(w->o.lives, &all);
    for (size_t i = 0; i < count; i++) {
        cr_live_wish(all[i], CR_LIVE_SHUTDOWN);
        cr_live_unref(all[i]);
    }
    free(all);
    for (size_t i = 0; i < w->count; i++)
        pthread_join(w->threads[i], NULL);
    pthread_cond_destroy(&w->bell);
    pthread_mutex_destroy(&w->lock);
    pthread_mutex_destroy(&w->turn);
    free(w->threads);
    free(w->languages);
    free(w);
}
