#include "tests/unit/unit.h"

#include "fcgi/handlers/base64.h"
#include "fcgi/http/problem.h"
#include "json/fields.h"

static int collect(void *ctx, const void *data, size_t len)
{
    cr_buf_append(ctx, data, len);
    return 0;
}

static const char *sent(struct cr_response *res, const struct cr_request *req, struct cr_buf *out)
{
    struct cr_gateway gw = {.write = collect, .ctx = out};

    assert_int_equal(cr_response_send(res, req, &gw), 0);
    return cr_buf_cstr(out);
}

static void answer_has_headers_and_body(void **state)
{
    struct cr_request req = {.id = "request-1"};
    struct cr_response res;
    CR_AUTO_BUF out = {0};

    (void)state;
    cr_response_init(&res);
    cr_response_header(&res, "Allow", "GET");
    cr_json_open_object(&res.json, NULL);
    cr_json_close(&res.json);
    assert_string_equal(sent(&res, &req, &out),
                        "Status: 200\r\nAllow: GET\r\nX-Request-Id: request-1\r\n"
                        "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
                        "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
    cr_response_clear(&res);
}

static void head_tells_the_length_and_sends_no_body(void **state)
{
    struct cr_request req = {.id = "request-1", .head_only = true};
    struct cr_response res;
    CR_AUTO_BUF out = {0};
    const char *text;

    (void)state;
    cr_response_init(&res);
    cr_json_open_object(&res.json, NULL);
    cr_json_close(&res.json);
    text = sent(&res, &req, &out);
    assert_non_null(strstr(text, "Content-Length: 2\r\n"));
    assert_string_equal(text + strlen(text) - 4, "\r\n\r\n");
    cr_response_clear(&res);
}

static void problem_replaces_what_was_there(void **state)
{
    struct cr_request req = {.id = "request-1"};
    struct cr_error err = CR_ERROR_INIT;
    struct cr_response res;

    (void)state;
    cr_response_init(&res);
    cr_response_header(&res, "Set-Cookie", "secret");
    cr_json_open_object(&res.json, NULL);
    cr_json_put_str(&res.json, "half", "written");
    cr_fail_field(&err, CR_ERR_INVALID, "a\"b", "must be \"this\"");
    cr_problem_set(&res, &req, &err);
    assert_int_equal(res.status, 400);
    assert_int_equal(res.headers.len, 0);
    assert_string_equal(cr_buf_cstr(&res.json.buf),
                        "{\"type\":\"urn:coderoom:problem:invalid\","
                        "\"title\":\"The request is not valid.\",\"status\":400,"
                        "\"detail\":\"must be \\\"this\\\"\",\"code\":\"invalid\","
                        "\"field\":\"a\\\"b\",\"request_id\":\"request-1\"}");
    cr_response_clear(&res);
}

static void problem_keeps_our_insides_to_us(void **state)
{
    struct cr_request req = {.id = "request-1"};
    struct cr_response res;

    (void)state;
    for (enum cr_error_code code = CR_ERR_NONE; code < CR_ERR_COUNT; code++) {
        struct cr_error err = {code, "", "mongodb://secret"};

        cr_response_init(&res);
        cr_problem_set(&res, &req, &err);
        assert_in_range(res.status, 400, 599);
        if (res.status >= 500)
            assert_null(strstr(cr_buf_cstr(&res.json.buf), "secret"));
        cr_response_clear(&res);
    }
}

static void base64_is_that_of_rfc_4648(void **state)
{
    static const char *const cases[][2] = {{"", ""},
                                           {"f", "Zg=="},
                                           {"fo", "Zm8="},
                                           {"foo", "Zm9v"},
                                           {"foob", "Zm9vYg=="},
                                           {"fooba", "Zm9vYmE="},
                                           {"foobar", "Zm9vYmFy"},
                                           {"\xff\xfe", "//4="}};

    (void)state;
    for (size_t i = 0; i < CR_COUNT(cases); i++) {
        cr_auto_free char *text = cr_base64_encode(cases[i][0], strlen(cases[i][0]));

        assert_string_equal(text, cases[i][1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answer_has_headers_and_body),
        cmocka_unit_test(head_tells_the_length_and_sends_no_body),
        cmocka_unit_test(problem_replaces_what_was_there),
        cmocka_unit_test(problem_keeps_our_insides_to_us),
        cmocka_unit_test(base64_is_that_of_rfc_4648),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
