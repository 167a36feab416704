/* Collection jobs: what one document holds (docs/STORE.md has the table). */
#include "store/mongo/job.h"

static void read_result(const bson_t *doc, struct cr_run_result *out)
{
    bson_t r;

    if (!doc_sub(doc, "result", &r))
        return;
    if (cr_verdict_parse(doc_str(&r, "verdict"), &out->verdict) < 0)
        out->verdict = CR_VERDICT_INTERNAL_ERROR;
    out->exit_code = (int)doc_int(&r, "exit_code");
    out->signal = (int)doc_int(&r, "signal");
    out->wall_ms = doc_int(&r, "wall_ms");
    out->cpu_ms = doc_int(&r, "cpu_ms");
    out->compile_ms = doc_int(&r, "compile_ms");
    out->memory_bytes = doc_int(&r, "memory_bytes");
    out->stdout_bytes = doc_int(&r, "stdout_bytes");
    out->stderr_bytes = doc_int(&r, "stderr_bytes");
    out->truncated = doc_bool(&r, "truncated");
    if (doc_str(&r, "message")[0])
        out->message = doc_dup(&r, "message");
}

void job_add_result(bson_t *set, const struct cr_run_result *r, int64_t attempt, int64_t now_ms)
{
    bson_t sub;

    BSON_APPEND_UTF8(set, "state", cr_run_state_name(CR_RUN_FINISHED));
    BSON_APPEND_INT64(set, "finished_ms", now_ms);
    BSON_APPEND_INT64(set, "result_attempt", attempt);
    BSON_APPEND_DOCUMENT_BEGIN(set, "result", &sub);
    BSON_APPEND_UTF8(&sub, "verdict", cr_verdict_name(r->verdict));
    BSON_APPEND_INT32(&sub, "exit_code", r->exit_code);
    BSON_APPEND_INT32(&sub, "signal", r->signal);
    BSON_APPEND_INT64(&sub, "wall_ms", r->wall_ms);
    BSON_APPEND_INT64(&sub, "cpu_ms", r->cpu_ms);
    BSON_APPEND_INT64(&sub, "compile_ms", r->compile_ms);
    BSON_APPEND_INT64(&sub, "memory_bytes", r->memory_bytes);
    BSON_APPEND_INT64(&sub, "stdout_bytes", r->stdout_bytes);
    BSON_APPEND_INT64(&sub, "stderr_bytes", r->stderr_bytes);
    BSON_APPEND_BOOL(&sub, "truncated", r->truncated);
    BSON_APPEND_UTF8(&sub, "message", r->message ? r->message : "");
    bson_append_document_end(set, &sub);
}

static char **read_args(const bson_t *doc)
{
    bson_t array;
    bson_iter_t it;
    size_t count = 0;

    if (!doc_sub(doc, "args", &array) || !bson_iter_init(&it, &array))
        return NULL;
    char **args = cr_calloc(bson_count_keys(&array) + 1, sizeof(*args));

    while (bson_iter_next(&it))
        if (BSON_ITER_HOLDS_UTF8(&it))
            args[count++] = cr_strdup(bson_iter_utf8(&it, NULL));
    return args;
}

void job_without_input(bson_t *fields)
{
    BSON_APPEND_INT32(fields, "input", 0);
}

void job_read(const bson_t *doc, struct cr_run *out)
{
    memset(out, 0, sizeof(*out));
    doc_id(doc, "_id", out->id);
    doc_id(doc, "room", out->room_id);
    doc_id(doc, "user", out->user_id);
    out->user_name = doc_dup(doc, "user_name");
    out->request_id = doc_dup(doc, "request");
    out->language = doc_dup(doc, "language");
    out->entry = doc_dup(doc, "entry");
    out->args = read_args(doc);
    out->stdin_open = doc_bool(doc, "stdin_open");
    out->wall_limit_ms = doc_int(doc, "wall_limit_ms");
    if (cr_run_state_parse(doc_str(doc, "state"), &out->state) < 0)
        out->state = CR_RUN_FINISHED;
    out->attempt = doc_int(doc, "attempt");
    out->stop_requested = doc_bool(doc, "stop");
    out->created_ms = doc_int(doc, "created_ms");
    out->started_ms = doc_int(doc, "started_ms");
    out->finished_ms = doc_int(doc, "finished_ms");
    read_result(doc, &out->result);
}

void job_by_lease(bson_t *filter, const char *job_id, int64_t attempt)
{
    doc_by_id(filter, job_id);
    BSON_APPEND_INT64(filter, "attempt", attempt);
    BSON_APPEND_UTF8(filter, "state", cr_run_state_name(CR_RUN_RUNNING));
}
