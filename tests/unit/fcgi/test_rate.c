#include "tests/unit/unit.h"

#include "fcgi/rate.h"

static bool take(struct cr_rate *r, const char *key, int64_t per_minute, int64_t now_ms)
{
    int64_t wait_s;

    return cr_rate_take(r, "kind", key, per_minute, now_ms, &wait_s);
}

static void a_full_bucket_gives_what_it_holds(void **state)
{
    struct cr_rate *r = cr_rate_new(64);
    int64_t wait_s = 0;

    (void)state;
    for (int i = 0; i < 10; i++)
        assert_true(take(r, "ada", 10, 1000));
    assert_false(cr_rate_take(r, "kind", "ada", 10, 1000, &wait_s));
    assert_int_equal(wait_s, 6);
    cr_rate_free(r);
}

static void it_refills_at_its_pace(void **state)
{
    struct cr_rate *r = cr_rate_new(64);

    (void)state;
    for (int i = 0; i < 10; i++)
        take(r, "ada", 10, 0);
    assert_false(take(r, "ada", 10, 5999));
    assert_true(take(r, "ada", 10, 6000));
    assert_false(take(r, "ada", 10, 6001));
    for (int i = 0; i < 10; i++)
        assert_true(take(r, "ada", 10, 1000000));
    assert_false(take(r, "ada", 10, 1000000));
    cr_rate_free(r);
}

static void refused_requests_cost_nothing(void **state)
{
    struct cr_rate *r = cr_rate_new(64);

    (void)state;
    assert_true(take(r, "ada", 1, 0));
    for (int i = 0; i < 1000; i++)
        assert_false(take(r, "ada", 1, 59999));
    assert_true(take(r, "ada", 1, 60000));
    cr_rate_free(r);
}

static void keys_and_kinds_are_apart(void **state)
{
    struct cr_rate *r = cr_rate_new(64);
    int64_t wait_s;

    (void)state;
    assert_true(cr_rate_take(r, "user", "x", 1, 0, &wait_s));
    assert_false(cr_rate_take(r, "user", "x", 1, 0, &wait_s));
    assert_true(cr_rate_take(r, "address", "x", 1, 0, &wait_s));
    assert_true(cr_rate_take(r, "user", "y", 1, 0, &wait_s));
    cr_rate_free(r);
}

/* Memory is fixed: a flood of names must not let an exhausted one begin anew. */
static void a_flood_of_names_does_not_free_the_exhausted(void **state)
{
    struct cr_rate *r = cr_rate_new(64);

    (void)state;
    for (int i = 0; i < 10; i++)
        take(r, "attacker", 10, 0);
    for (int i = 0; i < 10000; i++) {
        char name[32];

        snprintf(name, sizeof(name), "other%d", i);
        assert_true(take(r, name, 10, 1));
    }
    assert_false(take(r, "attacker", 10, 2));
    cr_rate_free(r);
}

static void long_keys_are_taken(void **state)
{
    struct cr_rate *r = cr_rate_new(1);
    char key[2000];

    (void)state;
    memset(key, 'x', sizeof(key));
    key[sizeof(key) - 1] = '\0';
    assert_true(take(r, key, 1, 0));
    assert_false(take(r, key, 1, 0));
    cr_rate_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_full_bucket_gives_what_it_holds),
        cmocka_unit_test(it_refills_at_its_pace),
        cmocka_unit_test(refused_requests_cost_nothing),
        cmocka_unit_test(keys_and_kinds_are_apart),
        cmocka_unit_test(a_flood_of_names_does_not_free_the_exhausted),
        cmocka_unit_test(long_keys_are_taken),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
