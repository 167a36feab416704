/* Conflicts that an index resolves come out as those that are walked through, item by item; also
 * where origins are such as no editor makes. */
#include "tests/unit/ydoc/support.h"
#include "ydoc/internal.h"

#define CLIENTS 9
#define ROUNDS 60
#define STEPS 500

static uint32_t seed;

static uint32_t below(uint32_t n)
{
    seed = seed * 1664525 + 1013904223;
    return (uint32_t)((uint64_t)seed * n >> 32);
}

static void put_id(struct yd_buf *b, uint32_t client, uint32_t clock)
{
    yd_buf_put_varuint(b, client);
    yd_buf_put_varuint(b, clock);
}

/* One struct of 1 to 3 letters by a client; its origins are any that are there, or none. Some
 * shapes keep to few origins, so that many structs meet at one place. */
static void write_struct(struct yd_buf *b, const uint32_t *clocks, uint32_t client, uint32_t shape)
{
    char text[3];
    size_t len = 1 + below(3);
    uint32_t l = below(CLIENTS), r = below(CLIENTS);
    uint32_t at = shape & 1 ? clocks[l] : clocks[l] < 4 ? clocks[l] : 4;
    bool left = at > 0 && below(8) > 0, right = clocks[r] > 0 && below(3) > 0;
    uint8_t info = (uint8_t)(YD_STRING | (left ? YD_INFO_ORIGIN : 0) | (right ? YD_INFO_RIGHT : 0));

    for (size_t i = 0; i < len; i++)
        text[i] = (char)('!' + below(90));
    yd_buf_put_varuint(b, 1);
    yd_buf_put_varuint(b, 1);
    put_id(b, client + 1, clocks[client]);
    yd_buf_append(b, &info, 1);
    if (left)
        put_id(b, l + 1, below(at));
    if (right)
        put_id(b, r + 1, shape & 2 ? below(clocks[r]) : clocks[r] - 1 - below(clocks[r] / 8 + 1));
    if (!left && !right)
        yd_buf_append(b, "\1\1t", 3);
    yd_buf_put_bytes(b, text, len);
    yd_buf_put_varuint(b, 0);
}

static void assert_same_text(const struct yd_doc *a, const struct yd_doc *b)
{
    struct yd_buf x = {0}, y = {0};

    yd_text(a, "t", 1, &x);
    yd_text(b, "t", 1, &y);
    assert_int_equal(x.len, y.len);
    assert_memory_equal(x.data, y.data, x.len);
    yd_buf_free(&x);
    yd_buf_free(&y);
}

static void allow_all_work(struct yd_doc *doc)
{
    const struct yd_limits limits = {.max_work = SIZE_MAX};

    yd_doc_set_limits(doc, &limits);
}

static void index_and_walk_agree(void **state)
{
    (void)state;
    for (uint32_t round = 0; round < ROUNDS; round++) {
        struct yd_doc *walked = yd_doc_new(NULL), *indexed = yd_doc_new(NULL);
        uint32_t clocks[CLIENTS] = {0};
        seed = 77 + round;
        allow_all_work(indexed);
        for (int i = 0; i < STEPS; i++) {
            struct yd_buf update = {0};
            uint32_t client = below(CLIENTS), slot;
            write_struct(&update, clocks, client, round & 3);
            indexed->scan_steps = UINT32_MAX; /* as if much had been walked before */
            assert_int_equal(yd_apply_update(walked, update.data, update.len, NULL), 0);
            assert_int_equal(yd_apply_update(indexed, update.data, update.len, NULL), 0);
            slot = yd_slot_find(walked, client + 1);
            clocks[client] = walked->clients[slot].state;
            yd_buf_free(&update);
            if (i % 32 == 0)
                assert_same_text(walked, indexed);
        }
        assert_same_text(walked, indexed);
        assert_int_equal(walked->contests_begun, 0);
        assert_true(indexed->contests_begun > 0);
        yd_doc_free(walked);
        yd_doc_free(indexed);
    }
}

/* n structs of `letters` letters, each of a client of its own, from the highest: the order of
 * integration.  Their origins are among those before; those of one struct often lie in one other,
 * and not always in order.  one_by_one: gets each by itself. */
static void write_tangle(struct yd_buf *all, struct yd_doc *one_by_one, uint32_t n,
                         uint32_t letters)
{
    struct yd_buf one = {0};

    yd_buf_put_varuint(all, n);
    for (uint32_t i = n; i > 0; i--) {
        uint32_t other = i + 1 + below(n - i + 1), right = i + 1 + below(n - i + 1);
        bool has_left = other <= n && below(3) == 0, has_right = right <= n && below(2);
        uint8_t info = (uint8_t)(YD_STRING | (has_left ? YD_INFO_ORIGIN : 0) |
                                 (has_right ? YD_INFO_RIGHT : 0));
        uint8_t text[16];
        size_t from = all->len;
        if (has_left && has_right && letters > 1 && below(2))
            right = other;
        for (uint32_t k = 0; k < letters; k++)
            text[k] = (uint8_t)('!' + below(90));
        yd_buf_put_varuint(all, 1);
        put_id(all, i, 0);
        yd_buf_append(all, &info, 1);
        if (has_left)
            put_id(all, other, below(letters));
        if (has_right)
            put_id(all, right, below(letters));
        if (!has_left && !has_right)
            yd_buf_append(all, "\1\1t", 3);
        yd_buf_put_bytes(all, text, letters);
        one.len = 0;
        yd_buf_put_varuint(&one, 1);
        yd_buf_append(&one, all->data + from, all->len - from);
        yd_buf_put_varuint(&one, 0);
        assert_int_equal(yd_apply_update(one_by_one, one.data, one.len, NULL), 0);
    }
    yd_buf_put_varuint(all, 0);
    yd_buf_free(&one);
}

/* The index of one transaction is used for all that follows in it: many at once, then the same one
 * by one. */
static void one_update_and_many_agree(void **state)
{
    struct yd_doc *once = yd_doc_new(NULL), *many = yd_doc_new(NULL);
    struct yd_buf all = {0};

    (void)state;
    seed = 5;
    write_tangle(&all, many, 3000, 1);
    assert_int_equal(yd_apply_update(once, all.data, all.len, NULL), 0);
    assert_same_text(once, many);
    assert_int_equal(once->contests_begun, 1);
    assert_int_equal(many->contests_begun, 0);
    yd_buf_free(&all);
    yd_doc_free(once);
    yd_doc_free(many);
}

/* Where an origin lies right of its struct, much depends on how others have been cut by then: so
 * both at once, and few enough that one of the two walks. */
static void forged_origins_agree(void **state)
{
    uint32_t begun = 0;

    (void)state;
    for (uint32_t round = 0; round < 50 * ROUNDS; round++) {
        struct yd_doc *walked = yd_doc_new(NULL), *indexed = yd_doc_new(NULL);
        struct yd_doc *unused = yd_doc_new(NULL);
        struct yd_buf all = {0};
        seed = 1000 + round;
        write_tangle(&all, unused, 25 + below(30), 2 + below(14));
        allow_all_work(indexed);
        indexed->scan_steps = UINT32_MAX; /* as if much had been walked before */
        assert_int_equal(yd_apply_update(walked, all.data, all.len, NULL), 0);
        assert_int_equal(yd_apply_update(indexed, all.data, all.len, NULL), 0);
        assert_same_text(walked, indexed);
        assert_int_equal(walked->contests_begun, 0);
        begun += indexed->contests_begun;
        yd_buf_free(&all);
        yd_doc_free(walked);
        yd_doc_free(indexed);
        yd_doc_free(unused);
    }
    assert_true(begun > 50 * ROUNDS / 3); /* the others were too short to need it */
}

#define ASTRAY 12
#define FILLERS 40
#define RUN_LEN (10 * ASTRAY + 2 * FILLERS)
#define RUN 20 /* clients; those above come in this order, the others when they are needed */
#define FILL 101
#define LONG_WALK 100
#define WRONG 99
#define COVERED 50
#define LAST 4
#define COVER 3
#define FIRST 2

static void put_letter(struct yd_buf *b, uint32_t origin, uint32_t clock, uint32_t right,
                       uint32_t right_clock, const char *letter)
{
    const uint8_t info = (uint8_t)(YD_STRING | YD_INFO_ORIGIN | (right ? YD_INFO_RIGHT : 0));

    yd_buf_append(b, &info, 1);
    put_id(b, origin, clock);
    if (right)
        put_id(b, right, right_clock);
    yd_buf_put_bytes(b, letter, 1);
}

static void put_section(struct yd_buf *b, uint32_t client, uint32_t structs)
{
    yd_buf_put_varuint(b, structs);
    put_id(b, client, 0);
}

/* A sibling that is covered, in a leaf with items whose origins are right of them. */
static void write_covered_among_astray(struct yd_buf *run, struct yd_buf *rest)
{
    char text[RUN_LEN];

    memset(text, '.', sizeof text);
    yd_buf_put_varuint(run, 1);
    put_section(run, RUN, 1);
    yd_buf_append(run, "\4\1\1t", 4);
    yd_buf_put_bytes(run, text, sizeof text);
    yd_buf_put_varuint(run, 0);
    yd_buf_put_varuint(rest, 7);
    put_section(rest, FILL, FILLERS);
    for (uint32_t i = RUN_LEN - FILLERS; i < RUN_LEN; i++)
        put_letter(rest, RUN, i - 2, RUN, i - 1, "f");
    put_section(rest, LONG_WALK, 1);
    put_letter(rest, RUN, 0, RUN, RUN_LEN - 1, "w");
    put_section(rest, WRONG, ASTRAY);
    for (uint32_t i = 0; i < ASTRAY; i++) /* both in one item, which is cut again after the first */
        put_letter(rest, RUN, 10 * i + 8, RUN, 10 * i + 5, "?");
    put_section(rest, COVERED, 1);
    put_letter(rest, RUN, 0, COVER, 0, "h");
    put_section(rest, LAST, 1);
    put_letter(rest, RUN, 0, 0, 0, "n");
    put_section(rest, COVER, 1);
    put_letter(rest, FIRST, 0, 0, 0, "c");
    put_section(rest, FIRST, 1);
    put_letter(rest, RUN, 0, 0, 0, "m");
    yd_buf_put_varuint(rest, 0);
}

static void what_covers_is_found_beside_astray_origins(void **state)
{
    struct yd_doc *walked = yd_doc_new(NULL), *indexed = yd_doc_new(NULL);
    struct yd_buf run = {0}, rest = {0}, text = {0};

    (void)state;
    write_covered_among_astray(&run, &rest);
    assert_int_equal(yd_apply_update(walked, run.data, run.len, NULL), 0);
    assert_int_equal(yd_apply_update(indexed, run.data, run.len, NULL), 0);
    allow_all_work(indexed);
    indexed->scan_steps = UINT32_MAX;
    assert_int_equal(yd_apply_update(walked, rest.data, rest.len, NULL), 0);
    assert_int_equal(yd_apply_update(indexed, rest.data, rest.len, NULL), 0);
    assert_same_text(walked, indexed);
    assert_int_equal(walked->contests_begun, 0);
    assert_int_equal(indexed->contests_begun, 1);
    yd_text(indexed, "t", 1, &text);
    assert_memory_equal(text.data, ".mhcn.", 6);
    yd_buf_free(&run);
    yd_buf_free(&rest);
    yd_buf_free(&text);
    yd_doc_free(walked);
    yd_doc_free(indexed);
}

/* ---- work that is too much ------------------------------------------------------------------- */

#define RUNGS 1000

/* A run of letters; then structs that all follow its first one, each with another right origin. */
static void write_ladder(struct yd_buf *run, struct yd_buf *ladder)
{
    char letters[RUNGS + 1];

    memset(letters, 'a', sizeof letters);
    yd_buf_append(run, "\1\1\1\0\4\1\1t", 8);
    yd_buf_put_bytes(run, letters, sizeof letters);
    yd_buf_put_varuint(run, 0);
    yd_buf_put_varuint(ladder, 1);
    yd_buf_put_varuint(ladder, RUNGS);
    put_id(ladder, 2, 0);
    for (uint32_t i = 1; i <= RUNGS; i++) {
        yd_buf_append(ladder, "\xc4", 1);
        put_id(ladder, 1, 0);
        put_id(ladder, 1, i);
        yd_buf_append(ladder, "\1x", 2);
    }
    yd_buf_put_varuint(ladder, 0);
}

/* Every second unit of client 1. */
static void write_holes(struct yd_buf *out)
{
    yd_buf_append(out, "\0\1\1", 3);
    yd_buf_put_varuint(out, RUNGS / 2);
    for (uint32_t i = 0; i < RUNGS / 2; i++)
        put_id(out, 2 * i, 1);
}

/* Give the update again and again; each time the document gets further, and nothing waits. Returns
 * how often it was too much. */
static unsigned insist(struct yd_doc *doc, const struct yd_buf *update)
{
    unsigned refused = 0;
    struct yd_result res;

    while (yd_apply_update(doc, update->data, update->len, &res) == YD_ERR_COSTLY) {
        assert_true(res.changed);
        assert_false(res.complete);
        assert_int_equal(yd_pending_bytes(doc), 0);
        refused++;
    }
    assert_true(res.complete);
    return refused;
}

static void costly_updates_are_left_out_in_part(void **state)
{
    const struct yd_limits limits = {.max_work = 8000};
    struct yd_doc *limited = yd_doc_new(NULL), *plain = yd_doc_new(NULL);
    struct yd_buf run = {0}, ladder = {0}, holes = {0};

    (void)state;
    write_ladder(&run, &ladder);
    write_holes(&holes);
    yd_doc_set_limits(limited, &limits);
    assert_int_equal(insist(limited, &run), 0);
    assert_true(insist(limited, &holes) > 1);
    assert_true(insist(limited, &ladder) > 2);
    assert_int_equal(yd_apply_update(plain, run.data, run.len, NULL), 0);
    assert_int_equal(yd_apply_update(plain, holes.data, holes.len, NULL), 0);
    assert_int_equal(yd_apply_update(plain, ladder.data, ladder.len, NULL), 0);
    assert_same_text(limited, plain);
    yd_doc_free(limited);
    yd_doc_free(plain);
    yd_buf_free(&run);
    yd_buf_free(&ladder);
    yd_buf_free(&holes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(index_and_walk_agree),
        cmocka_unit_test(one_update_and_many_agree),
        cmocka_unit_test(forged_origins_agree),
        cmocka_unit_test(what_covers_is_found_beside_astray_origins),
        cmocka_unit_test(costly_updates_are_left_out_in_part),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
