/* The words between runner and cell: frames, Docker's multiplexing, the job, the container. */
#include "../unit.h"

#include "base/buf.h"
#include "runner/cell.h"
#include "runner/docker/demux.h"
#include "runner/job.h"
#include "runner/limits.h"
#include "json/json.h"

static void a_frame_is_read_when_it_is_whole(void **state)
{
    (void)state;
    CR_AUTO_BUF b = {0};
    struct cr_cell_frame f;
    cr_cell_frame_append(&b, CR_CELL_STDOUT, "hello", 5);
    for (size_t n = 0; n < b.len; n++)
        assert_int_equal(cr_cell_scan(b.data, n, &f), 0);
    assert_int_equal(cr_cell_scan(b.data, b.len, &f), 10);
    assert_int_equal(f.type, CR_CELL_STDOUT);
    assert_int_equal(f.len, 5);
    assert_memory_equal(f.data, "hello", 5);
}

static void a_frame_over_the_limit_is_refused(void **state)
{
    (void)state;
    struct cr_cell_frame f;
    uint8_t head[CR_CELL_HEADER];
    cr_cell_header(head, CR_CELL_STDOUT, CR_CELL_FRAME_MAX + 1);
    assert_int_equal(cr_cell_scan(head, sizeof(head), &f), -1);
    cr_cell_put(head, 0xffffffff, 4);
    assert_int_equal(cr_cell_scan(head, sizeof(head), &f), -1);
}

static void long_data_is_cut_into_frames(void **state)
{
    (void)state;
    CR_AUTO_BUF b = {0};
    struct cr_cell_frame f;
    size_t len = 2 * CR_CELL_FRAME_MAX + 1, seen = 0, frames = 0;
    uint8_t *data = calloc(1, len);
    cr_cell_frame_append(&b, CR_CELL_DATA, data, len);
    for (long n, at = 0; (n = cr_cell_scan(b.data + at, b.len - (size_t)at, &f)) > 0; at += n) {
        seen += f.len;
        frames++;
    }
    assert_int_equal(seen, len);
    assert_int_equal(frames, 3);
    free(data);
}

static void start_and_result_survive_the_wire(void **state)
{
    (void)state;
    struct cr_cell_start s = {CR_CELL_VERSION, 1, 2, 3, 4, 5, 6, 7, UINT64_MAX}, s2;
    struct cr_cell_result r = {.phase = CR_CELL_PHASE_RUN,
                               .reason = CR_CELL_REASON_OUTPUT,
                               .truncated = true,
                               .wait_status = -5,
                               .exec_errno = 7,
                               .oom_kills = 8,
                               .wall_us = 9,
                               .compile_bytes = UINT64_MAX},
                          r2;
    uint8_t wire[CR_CELL_RESULT_SIZE];
    cr_cell_start_write(&s, wire);
    assert_int_equal(cr_cell_start_read(wire, CR_CELL_START_SIZE, &s2), 0);
    assert_true(s2.stack_bytes == UINT64_MAX && s2.compile_cpu_ms == 4 && s2.file_bytes == 7);
    assert_int_equal(cr_cell_start_read(wire, CR_CELL_START_SIZE - 1, &s2), -1);
    cr_cell_result_write(&r, wire);
    assert_int_equal(cr_cell_result_read(wire, sizeof(wire), &r2), 0);
    assert_true(r2.wait_status == -5 && r2.compile_bytes == UINT64_MAX && r2.truncated);
    wire[1] = CR_CELL_REASON_LAST + 1;
    assert_int_equal(cr_cell_result_read(wire, sizeof(wire), &r2), -1);
}

static void paths_stay_in_the_work_folder(void **state)
{
    (void)state;
    static const char *const good[] = {"a", "a/b.c", "...", ".hidden", "a..b", "-x", "é/ü"};
    static const char *const bad[] = {"",     "/a",  "a/",   "a//b", ".",        "..",
                                      "../a", "a/.", "a/..", "./a",  "a/../../b"};
    for (size_t i = 0; i < CR_COUNT(good); i++)
        assert_true(cr_cell_path_ok((const uint8_t *)good[i], strlen(good[i])));
    for (size_t i = 0; i < CR_COUNT(bad); i++)
        assert_false(cr_cell_path_ok((const uint8_t *)bad[i], strlen(bad[i])));
    assert_false(cr_cell_path_ok((const uint8_t *)"a\0b", 3));
    char part[300];
    memset(part, 'x', sizeof(part));
    assert_true(cr_cell_path_ok((const uint8_t *)part, 255));
    assert_false(cr_cell_path_ok((const uint8_t *)part, 256));
}

static int collect(void *ctx, int stream, const uint8_t *data, size_t len)
{
    struct cr_buf *b = ctx;
    cr_buf_append_byte(b, (uint8_t)('0' + stream));
    cr_buf_append(b, data, len);
    return 0;
}

static void demux_takes_any_cut(void **state)
{
    (void)state;
    static const uint8_t wire[] = {1,   0, 0, 0, 0, 0, 0, 2, 'a', 'b', 2, 0, 0, 0, 0, 0, 0, 1,
                                   'c', 1, 0, 0, 0, 0, 0, 0, 0,   1,   0, 0, 0, 0, 0, 0, 1, 'd'};
    CR_AUTO_BUF whole = {0}, bytes = {0};
    struct cr_demux d = {0};
    assert_int_equal(cr_demux_feed(&d, wire, sizeof(wire), collect, &whole), 0);
    assert_string_equal(cr_buf_cstr(&whole), "1ab2c1d");
    d = (struct cr_demux){0};
    for (size_t i = 0; i < sizeof(wire); i++)
        assert_int_equal(cr_demux_feed(&d, wire + i, 1, collect, &bytes), 0);
    assert_string_equal(cr_buf_cstr(&bytes), "1a1b2c1d");
}

static void demux_refuses_what_is_no_header(void **state)
{
    (void)state;
    static const uint8_t bad[][8] = {{0}, {3}, {1, 1}, {1, 0, 0, 1}, {'H', 'T', 'T', 'P'}};
    for (size_t i = 0; i < CR_COUNT(bad); i++) {
        struct cr_demux d = {0};
        CR_AUTO_BUF b = {0};
        assert_int_equal(cr_demux_feed(&d, bad[i], 8, collect, &b), -1);
    }
}

/* ---- with a configuration and a language ---- */

static struct cr_config config;
static struct cr_lang lang;

static int set_up(void **state)
{
    static const char text[] =
        "{\"id\":\"x\",\"name\":\"X\",\"image\":\"img\",\"extensions\":[\"x\"],"
        "\"default_entry\":\"m.x\",\"template\":[\"\"],\"compile\":[\"/cc\",\"{sources}\"],"
        "\"run\":[\"{out}\"],\"env\":[\"A=b\"],\"limits\":{\"memory_bytes\":67108864}}";
    struct cr_error err = CR_ERROR_INIT;
    (void)state;
    return cr_config_load(NULL, NULL, &config, &err) < 0 ||
           cr_lang_parse("x", text, strlen(text), &lang, &err) < 0;
}

static int tear_down(void **state)
{
    (void)state;
    cr_lang_clear(&lang);
    cr_config_clear(&config);
    return 0;
}

static void the_container_is_locked_down(void **state)
{
    (void)state;
    CR_AUTO_BUF spec = {0};
    struct cr_error err = CR_ERROR_INIT;
    struct cr_config half = config; /* of a processor */
    half.runner_cpu_percent = 50;
    struct cr_cell_env env = {.config = &half, .seccomp = "{\"x\":1}"};
    struct cr_cell_spec s = {.cell = "c0", .lang = &lang, .uid = 10007};
    cr_cell_spec_write(&env, &s, &spec);
    CR_AUTO(cr_json) *j = cr_json_parse(spec.data, spec.len, spec.len, &err);
    assert_non_null(j);
    const struct cr_json_node *root = cr_json_root(j), *h = cr_json_get(root, "HostConfig");
    const struct cr_json_node *option = cr_json_first(cr_json_get(h, "SecurityOpt"));
    int64_t n = 0;
    assert_string_equal(cr_json_str(cr_json_get(root, "User")), "10007:10007");
    assert_string_equal(cr_json_str(cr_json_get(h, "NetworkMode")), "none");
    assert_true(cr_json_bool(cr_json_get(h, "ReadonlyRootfs"), false));
    assert_false(cr_json_bool(cr_json_get(h, "Privileged"), true));
    assert_string_equal(cr_json_str(cr_json_first(cr_json_get(h, "CapDrop"))), "ALL");
    assert_int_equal(cr_json_count(cr_json_get(h, "SecurityOpt")), 2);
    assert_string_equal(cr_json_str(option), "no-new-privileges");
    assert_string_equal(cr_json_str(cr_json_next(option)), "seccomp={\"x\":1}");
    assert_true(cr_json_int(cr_json_get(h, "Memory"), &n) && n == 67108864); /* the language's */
    assert_true(cr_json_int(cr_json_get(h, "MemorySwap"), &n) && n == 67108864);
    assert_true(cr_json_int(cr_json_get(h, "PidsLimit"), &n) && n == config.runner_pids_limit + 1);
    assert_true(cr_json_int(cr_json_get(h, "CpuPeriod"), &n) && n == 20000);
    assert_true(cr_json_int(cr_json_get(h, "CpuQuota"), &n) && n == 10000);
    assert_null(cr_json_get(h, "Binds"));
    assert_null(cr_json_get(h, "Mounts"));
    assert_string_equal(cr_json_str(cr_json_get(cr_json_get(h, "LogConfig"), "Type")), "none");
    assert_non_null(strstr(cr_json_str(cr_json_get(cr_json_get(h, "Tmpfs"), "/work")),
                           "nosuid,nodev,size=67108864,nr_inodes=4096,uid=10007"));
}

static void a_request_asks_for_less_or_more_up_to_the_most(void **state)
{
    (void)state;
    struct cr_cell_start s;
    cr_cell_start_of(&config, &lang, 0, &s);
    assert_int_equal(s.wall_ms, 10000);
    cr_cell_start_of(&config, &lang, 500, &s);
    assert_int_equal(s.wall_ms, 500);
    cr_cell_start_of(&config, &lang, 100000000, &s);
    assert_int_equal(s.wall_ms, 180000);
}

static void a_job_is_told_in_order(void **state)
{
    (void)state;
    CR_AUTO_BUF b = {0}, told = {0};
    struct cr_cell_frame f;
    struct cr_job_file files[] = {{(char *)"m.x", (uint8_t *)"body", 4}, {(char *)"d/e", NULL, 0}};
    char *args[] = {(char *)"-v", NULL};
    struct cr_run run = {.entry = (char *)"m.x",
                         .files = files,
                         .file_count = 2,
                         .args = args,
                         .request_id = (char *)"4f2a.1"};
    cr_job_frames(&config, &lang, &run, &b);
    long n, at = 0;
    for (; (n = cr_cell_scan(b.data + at, b.len - (size_t)at, &f)) > 0; at += n) {
        if (f.type != CR_CELL_ENV && f.type != CR_CELL_START)
            cr_buf_printf(&told, "%d:%.*s ", f.type, (int)f.len, (const char *)f.data);
        if (f.type == CR_CELL_START)
            assert_int_equal(at, 0);
    }
    assert_int_equal(at, b.len);
    assert_string_equal(cr_buf_cstr(&told),
                        "11:4f2a.1 2:/cc 2:m.x 3:/tmp/program 3:-v 5:m.x 6:body 5:d/e ");
}

static void other_programs_of_the_room_are_not_compiled(void **state)
{
    (void)state;
    static const char text[] =
        "{\"id\":\"x\",\"name\":\"X\",\"image\":\"i\",\"extensions\":[\"x\"],"
        "\"default_entry\":\"m.x\",\"template\":[\"a\"],\"run\":[\"{out}\"],"
        "\"compile\":[\"/cc\",\"{sources}\"],\"program\":\"^start\"}";
    static const char *const want[] = {"/cc", "b.x", "shared.x"};
    CR_AUTO_BUF b = {0};
    struct cr_error err = CR_ERROR_INIT;
    struct cr_lang l;
    struct cr_cell_frame f;
    struct cr_job_file files[] = {{(char *)"a.x", (uint8_t *)"one\nstart", 9},
                                  {(char *)"b.x", (uint8_t *)"start", 5},
                                  {(char *)"shared.x", (uint8_t *)"restart", 7}};
    struct cr_run run = {.entry = (char *)"b.x", .files = files, .file_count = 3};
    size_t seen = 0;

    assert_int_equal(cr_lang_parse("x", text, sizeof(text) - 1, &l, &err), 0);
    cr_job_frames(&config, &l, &run, &b);
    long n, at = 0;
    for (; (n = cr_cell_scan(b.data + at, b.len - (size_t)at, &f)) > 0; at += n) {
        if (f.type != CR_CELL_COMPILE_ARG)
            continue;
        assert_true(seen < 3);
        assert_int_equal(f.len, strlen(want[seen]));
        assert_memory_equal(f.data, want[seen], f.len);
        seen++;
    }
    assert_int_equal(seen, 3);
    cr_lang_clear(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_frame_is_read_when_it_is_whole),
        cmocka_unit_test(a_frame_over_the_limit_is_refused),
        cmocka_unit_test(long_data_is_cut_into_frames),
        cmocka_unit_test(start_and_result_survive_the_wire),
        cmocka_unit_test(paths_stay_in_the_work_folder),
        cmocka_unit_test(demux_takes_any_cut),
        cmocka_unit_test(demux_refuses_what_is_no_header),
        cmocka_unit_test(the_container_is_locked_down),
        cmocka_unit_test(a_request_asks_for_less_or_more_up_to_the_most),
        cmocka_unit_test(a_job_is_told_in_order),
        cmocka_unit_test(other_programs_of_the_room_are_not_compiled),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
