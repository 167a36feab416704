/* Update v2, by hand: what stock Yjs never writes but others may. */
#include "tests/unit/ydoc/support.h"
#include "ydoc/any.h"
#include "ydoc/any_json.h"
#include "ydoc/updates.h"

#define MAX_V1 4096

struct columns {
    const char *key, *client, *left, *right, *info, *strings, *parent, *type, *len, *rest;
};

/* A column's bytes behind their number + 1; NULL for none. */
static void put_column(struct yd_buf *out, const char *column)
{
    size_t len = column ? (uint8_t)column[0] - 1U : 0;

    yd_buf_put_bytes(out, column ? column + 1 : "", len);
}

static struct yd_buf update_of(const struct columns *c)
{
    struct yd_buf out = {0};
    const char *const columns[] = {c->key,    c->client, c->left,
                                   c->right,  c->info,   c->strings ? c->strings : "\2\0",
                                   c->parent, c->type,   c->len};

    yd_buf_put_varuint(&out, 0);
    for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
        put_column(&out, columns[i]);
    yd_buf_append(&out, c->rest + 1, (uint8_t)c->rest[0] - 1U);
    return out;
}

static void assert_reads(const struct columns *c, int err, const uint8_t *p, size_t len)
{
    struct yd_buf v2 = update_of(c), v1 = {0};

    assert_int_equal(yd_update_v2_to_v1(v2.data, v2.len, MAX_V1, &v1), err);
    assert_int_equal(v1.len, len);
    assert_true(len == 0 || memcmp(v1.data, p, len) == 0);
    yd_buf_free(&v2);
    yd_buf_free(&v1);
}

static void assert_refused_v2(const struct columns *c, int err)
{
    assert_reads(c, err, NULL, 0);
}

/* Literals: the first byte is the length + 1, so that a column may hold zeroes. */
#define L1 "\2"
#define L2 "\3"
#define L3 "\4"
#define L4 "\5"
#define L5 "\6"
#define L6 "\7"
#define L7 "\10"
#define L8 "\11"
#define L9 "\12"
#define L10 "\13"
/* One section of one struct by client 5 from clock 0, no deletes; what the rest begins with. */
#define ONE "\1\1\0"

static void the_empty_update_is_read_and_written(void **state)
{
    struct yd_buf out = {0};

    (void)state;
    assert_reads(&(struct columns){.rest = L2 "\0\0"}, 0, BYTES(0, 0));
    assert_int_equal(yd_update_v1_to_v2(BYTES(0, 0), &out), 0);
    assert_int_equal(out.len, 13); /* the string column holds the length of its text */
    assert_memory_equal(out.data, "\0\0\0\0\0\0\1\0\0\0\0\0\0", 13);
    yd_buf_free(&out);
}

static void features_that_are_unknown_are_refused(void **state)
{
    struct yd_buf out = {0};

    (void)state;
    assert_int_equal(yd_update_v2_to_v1(BYTES(1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0), 99, &out),
                     YD_ERR_KIND);
    assert_int_equal(out.len, 0);
}

static void a_run_of_2_to_the_50_structs_is_cut_off(void **state)
{
    static const char huge[] = "\xff\xff\xff\xff\xff\xff\xff\3"; /* about 2^50 */
    struct yd_buf v2 = {0}, v1 = {0}, rest = {0};

    (void)state;
    yd_buf_append(&rest, "\1", 1);
    yd_buf_append(&rest, huge, 8);
    yd_buf_append(&rest, "\0", 1);
    yd_buf_append(&v2, "\0\0", 2);
    yd_buf_put_bytes(&v2, "\5", 1); /* client */
    yd_buf_append(&v2, "\0\0", 2);
    yd_buf_put_bytes(&v2, "\0", 1); /* info: GC for ever */
    yd_buf_put_bytes(&v2, "\0", 1);
    yd_buf_append(&v2, "\0\0", 2);
    yd_buf_put_varuint(&v2, 9); /* lengths: 1, 2^50 times */
    yd_buf_append(&v2, "\x41", 1);
    yd_buf_append(&v2, huge, 8);
    yd_buf_append(&v2, rest.data, rest.len);
    assert_int_equal(yd_update_v2_to_v1(v2.data, v2.len, MAX_V1, &v1), YD_ERR_TOO_BIG);
    assert_int_equal(v1.len, 0);
    assert_true(v1.cap <= 2 * MAX_V1);
    yd_buf_free(&v2);
    yd_buf_free(&v1);
    yd_buf_free(&rest);
}

static void a_key_that_is_named_again_is_found(void **state)
{
    /* Two formats with key number 0: "b", null. */
    const struct columns c = {.key = L2 "\1\0",
                              .client = L2 "\x45\1",
                              .left = L1 "\0",
                              .info = L3 "\6\0\x86",
                              .strings = L5 "\2tb\x41\0",
                              .parent = L1 "\1",
                              .rest = L7 "\1\2\0\x7e\x7e\0"};

    (void)state;
    assert_reads(&c, YD_ERR_TRAILING, NULL, 0); /* one byte too many in L7 */
    struct columns exact = c;
    exact.rest = L6 "\1\2\0\x7e\x7e\0";
    assert_reads(&exact, 0,
                 BYTES(1, 2, 5, 0, 6, ROOT_T, 1, 'b', 4, 'n', 'u', 'l', 'l', 0x86, 5, 0, 1, 'b', 4,
                       'n', 'u', 'l', 'l', 0));
}

static void a_pair_that_a_cut_parts_becomes_two_marks(void **state)
{
    /* Root "t", then two strings of one unit each from one pair. */
    const struct columns c = {.client = L2 "\x45\0",
                              .left = L1 "\0",
                              .info = L3 "\4\0\x84",
                              .strings = L8 "\5t\xf0\x9f\x98\x80\x41\1",
                              .parent = L1 "\1",
                              .rest = L4 "\1\2\0\0"};

    (void)state;
    assert_reads(
        &c, 0,
        BYTES(1, 2, 5, 0, 4, ROOT_T, 3, 0xef, 0xbf, 0xbd, 0x84, 5, 0, 3, 0xef, 0xbf, 0xbd, 0));
}

static void strings_beyond_the_text_are_refused(void **state)
{
    (void)state;
    assert_refused_v2(&(struct columns){.client = L1 "\5",
                                        .info = L1 "\4",
                                        .strings = L4 "\1t\1\1",
                                        .parent = L1 "\1",
                                        .rest = L4 ONE "\0"},
                      YD_ERR_TRUNCATED);
    assert_refused_v2(&(struct columns){.client = L1 "\5",
                                        .info = L1 "\4",
                                        .strings = L4 "\2t\xff\1",
                                        .parent = L1 "\1",
                                        .rest = L4 ONE "\0"},
                      YD_ERR_UTF8);
}

static void columns_that_end_too_early_are_refused(void **state)
{
    (void)state;
    assert_refused_v2(&(struct columns){.client = L1 "\5", .info = L1 "\0", .rest = L4 ONE "\0"},
                      YD_ERR_TRUNCATED); /* no length */
    assert_refused_v2(&(struct columns){.client = L1 "\5", .len = L1 "\1", .rest = L4 ONE "\0"},
                      YD_ERR_TRUNCATED); /* no info */
    assert_refused_v2(&(struct columns){.info = L1 "\0", .len = L1 "\1", .rest = L4 ONE "\0"},
                      YD_ERR_TRUNCATED); /* no client */
}

static void clocks_below_nought_are_refused(void **state)
{
    (void)state;
    assert_refused_v2(&(struct columns){.client = L2 "\x45\0",
                                        .left = L1 "\x42",
                                        .info = L1 "\x84",
                                        .strings = L3 "\1a\1",
                                        .rest = L4 ONE "\0"},
                      YD_ERR_RANGE);
}

static void deletes_beyond_32_bits_are_refused(void **state)
{
    (void)state;
    assert_reads(&(struct columns){.rest = L7 "\0\1\5\2\1\0\2"}, YD_ERR_TRUNCATED, NULL, 0);
    assert_reads(&(struct columns){.rest = L8 "\0\1\5\2\1\0\2\3"}, 0,
                 BYTES(0, 1, 5, 2, 1, 1, 4, 4));
    assert_refused_v2(&(struct columns){.rest = L9 "\0\1\5\1\xff\xff\xff\xff\xf"},
                      YD_ERR_TRUNCATED);
    assert_refused_v2(&(struct columns){.rest = L10 "\0\1\5\1\xff\xff\xff\xff\xf\0"}, YD_ERR_RANGE);
}

static void values_that_json_cannot_say_are_refused(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct columns c = {.client = L1 "\5",
                            .info = L1 "\5",
                            .strings = L3 "\1t\1",
                            .parent = L1 "\1",
                            .rest = i ? L5 ONE "\x7f\0" : "\15" ONE "\x7a\0\0\0\0\0\0\0\1\0"};
        assert_refused_v2(&c, YD_ERR_JSON);
    }
}

static void assert_json(const char *expected, const uint8_t *p, size_t len)
{
    struct yd_reader r = yd_reader_of(p, len);
    struct yd_buf out = {0};

    yd_any_to_json(&r, 1000, &out);
    assert_int_equal(r.err, 0);
    assert_ptr_equal(r.p, r.end);
    assert_int_equal(out.len, strlen(expected));
    assert_memory_equal(out.data, expected, out.len);
    yd_buf_free(&out);
}

static void values_become_the_json_of_javascript(void **state)
{
    (void)state;
    assert_json("[null,null,true,false]", BYTES(117, 4, 127, 126, 120, 121));
    assert_json("{\"b\":1}", BYTES(118, 2, 1, 'a', 127, 1, 'b', 125, 1));
    assert_json("{}", BYTES(118, 1, 1, 'a', 127));
    assert_json("{\"0\":7,\"1\":255}", BYTES(116, 2, 7, 255));
    assert_json("[0,-1,-64]", BYTES(117, 3, 125, 0x40, 125, 0x41, 125, 0xc0, 1));
    assert_json("[null,0.5]", BYTES(117, 2, 124, 0x7f, 0xc0, 0, 0, 124, 0x3f, 0, 0, 0));
    assert_json("\"\\u0001\\n\\\"\\\\/\xc3\xa9\"",
                BYTES(119, 7, 1, '\n', '"', '\\', '/', 0xc3, 0xa9));
    assert_json("[[],[{}]]", BYTES(117, 2, 117, 0, 117, 1, 118, 0));
}

static void assert_any(const char *json, const uint8_t *p, size_t len)
{
    struct yd_buf out = {0};

    assert_int_equal(yd_any_from_json(&out, json, strlen(json)), 0);
    assert_int_equal(out.len, len);
    assert_memory_equal(out.data, p, len);
    yd_buf_free(&out);
}

static void json_becomes_the_values_of_javascript(void **state)
{
    (void)state;
    assert_any(" [ [ ] , { } , [ 1 , 2 ] ] ",
               BYTES(117, 3, 117, 0, 118, 0, 117, 2, 125, 1, 125, 2));
    assert_any("{\"a\":{\"b\":[null]},\"]\":\"[,\"}",
               BYTES(118, 2, 1, 'a', 118, 1, 1, 'b', 117, 1, 126, 1, ']', 119, 2, '[', ','));
    assert_any("[0,-0,-1,1e2,64]",
               BYTES(117, 5, 125, 0, 125, 0x40, 125, 0x41, 125, 0xa4, 1, 125, 0x80, 1));
    assert_any("100000000000000", BYTES(123, 0x42, 0xd6, 0xbc, 0xc4, 0x1e, 0x90, 0, 0));
    assert_any("1000000000000000", BYTES(123, 0x43, 0x0c, 0x6b, 0xf5, 0x26, 0x34, 0, 0));
    assert_any("0.5", BYTES(124, 0x3f, 0, 0, 0));
    assert_any("\"a\\\"\\\\\"", BYTES(119, 3, 'a', '"', '\\'));
    assert_any("\"\"", BYTES(119, 0));
}

static void json_longer_than_allowed_is_refused(void **state)
{
    uint8_t bytes[] = {116, 100, [101] = 0};
    struct yd_reader r = yd_reader_of(bytes, sizeof(bytes));
    struct yd_buf out = {0};

    (void)state;
    yd_buf_append(&out, "x", 1);
    yd_any_to_json(&r, 100, &out);
    assert_int_equal(r.err, YD_ERR_TOO_BIG);
    assert_int_equal(out.len, 1);
    yd_buf_free(&out);
}

static void deep_values_are_refused(void **state)
{
    uint8_t bytes[2 * YD_MAX_DEPTH + 4];
    struct yd_buf out = {0};
    struct yd_reader r;

    (void)state;
    for (size_t i = 0; i < sizeof(bytes); i += 2) {
        bytes[i] = 117;
        bytes[i + 1] = i + 2 < sizeof(bytes);
    }
    r = yd_reader_of(bytes, sizeof(bytes));
    yd_any_to_json(&r, 10000, &out);
    assert_int_equal(r.err, YD_ERR_DEPTH);
    r = yd_reader_of(bytes + 2, sizeof(bytes) - 2);
    yd_any_to_json(&r, 10000, &out);
    assert_int_equal(r.err, 0);
    assert_int_equal(out.len, 2 * (YD_MAX_DEPTH + 1));
    yd_buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_empty_update_is_read_and_written),
        cmocka_unit_test(features_that_are_unknown_are_refused),
        cmocka_unit_test(a_run_of_2_to_the_50_structs_is_cut_off),
        cmocka_unit_test(a_key_that_is_named_again_is_found),
        cmocka_unit_test(a_pair_that_a_cut_parts_becomes_two_marks),
        cmocka_unit_test(strings_beyond_the_text_are_refused),
        cmocka_unit_test(columns_that_end_too_early_are_refused),
        cmocka_unit_test(clocks_below_nought_are_refused),
        cmocka_unit_test(deletes_beyond_32_bits_are_refused),
        cmocka_unit_test(values_that_json_cannot_say_are_refused),
        cmocka_unit_test(values_become_the_json_of_javascript),
        cmocka_unit_test(json_becomes_the_values_of_javascript),
        cmocka_unit_test(json_longer_than_allowed_is_refused),
        cmocka_unit_test(deep_values_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
