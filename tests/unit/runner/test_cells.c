/* The pool of cells, with containers that are only counted. */
#include "../unit.h"

#include "base/mem.h"
#include "runner/pool.h"

#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

#define SLOW_MS 1500 /* longer than the remover sleeps */

static atomic_int begun, made, removed;

/* The first is ready at once, the second takes its time. */
int cr_cell_make(const struct cr_cell_env *env, const struct cr_lang *lang, struct cr_cell **out,
                 struct cr_error *err)
{
    int n = atomic_fetch_add(&begun, 1);

    (void)env, (void)err;
    if (n > 0)
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
    (void)d, (void)id, (void)err;
    atomic_fetch_add(&removed, 1);
    return 0;
}

static void stop_removes_every_cell_however_slow_the_last_is(void **state)
{
    struct cr_lang python = {.id = "python"};
    struct cr_lang_set langs = {&python, 1};
    struct cr_config config = {.runner_instance = "test"};
    struct cr_cell_env env = {.config = &config};
    struct cr_cells *p = cr_cells_start(&env, &langs, 2, NULL);

    (void)state;
    assert_non_null(p);
    while (atomic_load(&begun) < 2)
        usleep(1000);
    cr_cells_stop(p);
    assert_int_equal(made, 2);
    assert_int_equal(removed, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stop_removes_every_cell_however_slow_the_last_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
