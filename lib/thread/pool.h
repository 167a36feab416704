/* A fixed set of worker threads for an event loop that must not block: a job runs on a worker, its
 * done function runs on the loop's thread when the loop drains.
 *
 * Jobs of one pool start in the order of submission; with more than one thread they end in any
 * order. */
#ifndef CR_THREAD_POOL_H
#define CR_THREAD_POOL_H

#include "base/error.h"

#include <stddef.h>

struct cr_pool;

struct cr_pool_options {
    const char *name; /* of the threads, cut after 11 characters */
    int threads;
    size_t queue_max; /* jobs that may wait; submit fails beyond */
    /* Called on each worker when it starts and ends; what start returns goes to every job there
     * (one database client for each worker, say). May be NULL. */
    void *(*worker_start)(void *ctx);
    void (*worker_end)(void *worker);
    /* Called on a worker after a job ended, to wake the loop: must be safe from any thread
     * (lws_cancel_service, a write to an eventfd). May be NULL. */
    void (*wake)(void *ctx);
    void *ctx; /* for worker_start and wake */
};

/* All signals are blocked in the workers. Errors: UNAVAILABLE (no thread could be made). */
struct cr_pool *cr_pool_new(const struct cr_pool_options *o, struct cr_error *err);

/* Any thread. run: on a worker. done: on the thread that drains; NULL when nothing waits for it.
 * job: passed to both; the pool never frees it, so done (or run, without done) does.
 * Errors: UNAVAILABLE (queue full, or shut down): then neither is called. */
int cr_pool_submit(struct cr_pool *p, void (*run)(void *worker, void *job), void (*done)(void *job),
                   void *job, struct cr_error *err);

/* Loop thread: call done of every job that ended; returns how many. done may submit again. */
size_t cr_pool_drain(struct cr_pool *p);

/* Jobs that were submitted and whose done has not been called. Any thread. */
size_t cr_pool_pending(struct cr_pool *p);

/* Loop thread: take no more jobs, run those that wait, end the workers, then drain. Returns when
 * all is done. Safe to repeat. */
void cr_pool_shutdown(struct cr_pool *p);
void cr_pool_free(struct cr_pool *p); /* shuts down first */

#endif
