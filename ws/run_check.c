/* A runner that dies between storing a result and telling us, or cannot reach us then, leaves a run
 * that seems to go on: ask the database about runs that have been silent, and show what they
 * printed meanwhile. */
#include "log/log.h"
#include "ws/run.h"

#define SILENT_MS 5000

struct check {
    struct cr_live_room *room;
    struct cr_store *store;
    char room_id[CR_ID_SIZE];
    struct cr_run_list runs;   /* only ids before, whole afterwards; "" when it could not be read */
    struct cr_output *outputs; /* of those that have finished */
};

static void check_work(void *worker, void *job)
{
    struct check *c = job;

    (void)worker;
    for (size_t i = 0; i < c->runs.count; i++) {
        struct cr_error err = CR_ERROR_INIT;
        char id[CR_ID_SIZE];

        memcpy(id, c->runs.items[i].id, CR_ID_SIZE);
        memset(&c->runs.items[i], 0, sizeof c->runs.items[i]);
        if (cr_store_run_get(c->store, c->room_id, id, &c->runs.items[i], &err) < 0 ||
            c->runs.items[i].state != CR_RUN_FINISHED ||
            cr_store_run_output(c->store, id, &c->outputs[i], &err) == 0)
            continue;
        cr_run_clear(&c->runs.items[i]); /* the next look may have both */
    }
}

static void finish(struct cr_live_room *r, struct cr_live_run *run, const struct cr_run *stored,
                   const struct cr_output *out)
{
    if (stored->attempt > run->run.attempt) { /* its output starts again, here and at the clients */
        run->run.attempt = stored->attempt;
        run->run.state = CR_RUN_RUNNING;
        run->run.started_ms = stored->started_ms;
        cr_run_output_clear(run);
        if (run->known && out->count > 0)
            cr_run_tell(r, run);
    }
    cr_run_output_take_stored(r->hub, run, out);
    cr_run_finish(r->hub, run, stored->attempt, &stored->result, stored->finished_ms);
}

static void check_one(struct cr_live_room *r, const struct cr_run *stored,
                      const struct cr_output *out)
{
    struct cr_live_run *run = stored->id[0] ? cr_run_find(r, stored->id) : NULL;

    if (!run || run->run.state == CR_RUN_FINISHED)
        return;
    if (stored->state == CR_RUN_FINISHED) {
        finish(r, run, stored, out);
    } else if (stored->state != run->run.state && !run->runner) {
        run->run.state = stored->state; /* run by somebody who is not connected here */
        run->run.started_ms = stored->started_ms;
        cr_run_tell(r, run);
    }
}

static void check_free(struct check *c)
{
    for (size_t i = 0; i < c->runs.count; i++)
        cr_output_clear(&c->outputs[i]);
    free(c->outputs);
    cr_run_list_clear(&c->runs);
    free(c);
}

static void check_done(void *job)
{
    struct check *c = job;
    struct cr_live_room *r = c->room;

    r->checking_runs = false;
    for (size_t i = 0; i < c->runs.count && !r->gone; i++)
        check_one(r, &c->runs.items[i], &c->outputs[i]);
    check_free(c);
    cr_room_job_done(r);
}

void cr_run_check(struct cr_live_room *r, int64_t now_ms)
{
    struct check *c;

    if (r->checking_runs || now_ms - r->runs_checked_ms < SILENT_MS || cr_run_active_count(r) == 0)
        return;
    r->runs_checked_ms = now_ms;
    c = cr_calloc(1, sizeof *c);
    c->room = r;
    c->store = r->hub->store;
    memcpy(c->room_id, r->id, CR_ID_SIZE);
    c->runs.items = cr_calloc(cr_run_active_count(r), sizeof *c->runs.items);
    c->outputs = cr_calloc(cr_run_active_count(r), sizeof *c->outputs);
    for (const struct cr_live_run *run = r->runs; run; run = run->next)
        if (run->run.state != CR_RUN_FINISHED && now_ms - run->news_ms >= SILENT_MS)
            memcpy(c->runs.items[c->runs.count++].id, run->run.id, CR_ID_SIZE);
    if (c->runs.count > 0 && cr_hub_submit(r->hub, check_work, check_done, c)) {
        r->checking_runs = true;
        r->jobs++;
        return;
    }
    check_free(c);
}
