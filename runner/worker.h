/* The threads that claim and run jobs. One of them at a time waits at the queue; when it has a job
 * the next steps forward, so an idle runner makes one query a second, however many it may run. */
#ifndef CR_RUNNER_WORKER_H
#define CR_RUNNER_WORKER_H

#include "lang/lang.h"
#include "runner/live.h"
#include "runner/pool.h"
#include "store/store.h"

struct cr_workers;

struct cr_workers_options {
    const struct cr_cell_env *env;
    const struct cr_lang_set *langs;
    struct cr_store *store;
    struct cr_cells *cells;
    struct cr_lives *lives;
    const char *runner_id;
    void (*changed)(void *ctx); /* a live job has something new to be shown; any thread */
    void *ctx;
};

struct cr_workers *cr_workers_start(const struct cr_workers_options *o, struct cr_error *err);
/* There is something to claim. Any thread. */
void cr_workers_ring(struct cr_workers *w);
/* Claim nothing more; give running jobs grace_ms to end, then back to the queue. */
void cr_workers_stop(struct cr_workers *w, int64_t grace_ms);

#endif
