#include "runner/job.h"

#include "base/clock.h"
#include "base/mem.h"
#include "log/log.h"
#include "monitor/metric.h"
#include "runner/limits.h"
#include "runner/verdict.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>

#define SILENCE_MS                                                                                 \
    15000              /* beyond its limits a job may need this to unpack, be killed and report    \
                        */
#define WORK_PAGE 4096 /* a file in the work folder, a tmpfs, takes whole pages */
#define MIB (1024.0 * 1024.0)
#define STOP_MS 3000 /* an agent answers STOP in milliseconds; then the cell is destroyed */

struct job {
    const struct cr_cell_env *env;
    struct cr_cell *cell;
    struct cr_live *v;
    const struct cr_job_hooks *hooks;
    struct cr_run_result *out;
    int64_t deadline_ms;
    size_t input_on_the_way; /* sent, not yet TAKEN */
    bool eof_sent, stop_sent;
    bool any_output;
    bool decided;
    enum cr_job_end end;
};

static void decide_internal(struct job *j, const char *what)
{
    cr_verdict_internal(j->out, what);
    j->decided = true;
}

static void note_first_byte(struct job *j)
{
    if (j->any_output || j->v->run.created_ms == 0) /* 0: nobody waits for a self-test */
        return;
    j->any_output = true;
    int64_t ms = cr_wall_ms() - j->v->run.created_ms;
    cr_metric_observe_us(
        cr_metric_histogram("coderoom_runner_first_byte_seconds",
                            "From the making of a job to its first byte of output.", ""),
        (ms > 0 ? ms : 0) * 1000);
}

static void on_output(struct job *j, enum cr_stream stream, const struct cr_cell_frame *f)
{
    note_first_byte(j);
    pthread_mutex_lock(&j->v->lock);
    cr_output_log_append(&j->v->output, stream, f->data, f->len);
    pthread_mutex_unlock(&j->v->lock);
    j->hooks->changed(j->hooks->ctx);
}

static void on_phase(struct job *j, const struct cr_cell_frame *f)
{
    bool compile = f->len == 1 && f->data[0] == CR_CELL_PHASE_COMPILE;
    pthread_mutex_lock(&j->v->lock);
    j->v->phase = compile ? CR_PHASE_COMPILE : CR_PHASE_RUN;
    pthread_mutex_unlock(&j->v->lock);
    j->hooks->changed(j->hooks->ctx);
}

static void on_result(struct job *j, const struct cr_cell_frame *f)
{
    struct cr_cell_result facts;
    if (cr_cell_result_read(f->data, f->len, &facts) < 0) {
        decide_internal(j, "the agent's result is malformed");
        return;
    }
    const struct cr_lang *l = j->cell->lang;
    cr_verdict_decide(&facts, facts.phase == CR_CELL_PHASE_COMPILE ? l->compile[0] : l->run[0],
                      j->out);
    j->decided = true;
}

static void on_error(struct job *j, const struct cr_cell_frame *f)
{
    char text[160];
    size_t n = f->len < sizeof(text) - 1 ? f->len : sizeof(text) - 1;
    memcpy(text, f->data, n);
    text[n] = '\0';
    decide_internal(j, text);
}

static int on_frame(void *ctx, const struct cr_cell_frame *f)
{
    struct job *j = ctx;
    switch (f->type) {
    case CR_CELL_PHASE:
        on_phase(j, f);
        break;
    case CR_CELL_STDOUT:
        on_output(j, CR_STREAM_STDOUT, f);
        break;
    case CR_CELL_STDERR:
        on_output(j, CR_STREAM_STDERR, f);
        break;
    case CR_CELL_COMPILE:
        on_output(j, CR_STREAM_COMPILE, f);
        break;
    case CR_CELL_TAKEN:
        if (f->len == 4 && cr_cell_get(f->data, 4) <= j->input_on_the_way)
            j->input_on_the_way -= (size_t)cr_cell_get(f->data, 4);
        break;
    case CR_CELL_RESULT:
        on_result(j, f);
        break;
    case CR_CELL_ERROR:
        on_error(j, f);
        break;
    default:
        decide_internal(j, "the agent sends what is not understood");
    }
    return j->decided;
}

/* Append what the program may get now: never more than the agent's window on the way. */
static void append_input(struct job *j, struct cr_buf *out)
{
    pthread_mutex_lock(&j->v->lock);
    struct cr_buf *in = &j->v->input;
    size_t room = CR_CELL_STDIN_WINDOW - j->input_on_the_way;
    size_t n = in->len < room ? in->len : room;
    if (n > 0) {
        cr_cell_frame_append(out, CR_CELL_STDIN, in->data, n);
        cr_buf_consume(in, n);
        j->input_on_the_way += n;
    }
    if (j->v->input_eof && in->len == 0 && !j->eof_sent) {
        cr_cell_frame_append(out, CR_CELL_STDIN_EOF, NULL, 0);
        j->eof_sent = true;
    }
    pthread_mutex_unlock(&j->v->lock);
}

static void obey_wishes(struct job *j, struct cr_buf *out)
{
    pthread_mutex_lock(&j->v->lock);
    unsigned wishes = j->v->wishes;
    pthread_mutex_unlock(&j->v->lock);
    if (wishes & CR_LIVE_LOST) {
        j->end = CR_JOB_LOST;
        j->decided = true;
    } else if (wishes & CR_LIVE_SHUTDOWN) {
        j->end = CR_JOB_GIVEN_UP;
        j->decided = true;
    } else if ((wishes & CR_LIVE_STOP) && !j->stop_sent) {
        cr_cell_frame_append(out, CR_CELL_STOP, NULL, 0);
        j->stop_sent = true;
        j->deadline_ms = cr_mono_ms() + STOP_MS;
    }
}

/* The cell ended without a result: Docker knows why, mostly. */
static void post_mortem(struct job *j)
{
    struct cr_docker_end end = {0};
    if (j->stop_sent) {
        j->out->verdict = CR_VERDICT_STOPPED;
        j->decided = true;
    } else if (cr_docker_inspect(j->env->docker, j->cell->container, &end, NULL) == 0 &&
               end.oom_killed) {
        j->out->verdict = CR_VERDICT_MEMORY;
        j->decided = true;
    } else {
        char text[256];
        snprintf(text, sizeof(text), "the run's container ended early (exit status %d%s%s)",
                 end.exit_code, end.error[0] ? ": " : "", end.error);
        decide_internal(j, text);
    }
}

/* The cell broke off while it was told its job. Its agent has said why, unless it was killed. */
static void broken_off(struct job *j)
{
    struct cr_error err = CR_ERROR_INIT;
    struct pollfd p = {.fd = j->cell->fd, .events = POLLIN};
    int64_t until = cr_mono_ms() + STOP_MS, left;
    while (!j->decided && (left = until - cr_mono_ms()) > 0 && poll(&p, 1, (int)left) > 0) {
        if (cr_cell_read(j->cell, on_frame, j, &err) <= 0)
            break;
    }
    if (!j->decided)
        post_mortem(j);
}

static void overdue(struct job *j)
{
    if (j->stop_sent) {
        j->out->verdict = CR_VERDICT_STOPPED;
        j->decided = true;
    } else {
        decide_internal(j, "the agent does not answer");
    }
}

static void step(struct job *j)
{
    struct cr_error err = CR_ERROR_INIT;
    CR_AUTO_BUF out = {0};
    obey_wishes(j, &out);
    append_input(j, &out);
    if (j->decided)
        return;
    if (out.len > 0 && cr_cell_write(j->cell, out.data, out.len, &err) < 0) {
        broken_off(j);
        return;
    }
    struct pollfd fds[2] = {{.fd = j->cell->fd, .events = POLLIN},
                            {.fd = j->v->wake_fd, .events = POLLIN}};
    int64_t left = j->deadline_ms - cr_mono_ms();
    if (left <= 0) {
        overdue(j);
        return;
    }
    if (poll(fds, 2, (int)left) < 0)
        return;
    if (fds[1].revents) {
        uint64_t count;
        if (read(j->v->wake_fd, &count, sizeof(count)) < 0) { /* only the wake-up matters */
        }
    }
    if (!fds[0].revents)
        return;
    int rc = cr_cell_read(j->cell, on_frame, j, &err);
    if (j->decided)
        return;
    if (rc < 0 && err.code == CR_ERR_INTERNAL)
        decide_internal(j, err.message);
    else if (rc <= 0)
        post_mortem(j);
}

static int64_t longest_ms(const struct cr_cell_env *env, const struct cr_cell *cell,
                          const struct cr_run *run)
{
    struct cr_cell_start s;
    cr_cell_start_of(env->config, cell->lang, run->wall_limit_ms, &s);
    return (int64_t)s.wall_ms + (cell->lang->compile ? s.compile_wall_ms : 0) + SILENCE_MS;
}

/* Files that cannot fit are not tried: the agent could only say that there is no room left. */
static void check_size(struct job *j)
{
    struct cr_cell_limits limits;
    int64_t total = 0;
    char text[160];
    cr_cell_limits_of(j->env->config, j->cell->lang, &limits);
    for (size_t i = 0; i < j->v->run.file_count; i++)
        total += ((int64_t)j->v->run.files[i].len + WORK_PAGE - 1) / WORK_PAGE * WORK_PAGE;
    if (total <= limits.work_bytes)
        return;
    snprintf(text, sizeof(text), "The room's files take %.1f MiB, the work folder holds %.1f MiB.",
             (double)total / MIB, (double)limits.work_bytes / MIB);
    decide_internal(j, text);
}

enum cr_job_end cr_job_run(const struct cr_cell_env *env, struct cr_cell *cell, struct cr_live *v,
                           const struct cr_job_hooks *hooks, struct cr_run_result *out)
{
    struct job j = {.env = env, .cell = cell, .v = v, .hooks = hooks, .out = out};
    struct cr_error err = CR_ERROR_INIT;
    CR_AUTO_BUF frames = {0};

    *out = (struct cr_run_result){0};
    check_size(&j);
    if (j.decided)
        return j.end;
    j.deadline_ms = cr_mono_ms() + longest_ms(env, cell, &v->run);
    cr_job_frames(env->config, cell->lang, &v->run, &frames);
    append_input(&j, &frames);
    cr_cell_frame_append(&frames, CR_CELL_GO, NULL, 0);
    if (cr_cell_write(cell, frames.data, frames.len, &err) < 0)
        broken_off(&j);
    while (!j.decided)
        step(&j);
    if (j.end != CR_JOB_DECIDED)
        cr_run_result_clear(out);
    return j.end;
}
