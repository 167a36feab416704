#include "tests/unit/unit.h"

#include "base/id.h"
#include "base/limits.h"
#include "base/mem.h"
#include "fcgi/http/request.h"

static int init(struct cr_request *req, char *const *env, struct cr_error *err)
{
    struct cr_gateway gw = {.env = env};

    *err = (struct cr_error)CR_ERROR_INIT;
    return cr_request_init(req, &gw, "/code/api/v1/", err);
}
#define ENV(...) ((char *const[]){__VA_ARGS__, NULL})

static void request_uri_gives_path_and_query(void **state)
{
    struct cr_request req;
    struct cr_error err;

    (void)state;
    assert_int_equal(
        init(&req, ENV("REQUEST_METHOD=POST", "REQUEST_URI=/code/api/v1/rooms/x%41?a=1?b"), &err),
        0);
    assert_int_equal(req.method, CR_POST);
    assert_string_equal(req.path, "/rooms/x%41");
    assert_string_equal(req.query_text, "a=1?b");
    assert_int_equal(init(&req, ENV("REQUEST_URI=/code/api/v1/x?a", "QUERY_STRING=b"), &err), 0);
    assert_string_equal(req.query_text, "b");
}

static void script_name_and_path_info_stand_in(void **state)
{
    struct cr_request req;
    struct cr_error err;

    (void)state;
    assert_int_equal(
        init(&req, ENV("SCRIPT_NAME=/code/api/v1", "PATH_INFO=/rooms", "REQUEST_METHOD=HEAD"),
             &err),
        0);
    assert_string_equal(req.path, "/rooms");
    assert_int_equal(req.method, CR_GET);
    assert_true(req.head_only);
}

static void an_empty_request_uri_is_none(void **state)
{
    struct cr_request req;
    struct cr_error err;

    (void)state;
    assert_int_equal(
        init(&req, ENV("REQUEST_URI=", "SCRIPT_NAME=/code/api/v1", "PATH_INFO=/rooms"), &err), 0);
    assert_string_equal(req.path, "/rooms");
    assert_string_equal(req.query_text, "");
}

static void other_paths_are_not_ours(void **state)
{
    static const char *const paths[] = {
        "", "/", "/code/api/v1", "/code/api/v10/x", "/api/v1/rooms", "code/api/v1/rooms"};
    struct cr_request req;
    struct cr_error err;

    (void)state;
    for (size_t i = 0; i < CR_COUNT(paths); i++) {
        cr_auto_free char *uri = cr_asprintf("REQUEST_URI=%s", paths[i]);

        assert_int_equal(init(&req, ENV(uri), &err), -1);
        assert_int_equal(err.code, CR_ERR_NOT_FOUND);
        assert_int_equal(strlen(req.id), CR_ID_LEN);
    }
}

static void long_paths_are_not_copied(void **state)
{
    cr_auto_free char *uri = cr_malloc(100000);
    struct cr_request req;
    struct cr_error err;
    size_t len = strlen("REQUEST_URI=/code/api/v1/");

    (void)state;
    memcpy(uri, "REQUEST_URI=/code/api/v1/", len);
    memset(uri + len, 'a', CR_REQUEST_PATH_MAX - 2);
    uri[len + CR_REQUEST_PATH_MAX - 2] = '\0';
    assert_int_equal(init(&req, ENV(uri), &err), 0);
    uri[len + CR_REQUEST_PATH_MAX - 2] = 'a';
    uri[len + CR_REQUEST_PATH_MAX - 1] = '\0';
    assert_int_equal(init(&req, ENV(uri), &err), -1);
    assert_int_equal(err.code, CR_ERR_NOT_FOUND);
}

static void length_is_a_number_within_the_limit(void **state)
{
    static const struct {
        const char *text;
        enum cr_error_code code;
    } cases[] = {{"", CR_ERR_NONE},        {"0", CR_ERR_NONE},
                 {"1048576", CR_ERR_NONE}, {"1048577", CR_ERR_TOO_LARGE},
                 {"-1", CR_ERR_INVALID},   {" 1", CR_ERR_INVALID},
                 {"0x10", CR_ERR_INVALID}, {"18446744073709551617", CR_ERR_TOO_LARGE}};
    struct cr_request req;
    struct cr_error err;

    (void)state;
    for (size_t i = 0; i < CR_COUNT(cases); i++) {
        cr_auto_free char *length = cr_asprintf("CONTENT_LENGTH=%s", cases[i].text);

        init(&req, ENV("REQUEST_URI=/code/api/v1/x", length), &err);
        assert_int_equal(err.code, cases[i].code);
    }
}

static void given_request_ids_are_checked(void **state)
{
    static const char *const wrong[] = {"",
                                        "short",
                                        "with space in it",
                                        "line\nbreak-line",
                                        "quote\"quote",
                                        "caf\xc3\xa9-caf\xc3\xa9"};
    struct cr_request req;
    struct cr_error err;

    (void)state;
    init(&req, ENV("HTTP_X_REQUEST_ID=0123456789abcdef0123456789abcdef"), &err);
    assert_string_equal(req.id, "0123456789abcdef0123456789abcdef");
    for (size_t i = 0; i < CR_COUNT(wrong); i++) {
        cr_auto_free char *id = cr_asprintf("HTTP_X_REQUEST_ID=%s", wrong[i]);

        init(&req, ENV(id), &err);
        assert_true(cr_id_is_valid(req.id));
    }
}

static void addresses_are_cut_to_what_one_party_owns(void **state)
{
    static const char *const cases[][2] = {{"192.0.2.1", "192.0.2.1"},
                                           {"2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"},
                                           {"::ffff:192.0.2.1", "::ffff:192.0.2.1"},
                                           {"unix:", "unix:"}};
    struct cr_request req;
    struct cr_error err;

    (void)state;
    for (size_t i = 0; i < CR_COUNT(cases); i++) {
        cr_auto_free char *address = cr_asprintf("REMOTE_ADDR=%s", cases[i][0]);

        init(&req, ENV(address), &err);
        assert_string_equal(req.address, cases[i][1]);
    }
}

static void first_variable_of_a_name_counts(void **state)
{
    struct cr_gateway gw = {.env = ENV("AB=0", "A", "A=1", "A=2")};

    (void)state;
    assert_string_equal(cr_gateway_var(&gw, "A"), "1");
    assert_null(cr_gateway_var(&gw, "B"));
    gw.env = NULL;
    assert_null(cr_gateway_var(&gw, "A"));
}

static long read_by_threes(void *ctx, void *buf, size_t len)
{
    const char **rest = ctx;
    size_t n = strlen(*rest);

    n = n < 3 ? n : 3;
    n = n < len ? n : len;
    memcpy(buf, *rest, n);
    *rest += n;
    return (long)n;
}

static void body_is_read_to_its_announced_end(void **state)
{
    const char *rest = "0123456789";
    struct cr_gateway gw = {.read = read_by_threes, .ctx = &rest};
    struct cr_request req = {.content_length = 8};
    struct cr_error err = CR_ERROR_INIT;
    CR_AUTO_BUF body = {0};

    (void)state;
    assert_int_equal(cr_request_read_body(&req, &gw, &body, &err), 0);
    assert_string_equal(cr_buf_cstr(&body), "01234567");
    assert_int_equal(
        cr_request_read_body(&(struct cr_request){.content_length = 20}, &gw, &body, &err), -1);
    assert_int_equal(err.code, CR_ERR_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(request_uri_gives_path_and_query),
        cmocka_unit_test(script_name_and_path_info_stand_in),
        cmocka_unit_test(an_empty_request_uri_is_none),
        cmocka_unit_test(other_paths_are_not_ours),
        cmocka_unit_test(long_paths_are_not_copied),
        cmocka_unit_test(length_is_a_number_within_the_limit),
        cmocka_unit_test(given_request_ids_are_checked),
        cmocka_unit_test(addresses_are_cut_to_what_one_party_owns),
        cmocka_unit_test(first_variable_of_a_name_counts),
        cmocka_unit_test(body_is_read_to_its_announced_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
