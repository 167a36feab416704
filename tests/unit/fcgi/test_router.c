#include "tests/unit/unit.h"

#include "fcgi/http/router.h"
#include "fcgi/routes.h"

#define ID "0123456789abcdefghij"
#define OTHER "jihgfedcba9876543210"
#define SECRET "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmno-_"

static struct cr_path_value params[CR_REQUEST_PARAMS];
static size_t count;

static bool match(const char *pattern, const char *path)
{
    return cr_router_match(pattern, path, params, &count);
}

static void literal_paths_match_whole_segments(void **state)
{
    (void)state;
    assert_true(match("/rooms", "/rooms"));
    assert_int_equal(count, 0);
    assert_false(match("/rooms", "/room"));
    assert_false(match("/rooms", "/roomsx"));
    assert_false(match("/rooms", "/rooms/"));
    assert_false(match("/rooms", "/rooms/x"));
    assert_false(match("/rooms", "//rooms"));
    assert_false(match("/rooms", "/"));
    assert_false(match("/rooms", ""));
    assert_false(match("/auth/me", "/auth%2fme"));
}

static void variables_are_given_by_name(void **state)
{
    (void)state;
    assert_true(match("/rooms/{room:id}/files/{file:id}", "/rooms/" ID "/files/" OTHER));
    assert_int_equal(count, 2);
    assert_string_equal(params[0].name, "room");
    assert_string_equal(params[0].text, ID);
    assert_string_equal(params[1].name, "file");
    assert_string_equal(params[1].text, OTHER);
}

static void variables_must_be_of_their_type(void **state)
{
    static const char *const wrong[] = {"/rooms/",        "/rooms/x",
                                        "/rooms/" ID "0", "/rooms/0123456789ABCDEFGHIJ",
                                        "/rooms/../" ID,  "/rooms/" ID "%00",
                                        "/rooms/" ID "%", "/rooms/%ff23456789abcdefghij",
                                        "/rooms/" SECRET, "/rooms/0123456789abcdefghiz"};

    (void)state;
    for (size_t i = 0; i < CR_COUNT(wrong); i++)
        assert_false(match("/rooms/{room:id}", wrong[i]));
    assert_true(match("/invitations/{token:secret}/accept", "/invitations/" SECRET "/accept"));
    assert_false(match("/invitations/{token:secret}", "/invitations/" SECRET "A"));
    assert_false(match("/invitations/{token:secret}", "/invitations/" ID));
}

static void encoded_letters_are_the_same_path(void **state)
{
    (void)state;
    assert_true(match("/rooms/{room:id}", "/r%6fo%6Ds/%30123456789abcdefghij"));
    assert_string_equal(params[0].text, ID);
}

static void long_segments_do_not_match(void **state)
{
    char path[600] = "/rooms/";

    (void)state;
    memset(path + 7, 'a', 500);
    path[507] = '\0';
    assert_false(match("/rooms/{room:id}", path));
}

static void description_leaves_types_out(void **state)
{
    CR_AUTO_BUF out = {0};

    (void)state;
    cr_router_describe("/rooms/{room:id}/files/{file:id}", &out);
    assert_string_equal(cr_buf_cstr(&out), "/rooms/{room}/files/{file}");
}

/* Also walks every pattern's types and names, which assert when they are unknown. */
static void no_two_routes_answer_one_request(void **state)
{
    (void)state;
    for (size_t i = 0; i < cr_route_count; i++) {
        for (size_t j = 0; j < i; j++) {
            assert_false(cr_routes[i].method == cr_routes[j].method &&
                         strcmp(cr_routes[i].pattern, cr_routes[j].pattern) == 0);
            assert_string_not_equal(cr_routes[i].name, cr_routes[j].name);
        }
        assert_false(match(cr_routes[i].pattern, "/rooms/x/y/z/w"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(literal_paths_match_whole_segments),
        cmocka_unit_test(variables_are_given_by_name),
        cmocka_unit_test(variables_must_be_of_their_type),
        cmocka_unit_test(encoded_letters_are_the_same_path),
        cmocka_unit_test(long_segments_do_not_match),
        cmocka_unit_test(description_leaves_types_out),
        cmocka_unit_test(no_two_routes_answer_one_request),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
