/* How a cell is made, with a Docker that notes what it is told. */
#include "../unit.h"

#include "runner/cell.h"

#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

static char told[256];    /* the calls in their order, each with a blank behind */
static int agent = -1;    /* the agent's side of the stream; -1: nobody has attached */
static bool agent_starts; /* or the container ends at once */
static int containers;

static void note(const char *call)
{
    size_t len = strlen(told);
    snprintf(told + len, sizeof(told) - len, "%s ", call);
}

int cr_docker_create(struct cr_docker *d, const char *name, const void *spec, size_t len,
                     char id[CR_DOCKER_ID_SIZE], struct cr_error *err)
{
    (void)d, (void)name, (void)spec, (void)len, (void)err;
    note("create");
    snprintf(id, CR_DOCKER_ID_SIZE, "container-%d", containers++);
    return 0;
}

int cr_docker_attach(struct cr_docker *d, const char *id, struct cr_error *err)
{
    int ends[2];
    (void)d, (void)id, (void)err;
    note("attach");
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    agent = ends[1];
    return ends[0];
}

/* What a container says before somebody has attached is lost. */
int cr_docker_start(struct cr_docker *d, const char *id, struct cr_error *err)
{
    static const uint8_t ready[] = {1, 0, 0, 0, 0, 0, 0, CR_CELL_HEADER + 2};
    uint8_t frame[CR_CELL_HEADER + 2];
    (void)d, (void)id, (void)err;
    note("start");
    cr_cell_header(frame, CR_CELL_READY, 2);
    cr_cell_put(frame + CR_CELL_HEADER, CR_CELL_VERSION, 2);
    if (agent >= 0 && agent_starts) {
        assert_int_equal(write(agent, ready, sizeof(ready)), sizeof(ready));
        assert_int_equal(write(agent, frame, sizeof(frame)), sizeof(frame));
    } else if (agent >= 0) {
        close(agent);
        agent = -1;
    }
    return 0;
}

int cr_docker_remove(struct cr_docker *d, const char *id, struct cr_error *err)
{
    (void)d, (void)id, (void)err;
    note("remove");
    return 0;
}

static struct cr_lang python = {.id = "python", .image = "image"};
static struct cr_config config;
static struct cr_cell_env env = {.config = &config};

static int set_up(void **state)
{
    struct cr_error err = CR_ERROR_INIT;
    (void)state;
    return cr_config_load(NULL, NULL, &config, &err);
}

static int tear_down(void **state)
{
    (void)state;
    cr_config_clear(&config);
    return 0;
}

static int begin(void **state)
{
    (void)state;
    told[0] = '\0';
    agent_starts = true;
    return 0;
}

static int end(void **state)
{
    (void)state;
    if (agent >= 0)
        close(agent);
    agent = -1;
    return 0;
}

static void a_cell_is_attached_before_it_starts(void **state)
{
    struct cr_cell *c = NULL;
    struct cr_error err = CR_ERROR_INIT;
    (void)state;
    assert_int_equal(cr_cell_make(&env, &python, &c, &err), 0);
    assert_string_equal(told, "create attach start ");
    assert_true(cr_cell_is_fresh(c));
    cr_cell_free(c);
}

static void no_two_cells_are_one(void **state)
{
    struct cr_cell *a = NULL, *b = NULL;
    struct cr_error err = CR_ERROR_INIT;
    (void)state;
    assert_int_equal(cr_cell_make(&env, &python, &a, &err), 0);
    int first = agent;
    assert_int_equal(cr_cell_make(&env, &python, &b, &err), 0);
    assert_string_not_equal(a->id, b->id);
    assert_string_not_equal(a->container, b->container);
    assert_int_not_equal(a->uid_slot, b->uid_slot);
    cr_cell_free(a);
    cr_cell_free(b);
    close(first);
}

static void a_cell_whose_agent_does_not_start_is_removed(void **state)
{
    struct cr_cell *c = NULL;
    struct cr_error err = CR_ERROR_INIT;
    (void)state;
    agent_starts = false;
    assert_int_equal(cr_cell_make(&env, &python, &c, &err), -1);
    assert_null(c);
    assert_string_equal(told, "create attach start remove ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_cell_is_attached_before_it_starts, begin, end),
        cmocka_unit_test_setup_teardown(no_two_cells_are_one, begin, end),
        cmocka_unit_test_setup_teardown(a_cell_whose_agent_does_not_start_is_removed, begin, end),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
