#include "tests/unit/unit.h"

#include "base/clock.h"
#include "thread/pool.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define DEADLINE_MS 20000

struct loop {
    int wake_fd;
    _Atomic int started, ended;
};

struct job {
    struct loop *loop;
    pthread_t ran_on, done_on;
    void *worker;
    int order;
    bool done;
};

static _Atomic int next_order;
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;

static void wake(void *ctx)
{
    struct loop *l = ctx;

    assert_int_equal(eventfd_write(l->wake_fd, 1), 0);
}

static void *worker_start(void *ctx)
{
    struct loop *l = ctx;

    l->started++;
    return &l->ended;
}

static void worker_end(void *worker)
{
    _Atomic int *ended = worker;

    (*ended)++;
}

static void run(void *worker, void *arg)
{
    struct job *j = arg;

    j->ran_on = pthread_self();
    j->worker = worker;
    j->order = next_order++;
}

static void run_behind_gate(void *worker, void *arg)
{
    pthread_mutex_lock(&gate);
    pthread_mutex_unlock(&gate);
    run(worker, arg);
}

static void done(void *arg)
{
    struct job *j = arg;

    j->done_on = pthread_self();
    j->done = true;
}

static struct cr_pool *make(struct loop *l, int threads, size_t queue_max)
{
    struct cr_pool_options o = {.name = "test",
                                .threads = threads,
                                .queue_max = queue_max,
                                .worker_start = worker_start,
                                .worker_end = worker_end,
                                .wake = wake,
                                .ctx = l};

    *l = (struct loop){.wake_fd = eventfd(0, EFD_NONBLOCK)};
    next_order = 0;
    struct cr_pool *p = cr_pool_new(&o, NULL);
    assert_non_null(p);
    return p;
}

/* What an event loop does: sleep until woken, then drain. */
static void loop_until_idle(struct cr_pool *p, struct loop *l)
{
    int64_t deadline_ms = cr_mono_ms() + DEADLINE_MS;

    while (cr_pool_pending(p) > 0 && cr_mono_ms() < deadline_ms) {
        struct pollfd fd = {.fd = l->wake_fd, .events = POLLIN};
        eventfd_t count;
        poll(&fd, 1, 1000);
        (void)eventfd_read(l->wake_fd, &count);
        cr_pool_drain(p);
    }
    assert_int_equal(cr_pool_pending(p), 0);
}

static void finish(struct cr_pool *p, struct loop *l)
{
    cr_pool_free(p);
    close(l->wake_fd);
}

static void a_job_runs_elsewhere_and_is_done_here(void **state)
{
    struct loop l;
    struct cr_pool *p = make(&l, 2, 10);
    struct job j = {0};

    (void)state;
    assert_int_equal(cr_pool_submit(p, run, done, &j, NULL), 0);
    loop_until_idle(p, &l);
    assert_true(j.done);
    assert_true(pthread_equal(j.done_on, pthread_self()));
    assert_false(pthread_equal(j.ran_on, pthread_self()));
    finish(p, &l);
}

static void every_worker_has_its_own_context(void **state)
{
    struct loop l;
    struct cr_pool *p = make(&l, 3, 10);
    struct job j = {0};

    (void)state;
    cr_pool_submit(p, run, done, &j, NULL);
    loop_until_idle(p, &l);
    assert_ptr_equal(j.worker, &l.ended);
    cr_pool_shutdown(p);
    assert_int_equal(l.started, 3);
    assert_int_equal(l.ended, 3);
    finish(p, &l);
}

static void one_worker_keeps_the_order(void **state)
{
    struct loop l;
    struct cr_pool *p = make(&l, 1, 1000);
    struct job jobs[500] = {0};

    (void)state;
    for (size_t i = 0; i < CR_COUNT(jobs); i++)
        assert_int_equal(cr_pool_submit(p, run, done, &jobs[i], NULL), 0);
    loop_until_idle(p, &l);
    for (size_t i = 0; i < CR_COUNT(jobs); i++)
        assert_int_equal(jobs[i].order, i);
    finish(p, &l);
}

static void a_full_queue_refuses(void **state)
{
    struct loop l;
    struct cr_pool *p = make(&l, 1, 3);
    struct cr_error e = CR_ERROR_INIT;
    struct job jobs[20] = {0};
    size_t taken = 0;

    (void)state;
    pthread_mutex_lock(&gate);
    while (taken < CR_COUNT(jobs) &&
           cr_pool_submit(p, run_behind_gate, done, &jobs[taken], &e) == 0)
        taken++;
    /* Three wait; the worker may have taken a fourth from the queue. */
    assert_in_range(taken, 3, 4);
    assert_int_equal(e.code, CR_ERR_UNAVAILABLE);
    pthread_mutex_unlock(&gate);
    loop_until_idle(p, &l);
    for (size_t i = 0; i < taken; i++)
        assert_true(jobs[i].done);
    finish(p, &l);
}

static void shutting_down_runs_what_waits(void **state)
{
    struct loop l;
    struct cr_pool *p = make(&l, 2, 100);
    struct job jobs[50] = {0};
    struct cr_error e = CR_ERROR_INIT;

    (void)state;
    for (size_t i = 0; i < CR_COUNT(jobs); i++)
        cr_pool_submit(p, run, done, &jobs[i], NULL);
    cr_pool_shutdown(p);
    for (size_t i = 0; i < CR_COUNT(jobs); i++)
        assert_true(jobs[i].done);
    assert_int_equal(cr_pool_submit(p, run, done, &jobs[0], &e), -1);
    assert_int_equal(e.code, CR_ERR_UNAVAILABLE);
    cr_pool_shutdown(p);
    finish(p, &l);
}

static void a_job_that_nobody_waits_for_is_fine(void **state)
{
    struct loop l;
    struct cr_pool *p = make(&l, 1, 10);
    struct job j = {0};

    (void)state;
    cr_pool_submit(p, run, NULL, &j, NULL);
    cr_pool_shutdown(p);
    assert_ptr_equal(j.worker, &l.ended);
    assert_false(j.done);
    assert_int_equal(cr_pool_pending(p), 0);
    finish(p, &l);
}

struct chain {
    struct cr_pool *pool;
    int left;
};

static void run_nothing(void *worker, void *arg)
{
    (void)worker, (void)arg;
}

static void submit_next(void *arg)
{
    struct chain *c = arg;

    if (--c->left > 0)
        assert_int_equal(cr_pool_submit(c->pool, run_nothing, submit_next, c, NULL), 0);
}

static void done_may_submit_again(void **state)
{
    struct loop l;
    struct chain c = {make(&l, 2, 4), 100};

    (void)state;
    assert_int_equal(cr_pool_submit(c.pool, run_nothing, submit_next, &c, NULL), 0);
    loop_until_idle(c.pool, &l);
    assert_int_equal(c.left, 0);
    finish(c.pool, &l);
}

static void look_at_mask(void *worker, void *arg)
{
    (void)worker;
    pthread_sigmask(SIG_SETMASK, NULL, arg);
}

static void signals_are_left_to_the_program(void **state)
{
    struct loop l;
    struct cr_pool *p = make(&l, 1, 4);
    sigset_t mask;

    (void)state;
    sigemptyset(&mask);
    cr_pool_submit(p, look_at_mask, NULL, &mask, NULL);
    cr_pool_shutdown(p);
    assert_true(sigismember(&mask, SIGTERM));
    finish(p, &l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_job_runs_elsewhere_and_is_done_here),
        cmocka_unit_test(every_worker_has_its_own_context),
        cmocka_unit_test(one_worker_keeps_the_order),
        cmocka_unit_test(a_full_queue_refuses),
        cmocka_unit_test(shutting_down_runs_what_waits),
        cmocka_unit_test(a_job_that_nobody_waits_for_is_fine),
        cmocka_unit_test(done_may_submit_again),
        cmocka_unit_test(signals_are_left_to_the_program),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
