#include "tests/unit/unit.h"

#include "json/write.h"

#include <math.h>

static void commas_and_keys_fall_into_place(void **state)
{
    CR_AUTO_JSON_OUT w = {0};

    (void)state;
    cr_json_open_object(&w, NULL);
    cr_json_put_str(&w, "id", "x");
    cr_json_open_array(&w, "list");
    cr_json_put_int(&w, NULL, -1);
    cr_json_open_object(&w, NULL);
    cr_json_close(&w);
    cr_json_put_bool(&w, NULL, true);
    cr_json_put_null(&w, NULL);
    cr_json_close(&w);
    cr_json_put_str(&w, "none", NULL);
    cr_json_put_int(&w, "max", INT64_MAX);
    cr_json_close(&w);
    assert_int_equal(w.depth, 0);
    assert_string_equal(cr_buf_cstr(&w.buf),
                        "{\"id\":\"x\",\"list\":[-1,{},true,null],\"none\":null,"
                        "\"max\":9223372036854775807}");
}

static void any_bytes_become_valid_json(void **state)
{
    CR_AUTO_JSON_OUT w = {0};
    char bytes[256];

    (void)state;
    for (int i = 0; i < 256; i++)
        bytes[i] = (char)i;
    cr_json_put_strn(&w, NULL, bytes + 1, 255);
    struct cr_json *j = cr_json_parse(w.buf.data, w.buf.len, 10000, NULL);
    assert_non_null(j);
    cr_json_free(j);
}

static void numbers_that_json_does_not_know_become_null(void **state)
{
    CR_AUTO_JSON_OUT w = {0};

    (void)state;
    cr_json_open_array(&w, NULL);
    cr_json_put_number(&w, NULL, NAN);
    cr_json_put_number(&w, NULL, -INFINITY);
    cr_json_put_number(&w, NULL, 0.5);
    cr_json_close(&w);
    assert_string_equal(cr_buf_cstr(&w.buf), "[null,null,0.5]");
}

static void a_parsed_value_is_written_again(void **state)
{
    static const char text[] = "{\"a\":[1,\"\\u00e9\",{\"b\":null,\"c\":[]}],\"d\":true,\"e\":{}}";
    CR_AUTO_JSON_OUT w = {0};

    (void)state;
    CR_AUTO(cr_json) *j = cr_json_parse(text, strlen(text), 1000, NULL);
    cr_json_put_node(&w, NULL, cr_json_root(j));
    assert_string_equal(cr_buf_cstr(&w.buf),
                        "{\"a\":[1,\"\xc3\xa9\",{\"b\":null,\"c\":[]}],\"d\":true,\"e\":{}}");
}

static void a_writer_can_be_used_again(void **state)
{
    CR_AUTO_JSON_OUT w = {0};

    (void)state;
    cr_json_open_array(&w, NULL);
    cr_json_out_reset(&w);
    cr_json_put_int(&w, NULL, 1);
    assert_string_equal(cr_buf_cstr(&w.buf), "1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commas_and_keys_fall_into_place),
        cmocka_unit_test(any_bytes_become_valid_json),
        cmocka_unit_test(numbers_that_json_does_not_know_become_null),
        cmocka_unit_test(a_parsed_value_is_written_again),
        cmocka_unit_test(a_writer_can_be_used_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
