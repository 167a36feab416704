/* Applying, waiting, encoding: small documents written by hand. */
#include "tests/unit/ydoc/support.h"

static bool is_contained(const struct yd_doc *doc, const uint8_t *p, size_t len)
{
    bool contained = false;

    assert_int_equal(yd_update_is_contained(doc, p, len, &contained), 0);
    return contained;
}

static void text_is_integrated_once(void **state)
{
    struct yd_doc *doc = yd_doc_new(NULL);
    struct yd_result res = apply_ok(doc, BYTES(HELLO));

    (void)state;
    assert_true(res.changed && res.has_new && res.complete);
    res = apply_ok(doc, BYTES(HELLO));
    assert_false(res.changed || res.has_new);
    assert_true(res.complete);
    assert_text(doc, "t", "hello");
    assert_text(doc, "other", "");
    assert_int_equal(yd_text_len_utf16(doc, "t", 1), 5);
    yd_doc_free(doc);
}

static void known_part_of_a_longer_struct_is_cut_off(void **state)
{
    struct yd_doc *doc = hello();

    (void)state;
    apply_ok(doc, BYTES(1, 1, 5, 0, 0x04, ROOT_T, 7, 'h', 'e', 'l', 'l', 'o', '!', '?', 0));
    assert_text(doc, "t", "hello!?");
    assert_int_equal(yd_struct_count(doc), 1);
    yd_doc_free(doc);
}

static void same_place_is_ordered_by_client(void **state)
{
    static const uint8_t low[] = {1, 1, 6, 0, 0xc4, 5, 1, 5, 2, 1, 'L', 0};
    static const uint8_t high[] = {1, 1, 7, 0, 0xc4, 5, 1, 5, 2, 1, 'H', 0};

    (void)state;
    for (int turn = 0; turn < 2; turn++) {
        struct yd_doc *doc = hello();
        apply_ok(doc, turn ? low : high, sizeof(low));
        apply_ok(doc, turn ? high : low, sizeof(low));
        assert_text(doc, "t", "heLHllo");
        yd_doc_free(doc);
    }
}

static void deletes_split_and_merge_again(void **state)
{
    struct yd_doc *doc = hello();
    struct yd_result res = apply_ok(doc, BYTES(0, 1, 5, 1, 1, 2));

    (void)state;
    assert_true(res.changed);
    assert_text(doc, "t", "hlo");
    assert_int_equal(yd_struct_count(doc), 3);
    assert_false(apply_ok(doc, BYTES(0, 1, 5, 1, 1, 2)).changed);
    apply_ok(doc, BYTES(0, 1, 5, 2, 0, 1, 3, 2));
    assert_text(doc, "t", "");
    assert_int_equal(yd_struct_count(doc), 1);
    yd_doc_free(doc);
}

static void overlapping_deletes_count_once(void **state)
{
    struct yd_doc *doc = hello();

    (void)state;
    apply_ok(doc, BYTES(0, 2, 5, 3, 0, 3, 1, 3, 0, 1, 5, 1, 2, 2));
    assert_text(doc, "t", "o");
    yd_doc_free(doc);
}

static void cut_inside_a_pair_gives_two_replacements(void **state)
{
    struct yd_doc *doc = yd_doc_new(NULL);

    (void)state;
    apply_ok(doc, BYTES(1, 1, 5, 0, 0x04, ROOT_T, 6, 'a', 0xf0, 0x9f, 0x98, 0x80, 'b', 0));
    assert_int_equal(yd_text_len_utf16(doc, "t", 1), 4);
    apply_ok(doc, BYTES(1, 1, 6, 0, 0xc4, 5, 1, 5, 2, 1, '-', 0));
    assert_text(doc, "t",
                "a\xef\xbf\xbd-\xef\xbf\xbd"
                "b");
    assert_int_equal(yd_text_len_utf16(doc, "t", 1), 5);
    yd_doc_free(doc);
}

static void struct_with_missing_predecessor_waits(void **state)
{
    struct yd_doc *doc = yd_doc_new(NULL);
    struct yd_result res = apply_ok(doc, BYTES(1, 1, 5, 5, 0x84, 5, 4, 1, '!', 0));

    (void)state;
    assert_false(res.changed || res.complete);
    assert_true(res.has_new);
    assert_true(yd_pending_bytes(doc) > 0);
    res = apply_ok(doc, BYTES(1, 1, 5, 5, 0x84, 5, 4, 1, '!', 0));
    assert_false(res.has_new);
    res = apply_ok(doc, BYTES(HELLO));
    assert_true(res.complete);
    assert_text(doc, "t", "hello!");
    assert_int_equal(yd_pending_bytes(doc), 0);
    yd_doc_free(doc);
}

static void delete_of_unknown_struct_waits(void **state)
{
    struct yd_doc *doc = yd_doc_new(NULL);
    struct yd_result res = apply_ok(doc, BYTES(0, 1, 5, 1, 1, 3));

    (void)state;
    assert_false(res.changed || res.complete);
    assert_true(res.has_new);
    assert_false(apply_ok(doc, BYTES(0, 1, 5, 1, 1, 3)).has_new);
    apply_ok(doc, BYTES(HELLO));
    assert_text(doc, "t", "ho");
    assert_int_equal(yd_pending_bytes(doc), 0);
    yd_doc_free(doc);
}

static void full_state_carries_what_waits(void **state)
{
    struct yd_doc *doc = yd_doc_new(NULL), *copy = yd_doc_new(NULL);
    struct yd_buf full = {0};

    (void)state;
    apply_ok(doc, BYTES(1, 1, 5, 5, 0x84, 5, 4, 1, '!', 0));
    apply_ok(doc,
             BYTES(1, 1, 5, 7, 0x84, 5, 6, 1, '.', 0)); /* a gap before it: a Skip when written */
    apply_ok(doc, BYTES(0, 1, 5, 1, 0, 1));
    assert_int_equal(yd_encode_diff(doc, NULL, 0, &full), 0);
    apply_ok(copy, full.data, full.len);
    apply_ok(copy, BYTES(HELLO));
    assert_text(copy, "t", "ello!");
    apply_ok(copy, BYTES(1, 1, 5, 6, 0x84, 5, 5, 1, '?', 0));
    assert_text(copy, "t", "ello!?.");
    yd_buf_free(&full);
    yd_doc_free(doc);
    yd_doc_free(copy);
}

static void chain_of_waiting_clients_resolves_in_one_go(void **state)
{
    struct yd_doc *doc = yd_doc_new(NULL);

    (void)state;
    for (uint8_t client = 20; client > 5; client--)
        apply_ok(doc, BYTES(1, 1, client, 0, 0x84, (uint8_t)(client - 1), 0, 1, 'x', 0));
    assert_true(apply_ok(doc, BYTES(1, 1, 5, 0, 0x04, ROOT_T, 1, 'y', 0)).complete);
    assert_text(doc, "t", "yxxxxxxxxxxxxxxx");
    yd_doc_free(doc);
}

static void pending_is_bounded_and_refusal_changes_nothing(void **state)
{
    struct yd_doc *doc = hello();
    const struct yd_limits limits = {.max_pending_bytes = 40, .max_pending_runs = 3};
    struct yd_result res;

    (void)state;
    yd_doc_set_limits(doc, &limits);
    for (uint8_t client = 10; client < 13; client++)
        apply_ok(doc, BYTES(1, 1, client, 5, 0x84, client, 4, 1, '!', 0));
    assert_int_equal(
        yd_apply_update(doc, BYTES(2, 1, 9, 5, 0x84, 9, 4, 1, '!', 1, 5, 5, 0x84, 5, 4, 1, '!', 0),
                        &res),
        YD_ERR_PENDING_FULL);
    assert_false(res.changed);
    assert_text(doc, "t", "hello");
    assert_int_equal(yd_apply_update(doc, BYTES(0, 1, 9, 3, 1, 1, 3, 1, 5, 1), &res),
                     YD_ERR_PENDING_FULL);
    apply_ok(doc, BYTES(1, 1, 5, 5, 0x84, 5, 4, 1, '!', 0)); /* needs nothing: still welcome */
    assert_text(doc, "t", "hello!");
    yd_doc_free(doc);
}

/* What comes a second time takes no more room. */
static void what_waits_already_is_not_counted_again(void **state)
{
    struct yd_doc *doc = hello();
    const struct yd_limits limits = {.max_pending_bytes = 40, .max_pending_runs = 3};

    (void)state;
    yd_doc_set_limits(doc, &limits);
    for (int i = 0; i < 2; i++) {
        for (uint8_t client = 10; client < 13; client++)
            apply_ok(doc, BYTES(1, 1, client, 5, 0x84, client, 4, 1, '!', 0));
        /* Two of them with a gap between, of which the first is known to wait. */
        apply_ok(doc, BYTES(1, 1, 10, 5, 0x84, 10, 4, 1, '!', 1, 5, 1, 9, 1));
        assert_int_equal(yd_apply_update(doc,
                                         BYTES(1, 3, 10, 5, 0x84, 10, 4, 1, '!', 0x0a, 1, 0x84, 10,
                                               6, 1, '?', 0),
                                         NULL),
                         YD_ERR_PENDING_FULL);
    }
    assert_int_equal(yd_pending_bytes(doc), 15 + sizeof(uint64_t) + 2 * sizeof(uint32_t));
    yd_doc_free(doc);
}

static void document_size_is_bounded(void **state)
{
    struct yd_doc *doc = hello();
    const struct yd_limits limits = {.max_doc_bytes = 16};

    (void)state;
    yd_doc_set_limits(doc, &limits);
    assert_int_equal(
        yd_apply_update(doc, BYTES(1, 1, 6, 0, 0x04, ROOT_T, 5, 'w', 'o', 'r', 'l', 'd', 0), NULL),
        YD_ERR_TOO_BIG);
    assert_text(doc, "t", "hello");
    yd_doc_free(doc);
}

static void later_value_of_a_key_wins(void **state)
{
    struct yd_doc *doc = yd_doc_new(NULL);

    (void)state;
    apply_ok(doc, BYTES(1, 1, 5, 0, 0x28, 1, 1, 'm', 1, 'k', 1, 119, 1, 'a', 0));
    apply_ok(doc, BYTES(1, 1, 5, 1, 0xa8, 5, 0, 1, 119, 1, 'b', 0));
    apply_ok(doc, BYTES(1, 1, 4, 0, 0xa8, 5, 0, 1, 119, 1, 'c',
                        0)); /* loses: lower client, same origin */
    assert_true(is_contained(doc, BYTES(0, 2, 5, 1, 0, 1, 4, 1, 0, 1)));
    assert_false(is_contained(doc, BYTES(0, 1, 5, 1, 1, 1)));
    yd_doc_free(doc);
}

static void children_of_a_deleted_type_become_gc(void **state)
{
    struct yd_doc *doc = yd_doc_new(NULL);
    struct yd_buf full = {0};
    static const uint8_t expected[] = {1, 2, 5, 0, 0x01, 1, 1, 'a', 1, 0, 1, 1, 5, 1, 0, 2};

    (void)state;
    apply_ok(doc, BYTES(1, 2, 5, 0, 0x07, 1, 1, 'a', 0, 0x08, 0, 5, 0, 1, 125, 1, 0));
    apply_ok(doc, BYTES(0, 1, 5, 1, 0, 1));
    assert_int_equal(yd_encode_diff(doc, NULL, 0, &full), 0);
    assert_int_equal(full.len, sizeof(expected));
    assert_memory_equal(full.data, expected, sizeof(expected));
    apply_ok(doc, BYTES(1, 1, 6, 0, 0x08, 0, 5, 0, 1, 125, 2, 0)); /* comes too late: GC */
    apply_ok(doc, BYTES(1, 1, 7, 0, 0x84, 5, 1, 1, 'x', 0));       /* behind a GC struct: GC */
    yd_buf_free(&full);
    yd_doc_free(doc);
}

static void known_part_that_was_collected_makes_the_rest_gc(void **state)
{
    struct yd_doc *doc = yd_doc_new(NULL);

    (void)state;
    apply_ok(doc, BYTES(1, 2, 5, 0, 0x07, 1, 1, 'a', 2, 0x04, 0, 5, 0, 1, 'x', 0));
    apply_ok(doc, BYTES(0, 1, 5, 1, 0, 1));
    apply_ok(doc, BYTES(1, 1, 5, 1, 0x04, 0, 5, 0, 3, 'x', 'y', 'z', 0));
    assert_int_equal(yd_struct_count(doc), 2);
    yd_doc_free(doc);
}

static void diff_holds_just_what_the_peer_lacks(void **state)
{
    struct yd_doc *doc = hello();
    struct yd_buf diff = {0};
    static const uint8_t expected[] = {1, 1, 5, 3, 0x84, 5, 2, 2, 'l', 'o', 0};

    (void)state;
    assert_int_equal(yd_encode_diff(doc, BYTES(1, 5, 3), &diff), 0);
    assert_int_equal(diff.len, sizeof(expected));
    assert_memory_equal(diff.data, expected, sizeof(expected));
    diff.len = 0;
    assert_int_equal(yd_encode_diff(doc, BYTES(1, 5, 5), &diff), 0);
    assert_int_equal(diff.len, 2);
    diff.len = 0;
    assert_int_equal(yd_encode_diff(doc, BYTES(1, 5, 99), &diff), 0); /* ahead of us */
    assert_int_equal(diff.len, 2);
    assert_int_equal(yd_encode_diff(doc, BYTES(1, 5), &diff), YD_ERR_TRUNCATED);
    assert_int_equal(yd_encode_diff(doc, BYTES(2, 5, 1, 5, 2), &diff), YD_ERR_DUPLICATE);
    yd_buf_free(&diff);
    yd_doc_free(doc);
}

static void containment_tells_an_answer_from_an_edit(void **state)
{
    struct yd_doc *doc = hello();

    (void)state;
    assert_true(is_contained(doc, BYTES(0, 0)));
    assert_true(is_contained(doc, BYTES(HELLO)));
    assert_false(is_contained(doc, BYTES(1, 1, 5, 5, 0x84, 5, 4, 1, '!', 0)));
    assert_false(is_contained(doc, BYTES(0, 1, 5, 1, 0, 1)));
    assert_false(is_contained(doc, BYTES(0, 1, 99, 1, 0, 1))); /* of a struct nobody has */
    apply_ok(doc, BYTES(0, 1, 5, 1, 0, 1));
    assert_true(is_contained(doc, BYTES(0, 1, 5, 1, 0, 1)));
    assert_false(is_contained(doc, BYTES(0, 1, 5, 1, 0, 2)));
    yd_doc_free(doc);
}

static void new_text_makes_a_document(void **state)
{
    struct yd_doc *doc = yd_doc_new(NULL);
    struct yd_buf b = {0};

    (void)state;
    assert_int_equal(yd_encode_text_insert((UINT64_C(1) << 53) - 1, "t", 1, "π = 3\r\n", 8, &b), 0);
    apply_ok(doc, b.data, b.len);
    assert_text(doc, "t", "π = 3\r\n");
    b.len = 0;
    assert_int_equal(yd_encode_text_insert(1, "t", 1, "", 0, &b), 0);
    assert_int_equal(b.len, 2);
    assert_int_equal(yd_encode_text_insert(1, "t", 1, "\xff", 1, &b), YD_ERR_UTF8);
    assert_int_equal(yd_encode_text_insert(0, "t", 1, "a", 1, &b), YD_ERR_RANGE);
    assert_int_equal(yd_encode_text_insert(UINT64_C(1) << 53, "t", 1, "a", 1, &b), YD_ERR_RANGE);
    assert_int_equal(b.len, 2);
    yd_buf_free(&b);
    yd_doc_free(doc);
}

static void long_text_is_cut_into_runs_and_reads_the_same(void **state)
{
    enum { CHARS = 60000 };
    struct yd_doc *doc = yd_doc_new(NULL), *copy = yd_doc_new(NULL);
    struct yd_buf text = {0}, b = {0}, out = {0};

    (void)state;
    for (int i = 0; i < CHARS; i++)
        yd_buf_append(&text, i % 3 ? "ü" : "😀", i % 3 ? 2 : 4);
    assert_int_equal(yd_encode_text_insert(9, "t", 1, (const char *)text.data, text.len, &b), 0);
    apply_ok(doc, b.data, b.len);
    apply_ok(doc, BYTES(0, 1, 9, 1, 1, 1)); /* half of the first pair */
    b.len = 0;
    assert_int_equal(yd_encode_diff(doc, NULL, 0, &b), 0);
    apply_ok(copy, b.data, b.len);
    yd_text(copy, "t", 1, &out);
    assert_int_equal(out.len, text.len - 1);
    assert_memory_equal(out.data, "\xef\xbf\xbd", 3);
    assert_memory_equal(out.data + 3, text.data + 4, text.len - 4);
    yd_buf_free(&text);
    yd_buf_free(&b);
    yd_buf_free(&out);
    yd_doc_free(doc);
    yd_doc_free(copy);
}

/* Two people type in turn at two places; each key is an update. */
static void typing_in_turn_stays_small(void **state)
{
    enum { KEYS = 3000 };
    struct yd_doc *doc = yd_doc_new(NULL);

    (void)state;
    for (uint32_t i = 0; i < KEYS; i++) {
        for (uint8_t client = 1; client <= 2; client++) {
            struct yd_buf b = {0};
            yd_buf_append(&b, (const uint8_t[]){1, 1, client}, 3);
            yd_buf_put_varuint(&b, i);
            if (i == 0) {
                yd_buf_append(&b, (const uint8_t[]){0x04, 1, 1, (uint8_t)('a' + client)}, 4);
            } else {
                yd_buf_append(&b, (const uint8_t[]){0x84, client}, 2);
                yd_buf_put_varuint(&b, i - 1);
            }
            yd_buf_append(&b, (const uint8_t[]){1, 'x', 0}, 3);
            apply_ok(doc, b.data, b.len);
            yd_buf_free(&b);
        }
    }
    assert_int_equal(yd_struct_count(doc), 2);
    assert_int_equal(yd_text_len_utf8(doc, "b", 1), KEYS);
    assert_true(yd_memory_bytes(doc) < 64 * 1024);
    yd_doc_free(doc);
}

static void state_vectors_compare(void **state)
{
    (void)state;
    assert_true(yd_state_vector_covers(BYTES(2, 5, 3, 6, 1), BYTES(1, 5, 3)));
    assert_false(yd_state_vector_covers(BYTES(1, 5, 3), BYTES(1, 5, 4)));
    assert_false(yd_state_vector_covers(BYTES(1, 5, 3), BYTES(1, 7, 1)));
    assert_true(yd_state_vector_covers(BYTES(0), BYTES(0)));
    assert_int_equal(yd_state_vector_check(BYTES(1, 5, 3)), 0);
    assert_int_equal(yd_state_vector_check(BYTES(9, 5, 3)), YD_ERR_TRUNCATED);
    assert_int_equal(yd_state_vector_check(BYTES(0, 0)), YD_ERR_TRAILING);
    assert_int_equal(yd_state_vector_check(NULL, 0), YD_ERR_TRUNCATED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_integrated_once),
        cmocka_unit_test(known_part_of_a_longer_struct_is_cut_off),
        cmocka_unit_test(same_place_is_ordered_by_client),
        cmocka_unit_test(deletes_split_and_merge_again),
        cmocka_unit_test(overlapping_deletes_count_once),
        cmocka_unit_test(cut_inside_a_pair_gives_two_replacements),
        cmocka_unit_test(struct_with_missing_predecessor_waits),
        cmocka_unit_test(delete_of_unknown_struct_waits),
        cmocka_unit_test(full_state_carries_what_waits),
        cmocka_unit_test(chain_of_waiting_clients_resolves_in_one_go),
        cmocka_unit_test(pending_is_bounded_and_refusal_changes_nothing),
        cmocka_unit_test(what_waits_already_is_not_counted_again),
        cmocka_unit_test(document_size_is_bounded),
        cmocka_unit_test(later_value_of_a_key_wins),
        cmocka_unit_test(children_of_a_deleted_type_become_gc),
        cmocka_unit_test(known_part_that_was_collected_makes_the_rest_gc),
        cmocka_unit_test(diff_holds_just_what_the_peer_lacks),
        cmocka_unit_test(containment_tells_an_answer_from_an_edit),
        cmocka_unit_test(new_text_makes_a_document),
        cmocka_unit_test(long_text_is_cut_into_runs_and_reads_the_same),
        cmocka_unit_test(typing_in_turn_stays_small),
        cmocka_unit_test(state_vectors_compare),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
