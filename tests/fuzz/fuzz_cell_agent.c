/* The runner's frames as the agent reads them: whatever comes, it is either taken within the
 * bounds or ends the agent. The agent's own sources are compiled in, so that their state can be
 * cleared between inputs; what would touch files or end the process is replaced. */
#include <setjmp.h>
#include <stdlib.h>

#include "runner/agent/job.c"
#include "runner/agent/stdin.c"
#include "runner/agent/title.c"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static jmp_buf ended;
static size_t taken;

noreturn void give_up(const char *what, int error)
{
    (void)what;
    (void)error;
    longjmp(ended, 1);
}

void host_send(uint8_t type, const void *data, size_t len)
{
    if (type != CR_CELL_TAKEN || len != 4)
        abort();
    taken += (size_t)cr_cell_get(data, 4);
}

void file_open(const uint8_t *path, size_t len)
{
    if (!cr_cell_path_ok(path, len))
        give_up("path", 0);
    /* What is accepted must stay in the work folder. */
    if (path[0] == '/' || memchr(path, '\0', len))
        abort();
    for (size_t i = 0; i + 1 < len; i++) {
        bool part = i == 0 || path[i - 1] == '/';
        if (part && path[i] == '.' && path[i + 1] == '.' && (i + 2 == len || path[i + 2] == '/'))
            abort();
    }
}

void file_append(const uint8_t *data, size_t len)
{
    volatile uint8_t sum = 0;
    for (size_t i = 0; i < len; i++)
        sum = (uint8_t)(sum + data[i]);
}

/* Where the agent's command line would be, of a usual size. */
static char command_line[64];

static void reset(void)
{
    area = command_line;
    area_size = sizeof(command_line);

    memset(&job, 0, sizeof(job));
    arena_used = compile_count = run_count = env_count = 0;
    started = at_eof = not_wanted = false;
    ring_start = ring_len = taken = 0;
}

static void check(void)
{
    if (arena_used > sizeof(arena) || ring_len > sizeof(ring) || job.run[CR_CELL_ARGS_MAX] ||
        job.compile[CR_CELL_ARGS_MAX] || job.env[CR_CELL_ARGS_MAX])
        abort();
    for (char **word = job.run; *word; word++) {
        if (*word < arena || *word + strlen(*word) >= arena + sizeof(arena))
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    reset();
    if (setjmp(ended) == 0) {
        struct cr_cell_frame f;
        long n;
        for (size_t at = 0; (n = cr_cell_scan(data + at, size - at, &f)) > 0; at += (size_t)n) {
            if (f.type == CR_CELL_STDIN)
                stdin_put(f.data, f.len);
            else if (f.type == CR_CELL_STDIN_EOF)
                stdin_eof();
            else
                job_frame(&f);
        }
    }
    check();
    return 0;
}
