/* The sockets' tables: every row checks what docs/PROTOCOL.md says, and the binary frames. */
#include "tests/unit/unit.h"

#include "base/buf.h"
#include "proto/messages.h"

#define RUN "run10000000000000000"
#define ROOM "room0000000000000000"

/* Bind a client's message; returns the row, or -1 with err. */
static int bind(const struct cr_msg_row *rows, int count, const char *text, union cr_msg *m,
                struct cr_json **j, struct cr_error *err)
{
    int type;

    memset(m, 0, sizeof *m);
    memset(err, 0, sizeof *err);
    *j = cr_json_parse(text, strlen(text), 65536, err);
    if (!*j)
        return -1;
    type = cr_msg_find(rows, count, cr_json_root(*j), err);
    if (type < 0 || cr_json_bind(*j, cr_json_root(*j), rows[type].fields, m, err) < 0)
        return -1;
    return type;
}

static void good_messages_fill_their_struct(void **state)
{
    struct cr_error err;
    union cr_msg m;
    struct cr_json *j;

    (void)state;
    assert_int_equal(
        bind(
            cr_msg_rows, CR_MSG_COUNT,
            "{\"type\":\"run.start\",\"key\":\"12345678\",\"entry\":\"a.py\",\"args\":[\"x\",\"\"],"
            "\"stdin_open\":true,\"wall_limit_ms\":500,\"ref\":\"r\"}",
            &m, &j, &err),
        CR_MSG_run_start);
    assert_string_equal(m.run_start.ref, "r");
    assert_string_equal(m.run_start.args[0], "x");
    assert_null(m.run_start.args[2]);
    assert_null(m.run_start.stdin);
    assert_int_equal(m.run_start.wall_limit_ms, 500);
    cr_json_free(j);
    assert_int_equal(
        bind(cr_msg_rows, CR_MSG_COUNT, "{\"type\":\"presence.set\",\"file\":null}", &m, &j, &err),
        CR_MSG_presence_set);
    assert_null(m.presence_set.file);
    cr_json_free(j);
}

static void bad_messages_name_the_field(void **state)
{
    static const struct {
        const char *text, *field;
    } cases[] = {
        {"[]", ""},
        {"{}", "type"},
        {"{\"type\":1}", "type"},
        {"{\"type\":\"hello\"}", "type"}, /* a runner's */
        {"{\"type\":\"ping\",\"x\":1}", "x"},
        {"{\"type\":\"ping\",\"ref\":\"\"}", "ref"},
        {"{\"type\":\"presence.set\",\"file\":\"short\"}", "file"},
        {"{\"type\":\"chat.send\",\"text\":\"x\"}", "id"},
        {"{\"type\":\"chat.send\",\"id\":\"" RUN "\"}", "text"},
        {"{\"type\":\"run.stop\"}", "run"},
        {"{\"type\":\"run.start\",\"key\":\"1234567\",\"entry\":\"a\"}", "key"},
        {"{\"type\":\"run.start\",\"key\":\"12345678\"}", "entry"},
        {"{\"type\":\"run.start\",\"key\":\"12345678\",\"entry\":\"a\",\"args\":[1]}", "args[0]"},
        {"{\"type\":\"run.start\",\"key\":\"12345678\",\"entry\":\"a\",\"wall_limit_ms\":180001}",
         "wall_limit_ms"},
        {"{\"type\":\"run.start\",\"key\":\"12345678\",\"entry\":\"a\\nb\"}", "entry"},
    };

    (void)state;
    for (size_t i = 0; i < CR_COUNT(cases); i++) {
        struct cr_error err;
        union cr_msg m;
        struct cr_json *j;

        assert_int_equal(bind(cr_msg_rows, CR_MSG_COUNT, cases[i].text, &m, &j, &err), -1);
        assert_int_equal(err.code, CR_ERR_INVALID);
        assert_string_equal(err.field, cases[i].field);
        cr_json_free(j);
    }
}

static void only_editors_and_owners_may_run(void **state)
{
    (void)state;
    assert_int_equal(cr_msg_rows[CR_MSG_chat_send].least, CR_ROLE_VIEWER);
    assert_int_equal(cr_msg_rows[CR_MSG_run_start].least, CR_ROLE_EDITOR);
    assert_int_equal(cr_msg_rows[CR_MSG_run_stop].least, CR_ROLE_EDITOR);
    assert_int_equal(cr_msg_rows[CR_MSG_run_stdin_close].least, CR_ROLE_EDITOR);
}

static void result_is_read_and_its_verdict_checked(void **state)
{
    struct cr_error err;
    union cr_msg m;
    struct cr_json *j;
    struct cr_run_result r = {0};

    (void)state;
    assert_int_equal(
        bind(cr_service_msg_rows, CR_SERVICE_MSG_COUNT,
             "{\"type\":\"job.finished\",\"run\":\"" RUN "\",\"room\":\"" ROOM
             "\",\"attempt\":2,\"finished_at\":5,\"result\":{\"verdict\":\"exit\",\"exit_code\":3,"
             "\"truncated\":true,\"message\":\"m\"}}",
             &m, &j, &err),
        CR_SERVICE_MSG_job_finished);
    assert_int_equal(cr_msg_result_read(&m.job_finished.result, &r, &err), 0);
    assert_int_equal(r.verdict, CR_VERDICT_EXIT);
    assert_int_equal(r.exit_code, 3);
    assert_true(r.truncated);
    assert_string_equal(r.message, "m");
    m.job_finished.result.verdict = "great";
    assert_int_equal(cr_msg_result_read(&m.job_finished.result, &r, &err), -1);
    assert_string_equal(err.field, "result.verdict");
    cr_run_result_clear(&r);
    cr_json_free(j);
}

static void output_frame_survives_the_way(void **state)
{
    struct cr_output_frame f = {.run = RUN,
                                .room = ROOM,
                                .attempt = 3,
                                .stream = CR_STREAM_STDERR,
                                .offset = 0x0102030405,
                                .data = (const uint8_t *)"\xff\0z",
                                .len = 3};
    struct cr_output_frame got;
    struct cr_error err = CR_ERROR_INIT;
    CR_AUTO_BUF room = {0};
    CR_AUTO_BUF service = {0};

    (void)state;
    cr_output_frame_write(&room, &f, false);
    cr_output_frame_write(&service, &f, true);
    assert_int_equal(room.len, CR_FRAME_OUTPUT_HEAD + 3);
    assert_memory_equal(room.data, "\x10" RUN "\x02\x05\x04\x03\x02\x01\0\0\0\xff\0z", room.len);
    assert_int_equal(cr_output_frame_parse(service.data, service.len, &got, &err), 0);
    assert_string_equal(got.run, RUN);
    assert_string_equal(got.room, ROOM);
    assert_int_equal(got.attempt, 3);
    assert_int_equal(got.stream, CR_STREAM_STDERR);
    assert_int_equal(got.offset, 0x0102030405);
    assert_memory_equal(got.data, "\xff\0z", got.len);
    for (size_t len = 0; len < CR_FRAME_SERVICE_OUTPUT_HEAD; len++)
        assert_int_equal(cr_output_frame_parse(service.data, len, &got, &err), -1);
    service.data[49] = 4; /* no such stream */
    assert_int_equal(cr_output_frame_parse(service.data, service.len, &got, &err), -1);
    assert_string_equal(err.field, "stream");
}

static void input_frame_survives_the_way(void **state)
{
    char run[CR_ID_SIZE];
    const uint8_t *data;
    size_t len;
    struct cr_error err = CR_ERROR_INIT;
    CR_AUTO_BUF b = {0};

    (void)state;
    cr_stdin_frame_write(&b, RUN, "in\n", 3);
    assert_int_equal(cr_stdin_frame_parse(b.data, b.len, run, &data, &len, &err), 0);
    assert_string_equal(run, RUN);
    assert_int_equal(len, 3);
    b.data[1] = 'Z';
    assert_int_equal(cr_stdin_frame_parse(b.data, b.len, run, &data, &len, &err), -1);
    assert_int_equal(cr_stdin_frame_parse(b.data, 20, run, &data, &len, &err), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_messages_fill_their_struct),
        cmocka_unit_test(bad_messages_name_the_field),
        cmocka_unit_test(only_editors_and_owners_may_run),
        cmocka_unit_test(result_is_read_and_its_verdict_checked),
        cmocka_unit_test(output_frame_survives_the_way),
        cmocka_unit_test(input_frame_survives_the_way),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
