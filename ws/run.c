#include "ws/run.h"

#include "base/clock.h"

#define ORPHANS_MAX 1000
#define ORPHAN_KEPT_MS (10 * 60 * 1000) /* longer than any run may take */
/* Its end is in the database: kept for who asked there just before. */
#define ORPHAN_FINISHED_KEPT_MS (30 * 1000)

static void run_free(struct cr_live_run *run)
{
    cr_run_output_clear(run);
    cr_buf_clear(&run->early_stdin);
    cr_run_clear(&run->run);
    free(run);
}

struct cr_live_run *cr_run_find(struct cr_live_room *r, const char *run_id)
{
    struct cr_live_run *run = r->runs;

    while (run && strcmp(run->run.id, run_id) != 0)
        run = run->next;
    return run;
}

size_t cr_run_active_count(const struct cr_live_room *r)
{
    size_t n = 0;

    for (const struct cr_live_run *run = r->runs; run; run = run->next)
        n += run->run.state != CR_RUN_FINISHED;
    return n;
}

/* Newest first. */
static void insert(struct cr_live_room *r, struct cr_live_run *run)
{
    struct cr_live_run **at = &r->runs;

    while (*at && (*at)->run.created_ms > run->run.created_ms)
        at = &(*at)->next;
    run->next = *at;
    *at = run;
}

static void trim_finished(struct cr_live_room *r)
{
    struct cr_live_run **at = &r->runs;
    int finished = 0;

    while (*at) {
        struct cr_live_run *run = *at;

        if (run->run.state == CR_RUN_FINISHED && ++finished > CR_ROOM_RUNS_KEPT) {
            *at = run->next;
            run_free(run);
        } else {
            at = &run->next;
        }
    }
}

static struct cr_live_run *take_orphan(struct cr_hub *h, const char *run_id)
{
    for (struct cr_live_run **at = &h->orphans; *at; at = &(*at)->next) {
        struct cr_live_run *run = *at;

        if (strcmp(run->run.id, run_id) != 0)
            continue;
        *at = run->next;
        h->orphan_count--;
        return run;
    }
    return NULL;
}

/* What the database says and what a runner said: the later state counts. Takes from's content. */
static void merge(struct cr_live_run *run, struct cr_run *from)
{
    struct cr_run old = run->run;

    run->run = *from;
    memset(from, 0, sizeof *from);
    if (old.attempt > run->run.attempt)
        run->run.attempt = old.attempt;
    if (old.state > run->run.state) {
        run->run.state = old.state;
        run->run.started_ms = old.started_ms;
        run->run.finished_ms = old.finished_ms;
        cr_run_result_clear(&run->run.result);
        run->run.result = old.result;
        memset(&old.result, 0, sizeof old.result);
    }
    cr_run_clear(&old);
    run->known = true;
}

struct cr_live_run *cr_run_put(struct cr_live_room *r, struct cr_run *run)
{
    struct cr_live_run *live = cr_run_find(r, run->id);
    char id[CR_ID_SIZE];

    memcpy(id, run->id, CR_ID_SIZE);
    if (live) {
        merge(live, run);
        return live;
    }
    live = take_orphan(r->hub, run->id);
    if (!live)
        live = cr_calloc(1, sizeof *live);
    live->news_ms = cr_mono_ms();
    merge(live, run);
    if (live->runner && live->run.state != CR_RUN_FINISHED) /* others get its output else */
        cr_service_tell(live->runner, "job.watch", id);
    if (live->run.state == CR_RUN_FINISHED)
        cr_run_output_clear(live);
    insert(r, live);
    trim_finished(r);
    return cr_run_find(r, id);
}

void cr_run_adopt(struct cr_live_room *r, struct cr_run_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        cr_run_put(r, &list->items[i]);
}

void cr_run_free_all(struct cr_live_room *r)
{
    while (r->runs) {
        struct cr_live_run *run = r->runs;

        r->runs = run->next;
        run_free(run);
    }
}

/* ---- orphans ---- */

static void add_orphan(struct cr_hub *h, struct cr_live_run *run)
{
    run->next = h->orphans;
    h->orphans = run;
    h->orphan_count++;
}

void cr_run_orphan(struct cr_live_room *r)
{
    struct cr_live_run **at = &r->runs;

    while (*at) {
        struct cr_live_run *run = *at;

        if (run->run.state == CR_RUN_FINISHED) {
            at = &run->next;
        } else {
            *at = run->next;
            add_orphan(r->hub, run);
        }
    }
}

void cr_run_orphans_second(struct cr_hub *h, int64_t now_ms)
{
    struct cr_live_run **at = &h->orphans;

    while (*at) {
        struct cr_live_run *run = *at;
        bool finished = run->run.state == CR_RUN_FINISHED;

        if (now_ms - run->news_ms > (finished ? ORPHAN_FINISHED_KEPT_MS : ORPHAN_KEPT_MS)) {
            *at = run->next;
            h->orphan_count--;
            run_free(run);
        } else {
            at = &run->next;
        }
    }
}

void cr_run_orphans_clear(struct cr_hub *h)
{
    while (h->orphans) {
        struct cr_live_run *run = h->orphans;

        h->orphans = run->next;
        run_free(run);
    }
    h->orphan_count = 0;
}

struct cr_live_run *cr_run_by_runner(struct cr_hub *h, const char *room_id, const char *run_id)
{
    struct cr_live_room *r = cr_hub_find(h, room_id);
    struct cr_live_run *run = r ? cr_run_find(r, run_id) : NULL;

    if (run)
        return run;
    for (run = h->orphans; run; run = run->next)
        if (strcmp(run->run.id, run_id) == 0)
            return run;
    if (h->orphan_count >= ORPHANS_MAX)
        return NULL;
    run = cr_calloc(1, sizeof *run);
    memcpy(run->run.id, run_id, CR_ID_SIZE);
    memcpy(run->run.room_id, room_id, CR_ID_SIZE);
    run->news_ms = cr_mono_ms();
    add_orphan(h, run);
    return run;
}

void cr_run_finish(struct cr_hub *h, struct cr_live_run *run, int64_t attempt,
                   const struct cr_run_result *result, int64_t finished_ms)
{
    struct cr_live_room *r = cr_hub_find(h, run->run.room_id);

    if (run->run.state == CR_RUN_FINISHED)
        return;
    run->run.state = CR_RUN_FINISHED;
    run->run.attempt = attempt;
    run->run.finished_ms = finished_ms;
    run->phase = CR_PHASE_NONE;
    run->runner = NULL;
    run->news_ms = cr_mono_ms();
    cr_run_result_clear(&run->run.result);
    run->run.result = *result;
    run->run.result.message = cr_strdup(result->message);
    cr_run_output_clear(run);
    cr_buf_clear(&run->early_stdin);
    if (r && run->known) {
        cr_run_tell(r, run);
        trim_finished(r);
    }
}
