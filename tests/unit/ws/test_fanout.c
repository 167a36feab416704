/* What a document sends: merged edits, a stock client's own edits when stored, slow readers,
 * presence. */
#include "tests/unit/ws/fake.h"

#include "base/clock.h"
#include "ydoc/yprotocol.h"

static void tick(void)
{
    cr_hub_tick(&fake.hub, cr_mono_ms() + 2000);
}

static void assert_len(const struct yd_doc *doc, unsigned len)
{
    assert_int_equal(yd_text_len_utf16(doc, "text", 4), len);
}

static void edits_of_many_writers_are_merged_for_each_tick(void **state)
{
    struct fake_conn *c[100];
    struct yd_doc *reader = yd_doc_new(NULL), *stock = yd_doc_new(NULL), *ours = yd_doc_new(NULL);

    (void)state;
    for (int i = 0; i < 100; i++)
        c[i] = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, i == 1);
    for (int round = 0; round < 50; round++) /* so much that ticks begin */
        for (int i = 0; i < 5; i++)
            fake_send_text(c[i], (uint64_t)(1000 + round * 5 + i), "x");
    tick();
    for (int i = 0; i < 100; i++)
        while (fake_take(c[i], i == 2 ? stock : i == 1 ? ours : i == 99 ? reader : NULL))
            ;
    for (int i = 0; i < 5; i++)
        fake_send_text(c[i], (uint64_t)(2000 + i), "y");
    assert_int_equal(fake_take(c[99], reader), YD_MSG_SYNC_UPDATE); /* the first at once */
    assert_int_equal(fake_take(c[99], reader), 0);
    assert_len(reader, 251);
    tick();
    assert_int_equal(fake_take(c[99], reader), YD_MSG_SYNC_UPDATE);
    assert_int_equal(fake_take(c[99], reader), 0); /* one message */
    assert_len(reader, 255);
    /* A stock client does not get its own edit before it is stored. */
    assert_int_equal(fake_take(c[2], stock), YD_MSG_SYNC_UPDATE);
    assert_int_equal(fake_take(c[2], stock), YD_MSG_SYNC_UPDATE);
    assert_int_equal(fake_take(c[2], stock), 0);
    assert_len(stock, 204); /* without all of its own */
    while (fake_take(c[1], ours))
        ;
    fake_save();
    assert_int_equal(fake_take(c[2], stock), YD_MSG_SYNC_UPDATE);
    assert_int_equal(fake_take(c[2], stock), 0);
    assert_len(stock, 255);
    yd_doc_free(reader);
    yd_doc_free(stock);
    yd_doc_free(ours);
}

static void stock_client_gets_its_edits_back_when_they_are_stored(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, false);
    struct yd_doc *doc = yd_doc_new(NULL);

    (void)state;
    fake.append_error = CR_ERR_UNAVAILABLE;
    fake_send_text(a, 7, "one");
    fake_send_text(a, 8, "two");
    fake_save();
    assert_null(fake_next(a));
    fake_heal();
    assert_int_equal(fake_take(a, doc), YD_MSG_SYNC_UPDATE);
    assert_null(fake_next(a));
    assert_len(doc, 6);
    yd_doc_free(doc);
}

static void slow_reader_gets_one_step2_with_all_it_missed(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, true);
    struct fake_conn *slow = fake_doc(FILE_A, USER_B, CR_ROLE_EDITOR, false);
    struct yd_doc *doc = yd_doc_new(NULL);
    char *text = cr_calloc(1, 100001);
    int updates = 0, type;

    (void)state;
    memset(text, 'a', 100000);
    for (int i = 0; i < 40; i++)
        fake_send_text(a, (uint64_t)(10 + i), text);
    assert_false(slow->conn.closing);
    assert_true(slow->conn.muted);
    assert_true(slow->conn.out_bytes < 1024 * 1024);
    while ((type = fake_take(slow, doc)) == YD_MSG_SYNC_UPDATE)
        updates++;
    assert_int_equal(updates, 3);
    assert_int_equal(type, YD_MSG_SYNC_STEP2); /* alone more than it should hold: muted again */
    assert_int_equal(fake_take(slow, doc), 0);
    assert_len(doc, 4000000);
    assert_false(slow->conn.muted);
    fake_send_text(a, 100, "!");
    assert_int_equal(fake_take(slow, doc), YD_MSG_SYNC_UPDATE);
    assert_len(doc, 4000001);
    free(text);
    yd_doc_free(doc);
}

/* ---- presence ---- */

static void presence_is_told_once_for_each_tick(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, false);
    struct fake_conn *b = fake_doc(FILE_A, USER_B, CR_ROLE_EDITOR, false);

    (void)state;
    fake_say_state(a, 5, 1, "{\"n\":1}");
    assert_int_equal(fake_take(b, NULL), YD_MSG_AWARENESS); /* the first at once */
    for (uint64_t i = 2; i < 30; i++)
        fake_say_state(a, 5, i, i % 2 ? "{\"n\":1}" : "{\"n\":2}");
    assert_int_equal(fake_take(b, NULL), 0);
    tick();
    assert_int_equal(fake_take(b, NULL), YD_MSG_AWARENESS);
    assert_int_equal(fake_take(b, NULL), 0);
    assert_int_equal(fake_take(a, NULL), 0); /* nobody else's */
}

/* How long a change waits for others behind one that was just told. */
static int64_t tick_after_a_change(struct fake_conn *c, uint64_t clock)
{
    char json[32];
    int64_t now_ms;

    tick(); /* what was collected before goes out, and the tick ends */
    tick();
    assert_int_equal(fake_live(FILE_A)->presence.tick.due_ms, 0);
    snprintf(json, sizeof json, "{\"n\":%d}", (int)clock);
    now_ms = cr_mono_ms();
    fake_say_state(c, 5, clock, json);
    return fake_live(FILE_A)->presence.tick.due_ms - now_ms;
}

static void presence_tick_grows_with_the_room(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, false), *crowd[199];
    int64_t due_ms, ms;

    (void)state;
    ms = tick_after_a_change(a, 1);
    assert_in_range(ms, CR_PRESENCE_TICK_MIN_MS, 39);
    for (size_t i = 0; i < CR_COUNT(crowd); i++)
        crowd[i] = fake_doc(FILE_A, USER_B, CR_ROLE_EDITOR, false);
    ms = tick_after_a_change(a, 2);
    assert_in_range(ms, 40, 400); /* docs/PROTOCOL.md: 1 ms for each 5 people */
    fake_flush(crowd[0]);
    fake_say_state(a, 5, 3, "{}");
    due_ms = fake_live(FILE_A)->presence.tick.due_ms;
    cr_hub_tick(&fake.hub, due_ms - 1);
    assert_int_equal(fake_take(crowd[0], NULL), 0);
    cr_hub_tick(&fake.hub, due_ms);
    assert_int_equal(fake_take(crowd[0], NULL), YD_MSG_AWARENESS);
    for (size_t i = 1; i < CR_COUNT(crowd); i++)
        fake_close(crowd[i]);
    ms = tick_after_a_change(a, 4);
    assert_in_range(ms, CR_PRESENCE_TICK_MIN_MS, 39);
}

static void renewals_are_told_together_now_and_then(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, false);
    struct fake_conn *b = fake_doc(FILE_A, USER_B, CR_ROLE_EDITOR, false);

    (void)state;
    fake_say_state(a, 5, 1, "{}");
    fake_say_state(b, 6, 1, "{}");
    tick();
    cr_hub_second(&fake.hub, cr_mono_ms());
    fake_flush(a);
    fake_flush(b);
    fake_say_state(a, 5, 2, "{}");
    fake_say_state(b, 6, 2, "{}");
    tick();
    assert_int_equal(fake_take(b, NULL), 0);
    cr_hub_second(&fake.hub, cr_mono_ms() + CR_PRESENCE_RENEWED_MS + 1);
    assert_int_equal(fake_take(b, NULL), YD_MSG_AWARENESS);
    assert_int_equal(fake_take(b, NULL), 0);
}

static void nobody_speaks_for_another_ones_client(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, false);
    struct fake_conn *b = fake_doc(FILE_A, USER_B, CR_ROLE_EDITOR, false);

    (void)state;
    fake_say_state(a, 5, 1, "{\"n\":1}");
    fake_say_state(b, 5, 9, "{\"n\":666}");
    assert_string_equal(fake_state_of(5), "{\"n\":1}");
    fake_say_state(b, 5, 1, "null");
    assert_string_equal(fake_state_of(5), "{\"n\":1}");
    assert_false(b->conn.closing);
    fake_say_state(a, 5, 2, "null");
    assert_string_equal(fake_state_of(5), "gone");
}

static void names_in_states_are_the_servers(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, false);

    (void)state;
    fake_say_state(a, 5, 1, "{\"user\":{\"name\":\"The Boss\",\"color\":\"#fff\"},\"cursor\":[1]}");
    assert_string_equal(fake_state_of(5), "{\"user\":{\"color\":\"#fff\",\"name\":\"" USER_A
                                          "\",\"id\":\"" USER_A "\"},\"cursor\":[1]}");
    fake_say_state(a, 5, 2, "{\"\\u0075ser\":{\"name\":\"The Boss\"}}");
    assert_null(strstr(fake_state_of(5), "Boss"));
    assert_false(a->conn.closing);
    fake_say_state(a, 5, 3, "{\"user\":{},\"user\":{\"name\":\"The Boss\"}}");
    assert_true(a->conn.closing);
}

static void socket_may_introduce_so_many_clients(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, false);

    (void)state;
    for (uint64_t i = 1; i <= CR_PRESENCE_PER_SOCKET; i++) {
        fake_say_state(a, i, 1, "{}");
        fake_say_state(a, i, 2, "null");
    }
    assert_false(a->conn.closing);
    fake_say_state(a, 1000, 1, "{}");
    assert_int_equal(a->conn.close_code, CR_ERR_LIMIT);
}

static void awareness_echoes_are_dropped_and_states_end_with_their_socket(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, false);
    struct fake_conn *b = fake_doc(FILE_A, USER_B, CR_ROLE_VIEWER, false);

    (void)state;
    fake_say_state(a, 5, 1, "{}");
    assert_non_null(fake_next(b));
    fake_say_state(b, 5, 1, "{}"); /* the echo */
    assert_null(fake_next(a));
    fake_close(b);
    assert_null(fake_next(a)); /* the state is not b's */
    b = fake_doc(FILE_A, USER_B, CR_ROLE_VIEWER, false);
    fake_close(a);
    cr_hub_tick(&fake.hub, cr_mono_ms() + 1000);
    assert_non_null(fake_next(b)); /* null for client 5 */
    assert_int_equal(yd_awareness_count(fake_live(FILE_A)->presence.table), 0);
}

static void state_of_a_client_that_came_back_survives_its_old_socket(void **state)
{
    struct fake_conn *old = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, false);
    struct fake_conn *new = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, false);

    (void)state;
    fake_say_state(old, 5, 1, "{}");
    fake_say_state(new, 5, 2, "{}");
    fake_close(old);
    assert_int_equal(yd_awareness_count(fake_live(FILE_A)->presence.table), 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fake_setup, fake_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(edits_of_many_writers_are_merged_for_each_tick),
        TEST(stock_client_gets_its_edits_back_when_they_are_stored),
        TEST(slow_reader_gets_one_step2_with_all_it_missed),
        TEST(presence_is_told_once_for_each_tick),
        TEST(presence_tick_grows_with_the_room),
        TEST(renewals_are_told_together_now_and_then),
        TEST(nobody_speaks_for_another_ones_client),
        TEST(names_in_states_are_the_servers),
        TEST(socket_may_introduce_so_many_clients),
        TEST(awareness_echoes_are_dropped_and_states_end_with_their_socket),
        TEST(state_of_a_client_that_came_back_survives_its_old_socket),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
