#include "tests/unit/unit.h"

#include "fcgi/http/query.h"

struct query {
    int64_t limit;
    char cursor[CR_QUERY_TEXT_MAX];
};
static const struct cr_query_field fields[] = {
    {"limit", CR_QUERY_INT, offsetof(struct query, limit), 1, 100},
    {"cursor", CR_QUERY_TEXT, offsetof(struct query, cursor), 1, CR_QUERY_TEXT_MAX - 1},
    {NULL}};

static int bind(const char *text, struct query *q, struct cr_error *err)
{
    *q = (struct query){50, ""};
    *err = (struct cr_error)CR_ERROR_INIT;
    return cr_query_bind(text, fields, q, err);
}

static void values_are_decoded_and_defaults_stay(void **state)
{
    struct query q;
    struct cr_error err;

    (void)state;
    assert_int_equal(bind("", &q, &err), 0);
    assert_int_equal(q.limit, 50);
    assert_int_equal(bind("cursor=a%20b+c%C3%a9", &q, &err), 0);
    assert_string_equal(q.cursor, "a b c\xc3\xa9");
    assert_int_equal(bind("&&l%69mit=7&", &q, &err), 0);
    assert_int_equal(q.limit, 7);
}

static void wrong_values_name_their_field(void **state)
{
    static const struct {
        const char *text, *field;
    } cases[] = {
        {"limit=0", "query.limit"},
        {"limit=101", "query.limit"},
        {"limit=+5", "query.limit"},
        {"limit=5x", "query.limit"},
        {"limit=0x5", "query.limit"},
        {"limit", "query.limit"},
        {"limit=", "query.limit"},
        {"limit=1&limit=1", "query.limit"},
        {"cursor=", "query.cursor"},
        {"cursor=%", "query.cursor"},
        {"cursor=%4", "query.cursor"},
        {"cursor=%4g", "query.cursor"},
        {"cursor=%00", "query.cursor"},
        {"cursor=%ff", "query.cursor"},
        {"other=1", "query.other"},
        {"=1", "query."},
        {"%zz=1", "query"},
        {"limit=99999999999999999999", "query.limit"},
        {"limit=-9223372036854775809", "query.limit"},
    };
    struct query q;
    struct cr_error err;

    (void)state;
    for (size_t i = 0; i < CR_COUNT(cases); i++) {
        assert_int_equal(bind(cases[i].text, &q, &err), -1);
        assert_int_equal(err.code, CR_ERR_INVALID);
        assert_string_equal(err.field, cases[i].field);
    }
}

static void text_that_does_not_fit_is_refused(void **state)
{
    char text[300] = "cursor=";
    struct query q;
    struct cr_error err;

    (void)state;
    memset(text + 7, 'x', CR_QUERY_TEXT_MAX - 1);
    text[7 + CR_QUERY_TEXT_MAX - 1] = '\0';
    assert_int_equal(bind(text, &q, &err), 0);
    memset(text + 7, 'x', CR_QUERY_TEXT_MAX);
    text[7 + CR_QUERY_TEXT_MAX] = '\0';
    assert_int_equal(bind(text, &q, &err), -1);
}

static void a_route_without_parameters_takes_none(void **state)
{
    struct cr_error err = CR_ERROR_INIT;

    (void)state;
    assert_int_equal(cr_query_bind("", NULL, NULL, &err), 0);
    assert_int_equal(cr_query_bind("&", NULL, NULL, &err), 0);
    assert_int_equal(cr_query_bind("a=1", NULL, NULL, &err), -1);
    assert_string_equal(err.field, "query.a");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_decoded_and_defaults_stay),
        cmocka_unit_test(wrong_values_name_their_field),
        cmocka_unit_test(text_that_does_not_fit_is_refused),
        cmocka_unit_test(a_route_without_parameters_takes_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
