#include "runner/pool.h"

#include "base/clock.h"
#include "base/mem.h"
#include "log/log.h"
#include "monitor/metric.h"
#include "thread/cond.h"

#include <assert.h>
#include <stdio.h>
#include <sys/resource.h>

#define QUIET_MS 150   /* after a cell was taken its program has the processors to itself */
#define RETRY_MS 1000  /* after Docker refused */
#define CHECK_MS 1000  /* look whether ready cells still live */
#define SWEEP_MS 60000 /* look for containers that nobody knows */
#define HANG_UP_MS 100 /* an agent that ends by itself is quicker than a forced removal */
#define MAKER_NICE 10

struct shelf {
    const struct cr_lang *lang;
    struct cr_cell **ready;
    size_t count;
    int64_t retry_ms; /* 0, or when to try again: no cell of this language could be made */
    char why[256];
    struct cr_metric *gauge, *hits, *misses;
};

struct removal {
    char container[CR_DOCKER_ID_SIZE];
    int64_t not_before_ms;
    struct removal *next;
};

struct cr_cells {
    const struct cr_cell_env *env;
    size_t size;
    struct shelf *shelves;
    size_t shelf_count;
    pthread_t maker, remover;
    struct cr_metric *removed, *made;

    pthread_mutex_t lock;
    pthread_cond_t make_wake, remove_wake;
    /* locked: */
    bool stopping;
    bool emptied; /* nothing more comes to be removed */
    int64_t last_take_ms;
    struct removal *removals;
    char (*known)[CR_DOCKER_ID_SIZE]; /* containers that are in use, in the pool or to be removed */
    size_t known_count;
    int making; /* containers that exist before they are known */
    bool sick;  /* Docker does not answer */
    char why[256];
};

static struct shelf *shelf_of(struct cr_cells *p, const struct cr_lang *lang)
{
    for (size_t i = 0; i < p->shelf_count; i++) {
        if (p->shelves[i].lang == lang)
            return &p->shelves[i];
    }
    return NULL;
}

static void known_add(struct cr_cells *p, const char *container)
{
    p->known = cr_realloc(p->known, (p->known_count + 1) * CR_DOCKER_ID_SIZE);
    strcpy(p->known[p->known_count++], container);
}

static bool known_has(struct cr_cells *p, const char *container, bool forget)
{
    for (size_t i = 0; i < p->known_count; i++) {
        if (strcmp(p->known[i], container) != 0)
            continue;
        if (forget)
            memmove(p->known[i], p->known[--p->known_count], CR_DOCKER_ID_SIZE);
        return true;
    }
    return false;
}

/* Locked. Docker answers, or why not. */
static void note_docker(struct cr_cells *p, const struct cr_error *err)
{
    if (err && !p->sick)
        cr_log(CR_LOG_ERROR, "Docker is away", CR_S("error", err->message));
    if (!err && p->sick)
        cr_log(CR_LOG_INFO, "Docker is back");
    p->sick = err != NULL;
    snprintf(p->why, sizeof(p->why), "%s", err ? err->message : "");
}

/* Locked. A cell of this language could be made, or why not: an image that is missing stops its
 * own language only. */
static void note_language(struct shelf *s, const struct cr_error *err)
{
    if (err && s->retry_ms == 0)
        cr_log(CR_LOG_ERROR, "no cell can be made", CR_S("language", s->lang->id),
               CR_S("error", err->message));
    if (!err && s->retry_ms != 0)
        cr_log(CR_LOG_INFO, "cells can be made again", CR_S("language", s->lang->id));
    s->retry_ms = err ? cr_mono_ms() + RETRY_MS : 0;
    snprintf(s->why, sizeof(s->why), "%s", err ? err->message : "");
}

static struct cr_cell *make(struct cr_cells *p, struct shelf *s, struct cr_error *err)
{
    struct cr_error why = CR_ERROR_INIT, away = CR_ERROR_INIT;
    struct cr_cell *c = NULL;
    char engine[32];
    bool answers = true;
    pthread_mutex_lock(&p->lock);
    p->making++;
    pthread_mutex_unlock(&p->lock);
    if (cr_cell_make(p->env, s->lang, &c, &why) < 0)
        answers = cr_docker_hello(p->env->docker, engine, sizeof(engine), &away) == 0;
    pthread_mutex_lock(&p->lock);
    p->making--;
    note_docker(p, answers ? NULL : &away);
    if (answers)
        note_language(s, c ? NULL : &why);
    if (c)
        known_add(p, c->container);
    pthread_mutex_unlock(&p->lock);
    if (c)
        cr_metric_add(p->made, 1);
    else if (err)
        *err = why;
    return c;
}

/* Locked. The language that lacks most, empty shelves first; NULL when all are full. */
static struct shelf *most_lacking(struct cr_cells *p)
{
    struct shelf *least = NULL;
    for (size_t i = 0; i < p->shelf_count; i++) {
        struct shelf *s = &p->shelves[i];
        bool may = s->retry_ms <= cr_mono_ms();
        if (may && s->count < p->size && (!least || s->count < least->count))
            least = s;
    }
    return least;
}

/* Locked. Take the dead off the shelves: Docker was restarted, somebody killed a container. */
static struct cr_cell *take_stale(struct cr_cells *p)
{
    for (size_t i = 0; i < p->shelf_count; i++) {
        struct shelf *s = &p->shelves[i];
        for (size_t k = 0; k < s->count; k++) {
            struct cr_cell *c = s->ready[k];
            if (cr_cell_is_fresh(c))
                continue;
            s->ready[k] = s->ready[--s->count];
            cr_metric_set(s->gauge, (int64_t)s->count);
            return c;
        }
    }
    return NULL;
}

/* Nothing is to be made: ask Docker whether it is back; where no cells are kept, let the next job
 * find out whether its language works again. Locked on entry and return. */
static void look_again(struct cr_cells *p)
{
    char engine[32];
    for (size_t i = 0; i < p->shelf_count; i++) {
        if (p->size == 0 && p->shelves[i].retry_ms <= cr_mono_ms())
            p->shelves[i].retry_ms = 0;
    }
    if (!p->sick)
        return;
    pthread_mutex_unlock(&p->lock);
    int rc = cr_docker_hello(p->env->docker, engine, sizeof(engine), NULL);
    pthread_mutex_lock(&p->lock);
    if (rc == 0)
        note_docker(p, NULL);
}

/* Locked on entry and return. Returns how long to wait, 0 to go on at once. */
static int64_t make_step(struct cr_cells *p)
{
    struct cr_cell *stale = take_stale(p);
    if (stale) {
        pthread_mutex_unlock(&p->lock);
        cr_cells_discard(p, stale);
        pthread_mutex_lock(&p->lock);
        return 0;
    }
    struct shelf *s = most_lacking(p);
    if (!s) {
        look_again(p);
        return CHECK_MS;
    }
    int64_t quiet = p->last_take_ms + QUIET_MS - cr_mono_ms();
    if (s->count > 0 && quiet > 0)
        return quiet;
    pthread_mutex_unlock(&p->lock);
    struct cr_cell *c = make(p, s, NULL);
    pthread_mutex_lock(&p->lock);
    if (!c)
        return p->sick ? RETRY_MS : 0;
    s->ready[s->count++] = c;
    cr_metric_set(s->gauge, (int64_t)s->count);
    return 0;
}

static void *make_main(void *ctx)
{
    struct cr_cells *p = ctx;
    setpriority(PRIO_PROCESS, 0, MAKER_NICE); /* of this thread */
    pthread_mutex_lock(&p->lock);
    while (!p->stopping) {
        int64_t wait = make_step(p);
        if (wait > 0 && !p->stopping)
            cr_cond_wait_ms(&p->make_wake, &p->lock, wait);
    }
    pthread_mutex_unlock(&p->lock);
    return NULL;
}

/* ---- removal ---- */

/* Locked. */
static void remove_later(struct cr_cells *p, const char *container, int64_t delay_ms)
{
    struct removal *r = cr_calloc(1, sizeof(*r));
    struct removal **end = &p->removals;
    strcpy(r->container, container);
    r->not_before_ms = cr_mono_ms() + delay_ms;
    while (*end)
        end = &(*end)->next;
    *end = r;
    pthread_cond_signal(&p->remove_wake);
}

void cr_cells_discard(struct cr_cells *p, struct cr_cell *c)
{
    if (!c)
        return;
    cr_cell_hang_up(c);
    pthread_mutex_lock(&p->lock);
    remove_later(p, c->container, HANG_UP_MS);
    pthread_mutex_unlock(&p->lock);
    cr_cell_free(c);
}

/* Locked on entry and return. */
static void remove_one(struct cr_cells *p)
{
    struct removal *r = p->removals;
    struct cr_error err = CR_ERROR_INIT;
    p->removals = r->next;
    pthread_mutex_unlock(&p->lock);
    int rc = cr_docker_remove(p->env->docker, r->container, &err);
    if (rc == 0)
        cr_metric_add(p->removed, 1);
    else
        cr_log(CR_LOG_WARN, "a cell could not be removed", CR_S("container", r->container),
               CR_S("error", err.message));
    pthread_mutex_lock(&p->lock);
    if (rc == 0 || p->stopping)
        known_has(p, r->container, true);
    else
        remove_later(p, r->container, RETRY_MS);
    free(r);
}

/* Cells of this installation that nobody here knows (its database carries the instance's label,
 * too, and is none of our business): made while a call to Docker timed out, or left by a runner
 * that was killed. Locked on entry and return. */
static void sweep(struct cr_cells *p)
{
    struct cr_docker_list list = {0};
    struct cr_error err = CR_ERROR_INIT;
    cr_auto_free char *label =
        cr_asprintf(CR_CELL_LABEL_INSTANCE "=%s", p->env->config->runner_instance);
    pthread_mutex_unlock(&p->lock);
    int rc = cr_docker_list(p->env->docker, label, CR_CELL_LABEL_CELL, &list, &err);
    if (rc < 0)
        cr_log(CR_LOG_WARN, "cannot look for left-over cells", CR_S("error", err.message));
    pthread_mutex_lock(&p->lock);
    size_t found = 0;
    /* What is being made looks left over; the next sweep sees the rest. */
    for (size_t i = 0; i < list.count && p->making == 0; i++) {
        if (known_has(p, list.ids[i], false))
            continue;
        known_add(p, list.ids[i]);
        remove_later(p, list.ids[i], 0);
        found++;
    }
    if (found > 0)
        cr_log(CR_LOG_INFO, "left-over cells are removed", CR_I("count", found));
    cr_docker_list_clear(&list);
}

static void *remove_main(void *ctx)
{
    struct cr_cells *p = ctx;
    int64_t next_sweep = cr_mono_ms() + SWEEP_MS;
    setpriority(PRIO_PROCESS, 0, MAKER_NICE);
    pthread_mutex_lock(&p->lock);
    while (!p->emptied || p->removals) {
        int64_t now = cr_mono_ms();
        if (p->removals && (p->stopping || p->removals->not_before_ms <= now)) {
            remove_one(p);
        } else if (!p->stopping && now >= next_sweep && !p->sick) {
            next_sweep = now + SWEEP_MS;
            sweep(p);
        } else {
            int64_t until = p->removals ? p->removals->not_before_ms : now + CHECK_MS;
            cr_cond_wait_ms(&p->remove_wake, &p->lock, until > now ? until - now : 1);
        }
    }
    pthread_mutex_unlock(&p->lock);
    return NULL;
}

/* ---- life ---- */

static void prepare_shelves(struct cr_cells *p, const struct cr_lang_set *langs)
{
    p->shelf_count = langs->count;
    p->shelves = cr_calloc(langs->count, sizeof(*p->shelves));
    for (size_t i = 0; i < langs->count; i++) {
        struct shelf *s = &p->shelves[i];
        cr_auto_free char *label = cr_asprintf("language=\"%s\"", langs->items[i].id);
        s->lang = &langs->items[i];
        s->ready = cr_calloc(p->size + 1, sizeof(struct cr_cell *));
        s->gauge = cr_metric_gauge("coderoom_runner_cells_ready", "Cells that wait.", label);
        s->hits = cr_metric_counter("coderoom_runner_pool_hits_total",
                                    "Jobs that found a ready cell.", label);
        s->misses = cr_metric_counter("coderoom_runner_pool_misses_total",
                                      "Jobs that had to wait for a new cell.", label);
    }
    p->made = cr_metric_counter("coderoom_runner_cells_made_total", "Cells made.", "");
    p->removed = cr_metric_counter("coderoom_runner_cells_removed_total", "Cells removed.", "");
}

struct cr_cells *cr_cells_start(const struct cr_cell_env *env, const struct cr_lang_set *langs,
                                size_t size, struct cr_error *err)
{
    struct cr_cells *p = cr_calloc(1, sizeof(*p));
    p->env = env;
    p->size = size;
    prepare_shelves(p, langs);
    pthread_mutex_init(&p->lock, NULL);
    cr_cond_init(&p->make_wake);
    cr_cond_init(&p->remove_wake);

    pthread_mutex_lock(&p->lock);
    sweep(p);
    pthread_mutex_unlock(&p->lock);
    if (pthread_create(&p->remover, NULL, remove_main, p) != 0 ||
        pthread_create(&p->maker, NULL, make_main, p) != 0) {
        cr_fail(err, CR_ERR_UNAVAILABLE, "no thread for the pool of cells");
        return NULL; /* the daemon ends: nothing to tidy */
    }
    return p;
}

void cr_cells_stop(struct cr_cells *p)
{
    if (!p)
        return;
    pthread_mutex_lock(&p->lock);
    p->stopping = true;
    pthread_cond_signal(&p->make_wake);
    pthread_mutex_unlock(&p->lock);
    pthread_join(p->maker, NULL);
    for (size_t i = 0; i < p->shelf_count; i++) {
        for (size_t k = 0; k < p->shelves[i].count; k++)
            cr_cells_discard(p, p->shelves[i].ready[k]);
        free(p->shelves[i].ready);
    }
    pthread_mutex_lock(&p->lock);
    p->emptied = true;
    pthread_cond_signal(&p->remove_wake);
    pthread_mutex_unlock(&p->lock);
    pthread_join(p->remover, NULL);
    pthread_cond_destroy(&p->make_wake);
    pthread_cond_destroy(&p->remove_wake);
    pthread_mutex_destroy(&p->lock);
    free(p->shelves);
    free(p->known);
    free(p);
}

struct cr_cell *cr_cells_take(struct cr_cells *p, const struct cr_lang *lang, bool *warm,
                              struct cr_error *err)
{
    struct shelf *s = shelf_of(p, lang);
    struct cr_cell *c = NULL;
    assert(s);
    pthread_mutex_lock(&p->lock);
    p->last_take_ms = cr_mono_ms();
    while (s->count > 0 && !c) {
        c = s->ready[--s->count];
        if (cr_cell_is_fresh(c))
            break;
        pthread_mutex_unlock(&p->lock);
        cr_cells_discard(p, c);
        c = NULL;
        pthread_mutex_lock(&p->lock);
    }
    cr_metric_set(s->gauge, (int64_t)s->count);
    pthread_cond_signal(&p->make_wake);
    pthread_mutex_unlock(&p->lock);
    *warm = c != NULL;
    cr_metric_add(c ? s->hits : s->misses, 1);
    return c ? c : make(p, s, err);
}

bool cr_cells_can_run(struct cr_cells *p, const struct cr_lang *lang)
{
    struct shelf *s = shelf_of(p, lang);
    pthread_mutex_lock(&p->lock);
    bool can = !p->sick && s && s->retry_ms == 0;
    pthread_mutex_unlock(&p->lock);
    return can;
}

bool cr_cells_healthy(struct cr_cells *p, char *why, size_t size)
{
    pthread_mutex_lock(&p->lock);
    bool ok = !p->sick;
    snprintf(why, size, "%s", p->why);
    for (size_t i = 0; i < p->shelf_count && ok; i++) {
        ok = p->shelves[i].retry_ms == 0;
        snprintf(why, size, "%s", p->shelves[i].why);
    }
    pthread_mutex_unlock(&p->lock);
    return ok;
}
