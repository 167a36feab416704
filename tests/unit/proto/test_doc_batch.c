#include "tests/unit/unit.h"

#include "proto/doc_batch.h"

static int open_bytes(const void *data, size_t len)
{
    struct cr_doc_batch_reader r;
    struct cr_error err = CR_ERROR_INIT;
    int rc = cr_doc_batch_open(&r, data, len, &err);

    assert_int_equal(err.code, rc == 0 ? CR_ERR_NONE : CR_ERR_INVALID);
    return rc;
}

static void what_was_written_is_read(void **state)
{
    static const size_t lengths[] = {0, 1, 127, 128, 16384, 70000};
    static uint8_t bytes[70000];
    struct cr_doc_batch_reader r;
    const uint8_t *update;
    size_t len;
    CR_AUTO_BUF out = {0};

    (void)state;
    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (uint8_t)(i * 7);
    cr_doc_batch_begin(&out, CR_COUNT(lengths));
    for (size_t i = 0; i < CR_COUNT(lengths); i++)
        cr_doc_batch_add(&out, bytes, lengths[i]);
    assert_int_equal(cr_doc_batch_open(&r, out.data, out.len, NULL), 0);
    for (size_t i = 0; i < CR_COUNT(lengths); i++) {
        assert_true(cr_doc_batch_next(&r, &update, &len));
        assert_int_equal(len, lengths[i]);
        assert_memory_equal(update, bytes, len);
    }
    assert_false(cr_doc_batch_next(&r, &update, &len));
}

static void every_cut_is_noticed(void **state)
{
    CR_AUTO_BUF out = {0};

    (void)state;
    cr_doc_batch_begin(&out, 2);
    cr_doc_batch_add(&out, (const uint8_t *)"abc", 3);
    cr_doc_batch_add(&out, (const uint8_t *)"", 0);
    for (size_t len = 0; len < out.len; len++)
        assert_int_equal(open_bytes(out.data, len), -1);
    assert_int_equal(open_bytes(out.data, out.len), 0);
    cr_buf_append_byte(&out, 0);
    assert_int_equal(open_bytes(out.data, out.len), -1);
}

static void numbers_that_lie_are_refused(void **state)
{
    (void)state;
    assert_int_equal(open_bytes("\x01\xff\xff\xff\xff\xff\xff\xff\x0f", 9), -1);
    assert_int_equal(open_bytes("\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f", 11), -1);
    assert_int_equal(open_bytes("\xff\xff\xff\xff\xff\xff\xff\x0f", 8), -1);
    assert_int_equal(open_bytes("\x80", 1), -1);
}

static void an_empty_batch_is_a_batch(void **state)
{
    (void)state;
    assert_int_equal(open_bytes("\0", 1), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_written_is_read),
        cmocka_unit_test(every_cut_is_noticed),
        cmocka_unit_test(numbers_that_lie_are_refused),
        cmocka_unit_test(an_empty_batch_is_a_batch),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
