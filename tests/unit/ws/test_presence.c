/* Presence under load: shares of the awareness table. */
#include "tests/unit/ws/fake.h"

#include "ydoc/yprotocol.h"

/* A state with so many bytes, owned by the caller. */
static char *large_state(size_t len)
{
    char *json = cr_malloc(len + 1);

    memset(json, 'x', len);
    memcpy(json, "{\"x\":\"", 6);
    memcpy(json + len - 2, "\"}", 3);
    return json;
}

static void one_socket_has_a_share_of_the_states(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_VIEWER, false);
    cr_auto_free char *json = large_state(CR_PRESENCE_STATE_BYTES);

    (void)state;
    for (uint64_t i = 1; i <= 3; i++)
        fake_say_state(a, i, 1, json);
    for (uint64_t clock = 2; clock < 40; clock++)
        fake_say_state(a, 1, clock, clock % 2 ? json : "{}");
    assert_false(a->conn.closing);
    fake_say_state(a, 4, 1, json);
    fake_say_state(a, 5, 1, json);
    assert_int_equal(a->conn.close_code, CR_ERR_LIMIT);
}

static void state_that_was_taken_over_counts_for_the_new_socket(void **state)
{
    struct fake_conn *old = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, false), *now;
    cr_auto_free char *json = large_state(CR_PRESENCE_STATE_BYTES);

    (void)state;
    for (uint64_t i = 1; i <= 3; i++)
        fake_say_state(old, i, 1, json);
    now = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, false);
    for (uint64_t i = 1; i <= 3; i++)
        fake_say_state(now, i, 2, json);
    for (uint64_t i = 11; i <= 13; i++)
        fake_say_state(old, i, 1, json);
    assert_false(old->conn.closing);
    assert_false(now->conn.closing);
    fake_close(old);
    assert_string_equal(fake_state_of(1), json);
    assert_string_equal(fake_state_of(11), "gone");
}

/* Viewers can fill the table together; nobody else may be closed for it. */
static void full_table_locks_nobody_out(void **state)
{
    cr_auto_free char *json = large_state(CR_PRESENCE_STATE_BYTES);
    struct fake_conn *crowd[100], *b;
    uint64_t client = 1;

    (void)state;
    for (size_t i = 0; i < CR_COUNT(crowd); i++) {
        crowd[i] = fake_doc(FILE_A, USER_A, CR_ROLE_VIEWER, false);
        for (int k = 0; k < 3; k++)
            fake_say_state(crowd[i], client++, 1, json);
        assert_false(crowd[i]->conn.closing);
    }
    b = fake_doc(FILE_A, USER_B, CR_ROLE_EDITOR, false);
    fake_say_state(b, 100000, 1, json);
    assert_false(b->conn.closing);
    assert_string_equal(fake_state_of(100000), "gone");
    fake_send_text(b, 100000, "hello");
    fake_assert_text(FILE_A, "hello");
    for (uint64_t i = 1; i < 2 * CR_PRESENCE_PER_SOCKET; i++)
        fake_say_state(b, 100000 + i, 1, json); /* nobody comes in: that is no share of his */
    assert_false(b->conn.closing);
    for (size_t i = 0; i < 50; i++)
        fake_close(crowd[i]);
    fake_say_state(b, 100000, 2, json);
    assert_string_equal(fake_state_of(100000), json);
}

static void small_state_fits_beside_a_large_one_that_does_not(void **state)
{
    cr_auto_free char *json = large_state(CR_PRESENCE_STATE_BYTES - 100);
    struct yd_buf body = {0}, frame = {0};
    uint64_t client = 1;
    struct fake_conn *b;

    (void)state;
    for (int i = 0; i < 100; i++) {
        struct fake_conn *c = fake_doc(FILE_A, USER_A, CR_ROLE_VIEWER, false);

        for (int k = 0; k < 3; k++)
            fake_say_state(c, client++, 1, json);
    }
    b = fake_doc(FILE_A, USER_B, CR_ROLE_EDITOR, false);
    yd_buf_put_varuint(&body, 2);
    yd_buf_put_varuint(&body, 100000);
    yd_buf_put_varuint(&body, 1);
    yd_buf_put_bytes(&body, json, strlen(json));
    yd_buf_put_varuint(&body, 100001);
    yd_buf_put_varuint(&body, 1);
    yd_buf_put_bytes(&body, "{}", 2);
    yd_message_awareness(&frame, body.data, body.len);
    fake_feed(b, frame.data, frame.len);
    assert_string_equal(fake_state_of(100000), "gone");
    assert_string_equal(fake_state_of(100001), "{}");
    yd_buf_free(&body);
    yd_buf_free(&frame);
}

/* A crowd's states are more than a socket should hold. Who has read them gets them once. */
static void large_presence_is_sent_once(void **state)
{
    cr_auto_free char *json = large_state(CR_PRESENCE_STATE_BYTES);
    struct fake_conn *b;
    int frames = 0;

    (void)state;
    for (uint64_t i = 0; i < 40; i++)
        fake_say_state(fake_doc(FILE_A, USER_A, CR_ROLE_VIEWER, false), 1 + i, 1, json);
    b = fake_open(CR_SOCKET_DOC, FILE_A, USER_B, CR_ROLE_EDITOR, false);
    fake_work();
    while (frames < 100 && fake_next(b))
        frames++;
    assert_int_equal(frames, 2); /* step 1, the states */
    assert_false(b->conn.muted);
}

/* An editor that hides and shows itself is one client. */
static void going_and_coming_back_introduces_nobody(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, false);

    (void)state;
    for (uint64_t clock = 1; clock < 300; clock++)
        fake_say_state(a, 7, clock, clock % 2 ? "{}" : "null");
    assert_false(a->conn.closing);
    assert_string_equal(fake_state_of(7), "{}");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fake_setup, fake_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(one_socket_has_a_share_of_the_states),
        TEST(state_that_was_taken_over_counts_for_the_new_socket),
        TEST(full_table_locks_nobody_out),
        TEST(small_state_fits_beside_a_large_one_that_does_not),
        TEST(large_presence_is_sent_once),
        TEST(going_and_coming_back_introduces_nobody),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
