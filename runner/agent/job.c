/* What the runner says before GO. */
#include "runner/agent/agent.h"

#include <string.h>

struct job job;

static char arena[CR_CELL_ARENA_MAX];
static size_t arena_used;
static size_t compile_count, run_count, env_count;
static bool started;

static void add_word(char **list, size_t *count, const struct cr_cell_frame *f)
{
    if (*count >= CR_CELL_ARGS_MAX || sizeof(arena) - arena_used < f->len + 1)
        give_up("too many arguments", 0);
    if (memchr(f->data, '\0', f->len))
        give_up("argument with a NUL", 0);
    char *word = arena + arena_used;
    memcpy(word, f->data, f->len);
    word[f->len] = '\0';
    arena_used += f->len + 1;
    list[(*count)++] = word;
}

void job_frame(const struct cr_cell_frame *f)
{
    if (f->type == CR_CELL_START) {
        if (started || cr_cell_start_read(f->data, f->len, &job.start) < 0)
            give_up("START is not understood", 0);
        started = true;
        return;
    }
    if (!started)
        give_up("START must come first", 0);
    switch (f->type) {
    case CR_CELL_REQUEST:
        title_set(f->data, f->len);
        break;
    case CR_CELL_COMPILE_ARG:
        add_word(job.compile, &compile_count, f);
        break;
    case CR_CELL_RUN_ARG:
        add_word(job.run, &run_count, f);
        break;
    case CR_CELL_ENV:
        add_word(job.env, &env_count, f);
        break;
    case CR_CELL_FILE:
        file_open(f->data, f->len);
        break;
    case CR_CELL_DATA:
        file_append(f->data, f->len);
        break;
    default:
        give_up("frame out of turn", 0);
    }
}
