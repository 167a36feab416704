#include "tests/unit/unit.h"

#include "base/buf.h"
#include "base/mem.h"
#include "config/table.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

/* Each folder in cases/ is a test: input.conf (may be missing), env (lines NAME=value; may be
 * missing) and expected: either "error: …", the whole message, or lines that the printed settings
 * must hold. Paths in a case are relative to its folder. */

static char *read_text(const char *path)
{
    FILE *in = fopen(path, "r");
    CR_AUTO_BUF b = {0};
    size_t n;

    if (!in)
        return NULL;
    while ((n = fread(cr_buf_reserve(&b, 4096), 1, 4096, in)) > 0)
        b.len += n;
    fclose(in);
    return cr_strdup(cr_buf_cstr(&b));
}

static char *printed(void (*print)(const void *ctx, FILE *out), const void *ctx)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    print(ctx, out);
    fclose(out);
    return text;
}

static void print_settings(const void *ctx, FILE *out)
{
    cr_config_print(ctx, out);
}

static void print_sample(const void *ctx, FILE *out)
{
    (void)ctx;
    cr_config_print_sample(out);
}

/* What the case gives: the printed settings or "error: message". */
static char *result_of_case(void)
{
    cr_auto_free char *env_text = read_text("env");
    char *env[32] = {NULL};
    size_t count = 0;
    struct cr_config c;
    struct cr_error e = CR_ERROR_INIT;

    for (char *line = env_text ? strtok(env_text, "\n") : NULL; line && count < 31;
         line = strtok(NULL, "\n"))
        env[count++] = line;
    const char *file = access("input.conf", F_OK) == 0 ? "input.conf" : NULL;
    if (cr_config_load(file, env, &c, &e) < 0)
        return cr_asprintf("error: %s\n", e.message);
    char *text = printed(print_settings, &c);
    cr_config_clear(&c);
    return text;
}

static bool has_line(const char *text, const char *line)
{
    size_t len = strlen(line);

    for (const char *p = text; (p = strstr(p, line)); p++) {
        if ((p == text || p[-1] == '\n') && p[len] == '\n')
            return true;
    }
    return false;
}

static void run_case(const char *name)
{
    cr_auto_free char *expected = read_text("expected");
    cr_auto_free char *result = result_of_case();

    assert_non_null(expected);
    for (char *line = strtok(expected, "\n"); line; line = strtok(NULL, "\n")) {
        if (!has_line(result, line))
            fail_msg("%s: expected the line\n%s\nin\n%s", name, line, result);
    }
}

static void every_case_gives_what_is_expected(void **state)
{
    DIR *cases = opendir(CR_TEST_CASES);
    int here = open(".", O_RDONLY | O_DIRECTORY);
    int count = 0;

    (void)state;
    assert_non_null(cases);
    for (struct dirent *d; (d = readdir(cases));) {
        if (d->d_name[0] == '.')
            continue;
        cr_auto_free char *path = cr_asprintf("%s/%s", CR_TEST_CASES, d->d_name);
        assert_int_equal(chdir(path), 0);
        run_case(d->d_name);
        assert_int_equal(fchdir(here), 0);
        count++;
    }
    closedir(cases);
    close(here);
    assert_true(count >= 10);
}

static void the_sample_file_is_the_one_that_is_printed(void **state)
{
    (void)state;
    cr_auto_free char *printed_now = printed(print_sample, NULL);
    cr_auto_free char *kept = read_text(CR_TEST_SAMPLE);
    if (!kept || strcmp(printed_now, kept) != 0)
        fail_msg(
            "conf/coderoom.conf.sample is old: write it anew with coderoom-api --print-sample");
}

static void assert_says_something(const struct cr_option *o, const char *which, const char *text)
{
    if (strlen(text) < 20)
        fail_msg("%s: %s says too little: \"%s\"", o->key, which, text);
    for (const char *line = text; *line;) {
        size_t len = strcspn(line, "\n");
        if (len == 0 || len > 96)
            fail_msg("%s: a line of %s has %zu bytes", o->key, which, len);
        line += len + (line[len] == '\n');
    }
}

/* The type, the range and the default are printed with every key; these are words of ours. */
static void every_key_says_what_it_does_and_why_its_default_is_so(void **state)
{
    (void)state;
    for (size_t i = 0; i < CR_OPTION_COUNT; i++) {
        assert_says_something(&cr_options[i], "what", cr_options[i].what);
        assert_says_something(&cr_options[i], "why", cr_options[i].why);
    }
}

/* Taking every # away in the sample must change nothing. */
static void the_sample_holds_the_defaults(void **state)
{
    struct cr_config defaults, sample;
    struct cr_error e = CR_ERROR_INIT;
    char path[] = "/tmp/cr-test-sample-XXXXXX";

    (void)state;
    cr_auto_free char *text = printed(print_sample, NULL);
    FILE *out = fdopen(mkstemp(path), "w");
    assert_non_null(out);
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
        if (line[0] == '#' && line[1] != ' ' && line[1] != '\0')
            fprintf(out, "%s\n", line + 1);
    }
    fclose(out);
    if (cr_config_load(path, NULL, &sample, &e) < 0)
        fail_msg("%s", e.message);
    unlink(path);
    assert_int_equal(cr_config_load(NULL, NULL, &defaults, &e), 0);
    cr_auto_free char *a = printed(print_settings, &sample);
    cr_auto_free char *b = printed(print_settings, &defaults);
    assert_string_equal(a, b);
    cr_config_clear(&sample);
    cr_config_clear(&defaults);
}

/* The site's nginx and the proxies before it wait for the pings; clients and the description of the
 * sockets rely on the time of a run. */
static void defaults_that_others_rely_on(void **state)
{
    char *too_long[] = {"CODEROOM_RUNNER_WALL_LIMIT=180001ms", NULL};
    char *longest[] = {"CODEROOM_RUNNER_WALL_LIMIT=180s", NULL};
    struct cr_config c;
    struct cr_error e = CR_ERROR_INIT;

    (void)state;
    assert_int_equal(cr_config_load(NULL, NULL, &c, &e), 0);
    assert_int_equal(c.ws_ping_interval_ms, 25000);
    assert_int_equal(c.runner_wall_limit_ms, 10000);
    assert_int_equal(c.runner_wall_limit_max_ms, 180000);
    cr_config_clear(&c);
    assert_int_equal(cr_config_load(NULL, longest, &c, &e), 0);
    assert_int_equal(c.runner_wall_limit_ms, 180000);
    cr_config_clear(&c);
    assert_int_equal(cr_config_load(NULL, too_long, &c, &e), -1);
}

static void what_is_printed_can_be_read_again(void **state)
{
    char *env[] = {"CODEROOM_RUNNER_WS_SOCKETS=/a.sock,/b.sock", "CODEROOM_WS_PING_INTERVAL=90s",
                   NULL};
    char path[] = "/tmp/cr-test-printed-XXXXXX";
    struct cr_config c, again;
    struct cr_error e = CR_ERROR_INIT;

    (void)state;
    assert_int_equal(cr_config_load(NULL, env, &c, &e), 0);
    free(c.mongodb_uri); /* the one secret with a default is printed as (hidden) */
    c.mongodb_uri = cr_strdup("");
    cr_auto_free char *text = printed(print_settings, &c);
    FILE *out = fdopen(mkstemp(path), "w");
    assert_non_null(out);
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
        if (strncmp(line, "mongodb.uri", 11) != 0)
            fprintf(out, "%s\n", line);
    }
    fclose(out);
    if (cr_config_load(path, NULL, &again, &e) < 0)
        fail_msg("%s", e.message);
    unlink(path);
    assert_int_equal(again.ws_ping_interval_ms, 90000);
    assert_string_equal(again.runner_ws_sockets[1], "/b.sock");
    assert_null(again.runner_ws_sockets[2]);
    cr_config_clear(&c);
    cr_config_clear(&again);
}

static void a_missing_file_is_an_error(void **state)
{
    struct cr_config c;
    struct cr_error e = CR_ERROR_INIT;

    (void)state;
    assert_int_equal(cr_config_load("/nowhere/coderoom.conf", NULL, &c, &e), -1);
    assert_string_equal(e.message, "cannot read /nowhere/coderoom.conf: No such file or directory");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_case_gives_what_is_expected),
        cmocka_unit_test(every_key_says_what_it_does_and_why_its_default_is_so),
        cmocka_unit_test(the_sample_file_is_the_one_that_is_printed),
        cmocka_unit_test(the_sample_holds_the_defaults),
        cmocka_unit_test(defaults_that_others_rely_on),
        cmocka_unit_test(what_is_printed_can_be_read_again),
        cmocka_unit_test(a_missing_file_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
