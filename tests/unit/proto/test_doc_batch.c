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

static void write_all(struct cr_buf *out, const size_t *lengths, size_t count,
                      const char *const *authors, const uint8_t *bytes)
{
    struct cr_doc_batch_writer w = {0};

    for (size_t i = 0; i < count; i++)
        cr_doc_batch_add(&w, bytes, lengths[i], authors[i], 1700000000000 + (int64_t)(i * i));
    assert_true(cr_doc_batch_size(&w) > 0);
    cr_doc_batch_finish(&w, out);
    assert_int_equal(cr_doc_batch_size(&w), 0);
}

static void check_written(const char *const *authors)
{
    static const size_t lengths[] = {0, 1, 127, 128, 16384, 70000};
    static uint8_t bytes[70000];
    struct cr_doc_batch_reader r;
    const uint8_t *update;
    size_t len;
    CR_AUTO_BUF out = {0};

    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (uint8_t)(i * 7);
    write_all(&out, lengths, CR_COUNT(lengths), authors, bytes);
    assert_int_equal(cr_doc_batch_open(&r, out.data, out.len, NULL), 0);
    for (size_t i = 0; i < CR_COUNT(lengths); i++) {
        assert_true(cr_doc_batch_next(&r, &update, &len));
        assert_int_equal(len, lengths[i]);
        assert_memory_equal(update, bytes, len);
        assert_int_equal(r.author_len, strlen(authors[i]));
        assert_memory_equal(r.author, authors[i], r.author_len);
        assert_int_equal(r.time_ms, 1700000000000 + (int64_t)(i * i));
    }
    assert_false(cr_doc_batch_next(&r, &update, &len));
}

static void what_was_written_is_read(void **state)
{
    (void)state;
    check_written((const char *const[]){"ada", "ada", "ada", "ada", "ada", "ada"});
    check_written((const char *const[]){"ada", "", "bob", "ada", "@token", "bob"});
}

static void one_author_costs_three_bytes_an_update(void **state)
{
    CR_AUTO_BUF out = {0};
    struct cr_doc_batch_writer w = {0};

    (void)state;
    for (int i = 0; i < 1000; i++)
        cr_doc_batch_add(&w, (const uint8_t *)"123456789012345678901234", 24, "ada", 1700000000000);
    cr_doc_batch_finish(&w, &out);
    assert_true(out.len < 1000 * (24 + 3) + 64);
}

static void a_clock_that_goes_back_is_held(void **state)
{
    CR_AUTO_BUF out = {0};
    struct cr_doc_batch_writer w = {0};
    struct cr_doc_batch_reader r;
    const uint8_t *update;
    size_t len;

    (void)state;
    cr_doc_batch_add(&w, (const uint8_t *)"a", 1, "ada", 500);
    cr_doc_batch_add(&w, (const uint8_t *)"b", 1, "ada", 400);
    cr_doc_batch_finish(&w, &out);
    assert_int_equal(cr_doc_batch_open(&r, out.data, out.len, NULL), 0);
    while (cr_doc_batch_next(&r, &update, &len))
        assert_int_equal(r.time_ms, 500);
}

static void a_batch_without_authors_is_read(void **state)
{
    struct cr_doc_batch_reader r;
    const uint8_t *update;
    size_t len;

    (void)state;
    assert_int_equal(cr_doc_batch_open(&r, (const uint8_t *)"\2\1a\2bc", 6, NULL), 0);
    assert_true(cr_doc_batch_next(&r, &update, &len));
    assert_true(cr_doc_batch_next(&r, &update, &len));
    assert_memory_equal(update, "bc", 2);
    assert_int_equal(r.author_len, 0);
    assert_int_equal(r.time_ms, 0);
}

static void a_fence_holds_nothing(void **state)
{
    CR_AUTO_BUF out = {0};
    struct cr_doc_batch_reader r;
    const uint8_t *update;
    size_t len;

    (void)state;
    cr_doc_batch_fence(&out, 7, "process");
    assert_int_equal(cr_doc_batch_open(&r, out.data, out.len, NULL), 0);
    assert_false(cr_doc_batch_next(&r, &update, &len));
    for (len = 2; len < out.len; len++)
        assert_int_equal(open_bytes(out.data, len), -1);
}

static void every_cut_is_noticed(void **state)
{
    CR_AUTO_BUF out = {0};
    struct cr_doc_batch_writer w = {0};

    (void)state;
    cr_doc_batch_add(&w, (const uint8_t *)"abc", 3, "ada", 5);
    cr_doc_batch_add(&w, (const uint8_t *)"", 0, "bob", 6);
    cr_doc_batch_finish(&w, &out);
    for (size_t len = 2; len < out.len; len++)
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
    assert_int_equal(open_bytes("\0\3", 2), -1);                  /* an unknown form */
    assert_int_equal(open_bytes("\0\1\0\x7f\0", 5), -1);          /* authors that are not there */
    assert_int_equal(open_bytes("\0\1\0\2\0\0\1\2\0\0", 10), -1); /* an author too high */
}

/* Each a day after the one before, or as far as a number reaches. */
static int open_with_delta(uint64_t delta_ms, int updates)
{
    CR_AUTO_BUF batch = {0};

    cr_buf_append(&batch, "\0\1\0\0", 4);
    cr_buf_append_byte(&batch, (uint8_t)updates);
    for (int i = 0; i < updates; i++) {
        uint64_t n = delta_ms;

        for (; n > 0x7f; n >>= 7)
            cr_buf_append_byte(&batch, (uint8_t)(0x80 | (n & 0x7f)));
        cr_buf_append_byte(&batch, (uint8_t)n);
        cr_buf_append_byte(&batch, 0);
    }
    return open_bytes(batch.data, batch.len);
}

static void times_beyond_numbers_are_refused(void **state)
{
    const uint64_t most = (UINT64_C(1) << 53) - 1;

    (void)state;
    assert_int_equal(open_with_delta(86400000, 100), 0);
    assert_int_equal(open_with_delta(most, 1), 0);
    assert_int_equal(open_with_delta(most, 2), -1);
    assert_int_equal(open_with_delta(most / 2 + 1, 2), -1);
}

/* The index of each update's author leads to the name, however many there are. */
static void many_authors_are_found(void **state)
{
    CR_AUTO_BUF out = {0};
    struct cr_doc_batch_writer w = {0};
    struct cr_doc_batch_reader r;
    const uint8_t *update;
    char name[CR_DOC_AUTHOR_SIZE];
    size_t len;

    (void)state;
    for (int i = 0; i < 2 * CR_DOC_BATCH_AUTHORS; i++) {
        snprintf(name, sizeof(name), "user-%0*d", i % 20 + 1, i);
        cr_doc_batch_add(&w, (const uint8_t *)"u", 1, name, 1000);
    }
    cr_doc_batch_finish(&w, &out);
    assert_int_equal(cr_doc_batch_open(&r, out.data, out.len, NULL), 0);
    for (int i = 0; cr_doc_batch_next(&r, &update, &len); i++) {
        snprintf(name, sizeof(name), "user-%0*d", i % 20 + 1, i);
        assert_int_equal(r.author_len, i < CR_DOC_BATCH_AUTHORS - 1 ? strlen(name) : 0);
        assert_memory_equal(r.author, name, r.author_len);
    }
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
        cmocka_unit_test(one_author_costs_three_bytes_an_update),
        cmocka_unit_test(a_clock_that_goes_back_is_held),
        cmocka_unit_test(a_batch_without_authors_is_read),
        cmocka_unit_test(a_fence_holds_nothing),
        cmocka_unit_test(every_cut_is_noticed),
        cmocka_unit_test(numbers_that_lie_are_refused),
        cmocka_unit_test(times_beyond_numbers_are_refused),
        cmocka_unit_test(many_authors_are_found),
        cmocka_unit_test(an_empty_batch_is_a_batch),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
