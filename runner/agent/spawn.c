/* Starting the compiler or the program: pipes, limits, nothing else of ours. */
#include "runner/agent/agent.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define OPEN_FILES 256
/* The agent must get a processor at once when it wants one; niceness counts inside the cell only,
 * where the program competes with nobody else. */
#define PROGRAM_NICE 10

static void limit(int what, rlim_t value)
{
    struct rlimit r = {value, value};
    setrlimit(what, &r); /* never above what Docker set, so it cannot fail upwards */
}

/* The kernel's first choice when the cell runs out of memory is the program, never the agent. */
static void offer_to_oom_killer(void)
{
    prctl(PR_SET_DUMPABLE, 1); /* or our own /proc files would belong to root; exec resets it */
    int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (fd >= 0) {
        if (write(fd, "1000", 4) < 0) { /* it keeps the container's 500 */
        }
        close(fd);
    }
}

static void default_signals(void)
{
    sigset_t none;
    for (int sig = 1; sig < NSIG; sig++)
        signal(sig, SIG_DFL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

static void close_others(int keep)
{
    if (syscall(SYS_close_range, keep + 1, ~0U, 0) == 0)
        return;
    for (int fd = keep + 1; fd < 1024; fd++)
        close(fd);
}

/* In the child. report_fd is number 3 and closes itself when exec succeeds. */
static noreturn void become(char *const *argv, int report_fd)
{
    setsid();
    umask(022);
    offer_to_oom_killer();
    setpriority(PRIO_PROCESS, 0, PROGRAM_NICE);
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_NOFILE, OPEN_FILES);
    limit(RLIMIT_FSIZE, (rlim_t)job.start.file_bytes);
    limit(RLIMIT_STACK, (rlim_t)job.start.stack_bytes);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    default_signals();
    if (chdir(CR_CELL_DIR) == 0)
        execve(argv[0], argv, job.env);
    int error = errno;
    if (write(report_fd, &error, sizeof(error)) < 0) {
    }
    _exit(127);
}

static void make_pipe(int fds[2])
{
    if (pipe2(fds, O_CLOEXEC) < 0)
        give_up("cannot make a pipe", errno);
}

static int ours(int fd)
{
    fcntl(fd, F_SETFL, O_NONBLOCK);
    return fd;
}

void spawn(char *const *argv, bool is_compiler, struct spawned *out)
{
    int in[2], stdout_pipe[2], stderr_pipe[2] = {-1, -1}, report[2];
    make_pipe(in);
    make_pipe(stdout_pipe);
    make_pipe(report);
    if (!is_compiler)
        make_pipe(stderr_pipe);

    pid_t pid = fork();
    if (pid < 0)
        give_up("cannot fork", errno);
    if (pid == 0) {
        int err = is_compiler ? stdout_pipe[1] : stderr_pipe[1];
        /* Our pipes have numbers above 3, so no dup2() hits one that is still needed. */
        if (dup2(in[0], 0) < 0 || dup2(stdout_pipe[1], 1) < 0 || dup2(err, 2) < 0 ||
            dup3(report[1], 3, O_CLOEXEC) < 0)
            _exit(127);
        close_others(3);
        become(argv, 3);
    }
    close(in[0]);
    close(stdout_pipe[1]);
    if (!is_compiler)
        close(stderr_pipe[1]);
    close(report[1]);
    if (is_compiler)
        close(in[1]);
    *out = (struct spawned){.pid = pid,
                            .out_fd = ours(stdout_pipe[0]),
                            .err_fd = is_compiler ? -1 : ours(stderr_pipe[0]),
                            .in_fd = is_compiler ? -1 : ours(in[1])};
    /* Returns as soon as exec has succeeded (end of file) or failed (its errno). */
    int error = 0;
    if (read(report[0], &error, sizeof(error)) == (ssize_t)sizeof(error))
        out->exec_errno = error;
    close(report[0]);
}
