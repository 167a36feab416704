/* Live rooms: people, changes from outside, limits. */
#include "tests/unit/ws/fake.h"

#include "base/clock.h"

static void change_room(void)
{
    fake.rev++;
    cr_hub_watch(&fake.hub);
    fake_work();
}

static void welcome_comes_first_and_others_hear_of_it(void **state)
{
    struct fake_conn *a = fake_room(USER_A, CR_ROLE_OWNER);
    struct fake_conn *b;

    (void)state;
    fake_expect(a, "\"type\":\"welcome\"");
    b = fake_room(USER_B, CR_ROLE_EDITOR);
    fake_expect(a, "\"type\":\"presence.joined\"");
    fake_close(b);
    fake_expect(a, "\"type\":\"presence.left\"");
}

static void room_that_is_gone_is_not_found(void **state)
{
    struct fake_conn *a;

    (void)state;
    fake.room_exists = false;
    a = fake_room(USER_A, CR_ROLE_OWNER);
    assert_int_equal(a->conn.close_code, CR_ERR_NOT_FOUND);
}

static void role_change_reaches_all_sockets_of_the_person(void **state)
{
    struct fake_conn *room = fake_room(USER_B, CR_ROLE_EDITOR);
    struct fake_conn *doc = fake_doc(FILE_A, USER_B, CR_ROLE_EDITOR, false);

    (void)state;
    fake.role_b = CR_ROLE_VIEWER;
    change_room();
    fake_expect(room, "\"type\":\"role.changed\",\"role\":\"viewer\"");
    fake_send_text(doc, 7, "x");
    fake_assert_text(FILE_A, "");
    fake.role_b = CR_ROLE_NONE;
    change_room();
    assert_int_equal(room->conn.close_code, CR_ERR_FORBIDDEN);
    assert_int_equal(doc->conn.close_code, CR_ERR_FORBIDDEN);
}

/* The role was read, then changed, then the socket was attached. */
static void role_that_changed_while_joining_is_noticed(void **state)
{
    struct fake_conn *a = fake_room(USER_A, CR_ROLE_OWNER);
    struct fake_conn *b;

    (void)state;
    fake_flush(a);
    fake.role_b = CR_ROLE_VIEWER;
    change_room();
    fake.rev--; /* b's handshake saw the revision before */
    b = fake_open(CR_SOCKET_ROOM, NULL, USER_B, CR_ROLE_EDITOR, false);
    fake.rev++;
    fake_work();
    fake_expect(b, "\"type\":\"role.changed\",\"role\":\"viewer\"");
}

/* Our look at the room began before somebody became a member, and ends after he came in. */
static void old_news_of_the_members_ends_no_newer_socket(void **state)
{
    struct fake_conn *a = fake_room(USER_A, CR_ROLE_OWNER);
    struct fake_conn *b;

    (void)state;
    fake.role_b = CR_ROLE_NONE;
    fake.rev++;
    cr_hub_notify(&fake.hub, ROOM);
    fake.rev++; /* what the handshake sees: he is a member now */
    b = fake_open(CR_SOCKET_ROOM, NULL, USER_B, CR_ROLE_EDITOR, false);
    fake.rev--;
    fake_done(); /* the look from before */
    assert_false(b->conn.closing);
    fake.rev++;
    fake.role_b = CR_ROLE_EDITOR;
    fake_work();
    assert_false(b->conn.closing);
    assert_false(a->conn.closing);
    fake.role_b = CR_ROLE_NONE;
    change_room();
    assert_int_equal(b->conn.close_code, CR_ERR_FORBIDDEN);
}

/* The role was read, then changed, then the room was read for the first time. */
static void role_that_changed_before_the_room_opened_is_noticed(void **state)
{
    struct fake_conn *room = fake_open(CR_SOCKET_ROOM, NULL, USER_B, CR_ROLE_EDITOR, false);
    struct fake_conn *doc = fake_open(CR_SOCKET_DOC, FILE_A, USER_B, CR_ROLE_EDITOR, false);

    (void)state;
    fake.role_b = CR_ROLE_NONE;
    fake.rev++;
    fake_work();
    cr_hub_watch(&fake.hub);
    fake_work();
    assert_int_equal(room->conn.close_code, CR_ERR_FORBIDDEN);
    assert_int_equal(doc->conn.close_code, CR_ERR_FORBIDDEN);
}

/* The file was made, and we have not seen the tree with it yet. */
static void new_file_opens_before_the_room_was_read_again(void **state)
{
    struct fake_conn *a, *b;

    (void)state;
    fake.file_b_exists = false;
    a = fake_room(USER_A, CR_ROLE_OWNER);
    fake.file_b_exists = true;
    fake.rev++;
    fake.tree_rev++;
    b = fake_doc(FILE_B, USER_A, CR_ROLE_EDITOR, false);
    assert_false(b->conn.closing);
    fake_send_text(b, 7, "x");
    fake_assert_text(FILE_B, "x");
    assert_false(a->conn.closing);
}

static void unknown_file_is_not_found_when_the_room_was_read_again(void **state)
{
    struct fake_conn *a, *b;

    (void)state;
    fake.file_b_exists = false;
    a = fake_room(USER_A, CR_ROLE_OWNER);
    b = fake_doc(FILE_B, USER_A, CR_ROLE_EDITOR, false);
    assert_int_equal(b->conn.close_code, CR_ERR_NOT_FOUND);
    fake.rev++; /* another change, the tree is the same */
    b = fake_doc(FILE_B, USER_A, CR_ROLE_EDITOR, false);
    assert_int_equal(b->conn.close_code, CR_ERR_NOT_FOUND);
    assert_false(a->conn.closing);
}

static void deleted_file_and_room_close_their_sockets(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, false);
    struct fake_conn *b = fake_doc(FILE_B, USER_A, CR_ROLE_EDITOR, false);

    (void)state;
    fake.file_b_exists = false;
    fake.tree_rev++;
    change_room();
    assert_int_equal(b->conn.close_code, CR_ERR_NOT_FOUND);
    assert_false(a->conn.closing);
    fake.room_exists = false;
    cr_hub_notify(&fake.hub, ROOM);
    fake_work();
    assert_int_equal(a->conn.close_code, CR_ERR_GONE);
}

static void flood_is_closed(void **state)
{
    struct fake_conn *a = fake_room(USER_A, CR_ROLE_OWNER);

    (void)state;
    for (int i = 0; i < CR_ROOM_MESSAGES_BURST; i++)
        fake_say(a, "{\"type\":\"ping\"}");
    assert_false(a->conn.closing);
    for (int i = 0; i < 50; i++)
        fake_say(a, "{\"type\":\"ping\"}");
    assert_int_equal(a->conn.close_code, CR_ERR_RATE);
}

static void errors_name_field_and_ref(void **state)
{
    struct fake_conn *a = fake_room(USER_A, CR_ROLE_OWNER);

    (void)state;
    fake_say(a, "{\"type\":\"run.stop\",\"run\":\"x\",\"ref\":\"r\"}");
    fake_expect(a, "\"field\":\"run\",\"ref\":\"r\"");
    fake_say(a, "{\"type\":\"nothing\"}");
    fake_expect(a, "\"field\":\"type\"");
    assert_false(a->conn.closing);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, fake_setup, fake_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(welcome_comes_first_and_others_hear_of_it),
        TEST(room_that_is_gone_is_not_found),
        TEST(role_change_reaches_all_sockets_of_the_person),
        TEST(role_that_changed_while_joining_is_noticed),
        TEST(old_news_of_the_members_ends_no_newer_socket),
        TEST(role_that_changed_before_the_room_opened_is_noticed),
        TEST(new_file_opens_before_the_room_was_read_again),
        TEST(unknown_file_is_not_found_when_the_room_was_read_again),
        TEST(deleted_file_and_room_close_their_sockets),
        TEST(flood_is_closed),
        TEST(errors_name_field_and_ref),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
