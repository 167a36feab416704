/* Leases: expiry, fencing, giving back, the limit of attempts. Time is what the test says. */
#include "suite.h"

#define SKEW_MS 2000

static int finish(const char *id, int64_t attempt, struct cr_error *err)
{
    const struct cr_run_result r = {.verdict = CR_VERDICT_OK};
    struct cr_output_piece piece = {CR_STREAM_STDOUT, (uint8_t *)(char *)"late", 4};
    const struct cr_output out = {&piece, 1};

    return cr_store_job_finish(store, id, attempt, &r, &out, 1, err);
}

static void a_leased_job_is_left_alone_until_it_expires(void **state)
{
    char room[CR_ID_SIZE], id[CR_ID_SIZE];
    struct cr_run run;
    bool stop;

    (void)state;
    cr_id_new(room);
    new_job(room, "expiry", 1, id);
    assert_true(claim("expiry", 1000, 500, &run));
    cr_run_clear(&run);
    assert_false(claim("expiry", 1500 + SKEW_MS, 500, &run));
    OK(cr_store_job_renew(store, id, 1, 2000, 500, &stop, &err));
    assert_false(claim("expiry", 2500 + SKEW_MS, 500, &run));
    assert_true(claim("expiry", 2501 + SKEW_MS, 500, &run));
    assert_string_equal(run.id, id);
    assert_int_equal(run.attempt, 2);
    assert_int_equal(run.file_count, 1);
    cr_run_clear(&run);
}

static void languages_keep_apart(void **state)
{
    char room[CR_ID_SIZE], id[CR_ID_SIZE];
    const char *const both[] = {"lang-x", "lang-a", NULL}, *const none[] = {NULL};
    struct cr_run run;
    bool found;

    (void)state;
    cr_id_new(room);
    new_job(room, "lang-a", 1, id);
    assert_false(claim("lang-b", 1000, 500, &run));
    OK(cr_store_job_claim(store, "r", none, 1000, 500, &found, &run, &err));
    assert_false(found);
    OK(cr_store_job_claim(store, "r", both, 1000, 500, &found, &run, &err));
    assert_true(found);
    cr_run_clear(&run);
}

static void who_lost_the_lease_changes_nothing(void **state)
{
    char room[CR_ID_SIZE], id[CR_ID_SIZE];
    struct cr_run run;
    struct cr_output out;
    bool stop;

    (void)state;
    cr_id_new(room);
    new_job(room, "fence", 1, id);
    assert_true(claim("fence", 1000, 500, &run));
    cr_run_clear(&run);
    assert_true(claim("fence", 9000, 500, &run));
    cr_run_clear(&run);
    FAILS(CR_ERR_GONE, cr_store_job_renew(store, id, 1, 9000, 500, &stop, &err));
    FAILS(CR_ERR_GONE, cr_store_job_release(store, id, 1, &err));
    FAILS(CR_ERR_GONE, finish(id, 1, &err));
    OK(cr_store_run_get(store, room, id, &run, &err));
    assert_int_equal(run.state, CR_RUN_RUNNING);
    cr_run_clear(&run);
    finish_ok(id, 2, "mine");
    FAILS(CR_ERR_GONE, finish(id, 1, &err));
    FAILS(CR_ERR_GONE, cr_store_job_renew(store, id, 2, 9000, 500, &stop, &err));
    OK(cr_store_run_output(store, id, &out, &err));
    assert_int_equal(out.count, 1);
    assert_memory_equal(out.pieces[0].data, "mine", 4);
    cr_output_clear(&out);
    FAILS(CR_ERR_GONE, finish(room, 1, &err)); /* a job that is not there */
}

static void giving_back_does_not_count(void **state)
{
    char room[CR_ID_SIZE], id[CR_ID_SIZE], other[CR_ID_SIZE];
    struct cr_run run;

    (void)state;
    cr_id_new(room);
    new_job(room, "back", 1, id);
    new_job(room, "back", 2, other);
    for (int i = 1; i <= 2 * CR_LIMIT_JOB_ATTEMPTS; i++) {
        assert_true(claim("back", 1000, 500, &run));
        assert_string_equal(run.id, id); /* it keeps its place */
        assert_int_equal(run.state, CR_RUN_RUNNING);
        assert_int_equal(run.attempt, i); /* a fencing number never comes twice */
        cr_run_clear(&run);
        OK(cr_store_job_release(store, id, i, &err));
        FAILS(CR_ERR_GONE, cr_store_job_release(store, id, i, &err));
        FAILS(CR_ERR_GONE, finish(id, i, &err));
    }
}

static void a_job_that_kills_its_runners_ends(void **state)
{
    char room[CR_ID_SIZE], id[CR_ID_SIZE];
    struct cr_run run;
    int64_t now = 1000;

    (void)state;
    cr_id_new(room);
    new_job(room, "poison", 1, id);
    for (int i = 1; i <= CR_LIMIT_JOB_ATTEMPTS; i++, now += 10000) {
        assert_true(claim("poison", now, 500, &run));
        assert_int_equal(run.state, CR_RUN_RUNNING);
        assert_int_equal(run.attempt, i);
        cr_run_clear(&run);
    }
    assert_true(claim("poison", now, 500, &run));
    assert_int_equal(run.state, CR_RUN_FINISHED);
    assert_int_equal(run.result.verdict, CR_VERDICT_INTERNAL_ERROR);
    assert_non_null(run.result.message);
    cr_run_clear(&run);
    assert_false(claim("poison", now + 10000, 500, &run));
    OK(cr_store_run_get(store, room, id, &run, &err));
    assert_int_equal(run.state, CR_RUN_FINISHED);
    assert_int_equal(run.result.verdict, CR_VERDICT_INTERNAL_ERROR);
    cr_run_clear(&run);
    FAILS(CR_ERR_GONE, finish(id, CR_LIMIT_JOB_ATTEMPTS, &err));
}

static void a_lost_job_that_was_to_stop_is_stopped(void **state)
{
    char room[CR_ID_SIZE], id[CR_ID_SIZE];
    struct cr_run run;
    bool finished;

    (void)state;
    cr_id_new(room);
    new_job(room, "lost-stop", 1, id);
    assert_true(claim("lost-stop", 1000, 500, &run));
    cr_run_clear(&run);
    OK(cr_store_job_stop(store, room, id, 1100, &finished, &err));
    assert_true(claim("lost-stop", 9000, 500, &run));
    assert_int_equal(run.state, CR_RUN_FINISHED);
    assert_int_equal(run.result.verdict, CR_VERDICT_STOPPED);
    assert_int_equal(run.finished_ms, 9000);
    cr_run_clear(&run);
}

int test_leases(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_leased_job_is_left_alone_until_it_expires),
        cmocka_unit_test(languages_keep_apart),
        cmocka_unit_test(who_lost_the_lease_changes_nothing),
        cmocka_unit_test(giving_back_does_not_count),
        cmocka_unit_test(a_job_that_kills_its_runners_ends),
        cmocka_unit_test(a_lost_job_that_was_to_stop_is_stopped),
    };

    return cmocka_run_group_tests_name("leases", tests, NULL, NULL);
}
