/* The parts of coderoom-agent. One process, one thread, static storage only: after main() has
 * begun, nothing is allocated, so nothing can fail for want of memory at the wrong moment. */
#ifndef CR_RUNNER_AGENT_AGENT_H
#define CR_RUNNER_AGENT_AGENT_H

#include "runner/agent/protocol.h"

#include <poll.h>
#include <stdnoreturn.h>
#include <sys/types.h>

/* main.c */
int64_t now_us(void); /* CLOCK_MONOTONIC */
/* Say why the job cannot be tried, and end: the cell ends with the agent. what: static text. */
noreturn void give_up(const char *what, int error);

/* job.c: what the runner said before GO. */
struct job {
    struct cr_cell_start start;
    char *compile[CR_CELL_ARGS_MAX + 1]; /* NULL-terminated; empty: nothing to compile */
    char *run[CR_CELL_ARGS_MAX + 1];
    char *env[CR_CELL_ARGS_MAX + 1];
};
extern struct job job;
void job_frame(const struct cr_cell_frame *f); /* START … DATA */

/* title.c: what `docker top` and `ps` show of the cell. */
void title_init(char **argv, char **envp); /* takes their memory: they are not read again */
void title_set(const uint8_t *request, size_t len);

/* files.c: unpacking into the work folder, before anything of the room has run. */
void file_open(const uint8_t *path, size_t len);
void file_append(const uint8_t *data, size_t len);
void file_done(void);

/* host.c: the stream to the runner. */
#define PIECE_MAX (16 * 1024) /* of the program's output in one frame */
void host_init(void);
bool host_wants_write(void);
bool host_has_room(void); /* for a piece, and small frames behind it */
void host_flush(void);
void host_flush_all(void);                                  /* waits for the runner */
void host_send(uint8_t type, const void *data, size_t len); /* a small frame */
/* Read a piece from fd right behind the header of a frame; returns what read(2) did. The frame is
 * sent with host_piece_send() when keep bytes of it shall go, dropped when keep is 0. */
ssize_t host_piece_read(int fd);
void host_piece_send(uint8_t type, size_t keep);
/* Read what the runner sent and call on_frame for each frame. Ends the agent when the runner went
 * away or does not keep to the protocol. */
void host_read(void (*on_frame)(const struct cr_cell_frame *f));

/* stdin.c: the program's standard input. */
extern int stdin_fd; /* write end of its pipe; -1: none */
void stdin_put(const uint8_t *data, size_t len);
void stdin_eof(void);
bool stdin_wants_write(void);
void stdin_write(void);

/* spawn.c */
struct spawned {
    pid_t pid;
    int out_fd, err_fd; /* ours, non-blocking; err_fd -1 when both streams are one */
    int in_fd;          /* ours, non-blocking; -1 when it reads nothing */
    int exec_errno;     /* 0: it runs */
};
void spawn(char *const *argv, bool is_compiler, struct spawned *out);

/* usage.c: what the kernel counts for the cell. */
struct usage {
    uint64_t cpu_us;
    uint64_t memory_peak; /* 0: not known */
    uint64_t oom_kills;
};
void usage_init(void); /* opens the counters: call before anything untrusted runs */
uint64_t usage_cpu_us(void);
uint64_t usage_oom_kills(void);
void usage_read(struct usage *out);

/* phase.c: one compiler or program from start to end. */
extern bool phase_active;
void phase_start(enum cr_cell_phase phase);
void phase_stop(void); /* somebody pressed Stop */
void phase_poll(struct pollfd *fds, size_t *count);
int64_t phase_next_us(void); /* when to look again at the latest */
void phase_step(void);       /* read, reap, check limits; may end the phase */

/* hog.c: try to break a limit; the exit status is 0 when it held, where the agent lives to say. */
int hog(const char *what, const char *amount);

#endif
