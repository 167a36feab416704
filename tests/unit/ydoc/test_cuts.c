/* Cuts at content that cannot be cut: structs that begin, end or overlap there, deletes and state
 * vectors that fall there. */
#include "tests/unit/ydoc/support.h"

static void assert_state(const struct yd_doc *doc, const uint8_t *expected, size_t len)
{
    struct yd_buf sv = {0};

    yd_encode_state_vector(doc, &sv);
    assert_int_equal(sv.len, len);
    assert_memory_equal(sv.data, expected, len);
    yd_buf_free(&sv);
}

/* A peer with this state vector gets the rest. */
static void assert_rest(struct yd_doc *peer, const struct yd_doc *doc, const uint8_t *sv,
                        size_t sv_len)
{
    struct yd_buf diff = {0}, all = {0}, same = {0};

    assert_int_equal(yd_encode_diff(doc, sv, sv_len, &diff), 0);
    assert_true(apply_ok(peer, diff.data, diff.len).complete);
    assert_int_equal(yd_encode_diff(doc, NULL, 0, &all), 0);
    assert_int_equal(yd_encode_diff(peer, NULL, 0, &same), 0);
    assert_int_equal(all.len, same.len);
    assert_memory_equal(all.data, same.data, all.len);
    yd_buf_free(&diff);
    yd_buf_free(&all);
    yd_buf_free(&same);
}

/* Client 5 wrote 'a' and, behind it, what is in `content` (1 unit, its struct without its origin).
 */
static struct yd_doc *begin(uint8_t kind, const uint8_t *content, size_t len)
{
    struct yd_doc *doc = yd_doc_new(NULL);
    struct yd_buf u = {0};

    yd_buf_append(&u, BYTES(ONE_CLIENT(2, 5, 0), 0x04, ROOT_T, 1, 'a'));
    yd_buf_append(&u, &kind, 1);
    if (kind != 0)
        yd_buf_append(&u, BYTES(5, 0)); /* the origin */
    yd_buf_append(&u, content, len);
    yd_buf_append(&u, BYTES(NO_DELETES));
    assert_true(apply_ok(doc, u.data, u.len).complete);
    yd_buf_free(&u);
    assert_text(doc, "t", "a");
    assert_state(doc, BYTES(1, 5, 2));
    return doc;
}

static void cut_around(uint8_t kind, const uint8_t *content, size_t len)
{
    struct yd_doc *doc = begin(kind, content, len), *peer = begin(kind, content, len);

    /* A struct of three units whose first one is known otherwise: the rest goes behind that. */
    apply_ok(doc, BYTES(ONE_CLIENT(1, 5, 1), 0x84, 5, 0, 3, 'x', 'y', 'z', NO_DELETES));
    assert_text(doc, "t", "ayz");
    assert_state(doc, BYTES(1, 5, 4));
    assert_rest(peer, doc, BYTES(1, 5, 2));
    assert_text(peer, "t", "ayz");
    /* Others put something behind it, before it, and around it with both origins there. */
    apply_ok(doc, BYTES(ONE_CLIENT(1, 6, 0), 0xc4, 5, 1, 5, 2, 1, '!', NO_DELETES));
    assert_text(doc, "t", "a!yz");
    apply_ok(doc, BYTES(ONE_CLIENT(1, 7, 0), 0xc4, 5, 0, 5, 1, 1, '?', NO_DELETES));
    assert_text(doc, "t", "a?!yz");
    apply_ok(doc, BYTES(ONE_CLIENT(1, 8, 0), 0xc4, 5, 1, 5, 1, 1, '=', NO_DELETES));
    assert_int_equal(yd_text_len_utf8(doc, "t", 1), 6);
    assert_state(doc, BYTES(4, 8, 1, 7, 1, 6, 1, 5, 4));
    /* A delete that begins with it and ends within the text behind it. */
    apply_ok(doc, BYTES(0, 2, 8, 1, 0, 1, 5, 1, 1, 2));
    assert_text(doc, "t", "a?!z");
    assert_state(doc, BYTES(4, 8, 1, 7, 1, 6, 1, 5, 4));
    assert_rest(peer, doc, BYTES(1, 5, 3));
    assert_text(peer, "t", "a?!z");
    yd_doc_free(doc);
    yd_doc_free(peer);
}

static void cut_at_an_embed(void **state)
{
    (void)state;
    cut_around(0x85, BYTES(2, '{', '}'));
}

static void cut_at_a_format(void **state)
{
    (void)state;
    cut_around(0x86, BYTES(1, 'b', 4, 't', 'r', 'u', 'e'));
}

static void cut_at_a_type(void **state)
{
    (void)state;
    cut_around(0x87, BYTES(1)); /* a map */
}

static void cut_at_a_binary(void **state)
{
    (void)state;
    cut_around(0x83, BYTES(3, 0, 255, 128));
}

static void cut_at_a_subdocument(void **state)
{
    (void)state;
    cut_around(0x89, BYTES(1, 'g', 118, 0));
}

/* What is put next to a collected struct, and what begins in one, is collected as well. */
static void cut_at_a_collected_struct(void **state)
{
    struct yd_doc *doc = begin(0, BYTES(1)), *peer = begin(0, BYTES(1));

    (void)state;
    apply_ok(doc, BYTES(ONE_CLIENT(1, 5, 1), 0x84, 5, 0, 3, 'x', 'y', 'z', NO_DELETES));
    assert_text(doc, "t", "a");
    assert_state(doc, BYTES(1, 5, 4));
    assert_rest(peer, doc, BYTES(1, 5, 2));
    apply_ok(doc, BYTES(ONE_CLIENT(1, 6, 0), 0x84, 5, 2, 1, '!', NO_DELETES)); /* in its middle */
    apply_ok(doc, BYTES(ONE_CLIENT(1, 7, 0), 0xc4, 5, 0, 5, 2, 1, '?', NO_DELETES));
    apply_ok(doc, BYTES(0, 1, 5, 1, 2, 1)); /* a delete in its middle */
    assert_text(doc, "t", "a");
    assert_state(doc, BYTES(3, 7, 1, 6, 1, 5, 4));
    assert_int_equal(yd_struct_count(doc), 4);
    assert_rest(peer, doc, BYTES(1, 5, 3)); /* a state vector in its middle */
    /* A collected struct over what is there, and further. */
    apply_ok(doc, BYTES(ONE_CLIENT(1, 5, 0), 0x00, 6, NO_DELETES));
    assert_text(doc, "t", "a");
    assert_state(doc, BYTES(3, 7, 1, 6, 1, 5, 6));
    assert_int_equal(yd_struct_count(doc), 4);
    yd_doc_free(doc);
    yd_doc_free(peer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cut_at_an_embed),      cmocka_unit_test(cut_at_a_format),
        cmocka_unit_test(cut_at_a_type),        cmocka_unit_test(cut_at_a_binary),
        cmocka_unit_test(cut_at_a_subdocument), cmocka_unit_test(cut_at_a_collected_struct),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
