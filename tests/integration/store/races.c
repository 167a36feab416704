/* THREADS clients at once: each rule of docs/STORE.md that says "one wins". Threads only call and
 * note; the test judges afterwards. */
#include "suite.h"

enum { JOBS = 160 };

struct claimer {
    const char *language;
    char ids[JOBS][CR_ID_SIZE];
    int count;
    bool failed;
};

static void *claim_all(void *arg)
{
    struct claimer *c = arg;
    const char *const languages[] = {c->language, NULL};
    struct cr_run run;
    bool found = true;

    while (found && c->count < JOBS) {
        if (cr_store_job_claim(store, "r", languages, 1000, 60000, &found, &run, NULL) < 0) {
            c->failed = true;
            return NULL;
        }
        if (found) {
            memcpy(c->ids[c->count++], run.id, CR_ID_SIZE);
            cr_run_clear(&run);
        }
    }
    return NULL;
}

static int compare_ids(const void *a, const void *b)
{
    return strcmp(a, b);
}

static void each_job_is_claimed_once(void **state)
{
    static struct claimer claimers[THREADS];
    static char all[JOBS][CR_ID_SIZE];
    char room[CR_ID_SIZE], id[CR_ID_SIZE];
    int total = 0;

    (void)state;
    cr_id_new(room);
    for (int i = 0; i < JOBS; i++)
        new_job(room, "race", i, id);
    for (int i = 0; i < THREADS; i++)
        claimers[i].language = "race";
    in_parallel(claim_all, claimers, sizeof(*claimers));
    for (int i = 0; i < THREADS; i++) {
        assert_false(claimers[i].failed);
        for (int j = 0; j < claimers[i].count; j++)
            memcpy(all[total++], claimers[i].ids[j], CR_ID_SIZE);
    }
    assert_int_equal(total, JOBS);
    qsort(all, JOBS, CR_ID_SIZE, compare_ids);
    for (int i = 1; i < JOBS; i++)
        assert_string_not_equal(all[i - 1], all[i]);
}

/* One contender: what it is given, and what came of it. */
struct contender {
    const char *text;  /* shared */
    const char *text2; /* shared */
    char own[CR_ID_SIZE];
    enum cr_error_code code;
    bool flag;
};

static void contend(struct contender *c, void *(*fn)(void *), const char *text, const char *text2)
{
    memset(c, 0, THREADS * sizeof(*c));
    for (int i = 0; i < THREADS; i++) {
        c[i].text = text;
        c[i].text2 = text2;
        cr_id_new(c[i].own);
    }
    in_parallel(fn, c, sizeof(*c));
}

static int count_code(const struct contender *c, enum cr_error_code code)
{
    int n = 0;

    for (int i = 0; i < THREADS; i++)
        n += c[i].code == code;
    return n;
}

static void *use_key(void *arg)
{
    struct contender *c = arg;
    struct cr_error err = CR_ERROR_INIT;

    cr_store_use_once(store, c->text, cr_wall_ms() + 60000, &err);
    c->code = err.code;
    return NULL;
}

static void a_key_is_used_by_one(void **state)
{
    struct contender c[THREADS];

    (void)state;
    for (int round = 0; round < 10; round++) {
        cr_auto_free char *key = cr_strdup(fresh("ticket:"));

        contend(c, use_key, key, NULL);
        assert_int_equal(count_code(c, CR_ERR_NONE), 1);
        assert_int_equal(count_code(c, CR_ERR_CONFLICT), THREADS - 1);
    }
}

static void *sign_up(void *arg)
{
    struct contender *c = arg;
    struct cr_error err = CR_ERROR_INIT;
    struct cr_user u = {
        .email = (char *)(intptr_t)c->text, .name = (char *)"", .password_hash = (char *)""};

    memcpy(u.id, c->own, CR_ID_SIZE);
    cr_store_user_insert(store, &u, &err);
    c->code = err.code;
    return NULL;
}

static void an_address_belongs_to_one(void **state)
{
    struct contender c[THREADS];

    (void)state;
    for (int round = 0; round < 10; round++) {
        cr_auto_free char *email = cr_strdup(fresh("e"));
        struct cr_user u;

        contend(c, sign_up, email, NULL);
        assert_int_equal(count_code(c, CR_ERR_NONE), 1);
        assert_int_equal(count_code(c, CR_ERR_CONFLICT), THREADS - 1);
        OK(cr_store_user_by_email(store, email, &u, &err));
        for (int i = 0; i < THREADS; i++)
            assert_int_equal(!strcmp(c[i].own, u.id), c[i].code == CR_ERR_NONE);
        cr_user_clear(&u);
    }
}

static void *rotate(void *arg)
{
    struct contender *c = arg;
    struct cr_error err = CR_ERROR_INIT;
    struct cr_session se;

    cr_store_session_rotate(store, c->text, "old", c->own, T0 + 1000, T0 + 9000, &c->flag, &se,
                            &err);
    c->code = err.code;
    return NULL;
}

static void a_rotation_race_has_one_child_and_ends_the_family(void **state)
{
    struct contender c[THREADS];

    (void)state;
    for (int round = 0; round < 10; round++) {
        struct cr_session se = {.token_hash = "old", .expires_ms = T0 + 5000}, got;
        const char *winner = NULL;
        bool reused;

        cr_id_new(se.id);
        OK(cr_store_session_insert(store, &se, &err));
        contend(c, rotate, se.id, NULL);
        assert_int_equal(count_code(c, CR_ERR_NONE), 1);
        assert_int_equal(count_code(c, CR_ERR_UNAUTHORIZED), THREADS - 1);
        for (int i = 0; i < THREADS; i++)
            if (c[i].code == CR_ERR_NONE)
                winner = c[i].own;
        FAILS(CR_ERR_UNAUTHORIZED, cr_store_session_rotate(store, se.id, winner, "x", T0 + 1000,
                                                           T0 + 9000, &reused, &got, &err));
    }
}

static void *add_own_file(void *arg)
{
    struct contender *c = arg;
    struct cr_error err = CR_ERROR_INIT;
    struct cr_tree t;
    char id[CR_ID_SIZE];

    do {
        err.code = CR_ERR_NONE;
        if (cr_store_tree_get(store, c->text, &t, &err) == 0) {
            cr_tree_add(&t, c->own, false, 1, id, &err);
            cr_store_tree_put(store, &t, 1, &err);
            cr_tree_clear(&t);
        }
    } while (err.code == CR_ERR_CONFLICT);
    c->code = err.code;
    return NULL;
}

static void no_change_of_the_tree_is_lost(void **state)
{
    struct contender c[THREADS];
    char owner[CR_ID_SIZE], room[CR_ID_SIZE];
    struct cr_tree t;

    (void)state;
    new_user(owner);
    new_room(owner, room);
    contend(c, add_own_file, room, NULL);
    assert_int_equal(count_code(c, CR_ERR_NONE), THREADS);
    OK(cr_store_tree_get(store, room, &t, &err));
    assert_int_equal(t.rev, 1 + THREADS);
    for (int i = 0; i < THREADS; i++)
        assert_non_null(cr_tree_find_path(&t, c[i].own));
    cr_tree_clear(&t);
    assert_int_equal(room_rev(room), 1 + THREADS);
}

static void *insert_job(void *arg)
{
    struct contender *c = arg;
    struct cr_error err = CR_ERROR_INIT;
    struct cr_run run = {.language = cr_strdup("race-key"), .entry = cr_strdup("a")};

    memcpy(run.id, c->own, CR_ID_SIZE);
    memcpy(run.room_id, c->text, CR_ID_SIZE);
    cr_store_job_insert(store, &run, c->text2, &c->flag, &err);
    memcpy(c->own, run.id, CR_ID_SIZE);
    cr_run_clear(&run);
    c->code = err.code;
    return NULL;
}

static void a_repeated_request_is_one_job(void **state)
{
    struct contender c[THREADS];
    char room[CR_ID_SIZE];
    struct cr_run_list l;

    (void)state;
    cr_id_new(room);
    for (int round = 1; round <= 10; round++) {
        cr_auto_free char *key = cr_strdup(fresh("key"));
        int made = 0;

        contend(c, insert_job, room, key);
        assert_int_equal(count_code(c, CR_ERR_NONE), THREADS);
        for (int i = 0; i < THREADS; i++) {
            made += !c[i].flag;
            assert_string_equal(c[i].own, c[0].own);
        }
        assert_int_equal(made, 1);
        OK(cr_store_run_list(store, room, "", 100, &l, &err));
        assert_int_equal(l.count, round);
        cr_run_list_clear(&l);
    }
}

static void *append(void *arg)
{
    struct contender *c = arg;
    struct cr_error err = CR_ERROR_INIT;

    cr_store_doc_append(store, c->text, c->text, 1, (const uint8_t *)c->own, CR_ID_LEN, 1, &err);
    c->code = err.code;
    return NULL;
}

static void a_place_in_a_log_has_one_writer(void **state)
{
    struct contender c[THREADS];
    char room[CR_ID_SIZE];

    (void)state;
    for (int round = 0; round < 10; round++) {
        cr_id_new(room);
        contend(c, append, room, NULL);
        assert_int_equal(count_code(c, CR_ERR_NONE), 1);
        assert_int_equal(count_code(c, CR_ERR_CONFLICT), THREADS - 1);
    }
}

static void *join(void *arg)
{
    struct contender *c = arg;
    struct cr_error err = CR_ERROR_INIT;

    cr_store_member_put(store, c->text, c->text2, CR_ROLE_EDITOR, true, 1, &err);
    cr_store_member_put(store, c->text, c->own, CR_ROLE_VIEWER, true, 1, &err);
    c->code = err.code;
    return NULL;
}

static void joining_at_once_gives_one_membership_each(void **state)
{
    struct contender c[THREADS];
    char owner[CR_ID_SIZE], room[CR_ID_SIZE], user[CR_ID_SIZE];
    struct cr_member_list l;

    (void)state;
    new_user(owner);
    new_room(owner, room);
    new_user(user);
    contend(c, join, room, user);
    assert_int_equal(count_code(c, CR_ERR_NONE), THREADS);
    OK(cr_store_member_list(store, room, &l, &err));
    assert_int_equal(l.count, 2 + THREADS);
    cr_member_list_clear(&l);
}

static void *prepare(void *arg)
{
    struct contender *c = arg;
    struct cr_error err = CR_ERROR_INIT;

    cr_store_prepare(store, &err);
    c->code = err.code;
    return NULL;
}

static void preparing_may_race(void **state)
{
    struct contender c[THREADS];

    (void)state;
    contend(c, prepare, NULL, NULL);
    assert_int_equal(count_code(c, CR_ERR_NONE), THREADS);
}

static void *finish_own(void *arg)
{
    struct contender *c = arg;
    struct cr_error err = CR_ERROR_INIT;
    const struct cr_run_result r = {.verdict = CR_VERDICT_OK};
    const struct cr_output none = {0};
    int64_t attempt = c->own[0] % 2 + 1; /* half of them hold the old number */

    cr_store_job_finish(store, c->text, attempt, &r, &none, 1, &err);
    c->code = err.code;
    c->flag = attempt == 2;
    return NULL;
}

static void only_the_current_attempt_finishes(void **state)
{
    struct contender c[THREADS];
    char room[CR_ID_SIZE], id[CR_ID_SIZE];
    struct cr_run run;

    (void)state;
    cr_id_new(room);
    for (int round = 0; round < 5; round++) {
        new_job(room, "race-finish", 1, id);
        for (int64_t now = 1000; now < 20000; now += 10000) {
            assert_true(claim("race-finish", now, 500, &run));
            cr_run_clear(&run);
        }
        contend(c, finish_own, id, NULL);
        for (int i = 0; i < THREADS; i++)
            assert_int_equal(c[i].code, c[i].flag ? CR_ERR_NONE : CR_ERR_GONE);
        finish_ok(id, 2, "");
    }
}

int test_races(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_job_is_claimed_once),
        cmocka_unit_test(a_key_is_used_by_one),
        cmocka_unit_test(an_address_belongs_to_one),
        cmocka_unit_test(a_rotation_race_has_one_child_and_ends_the_family),
        cmocka_unit_test(no_change_of_the_tree_is_lost),
        cmocka_unit_test(a_repeated_request_is_one_job),
        cmocka_unit_test(a_place_in_a_log_has_one_writer),
        cmocka_unit_test(joining_at_once_gives_one_membership_each),
        cmocka_unit_test(preparing_may_race),
        cmocka_unit_test(only_the_current_attempt_finishes),
    };

    return cmocka_run_group_tests_name("races", tests, NULL, NULL);
}
