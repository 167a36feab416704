#include "tests/unit/unit.h"

#include "log/log.h"
#include "json/json.h"

#include <errno.h>
#include <unistd.h>

/* What is written to standard error while it points to a pipe. */
struct capture {
    int saved;
    int read_end;
};

static struct capture capture_begin(void)
{
    int fds[2];

    assert_int_equal(pipe(fds), 0);
    struct capture c = {dup(STDERR_FILENO), fds[0]};
    assert_int_equal(dup2(fds[1], STDERR_FILENO), STDERR_FILENO);
    close(fds[1]);
    return c;
}

static void capture_end(struct capture *c, char *out, size_t size)
{
    dup2(c->saved, STDERR_FILENO);
    close(c->saved);
    ssize_t n = read(c->read_end, out, size - 1);
    close(c->read_end);
    assert_true(n >= 0);
    out[n] = '\0';
}

static void a_line_is_one_json_object(void **state)
{
    char line[1000];

    (void)state;
    cr_log_init("coderoom-test", CR_LOG_INFO);
    struct capture c = capture_begin();
    cr_log(CR_LOG_WARN, "room opened", CR_S("room", "a\"b\n"), CR_I("docs", -3), CR_S("no", NULL));
    capture_end(&c, line, sizeof line);
    assert_int_equal(line[strlen(line) - 1], '\n');
    CR_AUTO(cr_json) *j = cr_json_parse(line, strlen(line), sizeof line, NULL);
    assert_non_null(j);
    const struct cr_json_node *n = cr_json_root(j);
    int64_t docs = 0;
    assert_string_equal(cr_json_str(cr_json_get(n, "level")), "warn");
    assert_string_equal(cr_json_str(cr_json_get(n, "program")), "coderoom-test");
    assert_string_equal(cr_json_str(cr_json_get(n, "msg")), "room opened");
    assert_string_equal(cr_json_str(cr_json_get(n, "room")), "a\"b\n");
    assert_string_equal(cr_json_str(cr_json_get(n, "no")), "");
    assert_true(cr_json_int(cr_json_get(n, "docs"), &docs));
    assert_int_equal(docs, -3);
    assert_int_equal(strlen(cr_json_str(cr_json_get(n, "ts"))), 24);
}

static void lines_below_the_level_are_left_out(void **state)
{
    char line[1000];

    (void)state;
    cr_log_init("coderoom-test", CR_LOG_WARN);
    struct capture c = capture_begin();
    cr_log(CR_LOG_INFO, "not this");
    cr_log(CR_LOG_ERROR, "this");
    capture_end(&c, line, sizeof line);
    assert_null(strstr(line, "not this"));
    assert_non_null(strstr(line, "this"));
}

static void errno_survives_a_line(void **state)
{
    char line[1000];

    (void)state;
    struct capture c = capture_begin();
    errno = ENOENT;
    cr_log(CR_LOG_ERROR, "x");
    int after = errno;
    capture_end(&c, line, sizeof line);
    assert_int_equal(after, ENOENT);
}

static void levels_are_known_by_name(void **state)
{
    enum cr_log_level level = CR_LOG_ERROR;

    (void)state;
    assert_int_equal(cr_log_level_parse("debug", &level), 0);
    assert_int_equal(level, CR_LOG_DEBUG);
    assert_int_equal(cr_log_level_parse("loud", &level), -1);
    assert_int_equal(level, CR_LOG_DEBUG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_is_one_json_object),
        cmocka_unit_test(lines_below_the_level_are_left_out),
        cmocka_unit_test(errno_survives_a_line),
        cmocka_unit_test(levels_are_known_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
