/* What works on updates alone: merge, state vector, diff. */
#include "tests/unit/ydoc/support.h"
#include "ydoc/updates.h"

/* Typed by client 5 in root "t": "a" at clock 0, then one letter behind the other. */
#define FIRST(c) 1, 1, 5, 0, 0x04, ROOT_T, 1, c, NO_DELETES
#define NEXT(clock, c) 1, 1, 5, clock, 0x84, 5, (clock)-1, 1, c, NO_DELETES

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define UPDATE(...)                                                                                \
    {                                                                                              \
        BYTES(__VA_ARGS__)                                                                         \
    }

static void assert_merged(const struct yd_bytes *updates, size_t n, const uint8_t *p, size_t len)
{
    struct yd_buf out = {0};

    assert_int_equal(yd_merge_updates(updates, n, &out), 0);
    assert_int_equal(out.len, len);
    assert_memory_equal(out.data, p, len);
    assert_int_equal(yd_update_check(out.data, out.len, NULL), 0);
    yd_buf_free(&out);
}

static void nothing_merges_to_the_empty_update(void **state)
{
    (void)state;
    assert_merged(NULL, 0, BYTES(0, 0));
}

static void one_update_comes_back_as_it_is(void **state)
{
    const struct yd_bytes one[] = {UPDATE(FIRST('a'))};

    (void)state;
    assert_merged(one, 1, one[0].p, one[0].len);
}

static void letters_typed_in_a_row_become_one_struct(void **state)
{
    const struct yd_bytes u[] = {UPDATE(NEXT(2, 'c')), UPDATE(FIRST('a')), UPDATE(NEXT(1, 'b'))};

    (void)state;
    assert_merged(u, COUNT(u), BYTES(1, 1, 5, 0, 0x04, ROOT_T, 3, 'a', 'b', 'c', 0));
}

static void a_run_may_grow_beyond_its_length_of_one_byte(void **state)
{
    struct yd_bytes u[300];
    uint8_t bytes[300][16];
    struct yd_buf out = {0};
    struct yd_doc *doc = yd_doc_new(NULL);

    (void)state;
    for (uint32_t i = 0; i < COUNT(u); i++) {
        struct yd_buf b = {0};
        yd_buf_append(&b, BYTES(1, 1, 5));
        yd_buf_put_varuint(&b, i);
        if (i == 0) {
            yd_buf_append(&b, BYTES(0x04, ROOT_T, 1, 'a', 0));
        } else {
            yd_buf_append(&b, BYTES(0x84, 5));
            yd_buf_put_varuint(&b, i - 1);
            yd_buf_append(&b, BYTES(1, 'b', 0));
        }
        memcpy(bytes[i], b.data, b.len);
        u[i] = (struct yd_bytes){bytes[i], b.len};
        yd_buf_free(&b);
    }
    assert_int_equal(yd_merge_updates(u, COUNT(u), &out), 0);
    assert_int_equal(out.len, 4 + 4 + 2 + 300 + 1);
    apply_ok(doc, out.data, out.len);
    assert_int_equal(yd_text_len_utf16(doc, "t", 1), 300);
    yd_buf_free(&out);
    yd_doc_free(doc);
}

static void what_is_missing_becomes_a_skip(void **state)
{
    const struct yd_bytes u[] = {UPDATE(FIRST('a')), UPDATE(NEXT(5, 'f'))};
    struct yd_buf out = {0}, sv = {0};

    (void)state;
    assert_merged(u, COUNT(u),
                  BYTES(1, 3, 5, 0, 0x04, ROOT_T, 1, 'a', 10, 4, 0x84, 5, 4, 1, 'f', 0));
    assert_int_equal(yd_merge_updates(u, COUNT(u), &out), 0);
    assert_int_equal(yd_update_state_vector(out.data, out.len, &sv), 0);
    assert_int_equal(sv.len, 3); /* up to the gap */
    assert_memory_equal(sv.data, ((uint8_t[]){1, 5, 1}), 3);
    yd_buf_free(&out);
    yd_buf_free(&sv);
}

static void a_skip_is_filled_by_another_update(void **state)
{
    const struct yd_bytes u[] = {
        UPDATE(1, 3, 5, 0, 0x04, ROOT_T, 1, 'a', 10, 1, 0x84, 5, 1, 1, 'c', 0),
        UPDATE(NEXT(1, 'b'))};

    (void)state;
    assert_merged(u, COUNT(u), BYTES(1, 1, 5, 0, 0x04, ROOT_T, 3, 'a', 'b', 'c', 0));
}

static void what_came_twice_is_written_once(void **state)
{
    const struct yd_bytes u[] = {
        UPDATE(1, 1, 5, 0, 0x04, ROOT_T, 3, 'a', 'b', 'c', 0),
        UPDATE(NEXT(1, 'b')),
        UPDATE(1, 1, 5, 2, 0x84, 5, 1, 3, 'c', 'd', 'e', 0),
        UPDATE(1, 1, 5, 0, 0x04, ROOT_T, 3, 'a', 'b', 'c', 0),
    };

    (void)state;
    assert_merged(u, COUNT(u), BYTES(1, 1, 5, 0, 0x04, ROOT_T, 5, 'a', 'b', 'c', 'd', 'e', 0));
}

static void a_cut_inside_a_pair_is_written_as_yjs_writes_it(void **state)
{
    const struct yd_bytes u[] = {
        UPDATE(1, 1, 5, 0, 0x04, ROOT_T, 3, 0xef, 0xbf, 0xbd, 0), /* a pair's first half */
        UPDATE(1, 1, 5, 0, 0x04, ROOT_T, 5, 0xf0, 0x9f, 0x98, 0x80, 'x', 0),
    };

    (void)state;
    assert_merged(u, COUNT(u),
                  BYTES(1, 1, 5, 0, 0x04, ROOT_T, 7, 0xef, 0xbf, 0xbd, 0xef, 0xbf, 0xbd, 'x', 0));
}

static void text_before_something_else_is_not_joined(void **state)
{
    const struct yd_bytes right[] = {UPDATE(FIRST('a')),
                                     UPDATE(1, 1, 5, 1, 0xc4, 5, 0, 9, 0, 1, 'b', 0)};
    const struct yd_bytes front[] = {UPDATE(FIRST('a')), UPDATE(1, 1, 5, 1, 0x44, 5, 0, 1, 'b', 0)};

    (void)state;
    assert_merged(right, COUNT(right),
                  BYTES(1, 2, 5, 0, 0x04, ROOT_T, 1, 'a', 0xc4, 5, 0, 9, 0, 1, 'b', 0));
    assert_merged(front, COUNT(front),
                  BYTES(1, 2, 5, 0, 0x04, ROOT_T, 1, 'a', 0x44, 5, 0, 1, 'b', 0));
}

static void values_of_one_key_are_not_joined(void **state)
{
    const struct yd_bytes u[] = {UPDATE(1, 1, 5, 0, 0x24, ROOT_T, 1, 'k', 1, 'a', 0),
                                 UPDATE(1, 1, 5, 1, 0xa4, 5, 0, 1, 'b', 0)};

    (void)state;
    assert_merged(u, COUNT(u),
                  BYTES(1, 2, 5, 0, 0x24, ROOT_T, 1, 'k', 1, 'a', 0xa4, 5, 0, 1, 'b', 0));
}

static void collected_and_deleted_runs_are_joined(void **state)
{
    const struct yd_bytes gc[] = {UPDATE(1, 1, 5, 0, 0, 3, 0), UPDATE(1, 1, 5, 3, 0, 2, 0)};
    const struct yd_bytes del[] = {UPDATE(1, 1, 5, 0, 0x01, ROOT_T, 3, 0),
                                   UPDATE(1, 1, 5, 3, 0x81, 5, 2, 2, 0)};

    (void)state;
    assert_merged(gc, COUNT(gc), BYTES(1, 1, 5, 0, 0, 5, 0));
    assert_merged(del, COUNT(del), BYTES(1, 1, 5, 0, 0x01, ROOT_T, 5, 0));
}

static void clients_come_from_the_highest_to_the_lowest(void **state)
{
    const struct yd_bytes u[] = {UPDATE(1, 1, 5, 0, 0, 1, 0), UPDATE(1, 1, 9, 0, 0, 2, 0),
                                 UPDATE(1, 1, 7, 0, 0, 3, 0)};

    (void)state;
    assert_merged(u, COUNT(u), BYTES(3, 1, 9, 0, 0, 2, 1, 7, 0, 0, 3, 1, 5, 0, 0, 1, 0));
}

static void deletes_are_united(void **state)
{
    const struct yd_bytes u[] = {UPDATE(0, 1, 5, 1, 7, 1), UPDATE(0, 2, 9, 1, 0, 1, 5, 1, 3, 2),
                                 UPDATE(0, 1, 5, 2, 4, 3, 20, 1)};

    (void)state;
    assert_merged(u, COUNT(u), BYTES(0, 2, 9, 1, 0, 1, 5, 2, 3, 5, 20, 1));
}

static void empty_ranges_are_left_out(void **state)
{
    const struct yd_bytes u[] = {UPDATE(0, 1, 5, 2, 7, 0, 3, 1), UPDATE(0, 1, 9, 1, 4, 0)};
    struct yd_doc *doc = yd_doc_new(NULL);

    (void)state;
    assert_merged(u, COUNT(u), BYTES(0, 1, 5, 1, 3, 1));
    apply_ok(doc, u[1].p, u[1].len);
    assert_int_equal(yd_pending_bytes(doc), 0);
    yd_doc_free(doc);
}

static void a_malformed_update_among_others_writes_nothing(void **state)
{
    const struct yd_bytes u[] = {UPDATE(FIRST('a')), UPDATE(1, 1, 5, 0, 0x04, ROOT_T, 2, 'b'),
                                 UPDATE(NEXT(1, 'b'))};
    struct yd_buf out = {0};

    (void)state;
    assert_int_equal(yd_merge_updates(u, COUNT(u), &out), YD_ERR_TRUNCATED);
    assert_int_equal(yd_update_state_vector(u[1].p, u[1].len, &out), YD_ERR_TRUNCATED);
    assert_int_equal(yd_update_diff(u[1].p, u[1].len, NULL, 0, &out), YD_ERR_TRUNCATED);
    assert_int_equal(yd_update_diff(u[0].p, u[0].len, BYTES(2, 5, 1), &out), YD_ERR_TRUNCATED);
    assert_int_equal(out.len, 0);
    assert_null(out.data);
}

static void a_client_named_twice_is_refused_everywhere(void **state)
{
    const struct yd_bytes u[] = {UPDATE(3, 1, 5, 0, 0, 1, 1, 6, 0, 0, 1, 1, 5, 1, 0, 1, 0),
                                 UPDATE(FIRST('a'))};
    struct yd_buf out = {0};

    (void)state;
    assert_int_equal(yd_update_check(u[0].p, u[0].len, NULL), YD_ERR_DUPLICATE);
    assert_int_equal(yd_merge_updates(u, 1, &out), YD_ERR_DUPLICATE);
    assert_int_equal(yd_merge_updates(u, 2, &out), YD_ERR_DUPLICATE);
    assert_int_equal(yd_update_state_vector(u[0].p, u[0].len, &out), YD_ERR_DUPLICATE);
    assert_int_equal(yd_update_diff(u[0].p, u[0].len, NULL, 0, &out), YD_ERR_DUPLICATE);
    assert_int_equal(out.len, 0);
}

static void a_diff_begins_inside_a_struct(void **state)
{
    struct yd_buf out = {0};

    (void)state;
    assert_int_equal(yd_update_diff(BYTES(2, 1, 9, 0, 0, 2, 2, 5, 0, 0x04, ROOT_T, 3, 'a', 'b', 'c',
                                          0x44, 9, 0, 1, 'd', 1, 9, 1, 0, 1),
                                    BYTES(2, 9, 2, 5, 2), &out),
                     0);
    assert_int_equal(out.len, 19);
    assert_memory_equal(
        out.data, ((uint8_t[]){1, 2, 5, 2, 0x84, 5, 1, 1, 'c', 0x44, 9, 0, 1, 'd', 1, 9, 1, 0, 1}),
        19);
    yd_buf_free(&out);
}

static void a_diff_to_nothing_is_the_update(void **state)
{
    static const uint8_t update[] = {1,   3,  5, 0,    0x24, ROOT_T, 1, 'k', 1,
                                     'a', 10, 4, 0xa4, 5,    0,      1, 'b', 0};
    struct yd_buf out = {0};

    (void)state;
    assert_int_equal(yd_update_diff(update, sizeof(update), NULL, 0, &out), 0);
    assert_int_equal(out.len, sizeof(update));
    assert_memory_equal(out.data, update, sizeof(update));
    yd_buf_free(&out);
}

static void a_state_vector_knows_clients_that_begin_at_nought_only(void **state)
{
    struct yd_buf out = {0};

    (void)state;
    yd_buf_append(&out, "x", 1); /* it is appended to what is there */
    assert_int_equal(yd_update_state_vector(
                         BYTES(3, 2, 9, 0, 0, 2, 0, 3, 7, 1, 5, 4, 0, 1, 1, 3, 0, 0, 1, 0), &out),
                     YD_ERR_TRUNCATED);
    assert_int_equal(out.len, 1);
    assert_int_equal(yd_update_state_vector(
                         BYTES(3, 2, 9, 0, 0, 2, 0, 3, 1, 5, 4, 0, 1, 1, 3, 0, 0, 1, 0), &out),
                     0);
    assert_int_equal(out.len, 6);
    assert_memory_equal(out.data, ((uint8_t[]){'x', 2, 9, 5, 3, 1}), 6);
    yd_buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_merges_to_the_empty_update),
        cmocka_unit_test(one_update_comes_back_as_it_is),
        cmocka_unit_test(letters_typed_in_a_row_become_one_struct),
        cmocka_unit_test(a_run_may_grow_beyond_its_length_of_one_byte),
        cmocka_unit_test(what_is_missing_becomes_a_skip),
        cmocka_unit_test(a_skip_is_filled_by_another_update),
        cmocka_unit_test(what_came_twice_is_written_once),
        cmocka_unit_test(a_cut_inside_a_pair_is_written_as_yjs_writes_it),
        cmocka_unit_test(text_before_something_else_is_not_joined),
        cmocka_unit_test(values_of_one_key_are_not_joined),
        cmocka_unit_test(collected_and_deleted_runs_are_joined),
        cmocka_unit_test(clients_come_from_the_highest_to_the_lowest),
        cmocka_unit_test(deletes_are_united),
        cmocka_unit_test(empty_ranges_are_left_out),
        cmocka_unit_test(a_malformed_update_among_others_writes_nothing),
        cmocka_unit_test(a_client_named_twice_is_refused_everywhere),
        cmocka_unit_test(a_diff_begins_inside_a_struct),
        cmocka_unit_test(a_diff_to_nothing_is_the_update),
        cmocka_unit_test(a_state_vector_knows_clients_that_begin_at_nought_only),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
