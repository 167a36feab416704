#include "runner/verdict.h"

#include "base/mem.h"

#include <sys/wait.h>

static int64_t ms_up(uint64_t us)
{
    return (int64_t)((us + 999) / 1000);
}

void cr_verdict_internal(struct cr_run_result *out, const char *message)
{
    free(out->message);
    out->verdict = CR_VERDICT_INTERNAL_ERROR;
    out->message = cr_strdup(message);
}

static void compile_failed(const struct cr_cell_result *f, struct cr_run_result *out)
{
    const char *why = NULL;
    out->verdict = CR_VERDICT_COMPILE_ERROR;
    if (f->oom_kills > 0 || f->reason == CR_CELL_REASON_MEMORY)
        why = "The compiler ran out of memory.";
    else if (f->reason == CR_CELL_REASON_CPU || f->reason == CR_CELL_REASON_WALL)
        why = "The compiler took too long.";
    else if (WIFEXITED(f->wait_status))
        out->exit_code = WEXITSTATUS(f->wait_status);
    else
        why = "The compiler crashed.";
    out->message = cr_strdup(why);
}

static enum cr_verdict limit_verdict(const struct cr_cell_result *f)
{
    if (f->oom_kills > 0 || f->reason == CR_CELL_REASON_MEMORY)
        return CR_VERDICT_MEMORY;
    if (f->reason == CR_CELL_REASON_OUTPUT)
        return CR_VERDICT_OUTPUT;
    if (f->reason == CR_CELL_REASON_CPU)
        return CR_VERDICT_CPU_TIME;
    if (f->reason == CR_CELL_REASON_WALL)
        return CR_VERDICT_WALL_TIME;
    return CR_VERDICT_NONE;
}

static void program_ended(const struct cr_cell_result *f, struct cr_run_result *out)
{
    out->verdict = limit_verdict(f);
    if (out->verdict != CR_VERDICT_NONE)
        return;
    if (WIFSIGNALED(f->wait_status)) {
        out->verdict = CR_VERDICT_SIGNAL;
        out->signal = WTERMSIG(f->wait_status);
    } else {
        out->exit_code = WEXITSTATUS(f->wait_status);
        out->verdict = out->exit_code == 0 ? CR_VERDICT_OK : CR_VERDICT_EXIT;
    }
}

void cr_verdict_decide(const struct cr_cell_result *f, const char *program,
                       struct cr_run_result *out)
{
    bool compiling = f->phase == CR_CELL_PHASE_COMPILE;
    *out = (struct cr_run_result){
        .wall_ms = ms_up(f->wall_us),
        .cpu_ms = ms_up(f->cpu_us),
        .compile_ms = ms_up(f->compile_us),
        .memory_bytes = (int64_t)f->memory_bytes,
        .stdout_bytes = (int64_t)f->stdout_bytes,
        .stderr_bytes = (int64_t)f->stderr_bytes,
        .truncated = f->truncated,
    };
    if (f->reason == CR_CELL_REASON_EXEC) {
        cr_auto_free char *text =
            cr_asprintf("%s could not be started: %s", program, strerror(f->exec_errno));
        cr_verdict_internal(out, text);
    } else if (f->reason == CR_CELL_REASON_STOP) {
        out->verdict = CR_VERDICT_STOPPED;
    } else if (compiling) {
        compile_failed(f, out);
    } else {
        program_ended(f, out);
    }
}
