#include "runner/selftest.h"

#include "base/id.h"
#include "base/mem.h"
#include "runner/job.h"
#include "runner/limits.h"

#include <stdio.h>

struct test {
    const char *limit; /* for people */
    const char *what;  /* runner/agent/hog.c */
    enum cr_verdict want;
};

static const struct test tests[] = {
    {"memory", "memory", CR_VERDICT_MEMORY},
    {"number of processes", "pids", CR_VERDICT_OK},
    {"output", "output", CR_VERDICT_OUTPUT},
    {"network", "network", CR_VERDICT_OK},
};

static void ignore(void *ctx)
{
    (void)ctx;
}

static int64_t too_much(const struct test *t, const struct cr_cell_limits *l)
{
    if (strcmp(t->what, "memory") == 0)
        return l->memory_bytes + l->memory_bytes / 4;
    return l->pids + 8;
}

static int run_test(const struct cr_cell_env *env, struct cr_cells *cells,
                    const struct cr_lang *lang, const struct test *t, struct cr_error *err)
{
    struct cr_cell_limits limits;
    char amount[24];
    cr_cell_limits_of(env->config, lang, &limits);
    snprintf(amount, sizeof(amount), "%lld", (long long)too_much(t, &limits));
    const char *const argv[] = {CR_CELL_AGENT, t->what, amount, NULL};
    struct cr_lang probe = *lang;
    probe.compile = NULL;
    probe.run = argv;

    bool warm;
    struct cr_cell *cell = cr_cells_take(cells, lang, &warm, err);
    if (!cell) {
        err->code = CR_ERR_UNAVAILABLE;
        return -1;
    }
    struct cr_run run = {.entry = cr_strdup("")};
    struct cr_run_result r = {0};
    struct cr_job_hooks hooks = {.changed = ignore};
    struct cr_lives *lives = cr_lives_new();
    cr_id_new(run.id);
    struct cr_live *v = cr_lives_add(lives, &run);
    cell->lang = &probe;
    cr_job_run(env, cell, v, &hooks, &r);
    cell->lang = lang;
    cr_cells_discard(cells, cell);
    cr_live_unref(v);
    cr_lives_free(lives);

    int rc = 0;
    if (r.verdict == CR_VERDICT_INTERNAL_ERROR)
        rc = cr_fail(err, CR_ERR_UNAVAILABLE, "self-test of the limit on %s: %s", t->limit,
                     r.message);
    else if (r.verdict != t->want)
        rc = cr_fail(err, CR_ERR_INTERNAL,
                     "the limit on %s does not hold on this machine (the test ended as %s)",
                     t->limit, cr_verdict_name(r.verdict));
    cr_run_result_clear(&r);
    return rc;
}

int cr_selftest_run(const struct cr_cell_env *env, struct cr_cells *cells,
                    const struct cr_lang_set *langs, struct cr_error *err)
{
    const struct cr_lang *lang = NULL;
    for (size_t i = 0; i < langs->count && !lang; i++) {
        if (cr_cells_can_run(cells, &langs->items[i]))
            lang = &langs->items[i];
    }
    if (!lang)
        return cr_fail(err, CR_ERR_UNAVAILABLE, "no cell can be made for the self-test");
    for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        if (run_test(env, cells, lang, &tests[i], err) < 0)
            return -1;
    }
    return 0;
}
