/* What an update would change, found out without applying it. */
#include "tests/unit/ydoc/support.h"
#include "ydoc/edit.h"
#include "ydoc/internal.h"
#include "ydoc/touch.h"

#define T yd_root("t")

/* Whether the update touches "ell" of "hello". */
static bool touches(struct yd_doc *doc, const uint8_t *p, size_t len)
{
    struct yd_span span;
    bool yes = false;

    assert_int_equal(yd_relpos_decode(BYTES(0, 5, 1, 0), &span.start), 0);
    assert_int_equal(yd_relpos_decode(BYTES(0, 5, 3, 0x41), &span.end), 0);
    assert_int_equal(yd_update_touches(doc, p, len, &span, 1, &yes, NULL), 0);
    return yes;
}

static void protected_part_is_told_from_its_borders(void **state)
{
    struct yd_doc *doc = hello();

    (void)state;
    assert_false(touches(doc, BYTES(HELLO))); /* known already */
    assert_false(touches(doc, BYTES(1, 1, 6, 0, 0xc4, 5, 0, 5, 1, 1, 'x', 0)));
    assert_true(touches(doc, BYTES(1, 1, 6, 0, 0xc4, 5, 1, 5, 2, 1, 'x', 0)));
    assert_true(touches(doc, BYTES(1, 1, 6, 0, 0xc4, 5, 2, 5, 3, 1, 'x', 0)));
    assert_false(touches(doc, BYTES(1, 1, 6, 0, 0xc4, 5, 3, 5, 4, 1, 'x', 0)));
    /* the second struct stands behind the first */
    assert_true(
        touches(doc, BYTES(1, 2, 6, 0, 0xc4, 5, 1, 5, 2, 1, 'x', 0xc4, 6, 0, 5, 2, 1, 'y', 0)));
    assert_false(touches(doc, BYTES(1, 2, 6, 0, 0x84, 5, 4, 1, 'x', 0x84, 6, 0, 1, 'y', 0)));
    assert_false(touches(doc, BYTES(0, 1, 5, 1, 0, 1)));
    assert_true(touches(doc, BYTES(0, 1, 5, 1, 0, 2)));
    assert_true(touches(doc, BYTES(0, 1, 5, 1, 3, 1)));
    assert_false(touches(doc, BYTES(0, 1, 5, 1, 4, 1)));
    /* it waits for something: nobody knows what comes of it */
    assert_true(touches(doc, BYTES(1, 1, 6, 9, 0xc4, 5, 0, 5, 1, 1, 'x', 0)));
    assert_true(touches(doc, BYTES(0, 1, 6, 1, 0, 1)));
    assert_text(doc, "t", "hello");
    yd_doc_free(doc);
}

static void what_waits_touches_a_part_when_it_is_let_in(void **state)
{
    struct yd_doc *doc = hello();

    (void)state;
    apply_ok(doc, BYTES(1, 1, 6, 1, 0xc4, 5, 1, 5, 2, 1, 'x', 0)); /* inside, but for 6's first */
    apply_ok(doc, BYTES(1, 1, 8, 1, 0x84, 5, 4, 1, 'z', 0));       /* outside */
    assert_true(touches(doc, BYTES(1, 1, 6, 0, 0x84, 5, 4, 1, 'y', 0)));
    assert_false(touches(doc, BYTES(1, 1, 8, 0, 0x84, 5, 4, 1, 'y', 0)));
    assert_false(touches(doc, BYTES(1, 1, 7, 0, 0x84, 5, 4, 1, 'y', 0)));
    assert_text(doc, "t", "hello");
    yd_doc_free(doc);
}

/* Forged origins make a document that depends on the order of its updates. */
static void update_is_tried_out_on_what_is_there(void **state)
{
    struct yd_doc *doc = hello();

    (void)state;
    apply_ok(doc, BYTES(1, 1, 122, 0, 0xc4, 5, 2, 5, 2, 1, 'L', 0)); /* between l and itself */
    assert_text(doc, "t", "heLllo");
    assert_true(touches(doc, BYTES(1, 1, 6, 0, 0xc4, 5, 0, 5, 2, 1, 'L', 0)));
    yd_doc_free(doc);
}

static void assert_same_bytes(const struct yd_doc *a, const struct yd_doc *b)
{
    struct yd_buf x = {0}, y = {0};

    yd_encode_diff(a, NULL, 0, &x);
    yd_encode_diff(b, NULL, 0, &y);
    assert_int_equal(x.len, y.len);
    assert_memory_equal(x.data, y.data, x.len);
    yd_buf_free(&x);
    yd_buf_free(&y);
}

static void copy_is_the_same_and_goes_its_own_way(void **state)
{
    struct yd_doc *doc = hello(), *copy;

    (void)state;
    apply_ok(doc, BYTES(1, 2, 7, 0, 0x24, 1, 1, 'm', 1, 'k', 1, 'v', 0x27, 1, 1, 'm', 1, 'n', 0, 1,
                        5, 1, 1, 1));
    apply_ok(doc, BYTES(1, 1, 9, 0, 0x84, 8, 0, 1, 'w', 1, 8, 1, 0, 2)); /* waits */
    copy = yd_doc_copy(doc);
    assert_null(yd_check_inside(copy));
    assert_same_bytes(copy, doc);
    assert_int_equal(yd_pending_bytes(copy), yd_pending_bytes(doc));
    for (uint8_t client = 20; client < 60; client++) {
        apply_ok(copy, BYTES(1, 1, client, 0, 0x84, 5, 2, 2, 'n', 'o', 0));
        apply_ok(copy, BYTES(0, 1, client, 1, 1, 1));
    }
    assert_text(doc, "t", "hllo");
    apply_ok(doc, BYTES(1, 1, 8, 0, 0x84, 5, 4, 2, 'y', 'z', 0));
    assert_text(doc, "t", "hllow"); /* what waited deletes both */
    yd_doc_free(doc);
    assert_null(yd_check_inside(copy));
    assert_int_equal(yd_text_len_utf16(copy, "t", 1), 4 + 40);
    yd_doc_free(copy);
}

static void formats_that_reach_a_part_touch_it(void **state)
{
    static const uint8_t all[] = {1,   2,    7, 0, 0x46, 5,   0, 1,   'b', 4,   't', 'r', 'u',
                                  'e', 0x86, 5, 4, 1,    'b', 4, 'n', 'u', 'l', 'l', 0};
    static const uint8_t first[] = {1,    2, 7, 0, 0x46, 5, 0,   1, 'b', 4,   't', 'r', 'u', 'e',
                                    0xc6, 5, 0, 5, 1,    1, 'b', 4, 'n', 'u', 'l', 'l', 0};
    static const uint8_t last[] = {1,   2,   7,    0, 0xc6, 5, 3,   5, 4,   1,   'b', 4,   't', 'r',
                                   'u', 'e', 0x86, 5, 4,    1, 'b', 4, 'n', 'u', 'l', 'l', 0};
    struct yd_doc *doc = hello();

    (void)state;
    assert_true(touches(doc, all, sizeof(all)));
    assert_false(touches(doc, first, sizeof(first)));
    assert_false(touches(doc, last, sizeof(last)));
    yd_doc_free(doc);
}

/* Client 5 wrote "a\nb"; "a\n" is bold; then only "a" is. */
static void a_line_end_that_loses_its_format_is_a_touch(void **state)
{
    struct yd_doc *doc = yd_doc_new(NULL), *other = yd_doc_new(NULL);
    const struct yd_attribute bold = {"b", 1, "true", 4}, plain = {"b", 1, "null", 4};
    struct yd_buf update = {0};
    struct yd_span span;
    struct yd_txn txn;
    bool yes = false;

    (void)state;
    yd_txn_begin(&txn, doc, 5);
    yd_text_insert(&txn, T, 0, "a\nb", 3, NULL, 0);
    yd_text_format(&txn, T, 0, 2, &bold, 1);
    yd_txn_commit(&txn, &update);
    apply_ok(other, update.data, update.len);
    yd_buf_free(&update);
    yd_txn_begin(&txn, other, 6);
    yd_text_format(&txn, T, 1, 1, &plain, 1);
    yd_txn_commit(&txn, &update);
    yd_relpos_at(doc, T, 0, 0, &span.start);
    yd_relpos_at(doc, T, 3, -1, &span.end);
    assert_int_equal(yd_update_touches(doc, update.data, update.len, &span, 1, &yes, NULL), 0);
    assert_true(yes);
    yd_buf_free(&update);
    yd_doc_free(doc);
    yd_doc_free(other);
}

static bool stays_in(struct yd_doc *doc, const char *root, const uint8_t *p, size_t len)
{
    bool yes = false;

    assert_int_equal(yd_update_stays_in(doc, p, len, root, strlen(root), &yes), 0);
    return yes;
}

static void roots_of_an_update_are_known(void **state)
{
    struct yd_doc *doc = hello();

    (void)state;
    assert_true(stays_in(doc, "x", BYTES(HELLO))); /* nothing new */
    assert_true(stays_in(doc, "t", BYTES(1, 1, 6, 0, 0x84, 5, 4, 1, 'x', 0)));
    assert_false(stays_in(doc, "c", BYTES(1, 1, 6, 0, 0x84, 5, 4, 1, 'x', 0)));
    assert_true(stays_in(doc, "c", BYTES(1, 1, 6, 0, 0x04, 1, 1, 'c', 1, 'x', 0)));
    assert_false(stays_in(doc, "c", BYTES(0, 1, 5, 1, 0, 1)));
    /* a map in "c" and a key in that; then the same with a struct for "t" */
    assert_true(stays_in(doc, "c",
                         BYTES(1, 2, 6, 0, 0x07, 1, 1, 'c', 1, 0x28, 0, 6, 0, 1, 'k', 1, 126, 0)));
    assert_false(stays_in(doc, "c", BYTES(1, 2, 6, 0, 0x07, 1, 1, 'c', 1, 0x84, 5, 4, 1, 'x', 0)));
    assert_false(stays_in(doc, "t", BYTES(1, 1, 6, 4, 0x84, 5, 4, 1, 'x', 0)));
    yd_doc_free(doc);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(protected_part_is_told_from_its_borders),
        cmocka_unit_test(what_waits_touches_a_part_when_it_is_let_in),
        cmocka_unit_test(update_is_tried_out_on_what_is_there),
        cmocka_unit_test(copy_is_the_same_and_goes_its_own_way),
        cmocka_unit_test(formats_that_reach_a_part_touch_it),
        cmocka_unit_test(a_line_end_that_loses_its_format_is_a_touch),
        cmocka_unit_test(roots_of_an_update_are_known),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
