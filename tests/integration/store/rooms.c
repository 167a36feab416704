/* Rooms, their lists, revisions and deletion; chat. */
#include "suite.h"

static void room_is_there_with_its_owner_and_tree(void **state)
{
    char user[CR_ID_SIZE], room[CR_ID_SIZE];
    struct cr_room r;
    struct cr_tree t;
    enum cr_role role;
    int64_t owned = 0;

    (void)state;
    new_user(user);
    new_room(user, room);
    OK(cr_store_room_get(store, room, &r, &err));
    assert_string_equal(r.owner_id, user);
    assert_string_equal(r.name, "Room");
    assert_string_equal(r.language, "python");
    assert_int_equal(r.rev, 1);
    cr_room_clear(&r);
    OK(cr_store_member_role(store, room, user, &role, &err));
    assert_int_equal(role, CR_ROLE_OWNER);
    OK(cr_store_tree_get(store, room, &t, &err));
    assert_non_null(cr_tree_find_path(&t, "src/main.py"));
    cr_tree_clear(&t);
    OK(cr_store_room_count_owned(store, user, &owned, &err));
    assert_int_equal(owned, 1);
}

static void rename_and_touch_bump_the_revision(void **state)
{
    char user[CR_ID_SIZE], room[CR_ID_SIZE];
    struct cr_room r;

    (void)state;
    new_user(user);
    new_room(user, room);
    OK(cr_store_room_rename(store, room, "Neu", 77, &err));
    OK(cr_store_room_touch(store, room, 88, &err));
    OK(cr_store_room_get(store, room, &r, &err));
    assert_string_equal(r.name, "Neu");
    assert_int_equal(r.rev, 3);
    assert_int_equal(r.updated_ms, 88);
    cr_room_clear(&r);
    FAILS(CR_ERR_NOT_FOUND, cr_store_room_rename(store, user, "x", 1, &err));
    FAILS(CR_ERR_NOT_FOUND, cr_store_room_touch(store, user, 1, &err));
}

static void lists_are_paged_last_changed_first(void **state)
{
    char user[CR_ID_SIZE], rooms[5][CR_ID_SIZE];
    struct cr_room_list l;
    char cursor[sizeof(l.next)] = "";
    int seen = 0, pages = 0;

    (void)state;
    new_user(user);
    for (int i = 0; i < 5; i++) {
        new_room(user, rooms[i]);
        OK(cr_store_room_touch(store, rooms[i], 1000 + i / 2, &err)); /* some are equal */
    }
    do {
        OK(cr_store_room_list(store, user, cursor, 2, &l, &err));
        for (size_t i = 0; i < l.count; i++, seen++) {
            assert_int_equal(l.items[i].room.updated_ms, 1000 + (4 - seen) / 2);
            assert_int_equal(l.items[i].role, CR_ROLE_OWNER);
        }
        memcpy(cursor, l.next, sizeof(cursor));
        cr_room_list_clear(&l);
        pages++;
    } while (cursor[0] && pages < 10);
    assert_int_equal(seen, 5);
    assert_int_equal(pages, 3);
    FAILS(CR_ERR_INVALID, cr_store_room_list(store, user, "x", 2, &l, &err));
    FAILS(CR_ERR_INVALID, cr_store_room_list(store, user, "1:{$ne}", 2, &l, &err));
    FAILS(CR_ERR_INVALID, cr_store_room_list(store, user, "", 0, &l, &err));
    OK(cr_store_room_list(store, "nobody", "", 2, &l, &err));
    assert_int_equal(l.count, 0);
}

static void revisions_of_many_rooms_come_in_order(void **state)
{
    char user[CR_ID_SIZE];
    char ids[600][CR_ID_SIZE];
    int64_t revs[600];

    (void)state;
    new_user(user);
    for (int i = 0; i < 600; i++)
        cr_id_new(ids[i]);
    new_room(user, ids[3]);
    new_room(user, ids[599]);
    OK(cr_store_room_touch(store, ids[599], 5, &err));
    OK(cr_store_room_revs(store, ids, 600, revs, &err));
    for (int i = 0; i < 600; i++)
        assert_int_equal(revs[i], i == 3 ? 1 : i == 599 ? 2 : 0);
    OK(cr_store_room_revs(store, ids, 0, revs, &err));
}

static void chat_is_kept_in_order(void **state)
{
    char user[CR_ID_SIZE], room[CR_ID_SIZE];
    struct cr_chat_list l;
    char text[32];

    (void)state;
    new_user(user);
    new_room(user, room);
    for (int i = 0; i < 5; i++) {
        struct cr_chat c = {.name = (char *)"Ada", .text = text, .created_ms = 100 + i};

        snprintf(text, sizeof(text), "text %d", i);
        cr_id_new(c.id);
        memcpy(c.room_id, room, CR_ID_SIZE);
        OK(cr_store_chat_insert(store, &c, &err));
        OK(cr_store_chat_insert(store, &c, &err));
    }
    OK(cr_store_chat_last(store, room, 3, &l, &err));
    assert_int_equal(l.count, 3);
    assert_string_equal(l.items[0].text, "text 2");
    assert_string_equal(l.items[2].text, "text 4");
    assert_string_equal(l.items[2].user_id, "");
    assert_string_equal(l.items[2].room_id, room);
    cr_chat_list_clear(&l);
    FAILS(CR_ERR_INVALID, cr_store_chat_last(store, room, 0, &l, &err));
}

static void fill_room(const char *room, const char *user, char job[CR_ID_SIZE])
{
    struct cr_chat c = {.name = (char *)"a", .text = (char *)"b", .created_ms = 1};
    struct cr_grant g = {.role = CR_ROLE_EDITOR, .created_ms = 1, .expires_ms = T0};
    char member[CR_ID_SIZE];

    (void)user;
    cr_id_new(c.id);
    memcpy(c.room_id, room, CR_ID_SIZE);
    OK(cr_store_chat_insert(store, &c, &err));
    cr_id_new(g.id);
    memcpy(g.room_id, room, CR_ID_SIZE);
    OK(cr_store_grant_insert(store, CR_GRANT_TOKEN, &g, fresh("hash"), &err));
    new_user(member);
    OK(cr_store_member_put(store, room, member, CR_ROLE_VIEWER, false, 1, &err));
    OK(cr_store_doc_append(store, room, room, 1, (const uint8_t *)"x", 1, 1, &err));
    new_job(room, "none", 1, job);
}

static int count_batch(void *ctx, int64_t seq, const uint8_t *data, size_t len)
{
    (void)seq, (void)data, (void)len;
    ++*(int *)ctx;
    return 0;
}

static void nothing_is_left(const char *room, const char *user, const char *job)
{
    struct cr_room r;
    struct cr_tree t;
    struct cr_chat_list chat;
    struct cr_member_list members;
    struct cr_grant_list grants;
    struct cr_run run;
    enum cr_role role;
    int batches = 0;

    FAILS(CR_ERR_NOT_FOUND, cr_store_room_get(store, room, &r, &err));
    FAILS(CR_ERR_NOT_FOUND, cr_store_tree_get(store, room, &t, &err));
    FAILS(CR_ERR_NOT_FOUND, cr_store_run_get(store, room, job, &run, &err));
    OK(cr_store_member_role(store, room, user, &role, &err));
    assert_int_equal(role, CR_ROLE_NONE);
    OK(cr_store_chat_last(store, room, 10, &chat, &err));
    assert_int_equal(chat.count, 0);
    OK(cr_store_member_list(store, room, &members, &err));
    assert_int_equal(members.count, 0);
    OK(cr_store_grant_list(store, CR_GRANT_TOKEN, room, 1, &grants, &err));
    assert_int_equal(grants.count, 0);
    OK(cr_store_doc_read(store, room, room, 0, count_batch, &batches, &err));
    assert_int_equal(batches, 0);
}

static void a_deleted_room_takes_everything_along(void **state)
{
    char user[CR_ID_SIZE], room[CR_ID_SIZE], other[CR_ID_SIZE], job[CR_ID_SIZE];
    struct cr_room r;

    (void)state;
    new_user(user);
    new_room(user, room);
    new_room(user, other);
    fill_room(room, user, job);
    OK(cr_store_room_delete(store, room, &err));
    nothing_is_left(room, user, job);
    OK(cr_store_room_delete(store, room, &err));
    FAILS(CR_ERR_NOT_FOUND, cr_store_member_put(store, room, user, CR_ROLE_OWNER, false, 1, &err));
    nothing_is_left(room, user, job); /* not even the member that came too late */
    OK(cr_store_room_get(store, other, &r, &err));
    cr_room_clear(&r);
}

static void owned_rooms_are_limited(void **state)
{
    char user[CR_ID_SIZE], room[CR_ID_SIZE];
    struct cr_room r = {.name = (char *)"one too many", .language = (char *)""};
    struct cr_tree t = {0};

    (void)state;
    new_user(user);
    for (int i = 0; i < CR_LIMIT_ROOMS_PER_USER; i++)
        new_room(user, room);
    cr_id_new(r.id);
    memcpy(r.owner_id, user, CR_ID_SIZE);
    FAILS(CR_ERR_LIMIT, cr_store_room_create(store, &r, &t, &err));
    OK(cr_store_room_delete(store, room, &err));
    OK(cr_store_room_create(store, &r, &t, &err));
}

int test_rooms(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(room_is_there_with_its_owner_and_tree),
        cmocka_unit_test(rename_and_touch_bump_the_revision),
        cmocka_unit_test(lists_are_paged_last_changed_first),
        cmocka_unit_test(revisions_of_many_rooms_come_in_order),
        cmocka_unit_test(chat_is_kept_in_order),
        cmocka_unit_test(a_deleted_room_takes_everything_along),
        cmocka_unit_test(owned_rooms_are_limited),
    };

    return cmocka_run_group_tests_name("rooms", tests, NULL, NULL);
}
