#include "tests/unit/unit.h"

#include "base/buf.h"
#include "base/mem.h"

#include <malloc.h>
#include <stdbool.h>

static void empty_buffer_is_empty_text(void **state)
{
    CR_AUTO_BUF b = {0};

    (void)state;
    assert_string_equal(cr_buf_cstr(&b), "");
    assert_int_equal(b.len, 0);
}

static void appending_keeps_the_order(void **state)
{
    CR_AUTO_BUF b = {0};

    (void)state;
    cr_buf_append_str(&b, "ab");
    cr_buf_append_byte(&b, 'c');
    cr_buf_printf(&b, "%d-%s", 42, "x");
    cr_buf_append(&b, NULL, 0);
    assert_string_equal(cr_buf_cstr(&b), "abc42-x");
}

static void buffer_grows_past_any_first_size(void **state)
{
    CR_AUTO_BUF b = {0};

    (void)state;
    for (int i = 0; i < 100000; i++)
        cr_buf_append_byte(&b, (uint8_t)i);
    assert_int_equal(b.len, 100000);
    for (int i = 0; i < 100000; i += 777)
        assert_int_equal(b.data[i], (uint8_t)i);
}

static void consume_drops_from_the_front(void **state)
{
    CR_AUTO_BUF b = {0};

    (void)state;
    cr_buf_append_str(&b, "hello world");
    cr_buf_consume(&b, 6);
    assert_string_equal(cr_buf_cstr(&b), "world");
    cr_buf_consume(&b, 5);
    assert_int_equal(b.len, 0);
    cr_buf_consume(&b, 0);
}

static void reset_keeps_the_memory(void **state)
{
    CR_AUTO_BUF b = {0};

    (void)state;
    cr_buf_append_str(&b, "text");
    size_t cap = b.cap;
    cr_buf_reset(&b);
    assert_int_equal(b.len, 0);
    assert_int_equal(b.cap, cap);
}

static void fit_keeps_the_content_only(void **state)
{
    struct cr_buf b = {0};

    (void)state;
    cr_buf_append(&b, "abc", 3);
    cr_buf_fit(&b);
    assert_int_equal(b.cap, 3);
    cr_buf_append(&b, "d", 1);
    assert_memory_equal(b.data, "abcd", 4);
    cr_buf_reset(&b);
    cr_buf_fit(&b);
    assert_null(b.data);
    cr_buf_fit(&b);
    assert_int_equal(b.cap, 0);
}

static void reserve_gives_room_without_a_length(void **state)
{
    CR_AUTO_BUF b = {0};

    (void)state;
    cr_buf_append_str(&b, "x");
    uint8_t *to = cr_buf_reserve(&b, 1000);
    memset(to, 'y', 1000);
    assert_int_equal(b.len, 1);
    b.len += 1000;
    assert_int_equal(strlen(cr_buf_cstr(&b)), 1001);
}

static void strings_are_copied_and_handed_over(void **state)
{
    (void)state;
    cr_auto_free char *a = cr_strndup("abcdef", 3);
    assert_string_equal(a, "abc");
    char *b = cr_take(&a);
    assert_null(a);
    assert_string_equal(b, "abc");
    free(b);
    assert_null(cr_strdup(NULL));
    cr_auto_free char *c = cr_asprintf("%s-%d", "n", 1);
    assert_string_equal(c, "n-1");
}

/* Sanitizers and valgrind bring a malloc of their own, of which libc's knows nothing. */
static bool is_libc_malloc(void)
{
    cr_auto_free void *p = cr_malloc(64);

    return p && mallinfo2().arena > 0;
}

static void large_blocks_are_the_systems_again(void **state)
{
    const size_t size = 4 * 1024 * 1024;
    size_t before;
    void *p;

    (void)state;
    cr_mem_return_large();
    free(cr_malloc(size)); /* from this one malloc would learn to keep the next */
    before = mallinfo2().hblkhd;
    p = cr_malloc(size);
    assert_true(mallinfo2().hblkhd >= before + size); /* in a mapping of its own */
    free(p);
    assert_int_equal(mallinfo2().hblkhd, before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(empty_buffer_is_empty_text),
        cmocka_unit_test(appending_keeps_the_order),
        cmocka_unit_test(buffer_grows_past_any_first_size),
        cmocka_unit_test(consume_drops_from_the_front),
        cmocka_unit_test(reset_keeps_the_memory),
        cmocka_unit_test(fit_keeps_the_content_only),
        cmocka_unit_test(reserve_gives_room_without_a_length),
        cmocka_unit_test(strings_are_copied_and_handed_over),
    };
    const struct CMUnitTest of_libc[] = {
        cmocka_unit_test(large_blocks_are_the_systems_again),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);

    return is_libc_malloc() ? failed + cmocka_run_group_tests(of_libc, NULL, NULL) : failed;
}
