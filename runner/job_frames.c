/* What the agent is told before GO. */
#include "base/mem.h"
#include "runner/job.h"
#include "runner/limits.h"

/* The program's whole environment, beside what its language adds. */
static const char *const base_env[] = {
    "PATH=/usr/local/bin:/usr/bin:/bin",
    "HOME=" CR_CELL_DIR,
    "TMPDIR=/tmp",
    "LANG=C.UTF-8",
    "USER=coderoom",
    NULL,
};

static void append_words(struct cr_buf *out, uint8_t type, const char *const *words)
{
    for (; words && *words; words++)
        cr_cell_frame_append(out, type, *words, strlen(*words));
}

static void append_argv(struct cr_buf *out, uint8_t type, const struct cr_lang *lang,
                        const char *const *argv, const struct cr_lang_command *command)
{
    char **words = cr_lang_expand(lang, argv, command);
    append_words(out, type, (const char *const *)words);
    cr_lang_argv_free(words);
}

static void append_commands(struct cr_buf *out, const struct cr_lang *lang,
                            const struct cr_run *run)
{
    const char **paths = cr_calloc(run->file_count + 1, sizeof(*paths));
    size_t count = 0;
    for (size_t i = 0; i < run->file_count; i++) {
        const struct cr_job_file *f = &run->files[i];
        if (strcmp(f->path, run->entry) == 0 || !cr_lang_is_program(lang, f->path, f->data, f->len))
            paths[count++] = f->path;
    }
    struct cr_lang_command c = {
        .entry = run->entry, .paths = paths, .path_count = count, .out = CR_CELL_OUT};
    if (lang->compile)
        append_argv(out, CR_CELL_COMPILE_ARG, lang, lang->compile, &c);
    c.args = (const char *const *)run->args;
    append_argv(out, CR_CELL_RUN_ARG, lang, lang->run, &c);
    free(paths);
}

void cr_job_frames(const struct cr_config *config, const struct cr_lang *lang,
                   const struct cr_run *run, struct cr_buf *out)
{
    struct cr_cell_start start;
    uint8_t wire[CR_CELL_START_SIZE];
    cr_cell_start_of(config, lang, run->wall_limit_ms, &start);
    cr_cell_start_write(&start, wire);
    cr_cell_frame_append(out, CR_CELL_START, wire, sizeof(wire));
    if (run->request_id && run->request_id[0] && strlen(run->request_id) <= CR_CELL_REQUEST_MAX)
        cr_cell_frame_append(out, CR_CELL_REQUEST, run->request_id, strlen(run->request_id));
    append_commands(out, lang, run);
    append_words(out, CR_CELL_ENV, base_env);
    append_words(out, CR_CELL_ENV, lang->env);
    for (size_t i = 0; i < run->file_count; i++) {
        const struct cr_job_file *f = &run->files[i];
        cr_cell_frame_append(out, CR_CELL_FILE, f->path, strlen(f->path));
        if (f->len > 0)
            cr_cell_frame_append(out, CR_CELL_DATA, f->data, f->len);
    }
}
