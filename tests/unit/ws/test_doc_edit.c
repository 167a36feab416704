/* Who may edit, and what is no edit. */
#include "tests/unit/ws/fake.h"

#include "ydoc/edit.h"
#include "ydoc/yprotocol.h"

/* Told in our way, which message it was and why, and then in that of stock clients. */
static void assert_refused(struct fake_conn *c, uint64_t number, const char *reason)
{
    struct yd_message m = fake_expect_message(c, YD_MSG_REFUSED);

    assert_int_equal(m.count, number);
    m = fake_expect_message(c, YD_MSG_AUTH_DENIED);
    assert_memory_equal(m.payload, reason, strlen(reason));
}

static void viewer_is_told_and_nothing_changes(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, false);
    struct fake_conn *v = fake_doc(FILE_A, USER_B, CR_ROLE_VIEWER, true);

    (void)state;
    fake_send_text(v, 7, "forged");
    assert_refused(v, 1, "read-only: ");
    assert_null(fake_next(a));
    fake_assert_text(FILE_A, "");
    fake_save();
    assert_int_equal(fake_saved_count(v), 1);
    assert_int_equal(fake.appends, 0);
}

static void malformed_update_closes_and_changes_nothing(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, false);
    struct fake_conn *b = fake_doc(FILE_A, USER_B, CR_ROLE_EDITOR, false);
    struct yd_buf frame = {0};

    (void)state;
    fake_update(&frame, 7, "hi", false);
    frame.data[3] = 9; /* more clients than there are */
    fake_feed(a, frame.data, frame.len);
    fake_assert_closed(a, CR_ERR_INVALID);
    assert_null(fake_next(b));
    fake_assert_text(FILE_A, "");
    fake_save();
    assert_int_equal(fake.appends, 0);
    yd_buf_free(&frame);
}

/* An edit that follows one nobody sent. */
static void send_orphan(struct fake_conn *c, uint64_t client, size_t bytes)
{
    struct yd_buf u = {0}, frame = {0};
    uint8_t *text = cr_calloc(1, bytes);

    memset(text, 'x', bytes);
    yd_buf_put_varuint(&u, 1); /* one client with one struct, from clock 1000 on */
    yd_buf_put_varuint(&u, 1);
    yd_buf_put_varuint(&u, client);
    yd_buf_put_varuint(&u, 1000);
    yd_buf_append(&u, "\x84", 1); /* a string after (client, 999) */
    yd_buf_put_varuint(&u, client);
    yd_buf_put_varuint(&u, 999);
    yd_buf_put_bytes(&u, text, bytes);
    yd_buf_put_varuint(&u, 0);
    yd_message_sync_update(&frame, u.data, u.len);
    fake_feed(c, frame.data, frame.len);
    yd_buf_free(&u);
    yd_buf_free(&frame);
    free(text);
}

static void one_socket_cannot_fill_the_waiting_room(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, false);
    struct fake_conn *b = fake_doc(FILE_A, USER_B, CR_ROLE_EDITOR, false);

    (void)state;
    send_orphan(a, 7, CR_BUDGET_PENDING_BYTES / 2);
    assert_false(a->conn.closing);
    send_orphan(a, 8, CR_BUDGET_PENDING_BYTES);
    fake_assert_closed(a, CR_ERR_LIMIT);
    send_orphan(b, 9, 100);
    assert_false(b->conn.closing);
}

static void send_update(struct fake_conn *c, const uint8_t *update, size_t len)
{
    struct yd_buf frame = {0};

    yd_message_sync_update(&frame, update, len);
    fake_feed(c, frame.data, frame.len);
    yd_buf_free(&frame);
}

#define BYTES(...) (const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__})
#define ROOT_TEXT 1, 4, 't', 'e', 'x', 't'

/* The next frame is an update with these bytes. */
static void assert_told(struct fake_conn *c, const uint8_t *update, size_t len)
{
    struct yd_message m = fake_expect_message(c, YD_MSG_SYNC_UPDATE);

    assert_int_equal(m.payload_len, len);
    assert_memory_equal(m.payload, update, len);
}

/* Stock clients get slow when much waits in them. */
static void what_waits_is_told_to_nobody(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, false);
    struct fake_conn *b = fake_doc(FILE_A, USER_B, CR_ROLE_EDITOR, true);

    (void)state;
    send_update(a, BYTES(2, 1, 8, 4, 0x84, 8, 3, 1, '?', 1, 7, 0, 0x04, ROOT_TEXT, 1, '-', 0));
    assert_told(b, BYTES(1, 1, 7, 0, 0x04, ROOT_TEXT, 1, '-', 0));
    assert_true(yd_pending_bytes(fake_live(FILE_A)->doc) > 0);
    send_orphan(a, 9, 10);
    assert_null(fake_next(b));
    assert_null(fake_next(a));
    fake_save(); /* its author hears that all of it is stored, by what it sent */
    assert_int_equal(fake_take(a, NULL), YD_MSG_SYNC_UPDATE);
    assert_null(fake_next(a));
}

/* They throw when they get the whole of a struct of which they have collected a part. */
static void rest_of_what_was_collected_is_told_as_collected(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, true);
    struct fake_conn *b = fake_doc(FILE_A, USER_B, CR_ROLE_EDITOR, true);

    (void)state; /* a letter in a text in a map, which is deleted */
    send_update(a, BYTES(1, 2, 5, 0, 0x27, 1, 1, 'm', 1, 'k', 2, 0x04, 0, 5, 0, 1, 'x', 0));
    send_update(a, BYTES(0, 1, 5, 1, 0, 1));
    fake_flush(b);
    send_update(a, BYTES(1, 1, 5, 1, 0x04, ROOT_TEXT, 3, 'x', 'y', 'z', 0));
    assert_told(b, BYTES(1, 1, 5, 2, 0x00, 2, 0));
    fake_assert_text(FILE_A, "");
}

/* Whoever brings what others' edits waited for does not have those yet. */
static void what_waited_is_told_to_all(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, true);
    struct fake_conn *b = fake_doc(FILE_A, USER_B, CR_ROLE_EDITOR, true);

    (void)state;
    send_update(b, BYTES(1, 1, 9, 0, 0x84, 8, 0, 1, '2', 0));
    assert_null(fake_next(a));
    fake_send_text(a, 8, "1");
    for (int i = 0; i < 2; i++) {
        struct fake_conn *c = i ? b : a;
        struct yd_doc *doc = yd_doc_new(NULL);
        assert_int_equal(fake_take(c, doc), YD_MSG_SYNC_UPDATE);
        assert_int_equal(yd_text_len_utf8(doc, "text", 4), 2);
        assert_int_equal(yd_pending_bytes(doc), 0);
        assert_null(fake_next(c));
        yd_doc_free(doc);
    }
}

/* A stock client is told of it when its own edit is stored, since its own edit means that. */
static void what_waited_comes_back_with_a_stock_clients_edit(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, false);
    struct fake_conn *b = fake_doc(FILE_A, USER_B, CR_ROLE_EDITOR, true);
    struct yd_doc *doc = yd_doc_new(NULL);

    (void)state;
    send_update(b, BYTES(1, 1, 9, 0, 0x84, 8, 0, 1, '2', 0));
    fake_send_text(a, 8, "1");
    assert_null(fake_next(a));
    fake_save();
    assert_int_equal(fake_take(a, doc), YD_MSG_SYNC_UPDATE);
    assert_null(fake_next(a));
    assert_int_equal(yd_text_len_utf8(doc, "text", 4), 2);
    yd_doc_free(doc);
}

/* Who comes back with all that he knows does not have it stored again. */
static void what_is_known_is_not_stored_again(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, true);
    struct yd_doc *own = yd_doc_new(NULL);
    struct yd_buf all = {0};
    uint32_t seed = 1;
    char text[4096];

    (void)state;
    for (size_t i = 0; i < sizeof text; i++) /* that cannot be packed */
        text[i] = (char)('a' + (seed = seed * 1103515245 + 12345) / 65536 % 26);
    for (int i = 0; i < 2; i++) {
        struct yd_txn txn;

        assert_int_equal(yd_txn_begin(&txn, own, 7), 0);
        assert_int_equal(
            yd_text_insert(&txn, yd_root("text"), 0, text, i ? 1 : sizeof text, NULL, 0), 0);
        yd_txn_commit(&txn, NULL);
        all.len = 0;
        assert_int_equal(yd_encode_diff(own, NULL, 0, &all), 0);
        fake_send_update(a, &all);
        fake_save();
    }
    assert_int_equal(fake.log_count[0], 2);
    assert_true(fake.log[0][0].len > 1000);
    assert_in_range(fake.log[0][1].len, 1, 100);
    assert_int_equal(fake_saved_count(a), 2);
    assert_int_equal(yd_text_len_utf8(fake_live(FILE_A)->doc, "text", 4), sizeof text + 1);
    yd_buf_free(&all);
    yd_doc_free(own);
}

static void commenter_may_change_the_comments_only(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_COMMENTER, true);
    struct yd_buf u = {0}, frame = {0};

    (void)state;
    assert_int_equal(yd_encode_text_insert(7, "comments", 8, "nice", 4, &u), 0);
    yd_message_sync_update(&frame, u.data, u.len);
    fake_feed(a, frame.data, frame.len);
    assert_null(fake_next(a));
    fake_send_text(a, 8, "forged");
    assert_refused(a, 2, "read-only: "); /* the second message */
    fake_assert_text(FILE_A, "");
    assert_int_equal(yd_text_len_utf8(fake_live(FILE_A)->doc, "comments", 8), 4);
    yd_buf_free(&u);
    yd_buf_free(&frame);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, fake_setup, fake_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(viewer_is_told_and_nothing_changes),
        TEST(malformed_update_closes_and_changes_nothing),
        TEST(one_socket_cannot_fill_the_waiting_room),
        TEST(what_waits_is_told_to_nobody),
        TEST(rest_of_what_was_collected_is_told_as_collected),
        TEST(what_waited_is_told_to_all),
        TEST(what_waited_comes_back_with_a_stock_clients_edit),
        TEST(what_is_known_is_not_stored_again),
        TEST(commenter_may_change_the_comments_only),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
