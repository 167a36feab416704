/* Who may come in, and which process has the room. */
#include "tests/unit/ws/fake.h"

#define TOKEN "crt_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define OTHER "other000000000000000"

static void room_is_owned_only_for_who_may_come_in(void **state)
{
    struct fake_conn *c;

    (void)state;
    fake_own();
    c = fake_knock("nosuchroom0000000000", "nonsense");
    fake_work();
    fake_assert_closed(c, CR_ERR_UNAUTHORIZED);
    fake.room_exists = false;
    c = fake_knock("nosuchroom0000000000", TOKEN);
    fake_work();
    fake_assert_closed(c, CR_ERR_NOT_FOUND);
    fake.room_exists = true;
    c = fake_knock(ROOM, TOKEN);
    fake_work();
    fake_assert_closed(c, CR_ERR_UNAUTHORIZED);
    assert_int_equal(fake.owner_puts, 0);
    fake.token_is_good = true;
    c = fake_knock(ROOM, TOKEN);
    fake_work();
    assert_false(c->conn.closing);
    assert_string_equal(fake.owner.process, fake.lease.id);
}

static void room_of_another_is_not_opened(void **state)
{
    struct fake_conn *c;

    (void)state;
    fake_own();
    fake.token_is_good = true;
    fake.owner = (struct cr_owner){.process = OTHER, .epoch = 3};
    cr_store_process_insert(NULL, OTHER, "there", NULL);
    c = fake_knock(ROOM, TOKEN);
    fake_work(); /* the other one may be dead */
    assert_false(c->conn.closing);
    cr_lease_tick(&fake.hub);
    fake_work();
    for (size_t i = 0; i < fake.lease.known_count; i++) /* it is not: it beats, a second later */
        fake.lease.known[i].changed_ms += 1000;
    cr_lease_tick(&fake.hub);
    fake_work();
    fake_assert_closed(c, CR_ERR_UNAVAILABLE);
    assert_string_equal(fake.owner.process, OTHER);
    assert_null(cr_hub_find(&fake.hub, ROOM));
}

/* A process that was asleep: somebody was let in as the room's owner, and then it turns out that
 * others have taken this process for dead. */
static void room_that_was_lost_while_somebody_came_in_is_asked_for_again(void **state)
{
    struct fake_conn *c;
    char before[CR_ID_SIZE];

    (void)state;
    fake_own();
    memcpy(before, fake.lease.id, CR_ID_SIZE);
    fake.token_is_good = true;
    c = fake_knock(ROOM, TOKEN);
    fake.process_count = 0;
    cr_lease_tick(&fake.hub);
    fake_half(); /* the room is ours … */
    assert_string_equal(fake.owner.process, before);
    fake_done(); /* … the beat: we are dead … */
    fake_done(); /* … the socket may come in */
    assert_null(cr_hub_find(&fake.hub, ROOM));
    assert_false(c->conn.closing);
    cr_lease_tick(&fake.hub);
    fake_work();
    assert_non_null(cr_hub_find(&fake.hub, ROOM));
    assert_string_not_equal(fake.lease.id, before);
    assert_string_equal(fake.owner.process, fake.lease.id);
    assert_true(fake.owner.fence); /* the one we were may still write */
    assert_false(c->conn.closing);
}

static void taken_for_dead_ends_all_rooms(void **state)
{
    struct fake_conn *c;

    (void)state;
    fake_own();
    fake.token_is_good = true;
    c = fake_knock(ROOM, TOKEN);
    fake_work();
    fake.process_count = 0;
    cr_lease_tick(&fake.hub);
    fake_work();
    fake_assert_closed(c, CR_ERR_RESTART);
    assert_null(cr_hub_find(&fake.hub, ROOM));
}

/* The next who comes asks for the room: it may be another's. */
static void room_that_another_writes_is_asked_for_again(void **state)
{
    struct fake_conn *a, *doc;
    int puts;

    (void)state;
    fake_own();
    fake.token_is_good = true;
    a = fake_knock(ROOM, TOKEN);
    fake_work();
    doc = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, true);
    fake.batch_error[0] = CR_ERR_CONFLICT;
    fake_send_text(doc, 7, "x");
    fake_save();
    fake_assert_closed(a, CR_ERR_UNAVAILABLE);
    fake_assert_closed(doc, CR_ERR_UNAVAILABLE);
    assert_string_equal(fake.owner.process, fake.lease.id); /* it is not given up: writes may be
                                                               on their way */
    puts = fake.owner_puts;
    a = fake_knock(ROOM, TOKEN);
    fake_work();
    assert_int_equal(fake.owner_puts, puts + 1);
}

static void beats_wait_for_no_other_work(void **state)
{
    int64_t beat;

    (void)state;
    fake_own();
    beat = fake.processes[0].beat;
    fake.pool_full = true;
    cr_lease_tick(&fake.hub);
    fake_work();
    assert_true(fake.processes[0].beat > beat);
}

static void database_that_removes_nobody_is_not_asked_in_a_loop(void **state)
{
    (void)state;
    fake_own();
    cr_store_process_insert(NULL, OTHER, "there", NULL);
    cr_lease_tick(&fake.hub);
    fake_work();
    for (size_t i = 0; i < fake.lease.known_count; i++)
        fake.lease.known[i].changed_ms -= 10 * CR_LEASE_DEAD_MS; /* silent for so long */
    fake.remove_error = CR_ERR_UNAVAILABLE;
    cr_lease_tick(&fake.hub);
    for (int i = 0; i < 10 && fake.lease.beating; i++)
        fake_done();
    assert_false(fake.lease.beating);
    assert_int_equal(fake.removals, 1);
    fake.remove_error = CR_ERR_NONE;
    cr_lease_tick(&fake.hub);
    fake_work();
    assert_int_equal(fake.process_count, 1);
}

#define TAKERS 16

static void *take_the_room(void *ok)
{
    char address[CR_PROCESS_ADDRESS_SIZE];
    struct cr_error err = CR_ERROR_INIT;
    int64_t epoch, last = 0;
    bool fence;

    for (int i = 0; i < 20; i++, last = epoch)
        if (cr_lease_take(&fake.lease, ROOM, 0, &epoch, &fence, address, &err) != CR_LEASE_OURS ||
            epoch <= last)
            return NULL;
    return ok;
}

static void storm_into_a_room_that_nobody_has_is_let_in(void **state)
{
    pthread_t threads[TAKERS];

    (void)state;
    fake_own();
    fake.owner_wait_us = 100;
    for (int i = 0; i < TAKERS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, take_the_room, &fake), 0);
    for (int i = 0; i < TAKERS; i++) {
        void *ok;

        pthread_join(threads[i], &ok);
        assert_non_null(ok);
    }
    assert_string_equal(fake.owner.process, fake.lease.id);
    assert_int_equal(fake.owner.epoch, TAKERS * 20);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, fake_setup, fake_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(room_is_owned_only_for_who_may_come_in),
        TEST(room_of_another_is_not_opened),
        TEST(storm_into_a_room_that_nobody_has_is_let_in),
        TEST(room_that_was_lost_while_somebody_came_in_is_asked_for_again),
        TEST(taken_for_dead_ends_all_rooms),
        TEST(room_that_another_writes_is_asked_for_again),
        TEST(beats_wait_for_no_other_work),
        TEST(database_that_removes_nobody_is_not_asked_in_a_loop),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
