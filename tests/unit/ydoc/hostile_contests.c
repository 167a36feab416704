/* Updates whose structs meet at one place, or cut up what is there. */
#include "tests/unit/ydoc/hostile.h"

#include <string.h>

#define STRING 4
#define TYPE 7
#define ANY 8
#define ORIGIN 0x80
#define RIGHT 0x40
#define SUB 0x20

static void put(struct yd_buf *b, uint64_t v)
{
    yd_buf_put_varuint(b, v);
}

static void put_id(struct yd_buf *b, uint64_t client, size_t clock)
{
    put(b, client);
    put(b, clock);
}

static void section(struct yd_buf *out, size_t structs, uint64_t client)
{
    put(out, structs);
    put_id(out, client, 0);
}

static void letter(struct yd_buf *out, unsigned info)
{
    const uint8_t byte = (uint8_t)(STRING | info);

    yd_buf_append(out, &byte, 1);
}

/* A run of n units by client 1. */
static void run(struct yd_buf *out, const char *unit, size_t n)
{
    put(out, 1);
    section(out, 1, 1);
    letter(out, 0);
    yd_buf_append(out, "\1\1t", 3);
    put(out, n * strlen(unit));
    while (n-- > 0)
        yd_buf_append(out, unit, strlen(unit));
    put(out, 0);
}

static void long_run(struct yd_buf *out)
{
    run(out, "a", 400000);
}

static void long_emoji(struct yd_buf *out)
{
    run(out, "\xf0\x9f\x98\x80", 200000);
}

/* ---- many at one place ----------------------------------------------------------------------- */

#define SIBLINGS 80000

static void siblings(struct yd_buf *out)
{
    put(out, SIBLINGS);
    for (uint64_t client = SIBLINGS; client > 0; client--) {
        section(out, 1, client);
        letter(out, 0);
        yd_buf_append(out, "\1\1t\1x", 5);
    }
    put(out, 0);
}

static void map_siblings(struct yd_buf *out)
{
    put(out, SIBLINGS);
    for (uint64_t client = SIBLINGS; client > 0; client--) {
        section(out, 1, client);
        yd_buf_append(out, "\x28\1\1m\1k\1\x7e", 8);
    }
    put(out, 0);
}

#define RUNGS 90000

/* All follow the first unit of the run, each before another one of its units. */
static void ladder(struct yd_buf *out, bool up)
{
    put(out, 1);
    section(out, RUNGS, 2);
    for (size_t i = 0; i < RUNGS; i++) {
        letter(out, ORIGIN | RIGHT);
        put_id(out, 1, 0);
        put_id(out, 1, up ? 1 + i : RUNGS - i);
        yd_buf_append(out, "\1x", 2);
    }
    put(out, 0);
}

static void ladder_up(struct yd_buf *out)
{
    ladder(out, true);
}

static void ladder_down(struct yd_buf *out)
{
    ladder(out, false);
}

#define PRIME 65521

/* The same by many clients, in any order of the right origins. */
static void ladder_of_clients(struct yd_buf *out)
{
    put(out, PRIME);
    for (size_t i = PRIME; i > 0; i--) {
        section(out, 1, 1 + i);
        letter(out, ORIGIN | RIGHT);
        put_id(out, 1, 0);
        put_id(out, 1, 1 + i * 7919 % PRIME);
        yd_buf_append(out, "\1x", 2);
    }
    put(out, 0);
}

#define LINKS 50000

/* Two clients take turns, so nothing joins. */
static void chain(struct yd_buf *out)
{
    put(out, 2);
    for (uint64_t client = 6; client >= 5; client--) {
        section(out, LINKS / 2, client);
        for (size_t i = 0; i < LINKS / 2; i++) {
            letter(out, client == 6 || i > 0 ? ORIGIN : 0);
            if (client == 6)
                put_id(out, 5, i);
            else if (i > 0)
                put_id(out, 6, i - 1);
            else
                yd_buf_append(out, "\1\1t", 3);
            yd_buf_append(out, "\1x", 2);
        }
    }
    put(out, 0);
}

/* Each link gets a second child, from the top; then a third. */
static void branches(struct yd_buf *out)
{
    put(out, 1);
    section(out, 2 * LINKS, 9);
    for (size_t i = 0; i < 2 * LINKS; i++) {
        letter(out, ORIGIN);
        put_id(out, 5 + (i & 1), i % LINKS >> 1);
        yd_buf_append(out, "\1y", 2);
    }
    put(out, 0);
}

/* Origins and right origins among what came before, in no order. */
static void tangle(struct yd_buf *out)
{
    put(out, PRIME);
    for (size_t i = PRIME; i > 0; i--) {
        size_t above = PRIME - i;
        section(out, 1, i);
        letter(out, above > 4 ? ORIGIN | RIGHT : 0);
        if (above > 4) {
            put_id(out, i + 1 + i * 7919 % PRIME % (above / 2), 0);
            put_id(out, i + 1 + i * 104729 % PRIME % above, 0);
        } else {
            yd_buf_append(out, "\1\1t", 3);
        }
        yd_buf_append(out, "\1x", 2);
    }
    put(out, 0);
}

/* ---- one after the other --------------------------------------------------------------------- */

/* Structs of one client, each behind the one before. */
static void row(struct yd_buf *out, size_t n, uint8_t first, const char *parent, size_t parent_len,
                const char *content, size_t len)
{
    const uint8_t next = (uint8_t)((first & 0x1f) | ORIGIN);

    put(out, 1);
    section(out, n, 3);
    for (size_t i = 0; i < n; i++) {
        yd_buf_append(out, i == 0 ? &first : &next, 1);
        if (i == 0)
            yd_buf_append(out, parent, parent_len);
        else
            put_id(out, 3, i - 1);
        yd_buf_append(out, content, len);
    }
    put(out, 0);
}

static void types(struct yd_buf *out)
{
    row(out, 170000, TYPE, "\1\1t", 3, "\0", 1);
}

static void values_of_a_key(struct yd_buf *out)
{
    row(out, 140000, ANY | SUB, "\1\1m\1k", 5, "\1\x7e", 2);
}

static void keys(struct yd_buf *out)
{
    size_t n = 100000;

    put(out, 1);
    section(out, n, 3);
    for (size_t i = 0; i < n; i++) {
        yd_buf_append(out, "\x28\1\1m\3", 5);
        for (size_t k = i, digits = 3; digits > 0; digits--, k /= 64)
            yd_buf_append(out, &(uint8_t){(uint8_t)('0' + k % 64)}, 1);
        yd_buf_append(out, "\1\x7e", 2);
    }
    put(out, 0);
}

/* ---- cuts ------------------------------------------------------------------------------------ */

static void delete_every(struct yd_buf *out, size_t from, size_t step, size_t len, size_t end)
{
    size_t n = (end - from) / step;

    yd_buf_append(out, "\0\1\1", 3);
    put(out, n);
    for (size_t i = 0; i < n; i++)
        put_id(out, from + i * step, len);
}

static void cuts(struct yd_buf *out)
{
    delete_every(out, 1, 2, 1, 400000);
}

static void holes(struct yd_buf *out)
{
    delete_every(out, 1, 4, 2, 400000);
}

#define WAITING 2000

static void gap_and_letter(struct yd_buf *out)
{
    put(out, 1);
    section(out, 2 * WAITING, 8);
    for (size_t i = 0; i < WAITING; i++) {
        yd_buf_append(out, "\xa\1", 2);
        letter(out, ORIGIN);
        put_id(out, 8, 2 * i);
        yd_buf_append(out, "\1x", 2);
    }
    put(out, 0);
}

static void what_all_wait_for(struct yd_buf *out)
{
    put(out, 1);
    section(out, 2 * WAITING - 1, 8);
    for (size_t i = 0; i < 2 * WAITING - 1; i++) {
        letter(out, i > 0 ? ORIGIN : 0);
        if (i > 0)
            put_id(out, 8, i - 1);
        else
            yd_buf_append(out, "\1\1t", 3);
        yd_buf_append(out, "\1x", 2);
    }
    put(out, 0);
}

const struct hostile hostile_contests[] = {
    {.name = "siblings", .make = siblings, .applied = YD_ERR_COSTLY},
    {.name = "siblings of one key", .make = map_siblings, .applied = YD_ERR_COSTLY},
    {.name = "ladder, up", .make = ladder_up, .before = long_run, .applied = YD_ERR_COSTLY},
    {.name = "ladder, down", .make = ladder_down, .before = long_run},
    {.name = "ladder of clients",
     .make = ladder_of_clients,
     .before = long_run,
     .applied = YD_ERR_COSTLY},
    {.name = "branches", .make = branches, .before = chain, .applied = YD_ERR_COSTLY},
    {.name = "tangle", .make = tangle, .applied = YD_ERR_COSTLY},
    {.name = "types", .make = types, .applied = YD_ERR_COSTLY},
    {.name = "values of a key", .make = values_of_a_key},
    {.name = "keys", .make = keys},
    {.name = "cuts", .make = cuts, .before = long_run, .applied = YD_ERR_COSTLY},
    {.name = "cuts inside pairs", .make = cuts, .before = long_emoji, .applied = YD_ERR_COSTLY},
    {.name = "holes", .make = holes, .before = long_emoji, .applied = YD_ERR_COSTLY},
    {.name = "waiting deletes", .make = long_run, .before = cuts},
    {.name = "waiting structs", .make = what_all_wait_for, .before = gap_and_letter},
    {.name = NULL},
};
