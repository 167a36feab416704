/* Documents are stored: batches, acknowledgements, a database that is away or refuses. */
#include "tests/unit/ws/fake.h"

#include "base/clock.h"

static void one_write_holds_all_dirty_documents(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, true);
    struct fake_conn *b = fake_doc(FILE_B, USER_A, CR_ROLE_EDITOR, true);

    (void)state;
    fake_send_text(a, 7, "one");
    fake_send_text(a, 8, "two");
    fake_send_text(b, 9, "three");
    fake_save();
    assert_int_equal(fake.appends, 1);
    assert_int_equal(fake.batches_in_last, 2);
    assert_int_equal(fake_saved_count(a), 2);
    assert_int_equal(fake_saved_count(b), 1);
    fake_save();
    assert_int_equal(fake.appends, 1);
}

static void what_is_stored_is_read_again(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, false);
    struct fake_conn *b;

    (void)state;
    fake_send_text(a, 7, "kept");
    fake_save();
    fake_close(a);
    cr_hub_second(&fake.hub, cr_mono_ms() + CR_ROOM_GRACE_MS + 1000);
    fake_work();
    assert_null(cr_hub_find(&fake.hub, ROOM));
    b = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, false);
    fake_assert_text(FILE_A, "kept");
    fake_send_text(b, 8, "more");
    fake_save();
    assert_int_equal(fake.log_count[0], 2);
}

static void failed_write_is_repeated_with_the_same_bytes(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, true);
    CR_AUTO_BUF first = {0};

    (void)state;
    fake.append_error = CR_ERR_UNAVAILABLE;
    fake_send_text(a, 7, "x");
    fake_save();
    cr_buf_append(&first, fake.last_bytes.data, fake.last_bytes.len);
    fake_send_text(a, 8, "y");
    assert_int_equal(fake_saved_count(a), -1);
    fake_save(); /* the back-off holds */
    assert_int_equal(fake.appends, 1);
    fake_heal();
    assert_int_equal(fake.last_seq, 1);
    assert_int_equal(fake.last_bytes.len, first.len);
    assert_memory_equal(fake.last_bytes.data, first.data, first.len);
    assert_int_equal(fake_saved_count(a), 1);
    fake_save();
    assert_int_equal(fake.log_count[0], 2);
    assert_int_equal(fake_saved_count(a), 2);
}

/* The state vector that is reported is that of these texts, and of nothing else. */
static void assert_saved(struct fake_conn *c, uint64_t count, const char *const *texts)
{
    struct yd_message m = fake_expect_message(c, YD_MSG_SAVED);
    struct yd_doc *doc = yd_doc_new(NULL);
    struct yd_buf sv = {0};

    assert_int_equal(m.count, count);
    for (uint64_t client = 7; *texts; client++, texts++) {
        struct yd_buf u = {0};

        yd_encode_text_insert(client, "text", 4, *texts, strlen(*texts), &u);
        assert_int_equal(yd_apply_update(doc, u.data, u.len, NULL), 0);
        yd_buf_free(&u);
    }
    yd_encode_state_vector(doc, &sv);
    assert_int_equal(m.payload_len, sv.len);
    assert_memory_equal(m.payload, sv.data, sv.len);
    yd_buf_free(&sv);
    yd_doc_free(doc);
}

static void edits_during_a_write_are_not_reported_by_it(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, true);

    (void)state;
    fake_send_text(a, 7, "x");
    fake_save_start();
    fake_send_text(a, 8, "yz");
    fake_save_start(); /* a write is on its way */
    fake_work();
    assert_int_equal(fake.appends, 1);
    assert_saved(a, 1, (const char *const[]){"x", NULL});
    fake_save();
    assert_saved(a, 2, (const char *const[]){"x", "yz", NULL});
}

/* The second client's message changes nothing, but only because of what is not stored yet. */
static void repeat_of_an_unsaved_edit_is_not_reported_before_it(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, false);
    struct fake_conn *b = fake_doc(FILE_A, USER_B, CR_ROLE_EDITOR, true);

    (void)state;
    fake.append_error = CR_ERR_UNAVAILABLE;
    fake_send_text(a, 7, "x");
    fake_send_text(b, 7, "x");
    fake_save();
    assert_int_equal(fake_saved_count(b), -1);
    fake_heal();
    assert_int_equal(fake_saved_count(b), 1);
}

/* The process whose room it is would be the only one to write: so it is not ours any more. */
static void other_writer_ends_the_room_and_it_is_read_again(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, true);
    struct fake_conn *b = fake_doc(FILE_B, USER_B, CR_ROLE_EDITOR, true);
    struct fake_conn *room = fake_room(USER_B, CR_ROLE_EDITOR);

    (void)state;
    fake.batch_error[0] = CR_ERR_CONFLICT;
    fake_send_text(a, 7, "x");
    fake_send_text(b, 8, "kept");
    fake_save();
    assert_int_equal(fake.log_count[1], 1); /* what came with it is stored */
    fake_assert_closed(a, CR_ERR_UNAVAILABLE);
    fake_assert_closed(b, CR_ERR_UNAVAILABLE);
    fake_assert_closed(room, CR_ERR_UNAVAILABLE);
    assert_null(cr_hub_find(&fake.hub, ROOM));
    fake.batch_error[0] = CR_ERR_NONE;
    fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, false);
    fake_doc(FILE_B, USER_A, CR_ROLE_EDITOR, false);
    fake_assert_text(FILE_A, "");
    fake_assert_text(FILE_B, "kept");
}

static void batch_that_is_refused_is_not_reported_and_harms_no_other(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, true);
    struct fake_conn *b = fake_doc(FILE_B, USER_B, CR_ROLE_EDITOR, true);

    (void)state;
    fake.batch_error[0] = CR_ERR_TOO_LARGE;
    fake_send_text(a, 7, "x");
    fake_send_text(b, 8, "y");
    fake_save();
    fake_assert_closed(a, CR_ERR_INTERNAL);
    assert_int_equal(fake_saved_count(a), -1);
    assert_int_equal(fake_saved_count(b), 1);
    assert_int_equal(fake.log_count[1], 1);
}

/* Whatever the store left in the batches' results. */
static void call_that_fails_stores_nothing(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, true);

    (void)state;
    fake.append_error = CR_ERR_TOO_LARGE; /* not one that is tried again */
    fake_send_text(a, 7, "x");
    fake_save();
    assert_int_equal(fake_saved_count(a), -1);
    fake_assert_closed(a, CR_ERR_INTERNAL);
    fake.append_error = CR_ERR_NONE;
    fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, false);
    fake_assert_text(FILE_A, "");
}

static void writers_wait_when_too_much_waits(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, false);
    struct fake_conn *b = fake_doc(FILE_A, USER_B, CR_ROLE_EDITOR, false);
    char *text = cr_malloc(3 * 1024 * 1024 + 1);

    (void)state;
    memset(text, 'x', 3 * 1024 * 1024);
    text[3 * 1024 * 1024] = '\0';
    fake.append_error = CR_ERR_UNAVAILABLE;
    for (uint64_t i = 1; i <= 3; i++)
        fake_send_text(a, i, text);
    fake_send_text(a, 4, "y");
    assert_true(a->conn.holding); /* felt as a slow line */
    assert_int_equal(yd_text_len_utf8(fake_live(FILE_A)->doc, "text", 4), 6 * 1024 * 1024);
    fake_send_text(b, 5, "z"); /* there is room for a small one */
    fake_save();               /* the database is away */
    cr_hub_second(&fake.hub, cr_mono_ms());
    assert_true(a->conn.holding);
    assert_int_equal(yd_text_len_utf8(fake_live(FILE_A)->doc, "text", 4), 6 * 1024 * 1024 + 1);
    fake_heal();
    assert_false(a->conn.closing || a->conn.holding);
    assert_int_equal(yd_text_len_utf8(fake_live(FILE_A)->doc, "text", 4), 9 * 1024 * 1024 + 2);
    fake_save();
    assert_int_equal(fake.log_count[0], 2);
    assert_true(cr_hub_is_saved(&fake.hub));
    free(text);
}

static void document_with_unsaved_edits_stays_in_memory(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, false);

    (void)state;
    fake.append_error = CR_ERR_UNAVAILABLE;
    fake_send_text(a, 7, "x");
    fake_save();
    fake_close(a);
    cr_hub_second(&fake.hub, cr_mono_ms() + CR_ROOM_GRACE_MS + 1000);
    fake_work();
    fake_assert_text(FILE_A, "x");
    assert_false(cr_hub_is_saved(&fake.hub));
    fake.append_error = CR_ERR_NONE;
    cr_hub_drain(&fake.hub);
    fake_work();
    assert_true(cr_hub_is_saved(&fake.hub));
    assert_int_equal(fake.log_count[0], 1);
}

static void full_pool_keeps_the_edits(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, true);

    (void)state;
    fake_send_text(a, 7, "x");
    fake.pool_full = true;
    fake_save();
    fake.pool_full = false;
    cr_hub_save(&fake.hub, cr_mono_ms() + 10000);
    fake_work();
    assert_int_equal(fake_saved_count(a), 1);
}

/* Acknowledgements look at those who wrote only; who leaves is not among them any more. */
static void writer_who_leaves_is_no_longer_told(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, true);
    struct fake_conn *b = fake_doc(FILE_A, USER_B, CR_ROLE_EDITOR, true);
    struct fake_conn *c = fake_doc(FILE_A, USER_B, CR_ROLE_EDITOR, true);

    (void)state;
    fake_send_text(a, 7, "a");
    fake_send_text(b, 8, "b");
    fake_send_text(c, 9, "c");
    fake_save_start();
    fake_close(b);
    fake_send_text(a, 10, "d"); /* not in the batch */
    fake_work();
    assert_int_equal(fake_saved_count(a), 1);
    assert_int_equal(fake_saved_count(c), 1);
    fake_close(c); /* is owed nothing */
    fake_save();
    assert_int_equal(fake_saved_count(a), 2);
    assert_null(fake_live(FILE_A)->owed);
}

/* The timer is set late for a room that must wait; another room's edits are not to wait with it. */
static void room_that_backs_off_delays_no_other(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, false);
    int armed;

    (void)state;
    fake.append_error = CR_ERR_UNAVAILABLE;
    fake_send_text(a, 7, "x");
    fake_save();
    fake_save_start();
    armed = fake.armed;
    cr_hub_arm_save(&fake.hub, fake.hub.o.save_interval_ms);
    assert_int_equal(fake.armed, armed + 1);
    cr_hub_arm_save(&fake.hub, fake.hub.o.save_interval_ms + 1000);
    assert_int_equal(fake.armed, armed + 1);
    fake.append_error = CR_ERR_NONE;
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, fake_setup, fake_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(one_write_holds_all_dirty_documents),
        TEST(what_is_stored_is_read_again),
        TEST(failed_write_is_repeated_with_the_same_bytes),
        TEST(edits_during_a_write_are_not_reported_by_it),
        TEST(repeat_of_an_unsaved_edit_is_not_reported_before_it),
        TEST(other_writer_ends_the_room_and_it_is_read_again),
        TEST(batch_that_is_refused_is_not_reported_and_harms_no_other),
        TEST(call_that_fails_stores_nothing),
        TEST(writers_wait_when_too_much_waits),
        TEST(document_with_unsaved_edits_stays_in_memory),
        TEST(full_pool_keeps_the_edits),
        TEST(writer_who_leaves_is_no_longer_told),
        TEST(room_that_backs_off_delays_no_other),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
