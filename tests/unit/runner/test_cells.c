/* The pool of cells, with containers that are only counted. */
#include "../unit.h"

#include "base/mem.h"
#include "runner/pool.h"

#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

#define SLOW_MS 1500 /* longer than the remover sleeps */

static atomic_int begun, made, removed;
static atomic_bool slow; /* the first is ready at once, the second takes its time */
static char last_removed[CR_DOCKER_ID_SIZE];

static int begin(void **state)
{
    (void)state;
    begun = made = removed = 0;
    slow = false;
    return 0;
}

int cr_cell_make(const struct cr_cell_env *env, const struct cr_lang *lang, struct cr_cell **out,
                 struct cr_error *err)
{
    int n = atomic_fetch_add(&begun, 1);

    (void)env, (void)err;
    if (n > 0 && atomic_load(&slow))
        usleep(SLOW_MS * 1000);
    *out = cr_calloc(1, sizeof(**out));
    (*out)->lang = lang;
    (*out)->fd = -1;
    snprintf((*out)->container, sizeof((*out)->container), "container-%d", n);
    atomic_fetch_add(&made, 1);
    return 0;
}

void cr_cell_free(struct cr_cell *c)
{
    free(c);
}

void cr_cell_hang_up(struct cr_cell *c)
{
    (void)c;
}

bool cr_cell_is_fresh(const struct cr_cell *c)
{
    (void)c;
    return true;
}

int cr_docker_hello(struct cr_docker *d, char *engine, size_t size, struct cr_error *err)
{
    (void)d, (void)err;
    snprintf(engine, size, "test");
    return 0;
}

int cr_docker_list(struct cr_docker *d, const char *label, const char *also,
                   struct cr_docker_list *out, struct cr_error *err)
{
    (void)d, (void)label, (void)also, (void)err;
    *out = (struct cr_docker_list){0};
    return 0;
}

void cr_docker_list_clear(struct cr_docker_list *l)
{
    (void)l;
}

int cr_docker_remove(struct cr_docker *d, const char *id, struct cr_error *err)
{
    (void)d, (void)err;
    strcpy(last_removed, id);
    atomic_fetch_add(&removed, 1);
    return 0;
}

static void stop_removes_every_cell_however_slow_the_last_is(void **state)
{
    struct cr_lang python = {.id = "python"};
    struct cr_lang_set langs = {&python, 1};
    struct cr_config config = {.runner_instance = "test"};
    struct cr_cell_env env = {.config = &config};
    struct cr_cells *p;

    (void)state;
    slow = true;
    p = cr_cells_start(&env, &langs, 2, NULL);
    assert_non_null(p);
    while (atomic_load(&begun) < 2)
        usleep(1000);
    cr_cells_stop(p);
    assert_int_equal(made, 2);
    assert_int_equal(removed, 2);
}

/* However often one runs after another: each finds a container that nobody has had. */
static void no_run_gets_a_cell_of_another(void **state)
{
    enum { RUNS = 20 };
    static char had[RUNS][CR_DOCKER_ID_SIZE];
    struct cr_lang python = {.id = "python"};
    struct cr_lang_set langs = {&python, 1};
    struct cr_config config = {.runner_instance = "test"};
    struct cr_cell_env env = {.config = &config};
    struct cr_cells *p = cr_cells_start(&env, &langs, 2, NULL);

    (void)state;
    assert_non_null(p);
    for (int i = 0; i < RUNS; i++) {
        bool warm = false;
        struct cr_cell *c = cr_cells_take(p, &python, &warm, NULL);
        assert_non_null(c);
        strcpy(had[i], c->container);
        for (int k = 0; k < i; k++)
            assert_string_not_equal(had[i], had[k]);
        cr_cells_discard(p, c);
    }
    while (atomic_load(&removed) < RUNS)
        usleep(1000);
    assert_string_equal(last_removed, had[RUNS - 1]);
    cr_cells_stop(p);
    assert_int_equal(removed, made);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(stop_removes_every_cell_however_slow_the_last_is, begin),
        cmocka_unit_test_setup(no_run_gets_a_cell_of_another, begin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
