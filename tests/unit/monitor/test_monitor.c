#include "tests/unit/unit.h"

#include "base/buf.h"
#include "base/clock.h"
#include "monitor/metric.h"
#include "monitor/monitor.h"
#include "json/json.h"

#include <arpa/inet.h>
#include <poll.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static int connect_tcp(int port)
{
    struct sockaddr_in a = {.sin_family = AF_INET,
                            .sin_port = htons((uint16_t)port),
                            .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    assert_int_equal(connect(fd, (struct sockaddr *)&a, sizeof a), 0);
    return fd;
}

static int connect_unix(const char *path)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    snprintf(a.sun_path, sizeof a.sun_path, "%s", path);
    assert_int_equal(connect(fd, (struct sockaddr *)&a, sizeof a), 0);
    return fd;
}

/* One request; returns the status, the body in *body. */
static int ask(int fd, const char *method, const char *path, struct cr_buf *body)
{
    CR_AUTO_BUF b = {0};
    ssize_t n;

    cr_buf_printf(&b, "%s %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", method, path);
    assert_int_equal(write(fd, b.data, b.len), (ssize_t)b.len);
    cr_buf_reset(&b);
    while ((n = read(fd, cr_buf_reserve(&b, 4096), 4096)) > 0)
        b.len += (size_t)n;
    close(fd);
    const char *text = cr_buf_cstr(&b);
    const char *end = strstr(text, "\r\n\r\n");
    assert_non_null(end);
    if (body)
        cr_buf_append_str(body, end + 4);
    return atoi(text + strlen("HTTP/1.1 "));
}

static struct cr_monitor *start_with(const char *address, int64_t beat_limit_ms,
                                     void (*ready)(void *ctx, struct cr_ready *r), void *ctx)
{
    struct cr_monitor_options o = {"coderoom-test", address, beat_limit_ms, ready, ctx};
    struct cr_error e = CR_ERROR_INIT;
    struct cr_monitor *m = cr_monitor_start(&o, &e);

    if (!m)
        fail_msg("%s", e.message);
    return m;
}

static void a_living_daemon_is_healthy(void **state)
{
    struct cr_monitor *m = start_with("127.0.0.1:0", 60000, NULL, NULL);
    CR_AUTO_BUF body = {0};

    (void)state;
    assert_int_equal(ask(connect_tcp(cr_monitor_port(m)), "GET", "/healthz", &body), 200);
    assert_string_equal(cr_buf_cstr(&body), "ok\n");
    cr_monitor_stop(m);
}

static void a_silent_loop_is_not_healthy_until_it_beats(void **state)
{
    struct cr_monitor *m = start_with("127.0.0.1:0", 1, NULL, NULL);
    int64_t deadline_ms = cr_mono_ms() + 20000;
    int status = 200;

    (void)state;
    while (status == 200 && cr_mono_ms() < deadline_ms)
        status = ask(connect_tcp(cr_monitor_port(m)), "GET", "/healthz", NULL);
    assert_int_equal(status, 503);
    cr_monitor_stop(m);
    m = start_with("127.0.0.1:0", 600000, NULL, NULL);
    cr_monitor_beat(m);
    assert_int_equal(ask(connect_tcp(cr_monitor_port(m)), "GET", "/healthz", NULL), 200);
    cr_monitor_stop(m);
}

static void report(void *ctx, struct cr_ready *r)
{
    const _Atomic int *docker = ctx;

    cr_ready_add(r, "database", true, "unused");
    cr_ready_add(r, "docker", *docker != 0, "no answer");
}

static void readiness_names_what_is_missing(void **state)
{
    _Atomic int docker = 0;
    struct cr_monitor *m = start_with("127.0.0.1:0", 0, report, &docker);
    CR_AUTO_BUF body = {0};

    (void)state;
    assert_int_equal(ask(connect_tcp(cr_monitor_port(m)), "GET", "/readyz", &body), 503);
    CR_AUTO(cr_json) *j = cr_json_parse(body.data, body.len, 10000, NULL);
    const struct cr_json_node *checks = cr_json_get(cr_json_root(j), "checks");
    assert_false(cr_json_bool(cr_json_get(cr_json_root(j), "ready"), true));
    assert_true(cr_json_bool(cr_json_get(cr_json_get(checks, "database"), "ok"), false));
    assert_null(cr_json_get(cr_json_get(checks, "database"), "detail"));
    assert_string_equal(cr_json_str(cr_json_get(cr_json_get(checks, "docker"), "detail")),
                        "no answer");
    docker = 1;
    assert_int_equal(ask(connect_tcp(cr_monitor_port(m)), "GET", "/readyz", NULL), 200);
    cr_monitor_stop(m);
}

static void metrics_are_served(void **state)
{
    struct cr_monitor *m = start_with("127.0.0.1:0", 0, NULL, NULL);
    CR_AUTO_BUF body = {0};

    (void)state;
    cr_metric_add(cr_metric_counter("served_total", "S.", ""), 5);
    assert_int_equal(ask(connect_tcp(cr_monitor_port(m)), "GET", "/metrics", &body), 200);
    assert_non_null(strstr(cr_buf_cstr(&body), "\nserved_total 5\n"));
    cr_monitor_stop(m);
}

static void other_paths_and_methods_are_refused(void **state)
{
    struct cr_monitor *m = start_with("127.0.0.1:0", 0, NULL, NULL);

    (void)state;
    assert_int_equal(ask(connect_tcp(cr_monitor_port(m)), "GET", "/", NULL), 404);
    assert_int_equal(ask(connect_tcp(cr_monitor_port(m)), "POST", "/metrics", NULL), 405);
    cr_monitor_stop(m);
}

static void a_unix_socket_works_and_goes_away(void **state)
{
    char folder[] = "/tmp/cr-test-monitor-XXXXXX";
    char path[100];
    struct stat st;

    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/m.sock", folder);
    for (int round = 0; round < 2; round++) {
        struct cr_monitor *m = start_with(path, 0, NULL, NULL);
        assert_int_equal(cr_monitor_port(m), 0);
        assert_int_equal(stat(path, &st), 0);
        assert_int_equal(st.st_mode & 0777, 0660);
        assert_int_equal(ask(connect_unix(path), "GET", "/healthz", NULL), 200);
        cr_monitor_stop(m);
        assert_int_equal(stat(path, &st), -1);
    }
    rmdir(folder);
}

static void refused(const char *address, enum cr_error_code code)
{
    struct cr_monitor_options o = {"coderoom-test", address, 0, NULL, NULL};
    struct cr_error e = CR_ERROR_INIT;

    assert_null(cr_monitor_start(&o, &e));
    assert_int_equal(e.code, code);
}

static void what_is_no_free_address_is_refused(void **state)
{
    struct cr_monitor *m = start_with("127.0.0.1:0", 0, NULL, NULL);
    char taken[64];

    (void)state;
    snprintf(taken, sizeof taken, "127.0.0.1:%d", cr_monitor_port(m));
    refused(taken, CR_ERR_UNAVAILABLE);
    cr_monitor_stop(m);
    refused("9470", CR_ERR_INVALID);
    refused("example.org:80", CR_ERR_INVALID);
    refused("127.0.0.1:", CR_ERR_INVALID);
    refused("127.0.0.1:http", CR_ERR_INVALID);
    refused("[::1:80", CR_ERR_INVALID);
    refused("/nowhere/at/all.sock", CR_ERR_UNAVAILABLE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_living_daemon_is_healthy),
        cmocka_unit_test(a_silent_loop_is_not_healthy_until_it_beats),
        cmocka_unit_test(readiness_names_what_is_missing),
        cmocka_unit_test(metrics_are_served),
        cmocka_unit_test(other_paths_and_methods_are_refused),
        cmocka_unit_test(a_unix_socket_works_and_goes_away),
        cmocka_unit_test(what_is_no_free_address_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
