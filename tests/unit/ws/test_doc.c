/* Live documents: fan-out, opening, budgets, quiet sockets. */
#include "tests/unit/ws/fake.h"

#include "base/clock.h"
#include "ydoc/yprotocol.h"

static void edit_goes_to_all_but_its_sender_as_it_came(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, false);
    struct fake_conn *b = fake_doc(FILE_A, USER_B, CR_ROLE_VIEWER, false);
    struct fake_conn *other = fake_doc(FILE_B, USER_B, CR_ROLE_EDITOR, false);
    struct yd_buf frame = {0};
    const struct cr_frame *got;

    (void)state;
    fake_update(&frame, 7, "hi", false);
    fake_feed(a, frame.data, frame.len);
    got = fake_next(b);
    assert_non_null(got);
    assert_int_equal(got->len, frame.len);
    assert_memory_equal(got->data, frame.data, frame.len);
    assert_null(fake_next(b));
    assert_null(fake_next(a));
    assert_null(fake_next(other));
    fake_assert_text(FILE_A, "hi");
    fake_feed(a, frame.data, frame.len); /* again: nothing new */
    assert_null(fake_next(b));
    yd_buf_free(&frame);
}

static void step2_is_relayed_as_an_update(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, false);
    struct fake_conn *b = fake_doc(FILE_A, USER_B, CR_ROLE_EDITOR, false);
    struct yd_buf frame = {0};

    (void)state;
    fake_update(&frame, 7, "hi", true);
    fake_feed(a, frame.data, frame.len);
    fake_expect_message(b, YD_MSG_SYNC_UPDATE);
    yd_buf_free(&frame);
}

static void early_messages_wait_until_the_document_is_loaded(void **state)
{
    struct fake_conn *a = fake_open(CR_SOCKET_DOC, FILE_A, USER_A, CR_ROLE_EDITOR, false);

    (void)state;
    fake_send_text(a, 7, "early");
    assert_null(fake_next(a));
    fake_work();
    fake_assert_text(FILE_A, "early");
    assert_non_null(fake_next(a)); /* step 1 */
}

static void socket_that_leaves_while_loading_is_no_problem(void **state)
{
    struct fake_conn *a = fake_open(CR_SOCKET_DOC, FILE_A, USER_A, CR_ROLE_EDITOR, false);

    (void)state;
    fake_close(a);
    fake_work();
    assert_non_null(fake_live(FILE_A));
}

static void unknown_file_is_not_found(void **state)
{
    struct fake_conn *a = fake_doc("nofile00000000000000", USER_A, CR_ROLE_EDITOR, false);

    (void)state;
    fake_assert_closed(a, CR_ERR_NOT_FOUND);
}

static void asking_for_the_whole_document_in_a_loop_slows_the_asker(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_VIEWER, false);
    struct yd_buf frame = {0};
    const uint8_t nothing = 0; /* the state vector of an empty document */

    (void)state;
    yd_message_sync_step1(&frame, &nothing, 1);
    for (int i = 0; i < CR_BUDGET_ASKS_BURST; i++)
        fake_feed(a, frame.data, frame.len);
    assert_int_equal(a->paused_ms, 0);
    fake_feed(a, frame.data, frame.len);
    assert_in_range(a->paused_ms, 1,
                    1000 / CR_BUDGET_ASKS_PER_S + 100); /* about when the next is free */
    assert_false(a->conn.closing);
    yd_buf_free(&frame);
}

static void quiet_socket_gets_a_step1(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, false);

    (void)state;
    cr_hub_second(&fake.hub, cr_mono_ms() + 20000);
    assert_null(fake_next(a));
    cr_hub_second(&fake.hub, cr_mono_ms() + CR_DOC_QUIET_MS + 10);
    fake_expect_message(a, YD_MSG_SYNC_STEP1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, fake_setup, fake_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(edit_goes_to_all_but_its_sender_as_it_came),
        TEST(step2_is_relayed_as_an_update),
        TEST(early_messages_wait_until_the_document_is_loaded),
        TEST(socket_that_leaves_while_loading_is_no_problem),
        TEST(unknown_file_is_not_found),
        TEST(asking_for_the_whole_document_in_a_loop_slows_the_asker),
        TEST(quiet_socket_gets_a_step1),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
