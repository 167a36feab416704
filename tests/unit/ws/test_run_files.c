/* Where a run's files come from: memory where they are there, the database together for the rest.
 */
#include "tests/unit/ws/fake.h"

#include "base/clock.h"

#define RUN "{\"type\":\"run.start\",\"key\":\"%s\",\"entry\":\"a.py\"}"

static void run(struct fake_conn *r, const char *key)
{
    char json[128];

    snprintf(json, sizeof json, RUN, key);
    fake_say(r, json);
    fake_work();
}

static void assert_file(const char *path, const char *text)
{
    for (size_t i = 0; i < fake.last_job.file_count; i++) {
        if (strcmp(fake.last_job.files[i].path, path) != 0)
            continue;
        assert_int_equal(fake.last_job.files[i].len, strlen(text));
        assert_memory_equal(fake.last_job.files[i].data, text, strlen(text));
        return;
    }
    fail_msg("the job has no %s", path);
}

static void cool(void)
{
    cr_hub_second(&fake.hub, cr_mono_ms() + CR_DOC_COOL_MS + 1000);
    fake_work();
}

static void warm_documents_are_not_read_from_the_database(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, true);
    struct fake_conn *r = fake_room(USER_A, CR_ROLE_EDITOR);

    (void)state;
    fake_doc(FILE_B, USER_A, CR_ROLE_EDITOR, true);
    fake_send_text(a, 7, "print(1)");
    fake_save();
    cool();
    assert_null(fake_live(FILE_A)->doc);
    run(r, "key-00001");
    assert_int_equal(fake.texts_read, 0);
    assert_file("a.py", "print(1)");
    assert_file("b.py", "");
    assert_null(fake_live(FILE_A)->doc); /* and they stay warm */
    fake_send_text(a, 8, "!");           /* decoded again: not stored yet */
    run(r, "key-00002");
    assert_int_equal(fake.texts_read, 0);
    assert_int_equal(fake.last_job.files[0].len, 9);
}

static void files_that_nobody_has_open_are_read_together(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, true);
    struct fake_conn *b = fake_doc(FILE_B, USER_A, CR_ROLE_EDITOR, true);
    struct fake_conn *r;

    (void)state;
    fake_send_text(a, 7, "one");
    fake_send_text(b, 8, "two");
    fake_save();
    fake_close(a);
    fake_close(b);
    cr_hub_second(&fake.hub, cr_mono_ms() + CR_ROOM_GRACE_MS + 1000);
    fake_work();
    r = fake_room(USER_A, CR_ROLE_EDITOR);
    assert_null(fake_live(FILE_A));
    run(r, "key-00001");
    assert_int_equal(fake.texts_read, 2);
    assert_file("a.py", "one");
    assert_file("b.py", "two");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fake_setup, fake_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(warm_documents_are_not_read_from_the_database),
        TEST(files_that_nobody_has_open_are_read_together),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
