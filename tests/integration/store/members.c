/* Members, invitations and room tokens. */
#include "suite.h"

static void role_is(const char *room, const char *user, enum cr_role want)
{
    enum cr_role role;

    OK(cr_store_member_role(store, room, user, &role, &err));
    assert_int_equal(role, want);
}

static void members_come_change_and_go(void **state)
{
    char owner[CR_ID_SIZE], user[CR_ID_SIZE], room[CR_ID_SIZE];

    (void)state;
    new_user(owner);
    new_user(user);
    new_room(owner, room);
    role_is(room, user, CR_ROLE_NONE);
    OK(cr_store_member_put(store, room, user, CR_ROLE_VIEWER, true, 1, &err));
    role_is(room, user, CR_ROLE_VIEWER);
    OK(cr_store_member_put(store, room, user, CR_ROLE_EDITOR, true, 1, &err));
    role_is(room, user, CR_ROLE_EDITOR);
    OK(cr_store_member_put(store, room, user, CR_ROLE_VIEWER, true, 1, &err));
    role_is(room, user, CR_ROLE_EDITOR); /* only_raise */
    OK(cr_store_member_put(store, room, user, CR_ROLE_VIEWER, false, 1, &err));
    role_is(room, user, CR_ROLE_VIEWER);
    assert_int_equal(room_rev(room), 5);
    OK(cr_store_member_remove(store, room, user, &err));
    role_is(room, user, CR_ROLE_NONE);
    assert_int_equal(room_rev(room), 6);
    FAILS(CR_ERR_NOT_FOUND, cr_store_member_remove(store, room, user, &err));
}

static void members_are_listed_with_names(void **state)
{
    char owner[CR_ID_SIZE], user[CR_ID_SIZE], room[CR_ID_SIZE];
    struct cr_member_list l;

    (void)state;
    new_user(owner);
    new_user(user);
    new_room(owner, room);
    OK(cr_store_member_put(store, room, user, CR_ROLE_VIEWER, false, INT64_MAX / 4, &err));
    OK(cr_store_member_put(store, room, room, CR_ROLE_VIEWER, false, INT64_MAX / 2, &err));
    OK(cr_store_member_list(store, room, &l, &err));
    assert_int_equal(l.count, 3);
    assert_string_equal(l.items[0].user_id, owner);
    assert_int_equal(l.items[0].role, CR_ROLE_OWNER);
    assert_string_equal(l.items[1].name, "Ada");
    assert_non_null(strchr(l.items[1].email, '@'));
    assert_string_equal(l.items[2].name, ""); /* an account that is gone */
    cr_member_list_clear(&l);
}

static void members_of_a_room_are_limited(void **state)
{
    char owner[CR_ID_SIZE], room[CR_ID_SIZE], user[CR_ID_SIZE];

    (void)state;
    new_user(owner);
    new_room(owner, room);
    for (int i = 1; i < CR_LIMIT_MEMBERS_PER_ROOM; i++) {
        cr_id_new(user);
        OK(cr_store_member_put(store, room, user, CR_ROLE_VIEWER, true, 1, &err));
    }
    OK(cr_store_member_put(store, room, user, CR_ROLE_EDITOR, true, 1, &err)); /* is in already */
    cr_id_new(user);
    FAILS(CR_ERR_LIMIT, cr_store_member_put(store, room, user, CR_ROLE_VIEWER, true, 1, &err));
    role_is(room, user, CR_ROLE_NONE);
}

static void new_grant(struct cr_grant *g, const char *room, int64_t expires_ms)
{
    memset(g, 0, sizeof(*g));
    cr_id_new(g->id);
    memcpy(g->room_id, room, CR_ID_SIZE);
    memcpy(g->created_by, room, CR_ID_SIZE);
    g->label = (char *)"my editor";
    g->role = CR_ROLE_EDITOR;
    g->created_ms = 100;
    g->expires_ms = expires_ms;
}

static void a_grant_is_found_by_its_hash_until_it_ends(void **state)
{
    char owner[CR_ID_SIZE], room[CR_ID_SIZE];
    struct cr_grant g, got;
    cr_auto_free char *hash = cr_strdup(fresh("hash"));
    const int64_t expires_ms = cr_wall_ms() + 60000;

    (void)state;
    new_user(owner);
    new_room(owner, room);
    new_grant(&g, room, expires_ms);
    OK(cr_store_grant_insert(store, CR_GRANT_INVITATION, &g, hash, &err));
    assert_int_equal(room_rev(room), 2);
    OK(cr_store_grant_by_hash(store, CR_GRANT_INVITATION, hash, 200, &got, &err));
    assert_string_equal(got.id, g.id);
    assert_string_equal(got.room_id, room);
    assert_string_equal(got.label, "my editor");
    assert_int_equal(got.role, CR_ROLE_EDITOR);
    assert_int_equal(got.expires_ms, expires_ms);
    cr_grant_clear(&got);
    FAILS(CR_ERR_NOT_FOUND, cr_store_grant_by_hash(store, CR_GRANT_TOKEN, hash, 200, &got, &err));
    FAILS(CR_ERR_NOT_FOUND,
          cr_store_grant_by_hash(store, CR_GRANT_INVITATION, hash, expires_ms, &got, &err));
    OK(cr_store_grant_delete(store, CR_GRANT_INVITATION, room, g.id, &err));
    assert_int_equal(room_rev(room), 3);
    FAILS(CR_ERR_NOT_FOUND,
          cr_store_grant_by_hash(store, CR_GRANT_INVITATION, hash, 200, &got, &err));
    FAILS(CR_ERR_NOT_FOUND, cr_store_grant_delete(store, CR_GRANT_INVITATION, room, g.id, &err));
}

static void a_grant_needs_its_room(void **state)
{
    struct cr_grant g, got;
    cr_auto_free char *hash = cr_strdup(fresh("hash"));

    (void)state;
    new_grant(&g, "00000000000000000000", cr_wall_ms() + 60000);
    FAILS(CR_ERR_NOT_FOUND, cr_store_grant_insert(store, CR_GRANT_TOKEN, &g, hash, &err));
    FAILS(CR_ERR_NOT_FOUND, cr_store_grant_by_hash(store, CR_GRANT_TOKEN, hash, 1, &got, &err));
}

static void grants_are_listed_and_limited(void **state)
{
    char owner[CR_ID_SIZE], room[CR_ID_SIZE];
    struct cr_grant g;
    struct cr_grant_list l;
    const int64_t later = cr_wall_ms() + 60000;

    (void)state;
    new_user(owner);
    new_room(owner, room);
    for (int i = 0; i < CR_LIMIT_TOKENS_PER_ROOM; i++) {
        new_grant(&g, room, later + i);
        OK(cr_store_grant_insert(store, CR_GRANT_TOKEN, &g, fresh("hash"), &err));
    }
    new_grant(&g, room, later);
    FAILS(CR_ERR_LIMIT, cr_store_grant_insert(store, CR_GRANT_TOKEN, &g, fresh("hash"), &err));
    g.created_ms = later; /* two have expired by then */
    g.expires_ms = later + 1000;
    OK(cr_store_grant_insert(store, CR_GRANT_TOKEN, &g, fresh("hash"), &err));
    OK(cr_store_grant_list(store, CR_GRANT_TOKEN, room, later, &l, &err));
    assert_int_equal(l.count, CR_LIMIT_TOKENS_PER_ROOM);
    cr_grant_list_clear(&l);
    OK(cr_store_grant_list(store, CR_GRANT_INVITATION, room, 1, &l, &err));
    assert_int_equal(l.count, 0);
}

int test_members(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_come_change_and_go),
        cmocka_unit_test(members_are_listed_with_names),
        cmocka_unit_test(members_of_a_room_are_limited),
        cmocka_unit_test(a_grant_is_found_by_its_hash_until_it_ends),
        cmocka_unit_test(a_grant_needs_its_room),
        cmocka_unit_test(grants_are_listed_and_limited),
    };

    return cmocka_run_group_tests_name("members", tests, NULL, NULL);
}
