/* Runs: their files, their output, what runners tell, input. */
#include "tests/unit/ws/fake.h"

#include "base/clock.h"

/* A room with a run that goes on, and the runner that has it. */
static struct fake_conn *running(struct fake_conn **s)
{
    struct fake_conn *a;

    fake.stored_state = CR_RUN_RUNNING;
    a = fake_room(USER_A, CR_ROLE_OWNER);
    *s = fake_service();
    fake_flush(a);
    return a;
}

static void say(struct fake_conn *s, const char *type, int64_t attempt, const char *rest)
{
    cr_auto_free char *json = cr_asprintf("{\"type\":\"%s\",\"run\":\"" RUN_1 "\",\"room\":\"" ROOM
                                          "\",\"attempt\":%lld,%s}",
                                          type, (long long)attempt, rest);

    fake_say(s, json);
}

static void say_running(struct fake_conn *s, int64_t attempt)
{
    say(s, "job.running", attempt, "\"phase\":\"run\",\"started_at\":1");
}

static void say_finished(struct fake_conn *s, int64_t attempt, const char *result)
{
    cr_auto_free char *rest = cr_asprintf("\"result\":{%s},\"finished_at\":1", result);

    say(s, "job.finished", attempt, rest);
}

static void say_output(struct fake_conn *s, int64_t attempt, uint64_t offset, const char *text)
{
    struct cr_output_frame f = {.run = RUN_1,
                                .room = ROOM,
                                .attempt = attempt,
                                .stream = CR_STREAM_STDOUT,
                                .offset = offset,
                                .data = (const uint8_t *)text,
                                .len = strlen(text)};
    CR_AUTO_BUF out = {0};

    cr_output_frame_write(&out, &f, true);
    fake_feed(s, out.data, out.len);
}

/* All program bytes that wait for this socket. */
static void assert_printed(struct fake_conn *c, const char *text)
{
    const struct cr_frame *f;
    CR_AUTO_BUF all = {0};

    while ((f = fake_next(c)) != NULL)
        if (!f->text)
            cr_buf_append(&all, f->data + CR_FRAME_OUTPUT_HEAD, f->len - CR_FRAME_OUTPUT_HEAD);
    assert_string_equal(cr_buf_cstr(&all), text);
}

static void run_takes_text_from_memory_and_from_the_store(void **state)
{
    struct fake_conn *room = fake_room(USER_A, CR_ROLE_OWNER);
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, false);
    struct fake_conn *b = fake_doc(FILE_B, USER_A, CR_ROLE_EDITOR, false);

    (void)state;
    fake_send_text(b, 7, "stored");
    fake_save();
    fake_close(b);
    cr_hub_second(&fake.hub, cr_mono_ms() + CR_ROOM_GRACE_MS + 1000);
    fake_work();
    assert_null(fake_live(FILE_B));
    fake_send_text(a, 8, "unsaved");
    fake_say(room, "{\"type\":\"run.start\",\"key\":\"12345678\",\"entry\":\"a.py\"}");
    fake_work();
    assert_int_equal(fake.inserted, 1);
    assert_int_equal(fake.last_job.file_count, 2);
    assert_string_equal(fake.last_job.files[0].path, "a.py");
    assert_string_equal((char *)fake.last_job.files[0].data, "unsaved");
    assert_string_equal((char *)fake.last_job.files[1].data, "stored");
    fake_expect(room, "\"state\":\"queued\"");
    fake_say(room, "{\"type\":\"run.start\",\"key\":\"12345678\",\"entry\":\"a.py\"}");
    fake_work();
    assert_int_equal(fake.inserted, 1);
}

/* A runner that polls claims the job before our insert's answer is handled. */
static void runner_that_is_faster_than_the_database_loses_no_output(void **state)
{
    struct fake_conn *a = fake_room(USER_A, CR_ROLE_OWNER), *s = fake_service();

    (void)state;
    fake_say(a, "{\"type\":\"run.start\",\"key\":\"12345678\",\"entry\":\"a.py\"}");
    fake_flush(a);
    memcpy(fake.insert_id, RUN_1, CR_ID_SIZE);
    say_running(s, 1);
    say_output(s, 1, 0, "quick ");
    assert_null(fake_next(a));
    fake_work();
    say_output(s, 1, 6, "fox");
    assert_printed(a, "quick fox");
    assert_int_equal(fake.hub.orphan_count, 0);
}

static void account_has_a_limit_of_runs(void **state)
{
    struct fake_conn *a = fake_room(USER_A, CR_ROLE_OWNER);

    (void)state;
    fake_say(a, "{\"type\":\"run.start\",\"key\":\"12345671\",\"entry\":\"a.py\"}");
    fake_say(a, "{\"type\":\"run.start\",\"key\":\"12345672\",\"entry\":\"a.py\"}");
    fake_say(a, "{\"type\":\"run.start\",\"key\":\"12345673\",\"entry\":\"a.py\"}");
    fake_expect(a, "\"code\":\"rate\"");
    fake_work();
    assert_int_equal(fake.inserted, 2);
}

static void output_that_comes_again_is_dropped(void **state)
{
    struct fake_conn *a, *late, *s;

    (void)state;
    a = running(&s);
    say_output(s, 1, 0, "hello ");
    say_output(s, 1, 0, "hello ");
    say_output(s, 1, 3, "lo world");
    assert_printed(a, "hello world");
    late = fake_room(USER_B, CR_ROLE_VIEWER);
    assert_printed(late, "hello world");
}

static void output_is_bounded_by_its_limit(void **state)
{
    struct fake_conn *s;
    char text[1025];

    (void)state;
    memset(text, 'x', 1024);
    text[1024] = '\0';
    running(&s);
    for (uint64_t i = 0; i < 200; i++)
        say_output(s, 1, i * 1024, text);
    assert_true(cr_run_find(cr_hub_find(&fake.hub, ROOM), RUN_1)->output_end <= 66 * 1024);
}

static void newer_attempt_starts_again_and_older_words_are_stale(void **state)
{
    struct fake_conn *a, *s;

    (void)state;
    a = running(&s);
    say_output(s, 1, 0, "old");
    say_output(s, 2, 0, "new");
    say_output(s, 1, 3, "stale");
    assert_printed(a, "oldnew");
    say_finished(s, 1, "\"verdict\":\"ok\"");
    assert_null(fake_next(a));
    say_finished(s, 2, "\"verdict\":\"exit\",\"exit_code\":3");
    fake_expect(a, "\"verdict\":\"exit\",\"exit_code\":3");
}

static void what_a_runner_said_before_anybody_came_is_kept(void **state)
{
    struct fake_conn *a, *s = fake_service();

    (void)state;
    say_output(s, 1, 0, "early");
    assert_int_equal(fake.hub.orphan_count, 1);
    fake.stored_state = CR_RUN_RUNNING;
    a = fake_room(USER_A, CR_ROLE_OWNER);
    assert_int_equal(fake.hub.orphan_count, 0);
    assert_printed(a, "early");
}

static void end_that_nobody_told_is_found(void **state)
{
    struct fake_conn *a, *s;

    (void)state;
    a = running(&s);
    say_output(s, 1, 0, "x");
    fake_flush(a);
    fake.stored_state = CR_RUN_FINISHED;
    fake_close(s);
    cr_hub_second(&fake.hub, cr_mono_ms());
    fake_work();
    fake_expect(a, "\"state\":\"finished\"");
}

static void lose_runner_after(struct fake_conn *a, struct fake_conn *s, int64_t attempt,
                              const char *stored)
{
    fake_flush(a);
    fake.stored_state = CR_RUN_FINISHED;
    fake.stored_attempt = attempt;
    fake.stored_output = stored;
    fake_close(s);
    cr_hub_second(&fake.hub, cr_mono_ms());
    fake_work();
}

static void output_that_no_runner_could_tell_comes_from_the_store(void **state)
{
    struct fake_conn *a, *s;

    (void)state;
    a = running(&s);
    say_output(s, 1, 0, "first ");
    lose_runner_after(a, s, 1, "first and last");
    assert_printed(a, "and last");
    s = fake_service();
    say_output(s, 1, 0, "first and last"); /* the runner is back and tells all again */
    assert_null(fake_next(a));
}

static void stored_output_of_a_newer_attempt_begins_again(void **state)
{
    struct fake_conn *a, *s;

    (void)state;
    a = running(&s);
    say_output(s, 1, 0, "lost attempt");
    lose_runner_after(a, s, 2, "whole");
    assert_printed(a, "whole");
}

static void waiting_run_hears_where_it_stands(void **state)
{
    struct fake_conn *a = fake_room(USER_A, CR_ROLE_OWNER);

    (void)state;
    memcpy(fake.insert_id, RUN_1, CR_ID_SIZE);
    fake_say(a, "{\"type\":\"run.start\",\"key\":\"12345678\",\"entry\":\"a.py\"}");
    fake_work();
    fake_flush(a);
    fake.queue_before = 4;
    cr_hub_second(&fake.hub, cr_mono_ms() + 1000);
    fake_work();
    fake_expect(a, "\"position\":5");
    cr_hub_second(&fake.hub, cr_mono_ms() + 1000);
    fake_work();
    assert_null(fake_next(a)); /* nothing moved */
    fake.queue_before = 0;
    cr_hub_second(&fake.hub, cr_mono_ms() + 1000);
    fake_work();
    fake_expect(a, "\"position\":1");
}

static void each_run_has_a_request_id_of_its_own(void **state)
{
    struct fake_conn *a = fake_room(USER_A, CR_ROLE_OWNER);

    (void)state;
    a->conn.request_id = cr_strdup("4f2a");
    fake_say(a, "{\"type\":\"run.start\",\"key\":\"12345671\",\"entry\":\"a.py\"}");
    fake_work();
    fake_expect(a, "\"request_id\":\"4f2a.1\"");
    fake_say(a, "{\"type\":\"run.start\",\"key\":\"12345672\",\"entry\":\"a.py\"}");
    fake_work();
    fake_expect(a, "\"request_id\":\"4f2a.2\"");
}

static void input_waits_for_the_runner(void **state)
{
    struct fake_conn *a, *s;
    CR_AUTO_BUF in = {0};

    (void)state;
    fake.stored_state = CR_RUN_RUNNING;
    a = fake_room(USER_A, CR_ROLE_OWNER);
    cr_stdin_frame_write(&in, RUN_1, "typed", 5);
    fake_feed(a, in.data, in.len);
    s = fake_service();
    fake_flush(s);
    say_running(s, 1);
    assert_int_equal(fake_next(s)->len, CR_FRAME_STDIN_HEAD + 5);
}

/* A runner takes no frame of 128 KiB: it would cut the connection that all its runs share. */
static void much_input_that_waits_comes_in_small_frames(void **state)
{
    struct fake_conn *a, *s;
    const struct cr_frame *f;
    size_t got = 0, sent = 4 * (60 * 1024);
    CR_AUTO_BUF in = {0};

    (void)state;
    fake.stored_state = CR_RUN_RUNNING;
    a = fake_room(USER_A, CR_ROLE_OWNER);
    for (int i = 0; i < 4; i++) {
        static const char typed[60 * 1024];

        cr_buf_reset(&in);
        cr_stdin_frame_write(&in, RUN_1, typed, sizeof typed);
        fake_feed(a, in.data, in.len);
    }
    s = fake_service();
    fake_flush(s);
    say_running(s, 1);
    while ((f = fake_next(s)) != NULL) {
        assert_true(f->len <= CR_LIMIT_ROOM_FRAME_BYTES);
        if (f->text)
            continue;
        got += f->len - CR_FRAME_STDIN_HEAD;
    }
    assert_int_equal(got, sent);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, fake_setup, fake_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(run_takes_text_from_memory_and_from_the_store),
        TEST(runner_that_is_faster_than_the_database_loses_no_output),
        TEST(account_has_a_limit_of_runs),
        TEST(output_that_comes_again_is_dropped),
        TEST(output_is_bounded_by_its_limit),
        TEST(newer_attempt_starts_again_and_older_words_are_stale),
        TEST(what_a_runner_said_before_anybody_came_is_kept),
        TEST(end_that_nobody_told_is_found),
        TEST(output_that_no_runner_could_tell_comes_from_the_store),
        TEST(stored_output_of_a_newer_attempt_begins_again),
        TEST(waiting_run_hears_where_it_stands),
        TEST(each_run_has_a_request_id_of_its_own),
        TEST(input_waits_for_the_runner),
        TEST(much_input_that_waits_comes_in_small_frames),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
