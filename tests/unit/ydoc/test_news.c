/* What is to be relayed of an update: as it is, or what came into the document by it. */
#include "tests/unit/ydoc/support.h"
#include "ydoc/read.h"

#define WORD 1, 1, 5, 0, 0x04, ROOT_T, 3, 'a', 'b', 'c', 0 /* by client 5 */
#define AS_IT_IS NULL, 0

/* A document, and another one that gets what the first one relays. */
struct pair {
    struct yd_doc *doc, *follower;
};

static struct pair pair_of(const uint8_t *p, size_t len)
{
    struct pair both = {yd_doc_new(NULL), yd_doc_new(NULL)};

    apply_ok(both.doc, p, len);
    apply_ok(both.follower, p, len);
    return both;
}

static void assert_followed(const struct pair *both)
{
    struct yd_buf a = {0}, b = {0};

    assert_int_equal(yd_pending_bytes(both->follower), 0);
    yd_encode_state_vector(both->doc, &a);
    yd_encode_state_vector(both->follower, &b);
    assert_int_equal(a.len, b.len);
    assert_memory_equal(a.data, b.data, a.len);
    a.len = b.len = 0;
    yd_text(both->doc, "t", 1, &a);
    yd_text(both->follower, "t", 1, &b);
    assert_int_equal(a.len, b.len);
    assert_true(a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
    yd_buf_free(&a);
    yd_buf_free(&b);
}

/* Apply it; expected: the news (AS_IT_IS: there are none, and the update is whole). */
static void relay(const struct pair *both, const uint8_t *update, size_t len,
                  const uint8_t *expected, size_t expected_len)
{
    struct yd_buf news = {0};
    struct yd_result res;

    assert_int_equal(yd_apply_update_news(both->doc, update, len, &res, &news), 0);
    assert_null(yd_check_inside(both->doc));
    assert_true(res.changed);
    assert_int_equal(res.whole, expected == NULL);
    assert_int_equal(news.len, expected_len);
    assert_true(expected_len == 0 || memcmp(news.data, expected, expected_len) == 0);
    apply_ok(both->follower, expected ? news.data : update, expected ? news.len : len);
    assert_followed(both);
    yd_buf_free(&news);
}

/* Apply what changes nothing. */
static void relay_nothing(const struct pair *both, const uint8_t *update, size_t len)
{
    struct yd_buf news = {0};
    struct yd_result res;

    assert_int_equal(yd_apply_update_news(both->doc, update, len, &res, &news), 0);
    assert_false(res.changed || res.whole);
    assert_int_equal(news.len, 0);
    yd_buf_free(&news);
}

static void free_pair(struct pair *both)
{
    yd_doc_free(both->doc);
    yd_doc_free(both->follower);
}

static void new_edit_goes_as_it_is(void **state)
{
    struct pair both = pair_of(BYTES(WORD));

    (void)state;
    relay(&both, BYTES(1, 1, 6, 0, 0x84, 5, 0, 1, '-', 0), AS_IT_IS);
    relay(&both, BYTES(0, 1, 5, 1, 1, 2), AS_IT_IS);
    /* Two clients, of which one builds on the other, and a delete of what comes with them. */
    relay(&both, BYTES(2, 1, 8, 0, 0x84, 7, 0, 1, '8', 1, 7, 0, 0x84, 6, 0, 1, '7', 1, 7, 1, 0, 1),
          AS_IT_IS);
    relay_nothing(&both, BYTES(WORD));
    free_pair(&both);
}

static void value_that_replaces_another_goes_as_it_is(void **state)
{
    struct pair both = pair_of(BYTES(1, 1, 5, 0, 0x28, 1, 1, 'm', 1, 'k', 1, 119, 1, 'a', 0));

    (void)state; /* its delete is done when the value comes in */
    relay(&both, BYTES(1, 1, 5, 1, 0xa8, 5, 0, 1, 119, 1, 'b', 1, 5, 1, 0, 1), AS_IT_IS);
    free_pair(&both);
}

static void known_part_is_not_told_again(void **state)
{
    struct pair both = pair_of(BYTES(WORD));

    (void)state;
    relay(&both, BYTES(1, 1, 5, 0, 0x04, ROOT_T, 5, 'a', 'b', 'c', 'd', 'e', 0),
          BYTES(1, 1, 5, 3, 0x84, 5, 2, 2, 'd', 'e', 0));
    /* A known struct in front of a new one. */
    relay(&both, BYTES(1, 2, 5, 3, 0x84, 5, 2, 2, 'd', 'e', 0xc4, 5, 0, 5, 1, 1, 'f', 0),
          BYTES(1, 1, 5, 5, 0xc4, 5, 0, 5, 1, 1, 'f', 0));
    free_pair(&both);
}

/* Stock clients throw when they get the whole of a struct whose first part they have collected. */
static void rest_of_what_was_collected_is_told_as_collected(void **state)
{
    struct pair both =
        pair_of(BYTES(1, 2, 5, 0, 0x07, 1, 1, 'a', 2, 0x04, 0, 5, 0, 1, 'x', 1, 5, 1, 0, 1));

    (void)state;
    relay(&both, BYTES(1, 1, 5, 1, 0x04, ROOT_T, 3, 'x', 'y', 'z', 0),
          BYTES(1, 1, 5, 2, 0x00, 2, 0));
    free_pair(&both);
}

static void struct_that_comes_too_late_is_told_as_collected(void **state)
{
    struct pair both =
        pair_of(BYTES(1, 2, 5, 0, 0x07, 1, 1, 'a', 2, 0x04, 0, 5, 0, 1, 'x', 1, 5, 1, 0, 1));

    (void)state;
    relay(&both, BYTES(1, 1, 6, 0, 0x84, 5, 1, 2, 'y', 'z', 0), BYTES(1, 1, 6, 0, 0x00, 2, 0));
    free_pair(&both);
}

static void what_waits_is_not_told(void **state)
{
    struct pair both = pair_of(BYTES(WORD));

    (void)state;
    relay_nothing(&both, BYTES(1, 1, 9, 4, 0x84, 9, 3, 1, '?', 0));
    /* A new struct and one that waits, in one client and in two. */
    relay(&both, BYTES(2, 1, 8, 4, 0x84, 8, 3, 1, '?', 1, 6, 0, 0x84, 5, 2, 1, '-', 0),
          BYTES(1, 1, 6, 0, 0x84, 5, 2, 1, '-', 0));
    relay(&both, BYTES(1, 3, 6, 1, 0x84, 6, 0, 1, '+', 0x0a, 1, 0x84, 6, 2, 1, '?', 0),
          BYTES(1, 1, 6, 1, 0x84, 6, 0, 1, '+', 0));
    /* Deletes of what is not here yet, of nothing at all, and of both. */
    relay(&both, BYTES(0, 1, 5, 2, 1, 1, 90, 1), BYTES(0, 1, 5, 1, 1, 1));
    relay(&both, BYTES(0, 1, 5, 2, 0, 1, 50, 0), BYTES(0, 1, 5, 1, 0, 1));
    relay(&both, BYTES(0, 1, 5, 1, 2, 9), BYTES(0, 1, 5, 1, 2, 1));
    free_pair(&both);
}

static void what_waited_is_told_when_it_comes_in(void **state)
{
    struct pair both = pair_of(BYTES(WORD));

    (void)state;
    relay_nothing(&both, BYTES(1, 1, 6, 0, 0x84, 7, 0, 1, '2', 0));
    relay_nothing(&both, BYTES(0, 1, 6, 1, 0, 1));
    relay(&both, BYTES(1, 1, 7, 0, 0x84, 5, 2, 1, '1', 0),
          BYTES(2, 1, 7, 0, 0x84, 5, 2, 1, '1', 1, 6, 0, 0x81, 7, 0, 1, 1, 6, 1, 0, 1));
    free_pair(&both);
}

static void assert_settled(const struct yd_doc *doc, const uint8_t *sv, size_t sv_len,
                           const uint8_t *expected, size_t len)
{
    struct yd_buf out = {0};

    assert_int_equal(yd_encode_settled(doc, sv, sv_len, &out), 0);
    assert_int_equal(out.len, len);
    assert_memory_equal(out.data, expected, len);
    yd_buf_free(&out);
}

static void what_waits_is_stored_and_not_sent(void **state)
{
    struct yd_doc *doc = yd_doc_new(NULL), *stored = yd_doc_new(NULL);
    struct yd_buf out = {0};

    (void)state; /* of a client that has more, of one that has nothing, and deletes of both */
    apply_ok(doc, BYTES(WORD));
    apply_ok(doc, BYTES(2, 1, 9, 4, 0x84, 9, 3, 1, '?', 1, 5, 4, 0x84, 5, 3, 1, '?', 0));
    apply_ok(doc, BYTES(0, 2, 9, 1, 4, 1, 5, 1, 3, 1));
    assert_settled(doc, NULL, 0, BYTES(WORD));
    assert_settled(doc, BYTES(1, 5, 2), BYTES(1, 1, 5, 2, 0x84, 5, 1, 1, 'c', 0));
    assert_settled(doc, BYTES(1, 5, 3), BYTES(0, 0));
    assert_int_equal(yd_encode_diff(doc, NULL, 0, &out), 0);
    apply_ok(stored, out.data, out.len);
    assert_true(yd_pending_bytes(stored) > 0);
    assert_int_equal(yd_pending_bytes(stored), yd_pending_bytes(doc));
    assert_int_equal(yd_encode_settled(doc, BYTES(2), &out), YD_ERR_TRUNCATED);
    yd_buf_free(&out);
    yd_doc_free(stored);
    yd_doc_free(doc);
}

#define OLD_VALUES 0x28, 1, 1, 'm', 1, 'k', 3, 119, 1, 'a', 119, 1, 'b', 119, 1, 'c'
#define NEW_VALUE 0xa8, 6, 2, 1, 119, 1, 'd'
#define COLLECTED 0x21, 1, 1, 'm', 1, 'k', 3

static void assert_value(const struct yd_doc *doc, const char *json)
{
    struct yd_buf out = {0};

    assert_int_equal(yd_json(doc, yd_root("m"), YD_MAP, &out), 0);
    assert_int_equal(out.len, strlen(json));
    assert_memory_equal(out.data, json, out.len);
    yd_buf_free(&out);
}

/* Yjs joins old values that a key had one after the other, if something keeps them from being
 * collected (its UndoManager, say). */
static void new_value_behind_joined_old_ones_stays(void **state)
{
    struct pair both = pair_of(BYTES(WORD));

    (void)state;
    relay(&both, BYTES(1, 2, 6, 0, OLD_VALUES, NEW_VALUE, 1, 6, 1, 0, 3),
          BYTES(1, 2, 6, 0, COLLECTED, NEW_VALUE, 1, 6, 1, 0, 3));
    assert_value(both.doc, "{\"k\":\"d\"}");
    assert_value(both.follower, "{\"k\":\"d\"}");
    free_pair(&both);
}

/* Stock clients throw when the map is collected and a part of its value was deleted before. */
static void value_longer_than_one_unit_comes_in_deleted(void **state)
{
    struct pair both = pair_of(BYTES(WORD));

    (void)state;
    relay(&both, BYTES(1, 1, 6, 0, OLD_VALUES, 0), BYTES(1, 1, 6, 0, COLLECTED, 1, 6, 1, 0, 3));
    assert_value(both.doc, "{}");
    relay_nothing(&both, BYTES(0, 1, 6, 1, 1, 1));
    relay(&both, BYTES(1, 1, 6, 3, NEW_VALUE, 0), AS_IT_IS);
    assert_value(both.doc, "{\"k\":\"d\"}");
    free_pair(&both);
}

/* Who comes back tells all that was ever deleted. */
static void old_deletes_are_not_told_again(void **state)
{
    struct pair both = pair_of(BYTES(WORD));

    (void)state;
    relay(&both, BYTES(0, 1, 5, 1, 0, 1), AS_IT_IS);
    relay(&both, BYTES(1, 1, 5, 3, 0x84, 5, 2, 1, 'd', 1, 5, 2, 0, 1, 2, 1),
          BYTES(1, 1, 5, 3, 0x84, 5, 2, 1, 'd', 1, 5, 1, 2, 1));
    free_pair(&both);
}

static void part_of_a_costly_edit_is_told(void **state)
{
    const struct yd_limits limits = {.max_work = 3000};
    struct pair both = pair_of(BYTES(WORD));
    struct yd_buf update = {0}, news = {0};
    struct yd_result res;

    (void)state;
    yd_doc_set_limits(both.doc, &limits);
    yd_buf_put_varuint(&update, 100); /* clients with a letter each */
    for (uint8_t client = 110; client > 10; client--)
        yd_buf_append(&update, BYTES(1, client, 0, 0x84, 5, 2, 1, 'x'));
    yd_buf_put_varuint(&update, 0);
    assert_int_equal(yd_apply_update_news(both.doc, update.data, update.len, &res, &news),
                     YD_ERR_COSTLY);
    assert_true(res.changed && !res.whole);
    assert_true(news.len < update.len);
    assert_true(apply_ok(both.follower, news.data, news.len).whole);
    assert_followed(&both);
    yd_buf_free(&update);
    yd_buf_free(&news);
    free_pair(&both);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(new_edit_goes_as_it_is),
        cmocka_unit_test(value_that_replaces_another_goes_as_it_is),
        cmocka_unit_test(known_part_is_not_told_again),
        cmocka_unit_test(rest_of_what_was_collected_is_told_as_collected),
        cmocka_unit_test(struct_that_comes_too_late_is_told_as_collected),
        cmocka_unit_test(what_waits_is_not_told),
        cmocka_unit_test(what_waited_is_told_when_it_comes_in),
        cmocka_unit_test(what_waits_is_stored_and_not_sent),
        cmocka_unit_test(new_value_behind_joined_old_ones_stays),
        cmocka_unit_test(value_longer_than_one_unit_comes_in_deleted),
        cmocka_unit_test(old_deletes_are_not_told_again),
        cmocka_unit_test(part_of_a_costly_edit_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
