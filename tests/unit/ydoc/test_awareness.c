#include "tests/unit/ydoc/support.h"
#include "ydoc/awareness.h"

struct line {
    uint64_t client, clock;
    const char *json;
};

static struct yd_buf body(const struct line *lines, size_t n)
{
    struct yd_buf b = {0};

    yd_buf_put_varuint(&b, n);
    for (size_t i = 0; i < n; i++) {
        yd_buf_put_varuint(&b, lines[i].client);
        yd_buf_put_varuint(&b, lines[i].clock);
        yd_buf_put_bytes(&b, lines[i].json, strlen(lines[i].json));
    }
    return b;
}

/* Apply one line; returns the change, or 0 for none. */
static int one(struct yd_awareness *a, uint64_t client, uint64_t clock, const char *json,
               int64_t now)
{
    const struct line line = {client, clock, json};
    struct yd_buf b = body(&line, 1);
    struct yd_awareness_result res;
    int change = 0;

    assert_int_equal(yd_awareness_apply(a, b.data, b.len, now, &res), 0);
    if (res.count > 0) {
        assert_int_equal(res.events[0].client, client);
        change = (int)res.events[0].change;
    }
    assert_int_equal(res.count + res.echoes <= 1, 1);
    yd_awareness_result_clear(&res);
    yd_buf_free(&b);
    return change;
}

static int error_of(struct yd_awareness *a, uint64_t client, const char *json)
{
    const struct line lines[] = {{77, 1, "{}"}, {client, 1, json}};
    struct yd_buf b = body(lines, 2);
    struct yd_awareness_result res;
    int err = yd_awareness_apply(a, b.data, b.len, 0, &res);

    yd_awareness_result_clear(&res);
    yd_buf_free(&b);
    return err;
}

static void clocks_decide(void **state)
{
    struct yd_awareness *a = yd_awareness_new(NULL);

    (void)state;
    assert_int_equal(one(a, 5, 1, "{\"x\":1}", 0), YD_AWARENESS_ADDED);
    assert_int_equal(one(a, 5, 1, "{\"x\":2}", 0), 0);
    assert_int_equal(one(a, 5, 2, "{\"x\":2}", 0), YD_AWARENESS_UPDATED);
    assert_int_equal(one(a, 5, 3, "{\"x\":2}", 0), YD_AWARENESS_RENEWED);
    assert_int_equal(one(a, 5, 2, "null", 0), 0);
    assert_int_equal(one(a, 5, 3, "null", 0), YD_AWARENESS_REMOVED); /* equal clock: null counts */
    assert_int_equal(one(a, 5, 3, "null", 0), 0);
    assert_int_equal(one(a, 5, 3, "{}", 0), 0);
    assert_int_equal(one(a, 5, 4, "{}", 0), YD_AWARENESS_ADDED);
    assert_int_equal(one(a, 6, 4, "null", 0), 0); /* nobody knew them, */
    assert_int_equal(one(a, 6, 3, "{}", 0), 0);   /* and what they were before comes late */
    assert_int_equal(one(a, 6, 5, "{}", 0), YD_AWARENESS_ADDED);
    assert_int_equal(one(a, 6, 6, "null", 0), YD_AWARENESS_REMOVED);
    assert_int_equal(yd_awareness_count(a), 1);
    yd_awareness_free(a);
}

static void echoes_are_dropped_unread(void **state)
{
    struct yd_awareness *a = yd_awareness_new(NULL);
    const struct line echo = {5, 1, "not even JSON \xff"};
    struct yd_buf b = body(&echo, 1);
    struct yd_awareness_result res;

    (void)state;
    one(a, 5, 1, "{}", 0);
    assert_int_equal(yd_awareness_apply(a, b.data, b.len, 0, &res), 0);
    assert_int_equal(res.echoes, 1);
    assert_int_equal(res.count, 0);
    yd_buf_free(&b);
    yd_awareness_free(a);
}

static void what_clients_cannot_parse_is_refused_whole(void **state)
{
    const struct yd_awareness_limits limits = {
        .max_clients = 2, .max_state_bytes = 16, .max_per_update = 3};
    struct yd_awareness *a = yd_awareness_new(&limits);
    struct yd_awareness_result res;

    (void)state;
    assert_int_equal(error_of(a, 5, "{"), YD_ERR_JSON);
    assert_int_equal(error_of(a, 5, "\"\xff\""), YD_ERR_UTF8);
    assert_int_equal(error_of(a, 5, "\"01234567890123456789\""), YD_ERR_LIMIT);
    assert_int_equal(yd_awareness_apply(a, BYTES(9, 1, 1, 1, '1'), 0, &res), YD_ERR_TRUNCATED);
    assert_int_equal(yd_awareness_apply(a, BYTES(1, 1, 1, 1, '1', 0), 0, &res), YD_ERR_TRAILING);
    assert_int_equal(
        yd_awareness_apply(a, BYTES(4, 1, 1, 1, '1', 2, 1, 1, '1', 3, 1, 1, '1', 4, 1, 1, '1'), 0,
                           &res),
        YD_ERR_LIMIT);
    assert_int_equal(
        yd_awareness_apply(a, BYTES(3, 1, 1, 1, '1', 2, 1, 1, '1', 3, 1, 1, '1'), 0, &res),
        YD_ERR_LIMIT); /* one client too many */
    assert_int_equal(yd_awareness_count(a), 0);
    yd_awareness_free(a);
}

static void leaving_sends_null_with_the_clock_it_had(void **state)
{
    struct yd_awareness *a = yd_awareness_new(NULL);
    struct yd_buf b = {0};
    static const uint8_t expected[] = {1, 5, 7, 4, 'n', 'u', 'l', 'l'};
    const uint64_t clients[] = {5, 99};

    (void)state;
    one(a, 5, 7, "{}", 0);
    one(a, 6, 1, "{}", 0);
    assert_int_equal(yd_awareness_remove(a, clients, 2, &b), 1);
    assert_int_equal(b.len, sizeof(expected));
    assert_memory_equal(b.data, expected, sizeof(expected));
    assert_int_equal(yd_awareness_remove(a, clients, 2, &b), 0);
    assert_int_equal(b.len, sizeof(expected));
    assert_int_equal(one(a, 5, 7, "{}", 0), 0); /* an echo does not bring them back */
    assert_int_equal(one(a, 5, 8, "{}", 0), YD_AWARENESS_ADDED);
    yd_buf_free(&b);
    yd_awareness_free(a);
}

static void silent_clients_expire(void **state)
{
    struct yd_awareness *a = yd_awareness_new(NULL);
    struct yd_buf b = {0};

    (void)state;
    one(a, 5, 1, "{}", 1000);
    one(a, 6, 1, "{}", 20000);
    assert_int_equal(yd_awareness_expire(a, 30999, 30000, &b), 0);
    assert_int_equal(yd_awareness_expire(a, 31000, 30000, &b), 1);
    assert_int_equal(yd_awareness_count(a), 1);
    assert_int_equal(b.data[1], 5);
    assert_null(yd_awareness_state(a, 5, NULL));
    assert_non_null(yd_awareness_state(a, 6, NULL));
    yd_buf_free(&b);
    yd_awareness_free(a);
}

static void states_are_encoded_for_newcomers(void **state)
{
    struct yd_awareness *a = yd_awareness_new(NULL), *b = yd_awareness_new(NULL);
    struct yd_awareness_result res;
    struct yd_buf out = {0};
    const uint64_t clients[] = {6, 8};
    size_t len;

    (void)state;
    one(a, 6, 1, "{\"n\":\"Ö\"}", 0);
    one(a, 5, 9, "[]", 0);
    yd_awareness_encode_all(a, &out);
    assert_int_equal(yd_awareness_apply(b, out.data, out.len, 0, &res), 0);
    assert_int_equal(res.count, 2);
    yd_awareness_result_clear(&res);
    assert_string_equal(yd_awareness_state(b, 6, &len), "{\"n\":\"Ö\"}");
    out.len = 0;
    yd_awareness_encode(a, clients, 2, &out);
    assert_int_equal(out.data[0], 1);
    yd_buf_free(&out);
    yd_awareness_free(a);
    yd_awareness_free(b);
}

/* ---- looking through a body ---- */

struct seen {
    size_t count;
    struct line lines[4];
    char json[4][8];
    int answer; /* to the second entry */
};

static int see(void *ctx, uint64_t client, uint64_t clock, const uint8_t *json, size_t json_len)
{
    struct seen *s = ctx;

    assert_in_range(json_len, 0, sizeof(s->json[0]) - 1);
    if (json_len > 0)
        memcpy(s->json[s->count], json, json_len);
    s->lines[s->count] = (struct line){client, clock, s->json[s->count]};
    return ++s->count == 2 ? s->answer : 0;
}

static void entries_are_seen_as_they_came(void **state)
{
    const struct line lines[] = {{5, 1, " {} "}, {UINT64_C(1) << 50, 300, ""}, {5, 1, "\xff"}};
    struct yd_buf b = body(lines, 3);
    struct seen s = {0};

    (void)state;
    assert_int_equal(yd_awareness_each(b.data, b.len, see, &s), 0);
    assert_int_equal(s.count, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(s.lines[i].client, lines[i].client);
        assert_int_equal(s.lines[i].clock, lines[i].clock);
        assert_string_equal(s.lines[i].json, lines[i].json);
    }
    s = (struct seen){.answer = 7};
    assert_int_equal(yd_awareness_each(b.data, b.len, see, &s), 7);
    assert_int_equal(s.count, 2);
    yd_buf_free(&b);
}

static void bodies_that_end_elsewhere_are_told(void **state)
{
    struct seen s = {0};

    (void)state;
    assert_int_equal(yd_awareness_each(NULL, 0, see, &s), YD_ERR_TRUNCATED);
    assert_int_equal(yd_awareness_each(BYTES(0), see, &s), 0);
    assert_int_equal(yd_awareness_each(BYTES(9, 1, 1, 0), see, &s), YD_ERR_TRUNCATED);
    assert_int_equal(s.count, 0); /* it cannot hold nine */
    assert_int_equal(yd_awareness_each(BYTES(2, 1, 1, 0, 2, 1, 9), see, &s), YD_ERR_TRUNCATED);
    assert_int_equal(s.count, 1);
    assert_int_equal(yd_awareness_each(BYTES(1, 1, 1, 1, '1', 0), see, &s), YD_ERR_TRAILING);
}

static void a_crowd_in_one_body_is_taken(void **state)
{
    struct yd_awareness *a = yd_awareness_new(NULL);
    struct line lines[100];
    struct yd_awareness_result res;
    struct yd_buf b;

    (void)state;
    one(a, 50, 1, "1", 0);
    for (size_t i = 0; i < 100; i++)
        lines[i] = (struct line){i, 1, "1"};
    b = body(lines, 100);
    assert_int_equal(yd_awareness_apply(a, b.data, b.len, 0, &res), 0);
    assert_int_equal(res.count, 99);
    assert_int_equal(res.echoes, 1);
    assert_int_equal(yd_awareness_count(a), 100);
    yd_awareness_result_clear(&res);
    yd_buf_free(&b);
    yd_awareness_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clocks_decide),
        cmocka_unit_test(echoes_are_dropped_unread),
        cmocka_unit_test(what_clients_cannot_parse_is_refused_whole),
        cmocka_unit_test(leaving_sends_null_with_the_clock_it_had),
        cmocka_unit_test(silent_clients_expire),
        cmocka_unit_test(states_are_encoded_for_newcomers),
        cmocka_unit_test(entries_are_seen_as_they_came),
        cmocka_unit_test(bodies_that_end_elsewhere_are_told),
        cmocka_unit_test(a_crowd_in_one_body_is_taken),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
