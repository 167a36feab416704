/* lib/lang: language files are read strictly, commands are expanded safely. */
#include "lang/lang.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>

#include <cmocka.h>

#define BODY(extra)                                                                                \
    "{\"id\":\"x\",\"name\":\"X\",\"image\":\"i\",\"extensions\":[\"x\",\"xx\"],"                  \
    "\"default_entry\":\"main.x\",\"template\":[\"a\",\"b\"],\"run\":[\"/bin/"                     \
    "x\",\"{entry}\"]" extra

static int parse(const char *text, struct cr_lang *out, struct cr_error *err)
{
    return cr_lang_parse("x", text, strlen(text), out, err);
}

static void reads_the_languages_that_we_ship(void **state)
{
    (void)state;
    struct cr_lang_set set;
    struct cr_error err = CR_ERROR_INIT;
    assert_int_equal(cr_lang_load(CR_TEST_LANGUAGES, &set, &err), 0);
    assert_non_null(cr_lang_by_id(&set, "python"));
    assert_non_null(cr_lang_by_id(&set, "c")->compile);
    assert_null(cr_lang_by_id(&set, "cobol"));
    assert_string_equal(cr_lang_for_path(&set, "src/Deep.dir/MAIN.PY")->id, "python");
    assert_string_equal(cr_lang_for_path(&set, "a.mjs")->id, "javascript");
    assert_null(cr_lang_for_path(&set, "dir.py/readme"));
    assert_null(cr_lang_for_path(&set, ".py"));
    for (size_t i = 0; i < set.count; i++) {
        assert_non_null(cr_lang_for_path(&set, set.items[i].default_entry));
        assert_true(strlen(set.items[i].template_text) > 20);
    }
    cr_lang_set_clear(&set);
}

static void fills_in_what_is_left_out(void **state)
{
    (void)state;
    struct cr_lang l;
    struct cr_error err = CR_ERROR_INIT;
    assert_int_equal(parse(BODY("}"), &l, &err), 0);
    assert_string_equal(l.template_text, "a\nb\n");
    assert_null(l.compile);
    assert_null(l.env[0]);
    assert_int_equal(l.limits.wall_ms, 0);
    cr_lang_clear(&l);
}

static void refuse(const char *text, const char *field)
{
    struct cr_lang l;
    struct cr_error err = CR_ERROR_INIT;
    assert_int_equal(parse(text, &l, &err), -1);
    assert_int_equal(err.code, CR_ERR_INVALID);
    assert_string_equal(err.field, field);
    assert_non_null(strstr(err.message, field));
}

static void names_the_key_that_is_wrong(void **state)
{
    (void)state;
    refuse(BODY(",\"colour\":1}"), "colour");
    refuse(BODY(",\"compile\":[\"gcc\"]}"), "compile");
    refuse(BODY(",\"compile\":[\"/gcc\",\"{output}\"]}"), "compile");
    refuse(BODY(",\"env\":[\"=x\"]}"), "env");
    refuse(BODY(",\"limits\":{\"wall_ms\":1}}"), "limits.wall_ms");
    refuse(BODY(",\"limits\":{\"wall\":1000}}"), "limits.wall");
    refuse("{\"id\":\"y\",\"name\":\"X\",\"image\":\"i\",\"extensions\":[\"x\"],\"default_entry\":"
           "\"m.x\",\"template\":[\"\"],\"run\":[\"/x\"]}",
           "id");
    refuse("{\"id\":\"x\",\"name\":\"X\",\"image\":\"i\",\"extensions\":[\".x\"],\"default_entry\":"
           "\"m.x\",\"template\":[\"\"],\"run\":[\"/x\"]}",
           "extensions");
    refuse("{\"id\":\"x\",\"name\":\"X\",\"image\":\"i\",\"extensions\":[\"x\"],\"default_entry\":"
           "\"m.x\",\"template\":[\"\"],\"run\":[\"{out}/x\"]}",
           "run");
}

static void expands_placeholders(void **state)
{
    (void)state;
    static const char *const paths[] = {"a.x", "b.txt", "lib/c.xx", "-o.x", "@list.x"};
    static const char *const argv[] = {"/cc", "-o", "{out}", "{sources}", "--main={entry}", NULL};
    static const char *const args[] = {"{entry}", "-v", NULL};
    static const char *const want[] = {"/cc",      "-o",     "/tmp/p",    "a.x",
                                       "lib/c.xx", "./-o.x", "./@list.x", "--main=a.x",
                                       "{entry}",  "-v",     NULL};
    struct cr_lang l;
    struct cr_error err = CR_ERROR_INIT;
    assert_int_equal(parse(BODY("}"), &l, &err), 0);
    char **got = cr_lang_expand(
        &l, argv,
        &(struct cr_lang_command){
            .entry = "a.x", .paths = paths, .path_count = 5, .out = "/tmp/p", .args = args});
    for (size_t i = 0; want[i]; i++)
        assert_string_equal(got[i], want[i]);
    assert_null(got[10]);
    cr_lang_argv_free(got);
    cr_lang_clear(&l);
}

static void a_room_may_hold_several_c_programs(void **state)
{
    (void)state;
    static const struct {
        const char *path, *text;
        bool program;
    } cases[] = {
        {"a.c", "#include <stdio.h>\nint main(void)\n{\n}\n", true},
        {"a.c", "static int x;\nint\nmain (int argc, char **argv) {", true},
        {"a.c", "int main(", true},
        {"a.c", "int domain(void);\nint remain(int x)\n{\n    return main(x);\n}\n", false},
        {"a.c", "", false},
        {"a.h", "int main(void);\n", false},
    };
    struct cr_lang_set set;
    struct cr_error err = CR_ERROR_INIT;
    assert_int_equal(cr_lang_load(CR_TEST_LANGUAGES, &set, &err), 0);
    const struct cr_lang *c = cr_lang_by_id(&set, "c");
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
        assert_int_equal(cr_lang_is_program(c, cases[i].path, cases[i].text, strlen(cases[i].text)),
                         cases[i].program);
    assert_false(cr_lang_is_program(cr_lang_by_id(&set, "python"), "a.py", "int main(", 9));
    cr_lang_set_clear(&set);
}

static void an_entry_never_becomes_an_option(void **state)
{
    (void)state;
    struct cr_lang l;
    struct cr_error err = CR_ERROR_INIT;
    assert_int_equal(parse(BODY("}"), &l, &err), 0);
    char **got = cr_lang_expand(&l, l.run, &(struct cr_lang_command){.entry = "-c.x", .out = "o"});
    assert_string_equal(got[1], "./-c.x");
    cr_lang_argv_free(got);
    cr_lang_clear(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_languages_that_we_ship),
        cmocka_unit_test(fills_in_what_is_left_out),
        cmocka_unit_test(names_the_key_that_is_wrong),
        cmocka_unit_test(expands_placeholders),
        cmocka_unit_test(a_room_may_hold_several_c_programs),
        cmocka_unit_test(an_entry_never_becomes_an_option),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
