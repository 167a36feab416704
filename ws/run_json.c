/* Runs as JSON, as run.status and welcome tell them. */
#include "ws/run.h"

static void put_result(struct cr_json_out *w, const struct cr_run_result *r)
{
    cr_json_open_object(w, "result");
    cr_json_put_str(w, "verdict", cr_verdict_name(r->verdict));
    cr_json_put_int(w, "exit_code", r->exit_code);
    cr_json_put_int(w, "signal", r->signal);
    cr_json_put_int(w, "wall_ms", r->wall_ms);
    cr_json_put_int(w, "cpu_ms", r->cpu_ms);
    cr_json_put_int(w, "compile_ms", r->compile_ms);
    cr_json_put_int(w, "memory_bytes", r->memory_bytes);
    cr_json_put_int(w, "stdout_bytes", r->stdout_bytes);
    cr_json_put_int(w, "stderr_bytes", r->stderr_bytes);
    cr_json_put_bool(w, "truncated", r->truncated);
    cr_json_put_str(w, "message", r->message);
    cr_json_close(w);
}

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
        put_result(w, &live->run.result);
        break;
    }
}

static void put_run(struct cr_json_out *w, const char *key, const struct cr_hub *h,
                    const struct cr_live_run *live)
{
    const struct cr_run *run = &live->run;

    cr_json_open_object(w, key);
    cr_json_put_str(w, "id", run->id);
    cr_json_put_str(w, "state", cr_run_state_name(run->state));
    cr_json_put_int(w, "attempt", run->attempt);
    cr_json_put_str(w, "entry", run->entry);
    cr_json_put_str(w, "language", run->language);
    cr_json_open_array(w, "args");
    for (char **a = run->args; a && *a; a++)
        cr_json_put_str(w, NULL, *a);
    cr_json_close(w);
    cr_json_put_bool(w, "stdin_open", run->stdin_open);
    cr_json_put_str(w, "user_id", run->user_id);
    cr_json_put_str(w, "user_name", run->user_name);
    put_time(w, "created_at", run->created_ms);
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
