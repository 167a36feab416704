/* What ws daemons are told about live jobs, and what they may say. */
#include "../unit.h"

#include "proto/messages.h"
#include "runner/link.h"
#include "json/json.h"

#include <unistd.h>

#define RUN "0123456789abcdefghij"
#define ROOM "abcdefghijklmnopqrst"

struct world {
    struct cr_lives *lives;
    struct cr_link *link;
    struct cr_live *job;
    struct cr_lang_set langs;
    int rung;
};

static void ring(void *ctx)
{
    ((struct world *)ctx)->rung++;
}

static int set_up(void **state)
{
    struct world *w = calloc(1, sizeof(*w));
    struct cr_run run = {.attempt = 2, .started_ms = 5};
    strcpy(run.id, RUN);
    strcpy(run.room_id, ROOM);
    w->lives = cr_lives_new();
    w->job = cr_lives_add(w->lives, &run);
    w->link = cr_link_new(&(struct cr_link_options){.lives = w->lives,
                                                    .langs = &w->langs,
                                                    .runner_id = "r",
                                                    .conns = 2,
                                                    .ring = ring,
                                                    .ctx = w});
    *state = w;
    return 0;
}

static int tear_down(void **state)
{
    struct world *w = *state;
    cr_live_unref(w->job);
    cr_lives_free(w->lives);
    cr_link_free(w->link);
    free(w);
    return 0;
}

static void print(struct world *w, enum cr_stream stream, const char *text)
{
    pthread_mutex_lock(&w->job->lock);
    w->job->phase = CR_PHASE_RUN;
    cr_output_log_append(&w->job->output, stream, text, strlen(text));
    pthread_mutex_unlock(&w->job->lock);
}

static void finish(struct world *w)
{
    pthread_mutex_lock(&w->job->lock);
    w->job->over = w->job->finished = true;
    w->job->result.verdict = CR_VERDICT_OK;
    pthread_mutex_unlock(&w->job->lock);
}

/* Everything that is to be said now, shortened: type of JSON messages; offset, stream and bytes. */
static const char *say_to(struct world *w, size_t conn)
{
    static char text[1024];
    CR_AUTO_BUF m = {0};
    bool binary;
    text[0] = '\0';
    while (cr_link_next(w->link, conn, &m, &binary)) {
        struct cr_error err = CR_ERROR_INIT;
        size_t at = strlen(text);
        if (binary) {
            struct cr_output_frame f;
            assert_int_equal(cr_output_frame_parse(m.data, m.len, &f, &err), 0);
            assert_int_equal(f.attempt, 2);
            snprintf(text + at, sizeof(text) - at, "%d/%d:%.*s ", (int)f.offset, (int)f.stream,
                     (int)f.len, (const char *)f.data);
        } else {
            CR_AUTO(cr_json) *j = cr_json_parse(m.data, m.len, m.len, &err);
            const struct cr_json_node *root = cr_json_root(j);
            union cr_msg msg;
            int row = cr_msg_find(cr_service_msg_rows, CR_SERVICE_MSG_COUNT, root, &err);
            assert_true(row >= 0);
            /* The daemon's own table takes it. */
            assert_int_equal(cr_json_bind(j, root, cr_service_msg_rows[row].fields, &msg, &err), 0);
            snprintf(text + at, sizeof(text) - at, "%s ", cr_json_str(cr_json_get(root, "type")));
        }
    }
    return text;
}

static const char *say(struct world *w)
{
    return say_to(w, 0);
}

static void told(struct world *w, size_t conn, const char *type)
{
    CR_AUTO_BUF m = {0};
    cr_buf_append_str(&m, "{\"type\":\"");
    cr_buf_append_str(&m, type);
    cr_buf_append_str(&m, "\",\"run\":\"" RUN "\"}");
    cr_link_message(w->link, conn, m.data, m.len, false);
}

static void a_connection_is_told_all_and_only_once(void **state)
{
    struct world *w = *state;
    cr_link_opened(w->link, 0);
    assert_string_equal(say(w), "hello ");
    print(w, CR_STREAM_STDOUT, "ab");
    assert_string_equal(say(w), "job.running 0/1:ab ");
    print(w, CR_STREAM_STDOUT, "c");
    print(w, CR_STREAM_STDERR, "d");
    assert_string_equal(say(w), "2/1:c 3/2:d ");
    assert_string_equal(say(w), "");
    finish(w);
    assert_string_equal(say(w), "job.finished ");
    assert_string_equal(say(w), "");
}

static void a_new_connection_hears_everything_again(void **state)
{
    struct world *w = *state;
    cr_link_opened(w->link, 0);
    print(w, CR_STREAM_STDOUT, "abc");
    say(w);
    cr_link_closed(w->link, 0);
    print(w, CR_STREAM_STDOUT, "def");
    cr_link_opened(w->link, 0);
    assert_string_equal(say(w), "hello job.running 0/1:abcdef ");
}

static void output_goes_to_who_rang(void **state)
{
    struct world *w = *state;
    cr_lives_drop(w->lives, w->job); /* not claimed yet */
    cr_link_opened(w->link, 0);
    cr_link_opened(w->link, 1);
    told(w, 1, "job.ready");
    assert_int_equal(w->rung, 1);
    struct cr_run run = {.attempt = 2};
    strcpy(run.id, RUN);
    strcpy(run.room_id, ROOM);
    cr_live_unref(w->job);
    w->job = cr_lives_add(w->lives, &run);
    print(w, CR_STREAM_STDOUT, "ab");
    assert_string_equal(say_to(w, 0), "hello job.running ");
    assert_string_equal(say_to(w, 1), "hello job.running 0/1:ab ");
    finish(w);
    assert_string_equal(say_to(w, 0), "job.finished ");
    assert_string_equal(say_to(w, 1), "job.finished ");
}

static void who_asks_gets_it_from_the_start(void **state)
{
    struct world *w = *state;
    cr_link_opened(w->link, 0);
    cr_link_opened(w->link, 1);
    told(w, 1, "job.ready");
    print(w, CR_STREAM_STDOUT, "ab");
    assert_string_equal(say_to(w, 0), "hello job.running ");
    assert_string_equal(say_to(w, 1), "hello job.running 0/1:ab ");
    told(w, 0, "job.watch"); /* the room has come to that one */
    print(w, CR_STREAM_STDOUT, "c");
    assert_string_equal(say_to(w, 0), "0/1:abc ");
    told(w, 0, "job.watch");
    assert_string_equal(say_to(w, 0), "");
}

static void output_that_nobody_asks_for_goes_to_all(void **state)
{
    struct world *w = *state;
    cr_link_opened(w->link, 0);
    cr_link_opened(w->link, 1);
    told(w, 1, "job.ready");
    cr_link_closed(w->link, 1); /* its rooms may come to the other one */
    print(w, CR_STREAM_STDOUT, "ab");
    assert_string_equal(say_to(w, 0), "hello job.running 0/1:ab ");
    cr_link_opened(w->link, 1);
    assert_string_equal(say_to(w, 1), "hello job.running 0/1:ab ");
}

static void a_job_is_kept_until_its_end_was_told(void **state)
{
    struct world *w = *state;
    cr_link_opened(w->link, 0);
    finish(w);
    w->job->over_mono_ms = INT64_MAX / 2;
    cr_link_tidy(w->link);
    struct cr_live *still = cr_lives_find(w->lives, RUN);
    assert_non_null(still);
    cr_live_unref(still);
    say(w);
    say_to(w, 1);
    cr_link_tidy(w->link);
    assert_null(cr_lives_find(w->lives, RUN));
}

static void a_lost_job_is_not_spoken_of(void **state)
{
    struct world *w = *state;
    cr_link_opened(w->link, 0);
    print(w, CR_STREAM_STDOUT, "abc");
    w->job->over = w->job->discarded = true;
    assert_string_equal(say(w), "hello ");
    cr_link_tidy(w->link);
    assert_null(cr_lives_find(w->lives, RUN));
}

static void hear(struct world *w, const char *text)
{
    cr_link_message(w->link, 0, (const uint8_t *)text, strlen(text), false);
}

static void messages_reach_the_job(void **state)
{
    struct world *w = *state;
    CR_AUTO_BUF f = {0};
    hear(w, "{\"type\":\"job.ready\",\"run\":\"" RUN "\"}");
    assert_int_equal(w->rung, 1);
    cr_stdin_frame_write(&f, RUN, "typed", 5);
    cr_link_message(w->link, 0, f.data, f.len, true);
    assert_int_equal(w->job->input.len, 5);
    assert_false(w->job->input_eof);
    hear(w, "{\"type\":\"job.stdin_close\",\"run\":\"" RUN "\"}");
    assert_true(w->job->input_eof);
    assert_int_equal(w->job->wishes, 0);
    hear(w, "{\"type\":\"job.stop\",\"run\":\"" RUN "\"}");
    assert_int_equal(w->job->wishes, CR_LIVE_STOP);
}

static void nonsense_is_ignored(void **state)
{
    struct world *w = *state;
    hear(w, "");
    hear(w, "[]");
    hear(w, "{\"type\":\"job.stop\"}");
    hear(w, "{\"type\":\"job.stop\",\"run\":\"../../etc\"}");
    hear(w, "{\"type\":\"job.stop\",\"run\":\"vvvvvvvvvvvvvvvvvvvv\"}");
    hear(w, "{\"type\":\"job.sing\",\"run\":\"" RUN "\"}");
    cr_link_message(w->link, 0, (const uint8_t *)"\x11", 1, true);
    assert_int_equal(w->job->wishes, 0);
    assert_int_equal(w->rung, 0);
}

static void input_is_bounded(void **state)
{
    struct world *w = *state;
    size_t len = CR_LIVE_STDIN_MAX / 2 + 1;
    void *data = calloc(1, len);
    cr_live_input(w->job, data, len, false);
    cr_live_input(w->job, data, len, false);
    assert_int_equal(w->job->input.len, len);
    free(data);
}

#define WITH_WORLD(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_WORLD(a_connection_is_told_all_and_only_once),
        WITH_WORLD(a_new_connection_hears_everything_again),
        WITH_WORLD(output_goes_to_who_rang),
        WITH_WORLD(who_asks_gets_it_from_the_start),
        WITH_WORLD(output_that_nobody_asks_for_goes_to_all),
        WITH_WORLD(a_job_is_kept_until_its_end_was_told),
        WITH_WORLD(a_lost_job_is_not_spoken_of),
        WITH_WORLD(messages_reach_the_job),
        WITH_WORLD(nonsense_is_ignored),
        WITH_WORLD(input_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
