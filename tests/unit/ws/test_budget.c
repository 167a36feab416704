/* What one document socket may ask: how much at once, how long it is not read beyond that, and how
 * the budget comes back. */
#include "tests/unit/ws/fake.h"

#include "base/clock.h"
#include "ydoc/yprotocol.h"

#define NOW ((int64_t)1000000)

/* One budget of a socket: all others are not touched. */
struct kind {
    const char *name;
    int64_t per_s, burst;
    int64_t (*spend)(struct cr_budget *b, int64_t units, int64_t now_ms);
};

static int64_t spend_bytes(struct cr_budget *b, int64_t units, int64_t now_ms)
{
    return cr_budget_message(b, (size_t)units, now_ms);
}

static int64_t spend_asks(struct cr_budget *b, int64_t units, int64_t now_ms)
{
    int64_t wait = 0;

    for (; units > 0; units--)
        wait = cr_budget_ask(b, now_ms);
    return wait; /* after the last */
}

static int64_t spend_structs(struct cr_budget *b, int64_t units, int64_t now_ms)
{
    return cr_budget_edit(b, (size_t)units, 0, 0, now_ms);
}

static int64_t spend_clients(struct cr_budget *b, int64_t units, int64_t now_ms)
{
    return cr_budget_edit(b, 0, (size_t)units, 0, now_ms);
}

static int64_t spend_work(struct cr_budget *b, int64_t units, int64_t now_ms)
{
    return cr_budget_edit(b, 0, 0, units, now_ms);
}

/* As docs/PROTOCOL.md names them. */
static const struct kind kinds[] = {
    {"bytes", 4 * 1024 * 1024, 32 * 1024 * 1024, spend_bytes},
    {"asks", 2, 30, spend_asks},
    {"structs", 20000, 2000000, spend_structs},
    {"clients", 2, 10000, spend_clients},
    {"work", 200000, 2000000, spend_work},
};

static void assert_wait(const struct kind *k, int64_t got, int64_t least, int64_t most)
{
    if (got < least || got > most)
        fail_msg("%s: not read for %lld ms, not %lld to %lld", k->name, (long long)got,
                 (long long)least, (long long)most);
}

static void burst_is_free_and_what_is_beyond_waits(void **state)
{
    (void)state;
    for (size_t i = 0; i < CR_COUNT(kinds); i++) {
        const struct kind *k = &kinds[i];
        struct cr_budget b;

        cr_budget_init(&b, NOW);
        assert_wait(k, k->spend(&b, k->burst, NOW), 0, 0);
        /* What a second gives, so it is a second. */
        assert_wait(k, k->spend(&b, k->per_s, NOW), 1000, 1001);
        assert_wait(k, k->spend(&b, k->per_s, NOW), 2000, 2001);
    }
}

static void who_waited_is_read_again(void **state)
{
    (void)state;
    for (size_t i = 0; i < CR_COUNT(kinds); i++) {
        const struct kind *k = &kinds[i];
        struct cr_budget b;

        cr_budget_init(&b, NOW);
        assert_wait(k, k->spend(&b, k->burst + 3 * k->per_s, NOW), 3000, 3001);
        /* A second was not enough; after four, one second's share is all there is. */
        assert_wait(k, k->spend(&b, k->per_s, NOW + 1000), 3000, 3001);
        assert_wait(k, k->spend(&b, k->per_s, NOW + 5000), 0, 0);
        assert_wait(k, k->spend(&b, k->per_s, NOW + 5000), 1000, 1001);
    }
}

static void budget_refills_to_its_burst_and_not_beyond(void **state)
{
    (void)state;
    for (size_t i = 0; i < CR_COUNT(kinds); i++) {
        const struct kind *k = &kinds[i];
        int64_t later = NOW + 24 * 3600 * 1000;
        struct cr_budget b;

        cr_budget_init(&b, NOW);
        k->spend(&b, k->burst, NOW);
        assert_wait(k, k->spend(&b, k->burst, later), 0, 0);
        assert_wait(k, k->spend(&b, k->per_s, later), 1000, 1001);
    }
}

static void longest_wait_of_an_edit_counts(void **state)
{
    struct cr_budget b;

    (void)state;
    cr_budget_init(&b, NOW);
    assert_int_equal(cr_budget_edit(&b, CR_BUDGET_STRUCTS_BURST + 20000,
                                    CR_BUDGET_CLIENTS_BURST + 8, CR_BUDGET_WORK_US_BURST + 400000,
                                    NOW),
                     4001);
}

/* ---- a socket ---- */

static struct cr_budget *budget_of(struct fake_conn *c)
{
    struct cr_live_doc *d = fake_live(FILE_A);

    for (struct cr_peer *p = d->peers; p; p = p->next)
        if (p->conn == &c->conn)
            return &p->budget;
    fail();
    return NULL;
}

/* An edit by so many clients that nobody knew: a collected unit of each. */
static void send_crowd(struct fake_conn *c, uint64_t first_client, uint64_t clients)
{
    struct yd_buf update = {0}, frame = {0};

    yd_buf_put_varuint(&update, clients);
    for (uint64_t i = clients; i > 0; i--) { /* the largest first, as Yjs has them */
        yd_buf_put_varuint(&update, 1);
        yd_buf_put_varuint(&update, first_client + i);
        yd_buf_put_varuint(&update, 0);
        yd_buf_append(&update, "\0\1", 2);
    }
    yd_buf_put_varuint(&update, 0);
    yd_message_sync_update(&frame, update.data, update.len);
    fake_feed(c, frame.data, frame.len);
    yd_buf_free(&update);
    yd_buf_free(&frame);
}

static void socket_that_brings_a_crowd_is_not_read(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, false);
    struct fake_conn *b = fake_doc(FILE_A, USER_B, CR_ROLE_EDITOR, false);

    (void)state;
    send_crowd(a, 0, 5000);
    assert_int_equal(yd_client_count(fake_live(FILE_A)->doc), 5000);
    assert_int_equal(a->paused_ms, 0);
    send_crowd(a, 5000, 5100);
    /* 100 too many at two a second; less for the time that this took. */
    assert_in_range(a->paused_ms, 40000, 50001);
    send_crowd(b, 0, 5000); /* known to the document, whoever brought them */
    assert_int_equal(b->paused_ms, 0);
}

/* A minute's share is spent already. */
static void spend(struct cr_rate *r, int64_t per_s)
{
    r->level_milli = -(int64_t)60 * 1000 * per_s;
}

static void assert_a_minute(struct fake_conn *c)
{
    assert_in_range(c->paused_ms, 50000, 70000); /* less for the time, more for the work it took */
    c->paused_ms = 0;
    assert_false(c->conn.closing);
}

static void bytes_structs_and_work_of_a_message_are_charged(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, false);
    struct fake_conn *v = fake_doc(FILE_A, USER_B, CR_ROLE_VIEWER, false);
    struct cr_budget *b = budget_of(a);

    (void)state;
    fake_send_text(a, 6, "zero");
    assert_int_equal(a->paused_ms, 0);
    spend(&b->bytes, CR_BUDGET_BYTES_PER_S);
    fake_send_text(a, 7, "one");
    assert_a_minute(a);
    cr_budget_init(b, cr_mono_ms());
    spend(&b->structs, CR_BUDGET_STRUCTS_PER_S);
    fake_send_text(a, 8, "two");
    assert_a_minute(a);
    cr_budget_init(b, cr_mono_ms());
    spend(&b->work, CR_BUDGET_WORK_US_PER_S);
    fake_send_text(a, 9, "three");
    assert_a_minute(a);
    spend(&budget_of(v)->work, CR_BUDGET_WORK_US_PER_S);
    fake_send_text(v, 10, "four"); /* refused, but it was looked at */
    assert_a_minute(v);
    assert_int_equal(yd_text_len_utf8(fake_live(FILE_A)->doc, "text", 4),
                     strlen("zeroonetwothree"));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, fake_setup, fake_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(burst_is_free_and_what_is_beyond_waits),
        cmocka_unit_test(who_waited_is_read_again),
        cmocka_unit_test(budget_refills_to_its_burst_and_not_beyond),
        cmocka_unit_test(longest_wait_of_an_edit_counts),
        TEST(socket_that_brings_a_crowd_is_not_read),
        TEST(bytes_structs_and_work_of_a_message_are_charged),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
