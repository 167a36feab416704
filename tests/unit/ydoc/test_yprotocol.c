#include "tests/unit/ydoc/support.h"
#include "ydoc/yprotocol.h"

static struct yd_message parse_ok(const uint8_t *p, size_t len)
{
    struct yd_message m;

    assert_int_equal(yd_message_parse(p, len, &m), 0);
    return m;
}

static void assert_bad(int err, const uint8_t *p, size_t len)
{
    struct yd_message m;

    assert_int_equal(yd_message_parse(p, len, &m), err);
}

static void what_is_built_is_parsed(void **state)
{
    static const uint8_t sv[] = {1, 5, 3};
    struct yd_buf b = {0};
    struct yd_message m;

    (void)state;
    yd_message_sync_step1(&b, sv, sizeof(sv));
    m = parse_ok(b.data, b.len);
    assert_int_equal(m.type, YD_MSG_SYNC_STEP1);
    assert_int_equal(m.payload_len, sizeof(sv));
    assert_ptr_equal(m.payload, b.data + 3); /* borrowed */
    b.len = 0;
    yd_message_sync_step2(&b, sv, sizeof(sv));
    assert_int_equal(parse_ok(b.data, b.len).type, YD_MSG_SYNC_STEP2);
    b.len = 0;
    yd_message_sync_update(&b, sv, sizeof(sv));
    assert_int_equal(parse_ok(b.data, b.len).type, YD_MSG_SYNC_UPDATE);
    b.len = 0;
    yd_message_awareness(&b, sv, sizeof(sv));
    assert_int_equal(parse_ok(b.data, b.len).type, YD_MSG_AWARENESS);
    b.len = 0;
    yd_message_query_awareness(&b);
    assert_int_equal(parse_ok(b.data, b.len).type, YD_MSG_QUERY_AWARENESS);
    assert_null(parse_ok(b.data, b.len).payload);
    b.len = 0;
    yd_message_saved(&b, 300, sv, sizeof(sv));
    m = parse_ok(b.data, b.len);
    assert_int_equal(m.type, YD_MSG_SAVED);
    assert_int_equal(m.count, 300);
    assert_int_equal(b.data[0], 100);
    yd_buf_free(&b);
}

static void denial_carries_its_reason(void **state)
{
    struct yd_buf b = {0};
    struct yd_message m;

    (void)state;
    assert_int_equal(yd_message_auth_denied(&b, "viewers cannot edit"), 0);
    m = parse_ok(b.data, b.len);
    assert_int_equal(m.type, YD_MSG_AUTH_DENIED);
    assert_int_equal(m.payload_len, 19);
    assert_int_equal(yd_message_auth_denied(&b, "\xc3"), YD_ERR_UTF8);
    yd_buf_free(&b);
}

static void malformed_frames_are_refused(void **state)
{
    (void)state;
    assert_bad(YD_ERR_TRUNCATED, NULL, 0);
    assert_bad(YD_ERR_TRUNCATED, BYTES(0));
    assert_bad(YD_ERR_TRUNCATED, BYTES(0, 1));
    assert_bad(YD_ERR_TRUNCATED, BYTES(0, 1, 5, 0));
    assert_bad(YD_ERR_TRUNCATED, BYTES(1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f));
    assert_bad(YD_ERR_KIND, BYTES(0, 3, 0));
    assert_bad(YD_ERR_KIND, BYTES(4));
    assert_bad(YD_ERR_KIND, BYTES(2, 1, 0));
    assert_bad(YD_ERR_UTF8, BYTES(2, 0, 1, 0xff));
    assert_bad(YD_ERR_TRAILING, BYTES(3, 0));
    assert_bad(YD_ERR_VARINT, BYTES(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_built_is_parsed),
        cmocka_unit_test(denial_carries_its_reason),
        cmocka_unit_test(malformed_frames_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
