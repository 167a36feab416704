/* The database away, silent, or losing an answer: through a relay (proxy.h). */
#include "proxy.h"
#include "suite.h"

#define TIMEOUT_MS 800

static struct proxy *proxy;
static struct cr_store *direct, *relayed;

static int set_up(void **state)
{
    cr_auto_free char *uri = proxy_uri(&proxy);
    const struct cr_store_options o = {uri, store_database, 4, TIMEOUT_MS, "store-test"};

    (void)state;
    direct = store;
    OK((relayed = cr_store_open(&o, &err)) ? 0 : -1);
    OK(cr_store_ping(relayed, &err));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    store = direct;
    cr_store_close(relayed);
    proxy_stop(proxy);
    return 0;
}

/* Once more with the relay whole, however the last test ended. */
static int recover(void **state)
{
    (void)state;
    store = direct;
    proxy_away(proxy, false);
    proxy_silent(proxy, false);
    proxy_lose_answer(proxy, NULL);
    for (int64_t end = cr_mono_ms() + 10000; cr_mono_ms() < end;)
        if (cr_store_ping(relayed, NULL) == 0)
            return 0;
    return -1;
}

static void unavailable_in_time(void)
{
    int64_t start = cr_mono_ms();
    enum cr_role role;

    FAILS(CR_ERR_UNAVAILABLE, cr_store_member_role(relayed, "a", "b", &role, &err));
    assert_true(cr_mono_ms() - start < 2 * TIMEOUT_MS + 500);
}

static void an_uri_that_is_none_is_invalid(void **state)
{
    const struct cr_store_options o = {"not a uri", "x", 1, TIMEOUT_MS, NULL};
    struct cr_error err = CR_ERROR_INIT;

    (void)state;
    assert_null(cr_store_open(&o, &err));
    assert_int_equal(err.code, CR_ERR_INVALID);
}

static void nobody_there_is_unavailable(void **state)
{
    /* Port 1 refuses; nothing needs to listen for this test. */
    const struct cr_store_options o = {"mongodb://127.0.0.1:1/", "x", 1, TIMEOUT_MS, NULL};
    struct cr_error why = CR_ERROR_INIT;
    struct cr_store *s = cr_store_open(&o, &why);
    int64_t start = cr_mono_ms();

    (void)state;
    assert_non_null(s);
    FAILS(CR_ERR_UNAVAILABLE, cr_store_ping(s, &err));
    FAILS(CR_ERR_UNAVAILABLE, cr_store_prepare(s, &err));
    assert_true(cr_mono_ms() - start < 4 * TIMEOUT_MS + 500);
    cr_store_close(s);
}

static void away_is_unavailable_and_coming_back_is_noticed(void **state)
{
    enum cr_role role;

    (void)state;
    proxy_away(proxy, true);
    unavailable_in_time();
    unavailable_in_time();
    proxy_away(proxy, false);
    OK(cr_store_member_role(relayed, "a", "b", &role, &err));
}

static void silent_is_unavailable_and_speaking_again_is_noticed(void **state)
{
    (void)state;
    proxy_silent(proxy, true);
    unavailable_in_time();
    proxy_silent(proxy, false);
    assert_int_equal(recover(NULL), 0);
}

static void error_texts_stay_inside(void **state)
{
    struct cr_error err = CR_ERROR_INIT;

    (void)state;
    proxy_away(proxy, true);
    cr_store_ping(relayed, &err);
    assert_false(cr_error_is_public(err.code));
    assert_null(strstr(err.message, "127.0.0.1"));
}

/* From here on: the server does the write, its answer is lost, the call succeeds with one effect.
 */
#define LOSING(marker, call)                                                                       \
    do {                                                                                           \
        proxy_lose_answer(proxy, (marker));                                                        \
        OK(call);                                                                                  \
        assert_true(proxy_lost(proxy));                                                            \
    } while (0)

static void a_lost_answer_to_an_insert_is_success(void **state)
{
    cr_auto_free char *email = cr_strdup(fresh("e"));
    cr_auto_free char *key = cr_strdup(fresh("key"));
    struct cr_user u = {.email = email, .name = (char *)"", .password_hash = (char *)""};

    (void)state;
    cr_id_new(u.id);
    LOSING(email, cr_store_user_insert(relayed, &u, &err));
    LOSING(key, cr_store_use_once(relayed, key, cr_wall_ms() + 60000, &err));
    FAILS(CR_ERR_CONFLICT, cr_store_use_once(relayed, key, cr_wall_ms() + 60000, &err));
}

static void a_lost_answer_to_a_rotation_is_success(void **state)
{
    struct cr_session se = {.token_hash = "old", .expires_ms = T0 + 5000}, got;
    bool reused;

    (void)state;
    cr_id_new(se.id);
    OK(cr_store_session_insert(direct, &se, &err));
    LOSING(se.id, cr_store_session_rotate(relayed, se.id, "old", "new", T0, T0 + 9000, &reused,
                                          &got, &err));
    assert_false(reused);
    OK(cr_store_session_rotate(relayed, se.id, "new", "next", T0, T0 + 9000, &reused, &got, &err));
}

static void a_lost_answer_to_a_tree_is_success(void **state)
{
    char owner[CR_ID_SIZE], room[CR_ID_SIZE], id[CR_ID_SIZE];
    struct cr_tree t;

    (void)state;
    new_user(owner);
    new_room(owner, room);
    OK(cr_store_tree_get(direct, room, &t, &err));
    OK(cr_tree_add(&t, "new.py", false, 1, id, &err));
    LOSING("new.py", cr_store_tree_put(relayed, &t, 1, &err));
    cr_tree_clear(&t);
    OK(cr_store_tree_get(direct, room, &t, &err));
    assert_int_equal(t.rev, 2);
    cr_tree_clear(&t);
}

static void a_lost_answer_to_batches_is_success(void **state)
{
    char room[CR_ID_SIZE];
    struct cr_doc_batch b[3];

    (void)state;
    cr_id_new(room);
    for (int i = 0; i < 3; i++) {
        b[i] = (struct cr_doc_batch){.seq = 1, .data = (const uint8_t *)"abc", .len = 3};
        cr_id_new(b[i].file_id);
    }
    LOSING(room, cr_store_doc_append_many(relayed, room, b, 3, 1, &err));
    for (int i = 0; i < 3; i++)
        assert_int_equal(b[i].result, CR_ERR_NONE);
}

static void a_lost_answer_to_a_job_is_one_job(void **state)
{
    struct cr_run run = {.language = (char *)"lost", .entry = (char *)"a", .created_ms = 1};
    struct cr_run_list l;
    bool existing;

    (void)state;
    cr_id_new(run.id);
    cr_id_new(run.room_id);
    LOSING("lost", cr_store_job_insert(relayed, &run, "k", &existing, &err));
    assert_false(existing);
    OK(cr_store_run_list(direct, run.room_id, "", 10, &l, &err));
    assert_int_equal(l.count, 1);
    cr_run_list_clear(&l);
}

static void a_lost_answer_to_finish_and_release_is_success(void **state)
{
    const struct cr_run_result r = {.verdict = CR_VERDICT_OK, .message = (char *)"mark-result"};
    struct cr_output_piece piece = {CR_STREAM_STDOUT, (uint8_t *)(char *)"mark-output", 11};
    const struct cr_output out = {&piece, 1};
    char room[CR_ID_SIZE], id[CR_ID_SIZE];
    struct cr_output got;
    struct cr_run run;

    (void)state;
    cr_id_new(room);
    new_job(room, "lost-finish", 1, id);
    assert_true(claim("lost-finish", 1, 1000, &run));
    cr_run_clear(&run);
    LOSING(id, cr_store_job_release(relayed, id, 1, &err));
    assert_true(claim("lost-finish", 1, 1000, &run));
    assert_int_equal(run.attempt, 2);
    cr_run_clear(&run);
    LOSING("mark-result", cr_store_job_finish(relayed, id, 2, &r, &out, 1, &err));
    OK(cr_store_run_output(direct, id, &got, &err));
    assert_int_equal(got.count, 1);
    cr_output_clear(&got);

    new_job(room, "lost-finish", 1, id);
    assert_true(claim("lost-finish", 1, 1000, &run));
    cr_run_clear(&run);
    LOSING("mark-output", cr_store_job_finish(relayed, id, 1, &r, &out, 1, &err));
    OK(cr_store_run_output(direct, id, &got, &err));
    assert_int_equal(got.count, 1);
    cr_output_clear(&got);
}

/* As when the process is killed between two of its steps. */
static void a_cut_deletion_is_finished_by_prepare(void **state)
{
    char owner[CR_ID_SIZE], room[CR_ID_SIZE];
    struct cr_room r;
    struct cr_tree t;
    enum cr_role role;

    (void)state;
    new_user(owner);
    new_room(owner, room);
    proxy_away_after(proxy, "rooms");
    FAILS(CR_ERR_UNAVAILABLE, cr_store_room_delete(relayed, room, &err));
    FAILS(CR_ERR_NOT_FOUND, cr_store_room_get(direct, room, &r, &err));
    OK(cr_store_tree_get(direct, room, &t, &err)); /* still there: the deletion is half-done */
    cr_tree_clear(&t);
    OK(cr_store_prepare(direct, &err));
    FAILS(CR_ERR_NOT_FOUND, cr_store_tree_get(direct, room, &t, &err));
    OK(cr_store_member_role(direct, room, owner, &role, &err));
    assert_int_equal(role, CR_ROLE_NONE);
}

int test_outages(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_uri_that_is_none_is_invalid),
        cmocka_unit_test(nobody_there_is_unavailable),
        cmocka_unit_test_teardown(away_is_unavailable_and_coming_back_is_noticed, recover),
        cmocka_unit_test_teardown(silent_is_unavailable_and_speaking_again_is_noticed, recover),
        cmocka_unit_test_teardown(error_texts_stay_inside, recover),
        cmocka_unit_test_teardown(a_lost_answer_to_an_insert_is_success, recover),
        cmocka_unit_test_teardown(a_lost_answer_to_a_rotation_is_success, recover),
        cmocka_unit_test_teardown(a_lost_answer_to_a_tree_is_success, recover),
        cmocka_unit_test_teardown(a_lost_answer_to_batches_is_success, recover),
        cmocka_unit_test_teardown(a_lost_answer_to_a_job_is_one_job, recover),
        cmocka_unit_test_teardown(a_lost_answer_to_finish_and_release_is_success, recover),
        cmocka_unit_test_teardown(a_cut_deletion_is_finished_by_prepare, recover),
    };

    return cmocka_run_group_tests_name("outages", tests, set_up, tear_down);
}
