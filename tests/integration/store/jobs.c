/* Jobs and the record of runs. */
#include "suite.h"

static void a_job_comes_back_as_it_was(void **state)
{
    char *args[] = {(char *)"-v", (char *)"ä b", NULL};
    struct cr_job_file files[] = {{(char *)"src/main.py", (uint8_t *)(char *)"a\0b", 3},
                                  {(char *)"empty.txt", NULL, 0}};
    struct cr_run run = {.user_name = (char *)"Ada",
                         .request_id = (char *)"req-1",
                         .language = (char *)"as-it-was",
                         .entry = (char *)"src/main.py",
                         .args = args,
                         .stdin_data = (uint8_t *)(char *)"in\xff",
                         .stdin_len = 3,
                         .stdin_open = true,
                         .files = files,
                         .file_count = 2,
                         .wall_limit_ms = 20000,
                         .created_ms = 500};
    struct cr_run got;
    bool existing = true;
    const char *id = fresh("");

    (void)state;
    memcpy(run.id, id, CR_ID_SIZE);
    memcpy(run.room_id, fresh(""), CR_ID_SIZE);
    memcpy(run.user_id, fresh(""), CR_ID_SIZE);
    OK(cr_store_job_insert(store, &run, "key", &existing, &err));
    assert_false(existing);
    assert_true(claim("as-it-was", 1000, 15000, &got));
    assert_string_equal(got.id, run.id);
    assert_string_equal(got.room_id, run.room_id);
    assert_string_equal(got.user_id, run.user_id);
    assert_string_equal(got.user_name, "Ada");
    assert_string_equal(got.request_id, "req-1");
    assert_string_equal(got.entry, "src/main.py");
    assert_string_equal(got.args[1], "ä b");
    assert_null(got.args[2]);
    assert_int_equal(got.stdin_len, 3);
    assert_memory_equal(got.stdin_data, "in\xff", 3);
    assert_true(got.stdin_open);
    assert_int_equal(got.file_count, 2);
    assert_string_equal(got.files[0].path, "src/main.py");
    assert_int_equal(got.files[0].len, 3);
    assert_memory_equal(got.files[0].data, "a\0b", 3);
    assert_int_equal(got.files[1].len, 0);
    assert_int_equal(got.wall_limit_ms, 20000);
    assert_int_equal(got.state, CR_RUN_RUNNING);
    assert_int_equal(got.attempt, 1);
    assert_int_equal(got.created_ms, 500);
    assert_int_equal(got.started_ms, 1000);
    cr_run_clear(&got);
}

static void a_key_is_one_job(void **state)
{
    char room[CR_ID_SIZE], first[CR_ID_SIZE], asked[CR_ID_SIZE];
    struct cr_run run = {0};
    bool existing;

    (void)state;
    cr_id_new(room);
    for (int i = 0; i < 3; i++) {
        run.language = cr_strdup("one-job");
        run.entry = cr_strdup("main.py");
        run.created_ms = 10 + i;
        memcpy(run.room_id, room, CR_ID_SIZE);
        cr_id_new(asked);
        memcpy(run.id, asked, CR_ID_SIZE);
        OK(cr_store_job_insert(store, &run, i < 2 ? "same" : "other", &existing, &err));
        if (i == 0)
            memcpy(first, run.id, CR_ID_SIZE);
        assert_int_equal(existing, i == 1);
        assert_int_equal(strcmp(run.id, first) == 0, i < 2);
        assert_int_equal(run.created_ms, i == 1 ? 10 : 10 + i);
        if (i == 0) { /* the same job once more: its answer may have been lost */
            memcpy(run.id, asked, CR_ID_SIZE);
            OK(cr_store_job_insert(store, &run, "same", &existing, &err));
            assert_false(existing);
            assert_string_equal(run.id, first);
        }
        cr_run_clear(&run);
    }
}

static void too_many_files_are_too_large(void **state)
{
    struct cr_job_file file = {(char *)"a", NULL, 16 * 1024 * 1024};
    struct cr_run run = {
        .language = (char *)"x", .entry = (char *)"a", .files = &file, .file_count = 1};
    bool existing;

    (void)state;
    cr_id_new(run.id);
    FAILS(CR_ERR_TOO_LARGE, cr_store_job_insert(store, &run, "", &existing, &err));
}

static void runs_are_listed_newest_first(void **state)
{
    char room[CR_ID_SIZE], ids[5][CR_ID_SIZE];
    struct cr_run_list l;

    (void)state;
    cr_id_new(room);
    for (int i = 0; i < 5; i++)
        new_job(room, "listed", 100 + i, ids[i]);
    OK(cr_store_run_list(store, room, "", 2, &l, &err));
    assert_int_equal(l.count, 2);
    assert_string_equal(l.items[0].id, ids[4]);
    assert_string_equal(l.items[1].id, ids[3]);
    assert_null(l.items[0].files);
    char next[CR_PAGE_CURSOR_SIZE];

    memcpy(next, l.next, sizeof next);
    cr_run_list_clear(&l);
    OK(cr_store_run_list(store, room, next, 100, &l, &err));
    assert_int_equal(l.count, 3);
    assert_string_equal(l.items[0].id, ids[2]);
    assert_string_equal(l.next, "");
    cr_run_list_clear(&l);
    FAILS(CR_ERR_INVALID, cr_store_run_list(store, room, "", 101, &l, &err));
    FAILS(CR_ERR_INVALID, cr_store_run_list(store, room, "100", 10, &l, &err));
}

static void pages_skip_no_run_of_the_same_millisecond(void **state)
{
    char room[CR_ID_SIZE], id[CR_ID_SIZE], last[CR_ID_SIZE] = "~", next[CR_PAGE_CURSOR_SIZE] = "";
    size_t seen = 0;

    (void)state;
    cr_id_new(room);
    for (int i = 0; i < 7; i++)
        new_job(room, "same-ms", 100, id);
    do {
        struct cr_run_list l;

        OK(cr_store_run_list(store, room, next, 2, &l, &err));
        for (size_t i = 0; i < l.count; i++) {
            assert_true(strcmp(l.items[i].id, last) < 0);
            memcpy(last, l.items[i].id, CR_ID_SIZE);
        }
        seen += l.count;
        memcpy(next, l.next, sizeof next);
        cr_run_list_clear(&l);
    } while (next[0]);
    assert_int_equal(seen, 7);
}

/* Small input is in the job's document, large input apart: nobody sees a difference. */
static void large_input_comes_back_as_it_was(void **state)
{
    struct cr_job_file file = {(char *)"a.py", NULL, 100 * 1024};
    struct cr_run run = {.language = (char *)"large-input",
                         .entry = (char *)"a.py",
                         .files = &file,
                         .file_count = 1,
                         .created_ms = 5};
    struct cr_run got;
    bool existing;

    (void)state;
    file.data = cr_malloc(file.len);
    memset(file.data, 'x', file.len);
    cr_id_new(run.id);
    cr_id_new(run.room_id);
    OK(cr_store_job_insert(store, &run, "", &existing, &err));
    assert_true(claim("large-input", 1000, 15000, &got));
    assert_int_equal(got.file_count, 1);
    assert_int_equal(got.files[0].len, file.len);
    assert_memory_equal(got.files[0].data, file.data, file.len);
    finish_ok(got.id, got.attempt, "done");
    cr_run_clear(&got);
    free(file.data);
}

/* The three wait in this order, whoever else does. */
static void assert_in_queue(char (*ids)[CR_ID_SIZE])
{
    static char queue[1000][CR_ID_SIZE];
    size_t count, found = 0;

    OK(cr_store_job_queue(store, queue, 1000, &count, &err));
    for (size_t i = 0; i < count && found < 3; i++)
        found += strcmp(queue[i], ids[found]) == 0;
    assert_int_equal(found, 3);
    OK(cr_store_job_queue(store, queue, 2, &count, &err));
    assert_int_equal(count, 2);
}

static void active_runs_are_queued_or_running(void **state)
{
    char room[CR_ID_SIZE], ids[3][CR_ID_SIZE];
    struct cr_run_list l;
    struct cr_run run;

    (void)state;
    cr_id_new(room);
    for (int i = 0; i < 3; i++)
        new_job(room, "active", 100 + i, ids[i]);
    assert_in_queue(ids);
    assert_true(claim("active", 1000, 1000, &run));
    assert_string_equal(run.id, ids[0]); /* oldest first */
    finish_ok(run.id, run.attempt, "x");
    cr_run_clear(&run);
    assert_true(claim("active", 1000, 1000, &run));
    cr_run_clear(&run);
    OK(cr_store_run_active(store, room, &l, &err));
    assert_int_equal(l.count, 2);
    assert_int_equal(l.items[0].state, CR_RUN_RUNNING);
    assert_string_equal(l.items[1].id, ids[2]);
    cr_run_list_clear(&l);
}

static void stop_ends_a_queued_job_and_flags_a_running_one(void **state)
{
    char room[CR_ID_SIZE], id[CR_ID_SIZE];
    struct cr_run run;
    bool finished = false, stop = false;

    (void)state;
    cr_id_new(room);
    new_job(room, "stop", 1, id);
    FAILS(CR_ERR_NOT_FOUND, cr_store_job_stop(store, "other", id, 50, &finished, &err));
    OK(cr_store_job_stop(store, room, id, 50, &finished, &err));
    assert_true(finished);
    OK(cr_store_run_get(store, room, id, &run, &err));
    assert_int_equal(run.state, CR_RUN_FINISHED);
    assert_int_equal(run.result.verdict, CR_VERDICT_STOPPED);
    assert_int_equal(run.finished_ms, 50);
    cr_run_clear(&run);
    assert_false(claim("stop", 100, 1000, &run));

    new_job(room, "stop", 2, id);
    assert_true(claim("stop", 100, 1000, &run));
    OK(cr_store_job_renew(store, id, 1, 200, 1000, &stop, &err));
    assert_false(stop);
    OK(cr_store_job_stop(store, room, id, 50, &finished, &err));
    assert_false(finished);
    OK(cr_store_job_renew(store, id, 1, 300, 1000, &stop, &err));
    assert_true(stop);
    cr_run_clear(&run);
    finish_ok(id, 1, "");
    OK(cr_store_job_stop(store, room, id, 50, &finished, &err));
    assert_false(finished);
}

static void finish_stores_result_and_output(void **state)
{
    enum { BIG = 3 * 1024 * 1024 };
    char room[CR_ID_SIZE], id[CR_ID_SIZE];
    struct cr_run run;
    struct cr_output got;
    cr_auto_free uint8_t *big = cr_malloc(BIG);
    struct cr_output_piece pieces[3] = {{CR_STREAM_STDOUT, (uint8_t *)(char *)"a\0\xff", 3},
                                        {CR_STREAM_STDERR, big, BIG},
                                        {CR_STREAM_COMPILE, NULL, 0}};
    const struct cr_output out = {pieces, 3};
    struct cr_run_result r = {.verdict = CR_VERDICT_EXIT,
                              .exit_code = 3,
                              .signal = 9,
                              .wall_ms = 1,
                              .cpu_ms = 2,
                              .compile_ms = 3,
                              .memory_bytes = 1LL << 40,
                              .stdout_bytes = 5,
                              .stderr_bytes = 6,
                              .truncated = true,
                              .message = (char *)"why"};

    (void)state;
    for (size_t i = 0; i < BIG; i++)
        big[i] = (uint8_t)(i * 7 >> 3);
    cr_id_new(room);
    new_job(room, "output", 1, id);
    assert_true(claim("output", 100, 1000, &run));
    cr_run_clear(&run);
    OK(cr_store_run_output(store, id, &got, &err));
    assert_int_equal(got.count, 0);
    OK(cr_store_job_finish(store, id, 1, &r, &out, 900, &err));
    OK(cr_store_job_finish(store, id, 1, &r, &out, 900, &err));
    OK(cr_store_run_get(store, room, id, &run, &err));
    assert_int_equal(run.state, CR_RUN_FINISHED);
    assert_int_equal(run.finished_ms, 900);
    assert_int_equal(run.result.verdict, CR_VERDICT_EXIT);
    assert_int_equal(run.result.exit_code, 3);
    assert_int_equal(run.result.signal, 9);
    assert_int_equal(run.result.wall_ms, 1);
    assert_int_equal(run.result.cpu_ms, 2);
    assert_int_equal(run.result.compile_ms, 3);
    assert_int_equal(run.result.memory_bytes, 1LL << 40);
    assert_int_equal(run.result.stdout_bytes, 5);
    assert_int_equal(run.result.stderr_bytes, 6);
    assert_true(run.result.truncated);
    assert_string_equal(run.result.message, "why");
    cr_run_clear(&run);
    OK(cr_store_run_output(store, id, &got, &err));
    assert_int_equal(got.pieces[0].len, 3);
    assert_memory_equal(got.pieces[0].data, "a\0\xff", 3);
    size_t at = 0;
    for (size_t i = 1; i + 1 < got.count; i++) {
        assert_int_equal(got.pieces[i].stream, CR_STREAM_STDERR);
        assert_true(at + got.pieces[i].len <= BIG);
        assert_memory_equal(got.pieces[i].data, big + at, got.pieces[i].len);
        at += got.pieces[i].len;
    }
    assert_int_equal(at, BIG);
    assert_int_equal(got.pieces[got.count - 1].stream, CR_STREAM_COMPILE);
    cr_output_clear(&got);
    FAILS(CR_ERR_NOT_FOUND, cr_store_run_output(store, "none", &got, &err));
}

static void very_many_small_pieces_fit(void **state)
{
    enum { COUNT = 60000 };
    char room[CR_ID_SIZE], id[CR_ID_SIZE];
    struct cr_run run;
    const struct cr_run_result r = {.verdict = CR_VERDICT_OK};
    cr_auto_free struct cr_output_piece *pieces = cr_calloc(COUNT, sizeof(*pieces));
    const struct cr_output out = {pieces, COUNT};
    struct cr_output got;

    (void)state;
    for (int i = 0; i < COUNT; i++)
        pieces[i] = (struct cr_output_piece){i % 2 ? CR_STREAM_STDERR : CR_STREAM_STDOUT,
                                             (uint8_t *)(char *)"x", 1};
    cr_id_new(room);
    new_job(room, "pieces", 1, id);
    assert_true(claim("pieces", 100, 1000, &run));
    cr_run_clear(&run);
    OK(cr_store_job_finish(store, id, 1, &r, &out, 900, &err));
    OK(cr_store_run_output(store, id, &got, &err));
    assert_int_equal(got.count, COUNT);
    assert_int_equal(got.pieces[COUNT - 1].stream, CR_STREAM_STDERR);
    cr_output_clear(&got);
}

int test_jobs(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_job_comes_back_as_it_was),
        cmocka_unit_test(a_key_is_one_job),
        cmocka_unit_test(too_many_files_are_too_large),
        cmocka_unit_test(runs_are_listed_newest_first),
        cmocka_unit_test(pages_skip_no_run_of_the_same_millisecond),
        cmocka_unit_test(large_input_comes_back_as_it_was),
        cmocka_unit_test(active_runs_are_queued_or_running),
        cmocka_unit_test(stop_ends_a_queued_job_and_flags_a_running_one),
        cmocka_unit_test(finish_stores_result_and_output),
        cmocka_unit_test(very_many_small_pieces_fit),
    };

    return cmocka_run_group_tests_name("jobs", tests, NULL, NULL);
}
