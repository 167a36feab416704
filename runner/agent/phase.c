/* One compiler or program from start to end: its output, its limits, its death. */
#include "runner/agent/agent.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define COALESCE_US 2000         /* a program that prints byte by byte makes few frames */
#define OOM_CHECK_US 50000       /* an out-of-memory kill of a grandchild makes no noise */
#define CPU_CHECK_LEAST_US 1000  /* how exactly the processor limit is met */
#define REAP_MAX 256             /* at a time: a storm of dying children must not hide the clock */
#define GONE_DEADLINE_US 2000000 /* killed processes that the kernel does not let go of */

struct pipe_end {
    int fd; /* -1: ended */
    uint8_t type;
    uint64_t *bytes;    /* counter in the result */
    int64_t not_before; /* next read */
};

bool phase_active;

static struct cr_cell_result result;
static pid_t main_pid; /* 0: reaped */
static struct pipe_end ends[2];
static struct usage at_start;
static int64_t started_us, wall_end_us, cpu_check_us, oom_check_us, killed_us, run_us;
static uint64_t cpu_limit_us, sent_bytes;
static uint64_t main_maxrss;
static bool reap_more; /* there may be more dead children: look again at once */
static unsigned processors;

static unsigned count_processors(void)
{
    cpu_set_t set;
    int n = sched_getaffinity(0, sizeof(set), &set) == 0 ? CPU_COUNT(&set) : 1;
    return n > 0 ? (unsigned)n : 1;
}

static bool compiling(void)
{
    return result.phase == CR_CELL_PHASE_COMPILE;
}

/* We are process 1 of the namespace: this reaches everything but us. */
static void kill_all(uint8_t reason)
{
    if (result.reason == CR_CELL_REASON_NONE)
        result.reason = reason;
    if (killed_us == 0)
        killed_us = now_us();
    kill(-1, SIGKILL);
}

void phase_start(enum cr_cell_phase phase)
{
    uint8_t name = (uint8_t)phase;
    bool is_compiler = phase == CR_CELL_PHASE_COMPILE;
    struct spawned s;

    host_send(CR_CELL_PHASE, &name, 1);
    host_flush();
    result.phase = name;
    result.wait_status = 0;
    processors = count_processors();
    usage_read(&at_start);
    started_us = now_us();
    killed_us = run_us = 0;
    sent_bytes = 0;
    wall_end_us =
        started_us + 1000LL * (is_compiler ? job.start.compile_wall_ms : job.start.wall_ms);
    cpu_limit_us = 1000ULL * (is_compiler ? job.start.compile_cpu_ms : job.start.cpu_ms);
    cpu_check_us = started_us + (int64_t)(cpu_limit_us / processors);
    oom_check_us = started_us + OOM_CHECK_US;

    spawn(is_compiler ? job.compile : job.run, is_compiler, &s);
    main_pid = s.pid;
    stdin_fd = s.in_fd;
    ends[0] =
        (struct pipe_end){.fd = s.out_fd,
                          .type = is_compiler ? CR_CELL_COMPILE : CR_CELL_STDOUT,
                          .bytes = is_compiler ? &result.compile_bytes : &result.stdout_bytes};
    ends[1] =
        (struct pipe_end){.fd = s.err_fd, .type = CR_CELL_STDERR, .bytes = &result.stderr_bytes};
    phase_active = true;
    if (s.exec_errno != 0) {
        result.exec_errno = s.exec_errno;
        kill_all(CR_CELL_REASON_EXEC);
    }
}

void phase_stop(void)
{
    if (phase_active)
        kill_all(CR_CELL_REASON_STOP);
}

static bool may_read(const struct pipe_end *e, int64_t now)
{
    return e->fd >= 0 && host_has_room() && (now >= e->not_before || killed_us != 0);
}

void phase_poll(struct pollfd *fds, size_t *count)
{
    int64_t now = now_us();
    for (size_t i = 0; i < 2; i++) {
        if (may_read(&ends[i], now))
            fds[(*count)++] = (struct pollfd){.fd = ends[i].fd, .events = POLLIN};
    }
    if (stdin_wants_write() && host_has_room())
        fds[(*count)++] = (struct pollfd){.fd = stdin_fd, .events = POLLOUT};
}

int64_t phase_next_us(void)
{
    if (reap_more)
        return now_us();
    if (killed_us != 0)
        return now_us() + 1000;
    int64_t next = wall_end_us;
    if (cpu_check_us < next)
        next = cpu_check_us;
    if (oom_check_us < next)
        next = oom_check_us;
    int64_t now = now_us();
    for (size_t i = 0; i < 2; i++) {
        if (ends[i].fd >= 0 && ends[i].not_before > now && ends[i].not_before < next)
            next = ends[i].not_before;
    }
    return next;
}

/* How many of n new bytes may still go out. */
static size_t allowance(size_t n)
{
    uint64_t limit = compiling() ? job.start.compile_output_bytes : job.start.output_bytes;
    uint64_t left = limit > sent_bytes ? limit - sent_bytes : 0;
    return n < left ? n : (size_t)left;
}

static void pump(struct pipe_end *e)
{
    while (e->fd >= 0 && host_has_room()) {
        ssize_t n = host_piece_read(e->fd);
        if (n < 0 && errno == EAGAIN)
            return;
        if (n <= 0) {
            close(e->fd);
            e->fd = -1;
            return;
        }
        size_t keep = allowance((size_t)n);
        *e->bytes += (uint64_t)n;
        sent_bytes += keep;
        host_piece_send(e->type, keep);
        if (keep < (size_t)n) {
            result.truncated = true;
            if (!compiling())
                kill_all(CR_CELL_REASON_OUTPUT);
        }
        e->not_before = now_us() + COALESCE_US;
        if (n < PIECE_MAX && killed_us == 0)
            return;
    }
}

static void reap(void)
{
    reap_more = true;
    for (int i = 0; i < REAP_MAX; i++) {
        int status;
        struct rusage r;
        pid_t pid = wait4(-1, &status, WNOHANG, &r);
        if (pid <= 0) {
            reap_more = false;
            return;
        }
        if (pid != main_pid)
            continue;
        main_pid = 0;
        run_us = now_us() - started_us;
        result.wait_status = status;
        main_maxrss = (uint64_t)r.ru_maxrss * 1024U;
        /* What it left behind ends with it. */
        kill_all(CR_CELL_REASON_NONE);
    }
}

static void check_limits(int64_t now)
{
    if (killed_us != 0)
        return;
    if (now >= oom_check_us) {
        oom_check_us = now + OOM_CHECK_US;
        if (usage_oom_kills() > at_start.oom_kills)
            kill_all(CR_CELL_REASON_MEMORY);
    }
    if (now >= cpu_check_us) {
        uint64_t used = usage_cpu_us() - at_start.cpu_us;
        if (used >= cpu_limit_us) {
            kill_all(CR_CELL_REASON_CPU);
            return;
        }
        int64_t wait = (int64_t)((cpu_limit_us - used) / processors);
        cpu_check_us = now + (wait > CPU_CHECK_LEAST_US ? wait : CPU_CHECK_LEAST_US);
    }
    if (now >= wall_end_us)
        kill_all(CR_CELL_REASON_WALL);
}

static bool everything_gone(void)
{
    pid_t pid;
    do {
        int status;
        pid = waitpid(-1, &status, WNOHANG);
    } while (pid > 0); /* ends: they are all killed and there are at most pids_limit */
    return pid < 0 && errno == ECHILD;
}

/* The peak belongs to both phases; when the compiler made it, the program's own is its largest
 * process. */
static uint64_t memory_peak(const struct usage *now)
{
    if (!compiling() && result.compile_us > 0 && now->memory_peak <= at_start.memory_peak)
        return main_maxrss;
    return now->memory_peak > 0 ? now->memory_peak : main_maxrss;
}

static void finish(void)
{
    struct usage now;
    usage_read(&now);
    for (size_t i = 0; i < 2; i++) {
        if (ends[i].fd >= 0)
            close(ends[i].fd);
        ends[i].fd = -1;
    }
    if (stdin_fd >= 0)
        close(stdin_fd);
    stdin_fd = -1;
    phase_active = false;
    result.wall_us = (uint64_t)run_us;
    result.cpu_us = now.cpu_us - at_start.cpu_us;
    result.oom_kills = (uint32_t)(now.oom_kills - at_start.oom_kills);
    result.memory_bytes = memory_peak(&now);
    if (compiling()) {
        result.compile_us = result.wall_us;
        if (result.reason == CR_CELL_REASON_NONE && result.wait_status == 0 &&
            result.oom_kills == 0) {
            result.truncated = false; /* warnings that were cut do not concern the run */
            phase_start(CR_CELL_PHASE_RUN);
            return;
        }
    }
    uint8_t wire[CR_CELL_RESULT_SIZE];
    cr_cell_result_write(&result, wire);
    host_send(CR_CELL_RESULT, wire, sizeof(wire));
}

void phase_step(void)
{
    int64_t now = now_us();
    reap();
    if (stdin_wants_write() && host_has_room())
        stdin_write();
    for (size_t i = 0; i < 2; i++) {
        if (may_read(&ends[i], now))
            pump(&ends[i]);
    }
    check_limits(now);
    if (killed_us == 0)
        return;
    bool overdue = now - killed_us > GONE_DEADLINE_US && host_has_room();
    if (main_pid == 0 && everything_gone() && ends[0].fd < 0 && ends[1].fd < 0)
        finish();
    else if (overdue)
        give_up("processes of the run do not end", 0);
    else
        kill(-1, SIGKILL); /* again, for one that was being born */
}
