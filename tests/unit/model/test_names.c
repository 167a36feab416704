/* Names that go to clients and to the database, and the rules for file names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/limits.h"
#include "model/tree.h"

static void roles_have_names_and_an_order(void **state)
{
    (void)state;
    for (int r = CR_ROLE_NONE; r <= CR_ROLE_OWNER; r++)
        assert_int_equal(cr_role_parse(cr_role_name((enum cr_role)r)), r);
    assert_string_equal(cr_role_name(CR_ROLE_EDITOR), "editor");
    assert_int_equal(cr_role_parse("admin"), CR_ROLE_NONE);
    assert_int_equal(cr_role_parse(NULL), CR_ROLE_NONE);
    assert_true(CR_ROLE_VIEWER < CR_ROLE_EDITOR && CR_ROLE_EDITOR < CR_ROLE_OWNER);
}

static void states_and_verdicts_round_trip(void **state)
{
    enum cr_run_state s;
    enum cr_verdict v;

    (void)state;
    for (int i = CR_RUN_QUEUED; i <= CR_RUN_FINISHED; i++) {
        assert_int_equal(cr_run_state_parse(cr_run_state_name((enum cr_run_state)i), &s), 0);
        assert_int_equal(s, i);
    }
    for (int i = CR_VERDICT_NONE; i <= CR_VERDICT_INTERNAL_ERROR; i++) {
        assert_int_equal(cr_verdict_parse(cr_verdict_name((enum cr_verdict)i), &v), 0);
        assert_int_equal(v, i);
    }
    assert_int_equal(cr_run_state_parse("dead", &s), -1);
    assert_int_equal(cr_verdict_parse("great", &v), -1);
    assert_string_equal(cr_verdict_name(CR_VERDICT_WALL_TIME), "wall_time");
}

static void clear_leaves_a_struct_that_can_be_filled_again(void **state)
{
    struct cr_run run = {0};

    (void)state;
    run.args = cr_calloc(2, sizeof(*run.args));
    run.args[0] = cr_strdup("-v");
    run.files = cr_calloc(1, sizeof(*run.files));
    run.files[0].path = cr_strdup("main.py");
    run.files[0].data = cr_memdup("x", 1);
    run.file_count = 1;
    run.result.message = cr_strdup("why");
    cr_run_clear(&run);
    assert_null(run.files);
    assert_null(run.result.message);
    cr_run_clear(&run);
}

static void refused(const char *name)
{
    struct cr_error err = CR_ERROR_INIT;

    assert_null(cr_file_name_check("files[3].name", name, &err));
    assert_int_equal(err.code, CR_ERR_INVALID);
    assert_string_equal(err.field, "files[3].name");
}

static void unusable_file_names_are_refused(void **state)
{
    char long_name[CR_LIMIT_FILE_NAME_BYTES + 2];

    (void)state;
    refused("");
    refused(".");
    refused("..");
    refused("a/b");
    refused("/etc/passwd");
    refused("a\\b");
    refused("a\nb");
    refused("a\x7f");
    refused("a\xc2\x85"); /* C1: next line */
    refused("a\xe2\x80\xae"
            "txt.exe"); /* right-to-left override */
    refused(" a");
    refused("a ");
    refused("a\xff");
    refused("a\xc0\xaf");     /* overlong slash */
    refused("a\xed\xa0\x80"); /* surrogate */
    memset(long_name, 'a', sizeof(long_name) - 1);
    long_name[sizeof(long_name) - 1] = '\0';
    refused(long_name);
}

static void file_names_come_back_in_nfc(void **state)
{
    struct cr_error err = CR_ERROR_INIT;
    cr_auto_free char *composed = cr_file_name_check("name", "e\xcc\x81t\xc3\xa9.py", &err);
    cr_auto_free char *emoji = cr_file_name_check("name", "\xf0\x9f\x98\x80 ..a", &err);

    (void)state;
    assert_string_equal(composed, "\xc3\xa9t\xc3\xa9.py");
    assert_string_equal(emoji, "\xf0\x9f\x98\x80 ..a");
}

static void a_name_at_the_limit_is_taken(void **state)
{
    char name[CR_LIMIT_FILE_NAME_BYTES + 1];
    struct cr_error err = CR_ERROR_INIT;

    (void)state;
    memset(name, 'a', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    cr_auto_free char *out = cr_file_name_check("name", name, &err);
    assert_string_equal(out, name);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(roles_have_names_and_an_order),
        cmocka_unit_test(states_and_verdicts_round_trip),
        cmocka_unit_test(clear_leaves_a_struct_that_can_be_filled_again),
        cmocka_unit_test(unusable_file_names_are_refused),
        cmocka_unit_test(file_names_come_back_in_nfc),
        cmocka_unit_test(a_name_at_the_limit_is_taken),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
