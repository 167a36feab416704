#include "thread/pool.h"

#include "base/mem.h"

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>

struct task {
    struct task *next;
    void (*run)(void *worker, void *job);
    void (*done)(void *job);
    void *job;
};

struct queue {
    struct task *first;
    struct task **end;
};

struct cr_pool {
    struct cr_pool_options options;
    pthread_t *threads;
    int thread_count;
    pthread_mutex_t lock;
    pthread_cond_t work; /* something waits, or closing */
    struct queue waiting, ended;
    size_t waiting_count;
    size_t pending;
    bool closing;
    bool joined; /* loop thread only */
};

static void push(struct queue *q, struct task *t)
{
    t->next = NULL;
    *q->end = t;
    q->end = &t->next;
}

static struct task *pop(struct queue *q)
{
    struct task *t = q->first;

    if (t && !(q->first = t->next))
        q->end = &q->first;
    return t;
}

/* The next task; NULL when there is none and the pool closes. */
static struct task *next_task(struct cr_pool *p)
{
    pthread_mutex_lock(&p->lock);
    while (!p->waiting.first && !p->closing)
        pthread_cond_wait(&p->work, &p->lock);
    struct task *t = pop(&p->waiting);
    if (t)
        p->waiting_count--;
    pthread_mutex_unlock(&p->lock);
    return t;
}

static void finish(struct cr_pool *p, struct task *t)
{
    bool wake = t->done != NULL;

    pthread_mutex_lock(&p->lock);
    if (t->done)
        push(&p->ended, t);
    else
        p->pending--;
    pthread_mutex_unlock(&p->lock);
    if (!wake)
        free(t);
    else if (p->options.wake)
        p->options.wake(p->options.ctx);
}

static void *work(void *arg)
{
    struct cr_pool *p = arg;
    void *worker = p->options.worker_start ? p->options.worker_start(p->options.ctx) : NULL;
    struct task *t;

    while ((t = next_task(p))) {
        t->run(worker, t->job);
        finish(p, t);
    }
    if (p->options.worker_end)
        p->options.worker_end(worker);
    return NULL;
}

static int start_thread(struct cr_pool *p, int index)
{
    char name[16];
    int r = pthread_create(&p->threads[index], NULL, work, p);

    if (r == 0) {
        snprintf(name, sizeof name, "%.11s-%d", p->options.name, index % 100);
        pthread_setname_np(p->threads[index], name);
    }
    return r;
}

static int start_threads(struct cr_pool *p)
{
    sigset_t all, before;
    int r = 0;

    /* Signals belong to the program's own thread: workers inherit this mask. */
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    while (r == 0 && p->thread_count < p->options.threads) {
        r = start_thread(p, p->thread_count);
        p->thread_count += r == 0;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return r;
}

struct cr_pool *cr_pool_new(const struct cr_pool_options *o, struct cr_error *err)
{
    struct cr_pool *p = cr_calloc(1, sizeof *p);

    p->options = *o;
    p->threads = cr_calloc((size_t)o->threads, sizeof *p->threads);
    p->waiting.end = &p->waiting.first;
    p->ended.end = &p->ended.first;
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->work, NULL);
    int r = start_threads(p);
    if (r != 0) {
        cr_pool_free(p);
        cr_fail(err, CR_ERR_UNAVAILABLE, "cannot start %d threads: %s", o->threads, strerror(r));
        return NULL;
    }
    return p;
}

int cr_pool_submit(struct cr_pool *p, void (*run)(void *worker, void *job), void (*done)(void *job),
                   void *job, struct cr_error *err)
{
    bool closing, full;

    pthread_mutex_lock(&p->lock);
    closing = p->closing;
    full = p->waiting_count >= p->options.queue_max;
    if (!closing && !full) {
        struct task *t = cr_calloc(1, sizeof *t);
        *t = (struct task){.run = run, .done = done, .job = job};
        push(&p->waiting, t);
        p->waiting_count++;
        p->pending++;
        pthread_cond_signal(&p->work);
    }
    pthread_mutex_unlock(&p->lock);
    if (closing)
        return cr_fail(err, CR_ERR_UNAVAILABLE, "%s: shutting down", p->options.name);
    if (full)
        return cr_fail(err, CR_ERR_UNAVAILABLE, "%s: %zu jobs wait already", p->options.name,
                       p->options.queue_max);
    return 0;
}

size_t cr_pool_drain(struct cr_pool *p)
{
    size_t count = 0;
    struct task *next;

    /* Take them all at once: what ends while done functions run has its own wake-up coming. */
    pthread_mutex_lock(&p->lock);
    struct task *t = p->ended.first;
    p->ended = (struct queue){NULL, &p->ended.first};
    pthread_mutex_unlock(&p->lock);
    for (; t; t = next, count++) {
        next = t->next;
        t->done(t->job);
        free(t);
        pthread_mutex_lock(&p->lock);
        p->pending--;
        pthread_mutex_unlock(&p->lock);
    }
    return count;
}

size_t cr_pool_pending(struct cr_pool *p)
{
    pthread_mutex_lock(&p->lock);
    size_t n = p->pending;
    pthread_mutex_unlock(&p->lock);
    return n;
}

void cr_pool_shutdown(struct cr_pool *p)
{
    if (!p->joined) {
        pthread_mutex_lock(&p->lock);
        p->closing = true;
        pthread_cond_broadcast(&p->work);
        pthread_mutex_unlock(&p->lock);
        for (int i = 0; i < p->thread_count; i++)
            pthread_join(p->threads[i], NULL);
        p->joined = true;
    }
    cr_pool_drain(p);
}

void cr_pool_free(struct cr_pool *p)
{
    if (!p)
        return;
    cr_pool_shutdown(p);
    pthread_cond_destroy(&p->work);
    pthread_mutex_destroy(&p->lock);
    free(p->threads);
    free(p);
}
