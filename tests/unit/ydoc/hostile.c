#include "tests/unit/ydoc/hostile.h"

#include <string.h>

static void put(struct yd_buf *b, uint64_t v)
{
    yd_buf_put_varuint(b, v);
}

/* One section of one client, `body` of some structs again and again as often as it fits; then no
 * deletes. */
static void repeat(struct yd_buf *out, size_t structs, const void *body, size_t len)
{
    size_t n = (HOSTILE_BYTES - 16) / len;

    put(out, 1);
    put(out, n * structs);
    put(out, 5);
    put(out, 0);
    while (n-- > 0)
        yd_buf_append(out, body, len);
    put(out, 0);
}

static void collected_structs(struct yd_buf *out)
{
    repeat(out, 1, "\0\1", 2);
}

static void one_letter_structs(struct yd_buf *out)
{
    repeat(out, 1, "\4\1\1t\1a", 6);
}

static void values_of_one_key(struct yd_buf *out)
{
    repeat(out, 1, "\x28\1\1t\1k\1\x7e", 8);
}

static void nested_types(struct yd_buf *out)
{
    repeat(out, 1, "\7\1\1t\0", 5);
}

static void formats(struct yd_buf *out)
{
    repeat(out, 1,
           "\6\1\1t\1b\1"
           "1",
           8);
}

static void empty_documents(struct yd_buf *out)
{
    repeat(out, 1, "\x9\1\1t\0\x76\0", 7);
}

/* Each typed before the one before. */
static void prepended_letters(struct yd_buf *out)
{
    size_t n = (HOSTILE_BYTES - 16) / 8;

    put(out, 1);
    put(out, n);
    put(out, 5);
    put(out, 0);
    yd_buf_append(out, "\4\1\1t\1a", 6);
    for (size_t i = 0; i + 1 < n; i++) {
        yd_buf_append(out, "\x44\5", 2);
        put(out, i);
        yd_buf_append(out, "\1a", 2);
    }
    put(out, 0);
}

/* From the highest client to the lowest, or in any order. */
static void many_clients(struct yd_buf *out, bool sorted, const void *body, size_t len)
{
    size_t n = (HOSTILE_BYTES - 16) / (5 + len);

    put(out, n);
    for (size_t i = 0; i < n; i++) {
        put(out, len > 0);
        put(out, 20000 + (sorted ? n - i : i * 7919 % n));
        put(out, 0);
        yd_buf_append(out, body, len);
    }
    put(out, 0);
}

static void clients_with_a_letter(struct yd_buf *out)
{
    many_clients(out, true, "\4\1\1t\1a", 6);
}

static void clients_out_of_order(struct yd_buf *out)
{
    many_clients(out, false, "\0\1", 2);
}

static void clients_without_structs(struct yd_buf *out)
{
    many_clients(out, false, "", 0);
}

static void gaps_only(struct yd_buf *out)
{
    repeat(out, 1, "\xa\1", 2);
}

/* What is put behind something that was collected is collected, too. */
static void collected_in_turns(struct yd_buf *out)
{
    repeat(out, 2, "\0\1\x81\5\0\1", 6);
}

/* Two roots whose names differ in the last letter; structs in one and the other by turns. */
static void two_long_names(struct yd_buf *out)
{
    static uint8_t name[HOSTILE_BYTES / 4];
    size_t n = (HOSTILE_BYTES / 2 - 64) / 9;

    memset(name, 'a', sizeof(name));
    put(out, 1);
    put(out, n);
    put(out, 5);
    put(out, 0);
    for (size_t i = 0; i < n; i++) {
        yd_buf_append(out, i < 2 ? "\4\1" : "\x84\5", 2);
        name[sizeof(name) - 1] = (uint8_t)('a' + i % 2);
        if (i < 2)
            yd_buf_put_bytes(out, name, sizeof(name));
        else
            put(out, i - 2);
        yd_buf_append(out, "\1a", 2);
    }
    put(out, 0);
}

/* A struct, a gap, a struct, a gap. */
static void gaps(struct yd_buf *out)
{
    repeat(out, 2, "\0\1\xa\1", 4);
}

static void structs_that_wait(struct yd_buf *out)
{
    repeat(out, 1, "\x84\6\0\1a", 5);
}

static void delete_ranges(struct yd_buf *out, bool sorted)
{
    size_t n = (HOSTILE_BYTES - 32) / 5;

    put(out, 0);
    put(out, 1);
    put(out, 5);
    put(out, n);
    for (size_t i = 0; i < n; i++) {
        put(out, 20000 + 2 * (sorted ? i : i * 7919 % n));
        put(out, 1);
    }
}

static void deletes_in_order(struct yd_buf *out)
{
    delete_ranges(out, true);
}

static void deletes_out_of_order(struct yd_buf *out)
{
    delete_ranges(out, false);
}

static void deletes_of_many_clients(struct yd_buf *out)
{
    size_t n = (HOSTILE_BYTES - 16) / 6;

    put(out, 0);
    put(out, n);
    for (size_t i = 0; i < n; i++) {
        put(out, 20000 + i * 7919 % n);
        yd_buf_append(out, "\1\0\1", 3);
    }
}

/* Text of which every other letter is deleted at once. */
static void text_in_shreds(struct yd_buf *out)
{
    size_t n = HOSTILE_BYTES / 6;
    uint8_t text[1000];

    memset(text, 'a', sizeof(text));
    put(out, 1);
    put(out, 1);
    put(out, 5);
    put(out, 0);
    yd_buf_append(out, "\4\1\1t", 4);
    n = n / sizeof(text) * sizeof(text);
    put(out, n);
    for (size_t i = 0; i < n; i += sizeof(text))
        yd_buf_append(out, text, sizeof(text));
    put(out, 1);
    put(out, 5);
    put(out, n / 2);
    for (size_t i = 0; i < n / 2; i++) {
        put(out, 2 * i);
        put(out, 1);
    }
}

/* One struct whose content is `unit` again and again. */
static void content(struct yd_buf *out, const char *head, size_t head_len, const char *unit,
                    size_t len, bool count_bytes)
{
    size_t n = (HOSTILE_BYTES - 32) / len;

    yd_buf_append(out, "\1\1\5\0", 4);
    yd_buf_append(out, head, head_len);
    put(out, count_bytes ? n * len : n);
    while (n-- > 0)
        yd_buf_append(out, unit, len);
    put(out, 0);
}

static void values_in_one_struct(struct yd_buf *out)
{
    content(out, "\x8\1\1t", 4, "\x7e", 1, false);
}

static void surrogate_pairs(struct yd_buf *out)
{
    content(out, "\4\1\1t", 4, "\xf0\x9f\x98\x80", 4, true);
}

static void legacy_values(struct yd_buf *out)
{
    content(out, "\2\1\1t", 4,
            "\1"
            "1",
            2, false);
}

/* Values nested as deeply as nothing is, then as wide as it gets. */
static void deep_value(struct yd_buf *out)
{
    yd_buf_append(out, "\1\1\5\0\x8\1\1t\1", 9);
    while (out->len + 4 < HOSTILE_BYTES)
        yd_buf_append(out, "\x75\1", 2);
    yd_buf_append(out, "\x7e\0", 2);
}

/* An embed: arrays in arrays, in the innermost as many numbers as fit. */
static void wide_json(struct yd_buf *out)
{
    size_t depth = YD_MAX_DEPTH, n = (HOSTILE_BYTES - 32 - 2 * depth) / 2;

    yd_buf_append(out, "\1\1\5\0\5\1\1t", 8);
    put(out, 2 * depth + 2 * n - 1);
    for (size_t i = 0; i < depth; i++)
        yd_buf_append(out, "[", 1);
    for (size_t i = 0; i < n; i++)
        yd_buf_append(out, i == 0 ? "1" : ",1", i == 0 ? 1 : 2);
    for (size_t i = 0; i < depth; i++)
        yd_buf_append(out, "]", 1);
    put(out, 0);
}

const struct hostile hostile_updates[] = {
    {.name = "collected structs", .make = collected_structs},
    {.name = "collected in turns", .make = collected_in_turns, .applied = YD_ERR_COSTLY},
    {.name = "one-letter structs", .make = one_letter_structs},
    {.name = "values of one key", .make = values_of_one_key},
    {.name = "nested types", .make = nested_types, .applied = YD_ERR_COSTLY},
    {.name = "formats", .make = formats},
    {.name = "subdocuments", .make = empty_documents},
    {.name = "prepended letters", .make = prepended_letters},
    {.name = "clients with a letter", .make = clients_with_a_letter, .applied = YD_ERR_COSTLY},
    {.name = "clients out of order", .make = clients_out_of_order, .applied = YD_ERR_COSTLY},
    {.name = "clients without structs", .make = clients_without_structs},
    {.name = "gaps only", .make = gaps_only},
    {.name = "gaps", .make = gaps, .applied = YD_ERR_PENDING_FULL},
    {.name = "two long names", .make = two_long_names},
    {.name = "structs that wait", .make = structs_that_wait},
    {.name = "deletes in order", .make = deletes_in_order},
    {.name = "deletes out of order", .make = deletes_out_of_order},
    {.name = "deletes of many clients", .make = deletes_of_many_clients},
    {.name = "text in shreds", .make = text_in_shreds, .applied = YD_ERR_COSTLY},
    {.name = "values in one struct", .make = values_in_one_struct},
    {.name = "surrogate pairs", .make = surrogate_pairs},
    {.name = "legacy values", .make = legacy_values},
    {.name = "a deep value", .make = deep_value, .decoded = YD_ERR_DEPTH},
    {.name = "a wide value", .make = wide_json},
    {.name = NULL},
};

/* ---- v2 -------------------------------------------------------------------------------------- */

/* A column of `n` bytes. */
static void column(struct yd_buf *out, const void *p, size_t n)
{
    yd_buf_put_bytes(out, p, n);
}

#define HUGE_RUN "\xff\xff\xff\xff\xff\xff\xff\3" /* about 2^50 */

/* As many structs as the reader lets pass, from a handful of bytes. */
static void endless_structs(struct yd_buf *out)
{
    yd_buf_append(out, "\0\0", 2);
    column(out, "\5", 1); /* client */
    yd_buf_append(out, "\0\0", 2);
    column(out, "\0", 1); /* info: collected, for ever */
    column(out, "\0", 1);
    yd_buf_append(out, "\0\0", 2);
    column(out, "\x41" HUGE_RUN, 9); /* length 1 */
    yd_buf_append(out, "\1" HUGE_RUN "\0", 10);
}

/* Embeds, each a number that needs all its digits as JSON. */
static void floats(struct yd_buf *out)
{
    size_t n = (HOSTILE_BYTES - 64) / 9;

    yd_buf_append(out, "\0\0", 2);
    column(out, "\5\x46" HUGE_RUN, 10); /* client 5 tells of client 6 */
    column(out, "\1" HUGE_RUN, 9);      /* left: clock 0 */
    column(out, "", 0);
    column(out, "\x85", 1);
    column(out, "\0", 1);
    column(out, "", 0);
    column(out, "", 0);
    column(out, "", 0);
    put(out, 1);
    put(out, n);
    put(out, 0);
    for (size_t i = 0; i < n; i++)
        yd_buf_append(out, "\x7b\x3f\xd5\x55\x55\x55\x55\x55\x55", 9); /* a third */
    put(out, 0);
}

/* A megabyte of bytes as the value of a format: in JSON an object of as many numbers. */
static void bytes_as_json(struct yd_buf *out)
{
    uint8_t bytes[1024];
    size_t n = (HOSTILE_BYTES - 1024) / sizeof(bytes) * sizeof(bytes);

    memset(bytes, 0xff, sizeof(bytes));
    yd_buf_append(out, "\0\0", 2);
    column(out, "\5\6", 2);
    column(out, "\0", 1);
    column(out, "", 0);
    column(out, "\x85", 1);
    column(out, "\0", 1);
    column(out, "", 0);
    column(out, "", 0);
    column(out, "", 0);
    yd_buf_append(out, "\1\1\0\x74", 4);
    put(out, n);
    for (size_t i = 0; i < n; i += sizeof(bytes))
        yd_buf_append(out, bytes, sizeof(bytes));
    put(out, 0);
}

const struct hostile hostile_v2_updates[] = {
    {.name = "endless structs", .make = endless_structs, .decoded = YD_ERR_TOO_BIG},
    {.name = "floats", .make = floats},
    {.name = "bytes as JSON", .make = bytes_as_json, .decoded = YD_ERR_TOO_BIG},
    {.name = NULL},
};

void hostile_awareness(struct yd_buf *out)
{
    size_t n = (HOSTILE_BYTES - 16) / 9;

    put(out, n);
    for (size_t i = 0; i < n; i++) {
        put(out, 20000 + i * 7919 % n);
        yd_buf_append(out, "\1\4null", 6);
    }
}

void hostile_state_vector(struct yd_buf *out)
{
    size_t n = (HOSTILE_BYTES - 16) / 4;

    put(out, n);
    for (size_t i = 0; i < n; i++) {
        put(out, 20000 + i * 7919 % n);
        put(out, 1);
    }
}
