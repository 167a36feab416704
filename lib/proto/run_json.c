#include "proto/run_json.h"

void cr_json_put_run_result(struct cr_json_out *w, const struct cr_run_result *r)
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
    cr_json_put_str(w, "message", r->message ? r->message : "");
    cr_json_close(w);
}

void cr_json_put_run(struct cr_json_out *w, const struct cr_run *r)
{
    cr_json_put_str(w, "id", r->id);
    cr_json_put_str(w, "request_id", r->request_id ? r->request_id : "");
    cr_json_put_str(w, "state", cr_run_state_name(r->state));
    cr_json_put_str(w, "entry", r->entry);
    cr_json_put_str(w, "language", r->language);
    cr_json_open_array(w, "args");
    for (char **a = r->args; a && *a; a++)
        cr_json_put_str(w, NULL, *a);
    cr_json_close(w);
    cr_json_put_str(w, "user_id", r->user_id);
    cr_json_put_str(w, "user_name", r->user_name ? r->user_name : "");
    cr_json_put_int(w, "created_at", r->created_ms);
}
