/* Who owns a room. */
#include "tests/integration/store/suite.h"

static void make_process(char id[CR_ID_SIZE], const char *address)
{
    cr_id_new(id);
    OK(cr_store_process_insert(store, id, address, &err));
}

static bool is_there(const char *id)
{
    struct cr_process p;
    bool found = false;

    OK(cr_store_process_get(store, id, &p, &found, &err));
    return found;
}

static void a_silent_process_is_removed_and_a_beating_one_is_not(void **state)
{
    char id[CR_ID_SIZE];
    struct cr_process_list l;
    bool listed = false;

    (void)state;
    make_process(id, fresh("address"));
    OK(cr_store_process_beat(store, id, 7, &err));
    OK(cr_store_process_list(store, &l, &err));
    for (size_t i = 0; i < l.count; i++)
        listed = listed || (strcmp(l.items[i].id, id) == 0 && l.items[i].beat == 7);
    assert_true(listed);
    cr_process_list_clear(&l);
    OK(cr_store_process_remove(store, id, 6, &err)); /* it has beaten since that was seen */
    assert_true(is_there(id));
    OK(cr_store_process_remove(store, id, 7, &err));
    assert_false(is_there(id));
    FAILS(CR_ERR_GONE, cr_store_process_beat(store, id, 8, &err));
}

static void a_new_start_ends_its_predecessor(void **state)
{
    char first[CR_ID_SIZE], other[CR_ID_SIZE], second[CR_ID_SIZE], address[64];

    (void)state;
    snprintf(address, sizeof(address), "%s", fresh("address"));
    make_process(first, address);
    make_process(other, fresh("address"));
    make_process(second, address);
    assert_false(is_there(first));
    assert_true(is_there(other));
    assert_true(is_there(second));
}

static struct cr_owner owner_of(const char *room)
{
    struct cr_owner o;

    OK(cr_store_owner_get(store, room, &o, &err));
    return o;
}

static void a_room_has_one_owner_in_each_epoch(void **state)
{
    char room[CR_ID_SIZE], a[CR_ID_SIZE], b[CR_ID_SIZE];
    struct cr_owner none, first;

    (void)state;
    cr_id_new(room);
    cr_id_new(a);
    cr_id_new(b);
    none = owner_of(room);
    assert_int_equal(none.epoch, 0);
    OK(cr_store_owner_put(store, room, &none, a, false, &err));
    FAILS(CR_ERR_CONFLICT, cr_store_owner_put(store, room, &none, b, false, &err));
    first = owner_of(room);
    assert_string_equal(first.process, a);
    assert_int_equal(first.epoch, 1);
    OK(cr_store_owner_put(store, room, &first, b, true, &err));
    FAILS(CR_ERR_CONFLICT, cr_store_owner_put(store, room, &first, a, true, &err));
    assert_string_equal(owner_of(room).process, b);
    assert_true(owner_of(room).fence);
    OK(cr_store_owner_release(store, room, a, 1, &err)); /* not his any more */
    OK(cr_store_owner_release(store, room, b, 1, &err)); /* nor in that epoch */
    assert_string_equal(owner_of(room).process, b);
    OK(cr_store_owner_release(store, room, b, 2, &err));
    assert_string_equal(owner_of(room).process, "");
    assert_int_equal(owner_of(room).epoch, 2);
    assert_false(owner_of(room).fence);
}

static void all_rooms_are_given_up_at_once(void **state)
{
    char rooms[3][CR_ID_SIZE], me[CR_ID_SIZE], other[CR_ID_SIZE];
    struct cr_owner none = {0};

    (void)state;
    cr_id_new(me);
    cr_id_new(other);
    for (int i = 0; i < 3; i++) {
        cr_id_new(rooms[i]);
        OK(cr_store_owner_put(store, rooms[i], &none, i == 2 ? other : me, false, &err));
    }
    OK(cr_store_owner_release_all(store, me, &err));
    assert_string_equal(owner_of(rooms[0]).process, "");
    assert_string_equal(owner_of(rooms[1]).process, "");
    assert_string_equal(owner_of(rooms[2]).process, other);
}

int test_owners(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_silent_process_is_removed_and_a_beating_one_is_not),
        cmocka_unit_test(a_new_start_ends_its_predecessor),
        cmocka_unit_test(a_room_has_one_owner_in_each_epoch),
        cmocka_unit_test(all_rooms_are_given_up_at_once),
    };

    return cmocka_run_group_tests_name("owners", tests, NULL, NULL);
}
