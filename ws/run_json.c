/* Runs as JSON, as run.status and welcome tell them. */
#include "proto/run_json.h"
#include "ws/run.h"

static void put_time(struct cr_json_out *w, const char *key, int64_t ms)
{
    if (ms > 0)
        cr_json_put_int(w, key, ms);
}

static void put_state(struct cr_json_out *w, const struct cr_hub *h, const struct cr_live_run *live)
{
    switch (live->run.state) {
    case CR_RUN_QUEUED:
        if (live->position > 0)
            cr_json_put_int(w, "position", live->position);
        cr_json_put_bool(w, "waiting", !cr_service_can_run(h, live->run.language));
        break;
    case CR_RUN_RUNNING:
        if (live->phase != CR_PHASE_NONE)
            cr_json_put_str(w, "phase", cr_phase_names[live->phase]);
        break;
    case CR_RUN_FINISHED:
        cr_json_put_run_result(w, &live->run.result);
        break;
    }
}

static void put_run(struct cr_json_out *w, const char *key, const struct cr_hub *h,
                    const struct cr_live_run *live)
{
    const struct cr_run *run = &live->run;

    cr_json_open_object(w, key);
    cr_json_put_run(w, run);
    cr_json_put_int(w, "attempt", run->attempt);
    cr_json_put_bool(w, "stdin_open", run->stdin_open);
    put_time(w, "started_at", run->started_ms);
    put_time(w, "finished_at", run->finished_ms);
    put_state(w, h, live);
    cr_json_close(w);
}

void cr_json_put_runs(struct cr_json_out *w, const struct cr_live_room *r)
{
    for (int finished = 0; finished <= 1; finished++)
        for (const struct cr_live_run *run = r->runs; run; run = run->next)
            if ((run->run.state == CR_RUN_FINISHED) == finished)
                put_run(w, NULL, r->hub, run);
}

void cr_run_tell(struct cr_live_room *r, const struct cr_live_run *run)
{
    CR_AUTO_JSON_OUT w = {0};

    cr_json_open_object(&w, NULL);
    cr_json_put_str(&w, "type", "run.status");
    put_run(&w, "run", r->hub, run);
    cr_json_close(&w);
    cr_room_broadcast_json(r, &w, NULL);
}
