/* Whose output a daemon asks a runner for, and how long it keeps what is nobody's here. */
#include "tests/unit/ws/fake.h"

#include "base/clock.h"

static void say_running(struct fake_conn *s)
{
    fake_say(s, "{\"type\":\"job.running\",\"run\":\"" RUN_1 "\",\"room\":\"" ROOM
                "\",\"attempt\":1,\"phase\":\"run\",\"started_at\":1}");
}

static bool asked(struct fake_conn *s)
{
    const struct cr_frame *f;
    bool found = false;

    while ((f = fake_next(s)) != NULL)
        found |= memmem(f->data, f->len, "\"job.watch\"", 11) != NULL;
    return found;
}

static void run_of_another_ones_room_is_not_asked_for(void **state)
{
    struct fake_conn *s = fake_service();

    (void)state;
    say_running(s);
    assert_false(asked(s));
}

static void run_that_was_here_before_us_is_asked_for(void **state)
{
    struct fake_conn *s = fake_service();

    (void)state;
    fake.stored_state = CR_RUN_RUNNING;
    fake.stored_attempt = 1;
    fake_room(USER_A, CR_ROLE_OWNER);
    say_running(s);
    assert_true(asked(s));
}

static void run_whose_room_opens_later_is_asked_for_then(void **state)
{
    struct fake_conn *s = fake_service();

    (void)state;
    say_running(s);
    assert_false(asked(s));
    fake.stored_state = CR_RUN_RUNNING;
    fake.stored_attempt = 1;
    fake_room(USER_A, CR_ROLE_OWNER);
    assert_true(asked(s));
}

static void run_that_we_rang_for_needs_no_asking(void **state)
{
    struct fake_conn *s = fake_service(), *a = fake_room(USER_A, CR_ROLE_OWNER);

    (void)state;
    snprintf(fake.insert_id, sizeof fake.insert_id, "%s", RUN_1);
    fake_say(a, "{\"type\":\"run.start\",\"key\":\"key-00001\",\"entry\":\"a.py\"}");
    fake_work();
    say_running(s);
    assert_false(asked(s));
}

static void finished_run_of_no_room_is_soon_forgotten(void **state)
{
    struct fake_conn *s = fake_service();

    (void)state;
    say_running(s);
    cr_run_orphans_second(&fake.hub, cr_mono_ms() + 60000);
    assert_int_equal(fake.hub.orphan_count, 1);
    fake_say(s, "{\"type\":\"job.finished\",\"run\":\"" RUN_1 "\",\"room\":\"" ROOM
                "\",\"attempt\":1,\"finished_at\":2,\"result\":{\"verdict\":\"ok\"}}");
    cr_run_orphans_second(&fake.hub, cr_mono_ms() + 20000);
    assert_int_equal(fake.hub.orphan_count, 1);
    cr_run_orphans_second(&fake.hub, cr_mono_ms() + 31000);
    assert_int_equal(fake.hub.orphan_count, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fake_setup, fake_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(run_of_another_ones_room_is_not_asked_for),
        TEST(run_that_was_here_before_us_is_asked_for),
        TEST(run_whose_room_opens_later_is_asked_for_then),
        TEST(run_that_we_rang_for_needs_no_asking),
        TEST(finished_run_of_no_room_is_soon_forgotten),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
