/* The worker threads, with a queue and cells made of a few variables. */
#include "../unit.h"

#include "base/clock.h"
#include "runner/health.h"
#include "runner/job.h"
#include "runner/worker.h"

#include <stdatomic.h>
#include <unistd.h>

#define RUN "0123456789abcdefghij"
#define CLAIM_MS 100 /* of a slow database: the runner is told to end meanwhile */
#define JOB_MS 2000

static atomic_bool offered; /* a job is in the queue */
static atomic_bool slow;    /* the database and the program */
static atomic_bool claiming;
static atomic_int looked, given_back, finished;

static int begin(void **state)
{
    (void)state;
    offered = slow = claiming = false;
    looked = given_back = finished = 0;
    return 0;
}

int cr_store_job_claim(struct cr_store *s, const char *runner_id, const char *const *languages,
                       int64_t now_ms, int64_t lease_ms, bool *found, struct cr_run *out,
                       struct cr_error *err)
{
    (void)s, (void)runner_id, (void)languages, (void)now_ms, (void)lease_ms, (void)err;
    *found = atomic_exchange(&offered, false);
    atomic_fetch_add(&looked, 1);
    if (!*found)
        return 0;
    atomic_store(&claiming, true);
    if (atomic_load(&slow))
        usleep(CLAIM_MS * 1000);
    *out = (struct cr_run){.attempt = 1, .state = CR_RUN_RUNNING, .language = cr_strdup("python")};
    memcpy(out->id, RUN, CR_ID_SIZE);
    return 0;
}

int cr_store_job_finish(struct cr_store *s, const char *job_id, int64_t attempt,
                        const struct cr_run_result *r, const struct cr_output *out, int64_t now_ms,
                        struct cr_error *err)
{
    (void)s, (void)job_id, (void)attempt, (void)r, (void)out, (void)now_ms, (void)err;
    atomic_fetch_add(&finished, 1);
    return 0;
}

int cr_store_job_release(struct cr_store *s, const char *job_id, int64_t attempt,
                         struct cr_error *err)
{
    (void)s, (void)job_id, (void)attempt, (void)err;
    atomic_fetch_add(&given_back, 1);
    return 0;
}

static struct cr_cell cell;

struct cr_cell *cr_cells_take(struct cr_cells *p, const struct cr_lang *lang, bool *warm,
                              struct cr_error *err)
{
    (void)p, (void)lang, (void)err;
    *warm = true;
    return &cell;
}

void cr_cells_discard(struct cr_cells *p, struct cr_cell *c)
{
    (void)p, (void)c;
}

bool cr_cells_can_run(struct cr_cells *p, const struct cr_lang *lang)
{
    (void)p, (void)lang;
    return true;
}

/* A program that may take its time, unless the runner is told to end. */
enum cr_job_end cr_job_run(const struct cr_cell_env *env, struct cr_cell *c, struct cr_live *v,
                           const struct cr_job_hooks *hooks, struct cr_run_result *out)
{
    int64_t end_ms = cr_mono_ms() + (atomic_load(&slow) ? JOB_MS : 0);
    bool give_up = false;

    (void)env, (void)c, (void)hooks;
    *out = (struct cr_run_result){.verdict = CR_VERDICT_OK};
    while (!give_up && cr_mono_ms() < end_ms) {
        usleep(1000);
        pthread_mutex_lock(&v->lock);
        give_up = (v->wishes & CR_LIVE_SHUTDOWN) != 0;
        pthread_mutex_unlock(&v->lock);
    }
    return give_up ? CR_JOB_GIVEN_UP : CR_JOB_DECIDED;
}

static void changed(void *ctx)
{
    (void)ctx;
}

static struct cr_lang python = {.id = "python"};
static struct cr_lang_set langs = {&python, 1};
static struct cr_config config = {.runner_concurrency = 1, .runner_lease_ms = 10000};
static struct cr_cell_env env = {.config = &config};

static struct cr_workers *start(struct cr_lives *lives)
{
    struct cr_workers_options o = {
        .env = &env, .langs = &langs, .lives = lives, .runner_id = "r", .changed = changed};
    struct cr_workers *w;

    cr_health_set(CR_HEALTH_SELFTEST, true, NULL);
    w = cr_workers_start(&o, NULL);
    assert_non_null(w);
    return w;
}

static void job_claimed_while_the_runner_ends_is_given_back(void **state)
{
    struct cr_lives *lives = cr_lives_new();
    struct cr_workers *w;

    (void)state;
    offered = slow = true;
    w = start(lives);
    while (!atomic_load(&claiming))
        usleep(1000);
    cr_workers_stop(w, 0);
    assert_int_equal(finished, 0);
    assert_int_equal(given_back, 1);
    cr_lives_free(lives);
}

static int by_size(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

/* Each time the worker has just looked in vain, so its next look by itself is a second away. */
static void the_doorbell_wakes_who_waits_at_the_queue(void **state)
{
    enum { TIMES = 10 };
    struct cr_lives *lives = cr_lives_new();
    struct cr_workers *w = start(lives);
    int64_t waited_ms[TIMES];

    (void)state;
    for (int i = 0; i < TIMES; i++) {
        int before = atomic_load(&looked);
        while (atomic_load(&looked) == before)
            usleep(1000);
        usleep(10000); /* from the look to the waiting */
        int64_t begin_ms = cr_mono_ms();
        atomic_store(&offered, true);
        cr_workers_ring(w);
        while (atomic_load(&finished) == i)
            usleep(1000);
        waited_ms[i] = cr_mono_ms() - begin_ms;
    }
    qsort(waited_ms, TIMES, sizeof(*waited_ms), by_size);
    if (waited_ms[TIMES / 2] >= 500)
        fail_msg("%lld ms in the middle", (long long)waited_ms[TIMES / 2]);
    cr_workers_stop(w, 0);
    cr_lives_free(lives);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(job_claimed_while_the_runner_ends_is_given_back, begin),
        cmocka_unit_test_setup(the_doorbell_wakes_who_waits_at_the_queue, begin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
