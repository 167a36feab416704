#include "tests/unit/unit.h"

#include "config/config.h"

#include <fcntl.h>
#include <unistd.h>

/* Run the command line with standard output and error in files; returns the status. */
static int run(char **argv, char *out, size_t out_size, char *err, size_t err_size,
               struct cr_config *c)
{
    FILE *files[2] = {tmpfile(), tmpfile()};
    char *texts[2] = {out, err};
    size_t sizes[2] = {out_size, err_size};
    int saved[2];
    int argc = 0;

    while (argv[argc])
        argc++;
    fflush(NULL);
    for (int i = 0; i < 2; i++) {
        saved[i] = dup(i + 1);
        dup2(fileno(files[i]), i + 1);
    }
    int status = cr_config_main_args(argc, argv, "coderoom-test", "tests settings", c);
    fflush(NULL);
    for (int i = 0; i < 2; i++) {
        dup2(saved[i], i + 1);
        close(saved[i]);
        rewind(files[i]);
        texts[i][fread(texts[i], 1, sizes[i] - 1, files[i])] = '\0';
        fclose(files[i]);
    }
    return status;
}

static char out[100000], err[10000];

static int run_args(char *first, char *second, char *third, struct cr_config *c)
{
    char *argv[] = {"test", first, second, third, NULL};

    return run(argv, out, sizeof out, err, sizeof err, c);
}

static void without_arguments_the_program_runs(void **state)
{
    struct cr_config c;

    (void)state;
    assert_int_equal(run_args(NULL, NULL, NULL, &c), CR_CONFIG_RUN);
    assert_string_equal(c.log_level, "warn"); /* from the environment, see main() */
    assert_string_equal(out, "");
    cr_config_clear(&c);
}

static void checking_prints_settings_without_secrets(void **state)
{
    struct cr_config c;

    (void)state;
    setenv("CODEROOM_AUTH_SERVICE_TOKEN", "0123456789abcdef0123456789abcdef", 1);
    assert_int_equal(run_args("--check-config", NULL, NULL, &c), EXIT_SUCCESS);
    unsetenv("CODEROOM_AUTH_SERVICE_TOKEN");
    assert_non_null(strstr(out, "log.level = warn\n"));
    assert_non_null(strstr(out, "auth.service_token = (hidden)\n"));
    assert_null(strstr(out, "0123456789abcdef"));
}

static void a_wrong_setting_ends_with_one_line(void **state)
{
    struct cr_config c;

    (void)state;
    setenv("CODEROOM_API_THREADS", "none", 1);
    assert_int_equal(run_args("--check-config", NULL, NULL, &c), EXIT_FAILURE);
    unsetenv("CODEROOM_API_THREADS");
    assert_string_equal(err, "coderoom-test: the environment variable CODEROOM_API_THREADS: "
                             "api.threads takes a whole number, not \"none\"\n");
}

static void a_named_file_must_be_there(void **state)
{
    struct cr_config c;

    (void)state;
    assert_int_equal(run_args("--config", "/nowhere.conf", NULL, &c), EXIT_FAILURE);
    assert_non_null(strstr(err, "cannot read /nowhere.conf"));
}

static void the_sample_version_and_help_are_printed(void **state)
{
    struct cr_config c;

    (void)state;
    assert_int_equal(run_args("--print-sample", NULL, NULL, &c), EXIT_SUCCESS);
    assert_non_null(strstr(out, "#log.level = info\n"));
    assert_int_equal(run_args("--version", NULL, NULL, &c), EXIT_SUCCESS);
    assert_string_equal(out, "coderoom-test " PACKAGE_VERSION "\n");
    assert_int_equal(run_args("--help", NULL, NULL, &c), EXIT_SUCCESS);
    assert_non_null(strstr(out, "coderoom-test: tests settings"));
}

static void anything_else_is_refused(void **state)
{
    struct cr_config c;

    (void)state;
    assert_int_equal(run_args("--verbose", NULL, NULL, &c), EXIT_FAILURE);
    assert_non_null(strstr(err, "usage:"));
    assert_int_equal(run_args("coderoom.conf", NULL, NULL, &c), EXIT_FAILURE);
    assert_non_null(strstr(err, "unexpected argument \"coderoom.conf\""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_arguments_the_program_runs),
        cmocka_unit_test(checking_prints_settings_without_secrets),
        cmocka_unit_test(a_wrong_setting_ends_with_one_line),
        cmocka_unit_test(a_named_file_must_be_there),
        cmocka_unit_test(the_sample_version_and_help_are_printed),
        cmocka_unit_test(anything_else_is_refused),
    };
    /* Nothing from outside may reach the tests. */
    clearenv();
    setenv("CODEROOM_CONFIG", "/dev/null", 1);
    setenv("CODEROOM_LOG_LEVEL", "warn", 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
