/* coderoom-agent: process 1 of a cell. */
#include "runner/agent/agent.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

static bool done; /* RESULT is on its way */

int64_t now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

noreturn void give_up(const char *what, int error)
{
    char text[128] = "";
    strncat(text, what, 64);
    if (error == ENOSPC)
        strcat(text, ": the work folder is full");
    else if (error == EEXIST)
        strcat(text, ": there are two of that name");
    else if (error != 0)
        strcat(text, error == EACCES ? ": permission denied" : ": system call failed");
    kill(-1, SIGKILL);
    host_send(CR_CELL_ERROR, text, strlen(text));
    host_flush_all();
    _exit(1);
}

static void go(void)
{
    file_done();
    if (!job.run[0])
        give_up("nothing to run", 0);
    done = true; /* no second job */
    phase_start(job.compile[0] ? CR_CELL_PHASE_COMPILE : CR_CELL_PHASE_RUN);
}

static void on_frame(const struct cr_cell_frame *f)
{
    switch (f->type) {
    case CR_CELL_STDIN:
        stdin_put(f->data, f->len);
        break;
    case CR_CELL_STDIN_EOF:
        stdin_eof();
        break;
    case CR_CELL_STOP:
        phase_stop();
        break;
    case CR_CELL_GO:
        if (done)
            give_up("frame out of turn", 0);
        go();
        break;
    default:
        if (done)
            give_up("frame out of turn", 0);
        job_frame(f);
    }
}

static int watch_children(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    sigprocmask(SIG_BLOCK, &set, NULL);
    signal(SIGPIPE, SIG_IGN);
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static void wait_for_something(int children_fd)
{
    struct pollfd fds[8] = {{.fd = STDIN_FILENO, .events = POLLIN},
                            {.fd = children_fd, .events = POLLIN}};
    size_t count = 2;
    struct timespec wait, *timeout = NULL;

    if (host_wants_write())
        fds[count++] = (struct pollfd){.fd = STDOUT_FILENO, .events = POLLOUT};
    if (phase_active) {
        phase_poll(fds, &count);
        int64_t left = phase_next_us() - now_us();
        if (left < 0)
            left = 0;
        wait = (struct timespec){left / 1000000, left % 1000000 * 1000};
        timeout = &wait;
    }
    if (ppoll(fds, (nfds_t)count, timeout, NULL) < 0)
        return;
    if (fds[1].revents) {
        struct signalfd_siginfo info[8];
        if (read(children_fd, info, sizeof(info)) < 0) { /* only the wake-up matters */
        }
    }
    if (fds[0].revents)
        host_read(on_frame);
}

int main(int argc, char **argv, char **envp)
{
    uint8_t version[2];

    if (argc > 1)
        return hog(argv[1], argc > 2 ? argv[2] : NULL);

    title_init(argv, envp);
    prctl(PR_SET_DUMPABLE, 0); /* /proc/1 and ptrace are closed to the program's user */
    int children_fd = watch_children();
    host_init();
    usage_init();
    cr_cell_put(version, CR_CELL_VERSION, 2);
    host_send(CR_CELL_READY, version, sizeof(version));
    for (;;) {
        host_flush();
        wait_for_something(children_fd);
        if (phase_active)
            phase_step();
    }
}
