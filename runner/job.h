/* One job in one cell, from the first byte of its files to its verdict. */
#ifndef CR_RUNNER_JOB_H
#define CR_RUNNER_JOB_H

#include "runner/cell.h"
#include "runner/live.h"

enum cr_job_end {
    CR_JOB_DECIDED,  /* *out holds the verdict */
    CR_JOB_LOST,     /* another attempt runs: say nothing */
    CR_JOB_GIVEN_UP, /* the runner ends: give it back */
};

struct cr_job_hooks {
    void (*changed)(void *ctx); /* output or phase is there to be shown */
    void *ctx;
};

/* Send the job to the cell and stay with it until it ends. Output and phase go to v as they come.
 * *out: owned by the caller, only set with CR_JOB_DECIDED. The cell is used up afterwards. */
enum cr_job_end cr_job_run(const struct cr_cell_env *env, struct cr_cell *cell, struct cr_live *v,
                           const struct cr_job_hooks *hooks, struct cr_run_result *out);

/* The frames from START to GO, for tests. */
void cr_job_frames(const struct cr_config *config, const struct cr_lang *lang,
                   const struct cr_run *run, struct cr_buf *out);

#endif
