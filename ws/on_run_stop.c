/* run.stop, run.stdin_close and standard input: what goes on to the runner. */
#include "base/clock.h"
#include "ws/message.h"
#include "ws/run.h"
#include "ws/waiter.h"

static struct cr_live_run *active_run(struct cr_live_room *r, const char *run_id,
                                      struct cr_error *err)
{
    struct cr_live_run *run = cr_run_find(r, run_id);

    if (!run)
        cr_fail_field(err, CR_ERR_NOT_FOUND, "run", "there is no such run");
    else if (run->run.state == CR_RUN_FINISHED)
        cr_fail_field(err, CR_ERR_GONE, "run", "the run has finished");
    return run && run->run.state != CR_RUN_FINISHED ? run : NULL;
}

/* ---- stop ---- */

struct stopping {
    struct cr_live_room *room;
    struct cr_store *store;
    char room_id[CR_ID_SIZE], run_id[CR_ID_SIZE];
    struct cr_waiter waiter;
    bool finished; /* it was still queued and is over now */
    int64_t now_ms;
    bool ok;
    struct cr_error err;
};

static void stop_work(void *worker, void *job)
{
    struct stopping *s = job;

    (void)worker;
    s->ok =
        cr_store_job_stop(s->store, s->room_id, s->run_id, s->now_ms, &s->finished, &s->err) == 0;
}

static void stopped(struct stopping *s)
{
    struct cr_live_room *r = s->room;
    struct cr_live_run *run = cr_run_find(r, s->run_id);

    if (!run || run->run.state == CR_RUN_FINISHED)
        return;
    if (s->finished) {
        struct cr_run_result result = {.verdict = CR_VERDICT_STOPPED};

        cr_run_finish(r->hub, run, run->run.attempt, &result, s->now_ms);
        return;
    }
    run->run.stop_requested = true;
    if (run->runner)
        cr_service_tell(run->runner, "job.stop", s->run_id);
    else /* we do not know who runs it */
        cr_service_tell_all(r->hub, "job.stop", s->run_id);
}

static void stop_done(void *job)
{
    struct stopping *s = job;
    struct cr_live_room *r = s->room;

    if (!r->gone) {
        struct cr_peer *p = cr_waiter_peer(r, &s->waiter);

        if (s->ok)
            stopped(s);
        else if (p)
            cr_message_error(p, s->waiter.ref, &s->err);
    }
    cr_waiter_clear(&s->waiter);
    free(s);
    cr_room_job_done(r);
}

int cr_on_run_stop(const struct cr_request *q, const struct cr_msg_run_stop *m,
                   struct cr_error *err)
{
    struct cr_live_room *r = q->peer->room;
    struct stopping *s;

    if (!active_run(r, m->run, err))
        return -1;
    s = cr_calloc(1, sizeof *s);
    s->room = r;
    s->store = r->hub->store;
    memcpy(s->room_id, r->id, CR_ID_SIZE);
    memcpy(s->run_id, m->run, CR_ID_SIZE);
    s->now_ms = cr_wall_ms();
    cr_waiter_init(&s->waiter, q);
    if (cr_hub_submit(r->hub, stop_work, stop_done, s)) {
        r->jobs++;
        return 0;
    }
    cr_waiter_clear(&s->waiter);
    free(s);
    return cr_fail(err, CR_ERR_UNAVAILABLE, "too much database work waits");
}

/* ---- standard input ---- */

static int check_stdin(const struct cr_live_run *run, struct cr_error *err)
{
    if (!run->run.stdin_open)
        return cr_fail_field(err, CR_ERR_CONFLICT, "run", "its standard input is closed");
    return 0;
}

int cr_on_stdin(struct cr_peer *p, const uint8_t *data, size_t len, struct cr_error *err)
{
    char run_id[CR_ID_SIZE];
    const uint8_t *bytes;
    size_t count;
    struct cr_live_run *run;

    if (cr_stdin_frame_parse(data, len, run_id, &bytes, &count, err) < 0)
        return -1;
    run = active_run(p->room, run_id, err);
    if (!run || check_stdin(run, err) < 0)
        return -1;
    if (run->runner) {
        cr_service_stdin(run->runner, run_id, bytes, count);
        return 0;
    }
    if (run->early_stdin.len + count > CR_RUN_EARLY_STDIN_BYTES)
        return cr_fail_field(err, CR_ERR_LIMIT, "run", "too much input for a run that waits");
    cr_buf_append(&run->early_stdin, bytes, count);
    return 0;
}

int cr_on_run_stdin_close(const struct cr_request *q, const struct cr_msg_run_stdin_close *m,
                          struct cr_error *err)
{
    struct cr_live_room *r = q->peer->room;
    struct cr_live_run *run = active_run(r, m->run, err);
    CR_AUTO_JSON_OUT w = {0};

    if (!run || check_stdin(run, err) < 0)
        return -1;
    run->run.stdin_open = false;
    if (run->runner)
        cr_service_tell(run->runner, "job.stdin_close", m->run);
    else
        run->early_close = true;
    cr_json_open_object(&w, NULL);
    cr_json_put_str(&w, "type", "run.stdin_closed");
    cr_json_put_str(&w, "run", m->run);
    cr_json_close(&w);
    cr_room_broadcast_json(r, &w, NULL);
    return 0;
}
