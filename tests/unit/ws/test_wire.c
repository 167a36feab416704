/* Reading WebSocket frames: whole, in pieces, with control frames between, and what is refused. */
#include "tests/unit/unit.h"

#include "base/buf.h"
#include "base/mem.h"
#include "ws/frame.h"
#include "ws/net/wire.h"

#include <stdio.h>

static struct cr_buf seen; /* "t:hello " and so on */
static int stop_after;

static bool note(void *ctx, enum cr_wire_event e, uint8_t *data, size_t len)
{
    (void)ctx;
    cr_buf_printf(&seen, "%c:", "tb?!cL"[e]);
    if (len > 40)
        cr_buf_printf(&seen, "%zu", len);
    else
        cr_buf_append(&seen, data, len);
    cr_buf_append_str(&seen, " ");
    return --stop_after != 0;
}

/* A client's frame: first byte, mask and payload. */
static void put(struct cr_buf *out, uint8_t first, const char *payload, size_t len)
{
    static const uint8_t mask[4] = {0x12, 0x00, 0xfe, 0x77};

    cr_buf_append_byte(out, first);
    if (len < 126) {
        cr_buf_append_byte(out, (uint8_t)(0x80 | len));
    } else if (len < 65536) {
        cr_buf_append_byte(out, 0xfe);
        cr_buf_append_byte(out, (uint8_t)(len >> 8));
        cr_buf_append_byte(out, (uint8_t)len);
    } else {
        cr_buf_append_byte(out, 0xff);
        for (int shift = 56; shift >= 0; shift -= 8)
            cr_buf_append_byte(out, (uint8_t)((uint64_t)len >> shift));
    }
    cr_buf_append(out, mask, 4);
    for (size_t i = 0; i < len; i++)
        cr_buf_append_byte(out, (uint8_t)payload[i] ^ mask[i % 4]);
}

static int read_in_pieces(const struct cr_buf *in, size_t piece, size_t max)
{
    struct cr_wire w = {0};
    CR_AUTO_BUF copy = {0};
    int rc = 0;

    cr_buf_append(&copy, in->data, in->len);
    cr_buf_clear(&seen);
    stop_after = -1;
    for (size_t at = 0; at < in->len && rc == 0; at += piece) {
        size_t n = in->len - at < piece ? in->len - at : piece;

        rc = cr_wire_read(&w, copy.data + at, n, max, note, NULL);
    }
    cr_wire_clear(&w);
    return rc;
}

static void assert_reads(const struct cr_buf *in, size_t max, const char *wanted, int code)
{
    static const size_t pieces[] = {1, 2, 3, 5, 7, 13, 64, 1000, 1 << 20};

    for (size_t i = 0; i < CR_COUNT(pieces); i++) {
        assert_int_equal(read_in_pieces(in, pieces[i], max), code);
        assert_string_equal(cr_buf_cstr(&seen), wanted);
    }
    cr_buf_clear(&seen);
}

static void messages_come_whole_however_they_were_cut(void **state)
{
    CR_AUTO_BUF in = {0};
    char *big = cr_calloc(1, 70000);

    (void)state;
    put(&in, 0x81, "hello", 5);
    put(&in, 0x82, "", 0);
    put(&in, 0x01, "one", 3);
    put(&in, 0x89, "ping?", 5);
    put(&in, 0x00, "", 0);
    put(&in, 0x8a, "", 0);
    put(&in, 0x80, " two", 4);
    put(&in, 0x82, big, 200);
    put(&in, 0x82, big, 70000);
    put(&in, 0x88, "\x03\xe8", 2);
    assert_reads(&in, 1 << 20, "t:hello b: ?:ping? !: t:one two b:200 b:70000 c:\x03\xe8 ", 0);
    free(big);
}

static void long_messages_are_told_and_skipped(void **state)
{
    CR_AUTO_BUF in = {0};

    (void)state;
    put(&in, 0x82, "0123456789", 10);
    put(&in, 0x02, "01234", 5);
    put(&in, 0x80, "56789", 5);
    put(&in, 0x82, "fine", 4);
    assert_reads(&in, 8, "L: L: b:fine ", 0);
    cr_buf_reset(&in); /* nothing of it has to come */
    cr_buf_append(&in, "\x82\xff\0\0\0\1\0\0\0\0mask", 14);
    assert_reads(&in, 8, "L: ", 0);
}

static void breaches_of_the_protocol_have_their_code(void **state)
{
    static const struct {
        const char *bytes;
        size_t len;
        int code;
    } cases[] = {
        {"\x81\x01", 2, 1002},                        /* not masked */
        {"\xc1\x80", 2, 1002},                        /* reserved bit */
        {"\x83\x80....", 6, 1002},                    /* unknown opcode */
        {"\x80\x80....", 6, 1002},                    /* continues nothing */
        {"\x01\x80....\x81\x80....", 12, 1002},       /* begins within a message */
        {"\x09\x80....", 6, 1002},                    /* a ping in pieces */
        {"\x89\xfe\x00\x7e....", 8, 1002},            /* a long ping */
        {"\x82\xff\x80\0\0\0\0\0\0\0....", 14, 1002}, /* a length of 64 bits */
        {"\x81\x81\0\0\0\0\xff", 7, 1007},            /* not UTF-8 */
    };

    (void)state;
    for (size_t i = 0; i < CR_COUNT(cases); i++) {
        CR_AUTO_BUF in = {0};

        /* What is wrong shows when the header is whole. */
        cr_buf_append(&in, cases[i].bytes, cases[i].len);
        assert_int_equal(read_in_pieces(&in, 100, 1000), cases[i].code);
        assert_int_equal(read_in_pieces(&in, 1, 1000), cases[i].code);
    }
    cr_buf_clear(&seen);
}

static void reading_stops_when_told(void **state)
{
    CR_AUTO_BUF in = {0};
    struct cr_wire w = {0};

    (void)state;
    put(&in, 0x82, "a", 1);
    put(&in, 0x82, "b", 1);
    stop_after = 1;
    cr_buf_clear(&seen);
    assert_int_equal(cr_wire_read(&w, in.data, in.len, 100, note, NULL), 0);
    assert_string_equal(cr_buf_cstr(&seen), "b:a ");
    cr_buf_clear(&seen);
}

static void frames_have_the_shortest_header(void **state)
{
    static const size_t lengths[] = {0, 125, 126, 65535, 65536};
    static const size_t heads[] = {2, 2, 4, 4, 10};
    CR_AUTO(cr_frame) *ping = cr_frame_control(CR_FRAME_PING, "x", 1);

    (void)state;
    for (size_t i = 0; i < CR_COUNT(lengths); i++) {
        CR_AUTO(cr_frame) *f = cr_frame_alloc(i % 2 == 0, lengths[i]);
        const uint8_t *wire = cr_frame_wire(f);

        assert_int_equal(cr_frame_wire_len(f), lengths[i] + heads[i]);
        assert_int_equal(wire[0], i % 2 == 0 ? 0x81 : 0x82);
        assert_int_equal(wire[1], heads[i] == 2 ? lengths[i] : heads[i] == 4 ? 126 : 127);
        assert_int_equal(f->data[-1], heads[i] == 2 ? wire[1] : lengths[i] & 0xff);
    }
    assert_memory_equal(cr_frame_wire(ping), "\x89\x01x", 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages_come_whole_however_they_were_cut),
        cmocka_unit_test(long_messages_are_told_and_skipped),
        cmocka_unit_test(breaches_of_the_protocol_have_their_code),
        cmocka_unit_test(reading_stops_when_told),
        cmocka_unit_test(frames_have_the_shortest_header),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
