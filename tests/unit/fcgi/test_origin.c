#include "tests/unit/unit.h"

#include "fcgi/http/origin.h"

static bool allowed(const char *origin, const char *site, const char *host)
{
    struct cr_request req = {.origin = origin, .fetch_site = site, .host = host};
    struct cr_error err = CR_ERROR_INIT;
    int rc = cr_origin_check(&req, "https://code.example.org/", &err);

    assert_int_equal(err.code, rc == 0 ? CR_ERR_NONE : CR_ERR_FORBIDDEN);
    return rc == 0;
}

static void our_own_origin_is_allowed(void **state)
{
    (void)state;
    assert_true(allowed("https://code.example.org", NULL, "internal"));
    assert_true(allowed("HTTPS://Code.Example.org", NULL, NULL));
    assert_true(allowed("http://localhost:8080", NULL, "localhost:8080"));
}

static void other_origins_are_not(void **state)
{
    static const char *const others[] = {"null",
                                         "",
                                         "https://evil.example",
                                         "http://code.example.org",
                                         "https://code.example.org.evil.example",
                                         "https://code.example.or",
                                         "https://code.example.org:8443",
                                         "https://x@code.example.org",
                                         "chrome-extension://localhost",
                                         "localhost"};

    (void)state;
    for (size_t i = 0; i < CR_COUNT(others); i++)
        assert_false(allowed(others[i], "same-origin", "localhost"));
}

static void without_origin_the_fetch_site_counts(void **state)
{
    (void)state;
    assert_true(allowed(NULL, NULL, "localhost"));
    assert_true(allowed(NULL, "same-origin", "localhost"));
    assert_true(allowed(NULL, "none", "localhost"));
    assert_false(allowed(NULL, "same-site", "localhost"));
    assert_false(allowed(NULL, "cross-site", "localhost"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(our_own_origin_is_allowed),
        cmocka_unit_test(other_origins_are_not),
        cmocka_unit_test(without_origin_the_fetch_site_counts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
