/* Connections: the bounded outbox, holding, closing; and rates and addresses. */
#include "tests/unit/ws/fake.h"

#include "base/limits.h"
#include "ws/address.h"
#include "ws/metrics.h"

static int received;
static char last[16];
static bool read_last; /* whether the network side was told to read */

static void message(struct cr_conn *c, bool text, const uint8_t *data, size_t len)
{
    received++;
    if (len == 4 && memcmp(data, "hold", len) == 0)
        cr_conn_hold_again(c, text, (const uint8_t *)"more", len);
    snprintf(last, sizeof last, "%.*s", (int)len, (const char *)data);
}

static void closed(struct cr_conn *c)
{
    (void)c;
}

static const struct cr_conn_user user = {message, closed, NULL};

static void woken(struct cr_conn *c)
{
    (void)c;
}

static void held(struct cr_conn *c)
{
    read_last = !c->holding;
}

static const struct cr_conn_net net_ops = {.wake = woken, .held = held};

static int setup(void **state)
{
    struct cr_conn *c = cr_calloc(1, sizeof *c);

    cr_ws_metrics_init();
    cr_conn_init(c, &net_ops);
    c->user = &user;
    received = 0;
    read_last = true;
    *state = c;
    return 0;
}

static int teardown(void **state)
{
    cr_conn_clear(*state);
    free(*state);
    return 0;
}

static void frames_leave_in_order_and_are_shared(void **state)
{
    struct cr_conn *c = *state;
    struct cr_frame *f = cr_frame_new(true, "x", 1);

    for (int i = 0; i < 100; i++) {
        char text = (char)('a' + i % 26);

        cr_conn_send_bytes(c, true, &text, 1);
        cr_conn_send(c, f);
        if (i % 3 == 0) {
            struct cr_frame *out = cr_conn_pop(c);
            cr_frame_free(out);
        }
    }
    assert_int_equal(c->count, 200 - 34);
    assert_int_equal(c->out_bytes, c->count);
    for (struct cr_frame *out; (out = cr_conn_pop(c)) != NULL;)
        cr_frame_free(out);
    assert_int_equal(f->refs, 1);
    cr_frame_free(f);
}

static void slow_reader_is_closed_and_its_queue_dropped(void **state)
{
    struct cr_conn *c = *state;
    struct cr_frame *f = cr_frame_new(false, NULL, 0);
    uint8_t *mib = cr_calloc(1, 1024 * 1024);

    for (int i = 0; i < 8; i++)
        cr_conn_send_bytes(c, false, mib, 1024 * 1024);
    assert_false(c->closing);
    cr_conn_send_bytes(c, false, mib, 1);
    assert_true(c->closing);
    assert_int_equal(c->close_code, CR_ERR_SLOW_READER);
    assert_int_equal(c->out_bytes, 0);
    cr_conn_send(c, f);
    assert_int_equal(c->count, 0);
    cr_frame_free(f);
    free(mib);
}

static void one_large_frame_passes(void **state)
{
    struct cr_conn *c = *state;
    uint8_t *large = cr_calloc(1, CR_LIMIT_OUTBOX_BYTES + 1);

    cr_conn_send_bytes(c, false, large, CR_LIMIT_OUTBOX_BYTES + 1);
    assert_false(c->closing);
    free(large);
}

static void first_close_counts_and_names_its_code(void **state)
{
    struct cr_conn *c = *state;

    cr_conn_close(c, CR_ERR_GONE, "the room was %s", "deleted");
    cr_conn_close(c, CR_ERR_INTERNAL, "no");
    assert_string_equal(c->close_reason, "gone: the room was deleted");
    assert_int_equal(cr_error_close_code(c->close_code), 4410);
}

static void long_reason_fits_a_control_frame(void **state)
{
    struct cr_conn *c = *state;
    char text[300];

    memset(text, 'x', sizeof text);
    text[299] = '\0';
    cr_conn_close(c, CR_ERR_INVALID, "%s", text);
    assert_true(strlen(c->close_reason) <= 123);
}

static void held_messages_come_later_in_order(void **state)
{
    struct cr_conn *c = *state;

    cr_conn_hold(c);
    cr_conn_feed(c, true, (const uint8_t *)"one", 3);
    cr_conn_feed(c, true, (const uint8_t *)"two", 3);
    assert_int_equal(received, 0);
    cr_conn_release(c);
    assert_int_equal(received, 2);
    assert_string_equal(last, "two");
    cr_conn_feed(c, true, (const uint8_t *)"now", 3);
    assert_string_equal(last, "now");
}

/* What a sender cannot send takes no memory here. */
static void nothing_is_read_while_holding(void **state)
{
    struct cr_conn *c = *state;

    cr_conn_hold(c);
    assert_true(read_last == false);
    cr_conn_feed(c, true, (const uint8_t *)"one", 3); /* had been read already */
    cr_conn_release(c);
    assert_true(read_last);
    cr_conn_hold_again(c, true, (const uint8_t *)"again", 5);
    assert_false(read_last);
    cr_conn_release(c);
    assert_true(read_last);
    assert_string_equal(last, "again");
}

/* The handler of the first held message may hold again: the rest goes on waiting, unread. */
static void message_that_is_held_again_stays_the_first(void **state)
{
    struct cr_conn *c = *state;

    cr_conn_hold(c);
    cr_conn_feed(c, true, (const uint8_t *)"hold", 4);
    cr_conn_feed(c, true, (const uint8_t *)"two", 3);
    cr_conn_release(c);
    assert_int_equal(received, 1);
    assert_true(c->holding);
    assert_false(read_last);
    cr_conn_release(c);
    assert_int_equal(received, 3);
    assert_string_equal(last, "two");
    assert_true(read_last);
}

static void rate_allows_a_burst_and_refills(void **state)
{
    struct cr_rate r;

    (void)state;
    cr_rate_init(&r, 10, 1000);
    for (int i = 0; i < 10; i++)
        assert_true(cr_rate_take(&r, 1, 5, 10, 1000));
    assert_false(cr_rate_take(&r, 1, 5, 10, 1000));
    assert_false(cr_rate_take(&r, 1, 5, 10, 1199));
    assert_true(cr_rate_take(&r, 1, 5, 10, 1200));
    assert_false(cr_rate_take(&r, 11, 5, 10, 1000000));
    assert_true(cr_rate_take(&r, 10, 5, 10, 1000000));
}

static void asking_has_a_budget_that_comes_back(void **state)
{
    struct cr_budget b;

    (void)state;
    cr_budget_init(&b, 1000);
    for (int i = 0; i < CR_BUDGET_ASKS_BURST; i++)
        assert_int_equal(cr_budget_ask(&b, 1000), 0);
    assert_int_equal(cr_budget_ask(&b, 1000), 1000 / CR_BUDGET_ASKS_PER_S + 1);
    assert_int_equal(cr_budget_ask(&b, 1000 + 2 * 1000 / CR_BUDGET_ASKS_PER_S), 0);
}

static void addresses_are_read_strictly(void **state)
{
    static const struct {
        const char *path, *query;
        enum cr_error_code code;
    } cases[] = {
        {"/ws/v1/room/" ROOM, "ticket=a.b.c", CR_ERR_NONE},
        {"/ws/v1/doc/" ROOM "/" FILE_A, "x=1&token=crt_x&saved=1", CR_ERR_NONE},
        {"/ws/v1/service", "", CR_ERR_NONE},
        {"/ws/v1/service/", "", CR_ERR_NOT_FOUND},
        {"/ws/v1/room/" ROOM "/", "", CR_ERR_NOT_FOUND},
        {"/ws/v1/room/" ROOM "x", "", CR_ERR_NOT_FOUND},
        {"/ws/v1/room/short", "", CR_ERR_INVALID},
        {"/ws/v1/room/ROOM0000000000000000", "", CR_ERR_INVALID},
        {"/ws/v1/doc/" ROOM, "", CR_ERR_INVALID},
        {"/ws/v1/doc/" ROOM "/../../etc/passwd00", "", CR_ERR_INVALID},
        {"/ws/v2/room/" ROOM, "", CR_ERR_NOT_FOUND},
        {"", "", CR_ERR_NOT_FOUND},
        {"/ws/v1/room/" ROOM, "ticket=a&token=b", CR_ERR_UNAUTHORIZED},
        {"/ws/v1/room/" ROOM, "ticket=", CR_ERR_UNAUTHORIZED},
    };

    (void)state;
    for (size_t i = 0; i < CR_COUNT(cases); i++) {
        struct cr_error err = CR_ERROR_INIT;
        struct cr_address a;

        cr_address_parse(cases[i].path, cases[i].query, &a, &err);
        assert_int_equal(err.code, cases[i].code);
        if (i == 1) {
            assert_true(a.is_token && a.want_saved && a.kind == CR_SOCKET_DOC);
            assert_string_equal(a.secret, "crt_x");
            assert_string_equal(a.file_id, FILE_A);
        }
    }
}

static void origin_has_to_be_ours(void **state)
{
    static const struct {
        const char *origin, *host;
        bool ours;
    } cases[] = {
        {"", "a.example", true},
        {"https://a.example", "a.example", true},
        {"https://A.Example", "a.example", true},
        {"https://a.example", "a.example:443", true},
        {"http://a.example:8080", "a.example:8080", true},
        {"https://public.example", "inner:1", true},
        {"https://public.example:444", "inner:1", false},
        {"https://a.example.evil", "a.example", false},
        {"https://evil/a.example", "a.example", false},
        {"null", "null", false},
        {"file://a.example", "a.example", false},
        {"https://", "", false},
    };

    (void)state;
    for (size_t i = 0; i < CR_COUNT(cases); i++)
        assert_int_equal(
            cr_origin_is_ours(cases[i].origin, cases[i].host, "https://public.example"),
            cases[i].ours);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(frames_leave_in_order_and_are_shared),
        TEST(slow_reader_is_closed_and_its_queue_dropped),
        TEST(one_large_frame_passes),
        TEST(first_close_counts_and_names_its_code),
        TEST(long_reason_fits_a_control_frame),
        TEST(held_messages_come_later_in_order),
        TEST(nothing_is_read_while_holding),
        TEST(message_that_is_held_again_stays_the_first),
        cmocka_unit_test(rate_allows_a_burst_and_refills),
        cmocka_unit_test(asking_has_a_budget_that_comes_back),
        cmocka_unit_test(addresses_are_read_strictly),
        cmocka_unit_test(origin_has_to_be_ours),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
