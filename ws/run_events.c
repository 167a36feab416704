/* What runners say about runs. Attempts are fencing numbers: what an older one says is stale. */
#include "base/clock.h"
#include "log/log.h"
#include "ws/run.h"

#define STDIN_PIECE_BYTES (32 * 1024) /* of input in one frame: runners refuse large ones */

/* False when the words are about an older attempt, or the run has ended. A newer attempt starts its
 * output again. */
static bool is_current(struct cr_live_run *run, int64_t attempt)
{
    if (run->run.state == CR_RUN_FINISHED || attempt < run->run.attempt)
        return false;
    if (attempt > run->run.attempt) {
        run->run.attempt = attempt;
        cr_run_output_clear(run);
    }
    run->news_ms = cr_mono_ms();
    return true;
}

static void send_early_stdin(struct cr_service *s, struct cr_live_run *run)
{
    for (size_t at = 0; at < run->early_stdin.len; at += STDIN_PIECE_BYTES) {
        size_t left = run->early_stdin.len - at;

        cr_service_stdin(s, run->run.id, run->early_stdin.data + at,
                         left < STDIN_PIECE_BYTES ? left : STDIN_PIECE_BYTES);
    }
    cr_buf_clear(&run->early_stdin);
    if (run->early_close)
        cr_service_tell(s, "job.stdin_close", run->run.id);
    run->early_close = false;
}

void cr_run_on_running(struct cr_hub *h, struct cr_service *s, const struct cr_msg_job_running *m)
{
    struct cr_live_run *run = cr_run_by_runner(h, m->room, m->run);
    struct cr_live_room *r = cr_hub_find(h, m->room);
    bool changed;

    if (!run || !is_current(run, m->attempt))
        return;
    changed = run->run.state != CR_RUN_RUNNING || run->phase != (enum cr_phase)m->phase ||
              run->chunk_count == 0;
    run->run.state = CR_RUN_RUNNING;
    run->run.started_ms = m->started_at;
    run->phase = (enum cr_phase)m->phase;
    run->runner = s;
    if (changed && r && run->known)
        cr_run_tell(r, run);
    if (run->run.stop_requested)
        cr_service_tell(s, "job.stop", run->run.id);
    send_early_stdin(s, run);
    if (r && run->known && !run->key[0]) /* who rang for it gets its output unasked */
        cr_service_tell(s, "job.watch", run->run.id);
}

int cr_run_on_finished(struct cr_hub *h, const struct cr_msg_job_finished *m, struct cr_error *err)
{
    struct cr_run_result result = {0};
    struct cr_live_run *run;

    if (cr_msg_result_read(&m->result, &result, err) < 0)
        return -1;
    run = cr_run_by_runner(h, m->room, m->run);
    if (run && m->attempt >= run->run.attempt)
        cr_run_finish(h, run, m->attempt, &result, m->finished_at);
    cr_run_result_clear(&result);
    return 0;
}

void cr_run_on_output(struct cr_hub *h, struct cr_service *s, const struct cr_output_frame *frame)
{
    struct cr_live_run *run = cr_run_by_runner(h, frame->room, frame->run);

    if (!run || !is_current(run, frame->attempt))
        return;
    run->runner = s;
    cr_run_output_take(h, run, frame);
}

/* It may have stored a result that it did not tell any more: ask soon. */
static void runner_left_room(struct cr_live_room *r, const struct cr_service *s)
{
    for (struct cr_live_run *run = r->runs; run; run = run->next) {
        if (run->runner != s)
            continue;
        run->runner = NULL;
        run->news_ms = r->runs_checked_ms = 0;
    }
}

void cr_run_runner_left(struct cr_hub *h, const struct cr_service *s)
{
    for (size_t i = 0; i < CR_HUB_BUCKETS; i++)
        for (struct cr_live_room *r = h->rooms[i]; r; r = r->hash_next)
            runner_left_room(r, s);
    for (struct cr_live_run *run = h->orphans; run; run = run->next)
        if (run->runner == s)
            run->runner = NULL;
}
