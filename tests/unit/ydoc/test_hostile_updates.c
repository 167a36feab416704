/* A megabyte that was made to cost must not: what is held at a time through each door is bounded.
 * How long it takes is said, not demanded: that is for tests/bench/crdt. */
#include "tests/unit/ydoc/cost.h"
#include "tests/unit/ydoc/hostile.h"
#include "tests/unit/ydoc/support.h"
#include "ydoc/awareness.h"
#include "ydoc/read.h"
#include "ydoc/touch.h"
#include "ydoc/updates.h"

/* ---- the doors ------------------------------------------------------------------------------- */

/* Each returns what the library says of the update u; other: a small one to put beside it. */
typedef int (*door_fn)(const struct yd_bytes *u, const struct yd_bytes *other, struct yd_buf *out);

static int check(const struct yd_bytes *u, const struct yd_bytes *other, struct yd_buf *out)
{
    (void)other, (void)out;
    return yd_update_check(u->p, u->len, NULL);
}

static int contained(const struct yd_bytes *u, const struct yd_bytes *other, struct yd_buf *out)
{
    struct yd_doc *doc = yd_doc_new(NULL);
    bool is;
    int err = yd_update_is_contained(doc, u->p, u->len, &is);

    (void)other, (void)out;
    yd_doc_free(doc);
    return err;
}

static bool go_on(void *ctx, const char *root, size_t root_len)
{
    size_t *names = ctx;

    (void)root, (void)root_len;
    ++*names;
    return true;
}

static int roots(const struct yd_bytes *u, const struct yd_bytes *other, struct yd_buf *out)
{
    struct yd_doc *doc = yd_doc_new(NULL);
    size_t names = 0;
    bool stays;
    int err = yd_update_roots(doc, u->p, u->len, go_on, &names);

    (void)other, (void)out;
    if (!err)
        err = yd_update_stays_in(doc, u->p, u->len, "t", 1, &stays);
    yd_doc_free(doc);
    return err;
}

static int merge(const struct yd_bytes *u, const struct yd_bytes *other, struct yd_buf *out)
{
    const struct yd_bytes both[] = {*other, *u};

    return yd_merge_updates(both, 2, out);
}

static int state_vector(const struct yd_bytes *u, const struct yd_bytes *other, struct yd_buf *out)
{
    (void)other;
    return yd_update_state_vector(u->p, u->len, out);
}

static int diff(const struct yd_bytes *u, const struct yd_bytes *other, struct yd_buf *out)
{
    (void)other;
    return yd_update_diff(u->p, u->len, BYTES(1, 5, 1), out);
}

static int to_v2(const struct yd_bytes *u, const struct yd_bytes *other, struct yd_buf *out)
{
    (void)other;
    return yd_update_v1_to_v2(u->p, u->len, out);
}

static int from_v2(const struct yd_bytes *u, const struct yd_bytes *other, struct yd_buf *out)
{
    (void)other;
    return yd_update_v2_to_v1(u->p, u->len, 4 * HOSTILE_BYTES, out);
}

static int diff_to(const struct yd_bytes *sv, const struct yd_bytes *other, struct yd_buf *out)
{
    return yd_update_diff(other->p, other->len, sv->p, sv->len, out);
}

static int awareness(const struct yd_bytes *u, const struct yd_bytes *other, struct yd_buf *out)
{
    struct yd_awareness *a = yd_awareness_new(NULL);
    struct yd_awareness_result res;
    int err = yd_awareness_apply(a, u->p, u->len, 1, &res);

    (void)other;
    if (!err) {
        yd_awareness_encode_all(a, out);
        yd_awareness_result_clear(&res);
    }
    yd_awareness_free(a);
    return err;
}

static void says(const char *what, int err, int expected, bool *wrong)
{
    if (err == expected)
        return;
    print_message("%s: %s instead of %s\n", what, yd_strerror(err), yd_strerror(expected));
    *wrong = true;
}

static void try_all(const struct hostile *inputs, door_fn door)
{
    static const uint8_t other_bytes[] = {1, 1, 4, 0, 0x04, ROOT_T, 1, 'a', 0};
    const struct yd_bytes other = {other_bytes, sizeof(other_bytes)};
    bool too_much = false;

    for (; inputs->name; inputs++) {
        struct yd_buf input = {0}, out = {0};
        struct yd_bytes u;
        int err;
        inputs->make(&input);
        assert_true(input.len <= HOSTILE_BYTES);
        u = (struct yd_bytes){input.data, input.len};
        cost_start();
        err = door(&u, &other, &out);
        too_much = cost_is_high(inputs->name, COST_BYTES) || too_much;
        says(inputs->name, err, inputs->decoded, &too_much);
        yd_buf_free(&out);
        yd_buf_free(&input);
    }
    assert_false(too_much);
}

static void each_door_holds_little(void **state)
{
    static const struct {
        const char *name;
        door_fn door;
    } doors[] = {{"check", check}, {"contained", contained},       {"roots", roots},
                 {"merge", merge}, {"state vector", state_vector}, {"diff", diff},
                 {"to v2", to_v2}};

    (void)state;
    for (size_t i = 0; i < sizeof(doors) / sizeof(*doors); i++) {
        print_message("-- %s\n", doors[i].name);
        try_all(hostile_updates, doors[i].door);
        try_all(hostile_contests, doors[i].door);
    }
}

static void converting_from_v2_holds_little(void **state)
{
    (void)state;
    try_all(hostile_v2_updates, from_v2);
}

static void other_bodies_hold_little(void **state)
{
    const struct hostile vector[] = {{.name = "a state vector", .make = hostile_state_vector},
                                     {.name = NULL}};
    const struct hostile people[] = {
        {.name = "awareness", .make = hostile_awareness, .decoded = YD_ERR_LIMIT}, {.name = NULL}};

    (void)state;
    try_all(vector, diff_to);
    try_all(people, awareness);
}

/* ---- documents ------------------------------------------------------------------------------- */

/* All that is asked of a document afterwards. */
static void read_all(struct yd_doc *doc)
{
    static const enum yd_type_kind kinds[] = {YD_ARRAY, YD_MAP, YD_TEXT};
    struct yd_buf out = {0};

    for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
        yd_json(doc, yd_root("t"), kinds[i], &out);
        out.len = 0;
    }
    yd_encode_state_vector(doc, &out);
    out.len = 0;
    assert_int_equal(yd_encode_diff(doc, NULL, 0, &out), 0);
    yd_buf_free(&out);
}

/* Apply it to a document that has other structs at the same place, or what it needs. */
static bool apply_costs_too_much(const struct hostile *input)
{
    struct yd_buf update = {0}, first = {0};
    struct yd_doc *doc = yd_doc_new(NULL);
    bool too_much;
    int err;

    if (input->before)
        input->before(&first);
    else
        yd_encode_text_insert(7, "t", 1, "letters", 7, &first);
    assert_int_equal(yd_apply_update(doc, first.data, first.len, NULL), 0);
    input->make(&update);
    cost_start();
    err = yd_apply_update(doc, update.data, update.len, NULL);
    too_much = cost_is_high(input->name, COST_BYTES);
    says(input->name, err, input->decoded ? input->decoded : input->applied, &too_much);
    cost_start();
    read_all(doc);
    too_much = cost_is_high("  reading it", COST_BYTES) || too_much;
    yd_doc_free(doc);
    yd_buf_free(&update);
    yd_buf_free(&first);
    return too_much;
}

static void applying_holds_little(void **state)
{
    bool too_much = false;

    (void)state;
    for (const struct hostile *h = hostile_updates; h->name; h++)
        too_much = apply_costs_too_much(h) || too_much;
    for (const struct hostile *h = hostile_contests; h->name; h++)
        too_much = apply_costs_too_much(h) || too_much;
    assert_false(too_much);
}

static size_t kept_of(const uint8_t *update, size_t len, size_t times)
{
    struct yd_doc *doc = yd_doc_new(NULL);
    size_t kept;

    while (times-- > 0)
        assert_int_equal(yd_apply_update(doc, update, len, NULL), 0);
    kept = yd_memory_bytes(doc);
    yd_doc_free(doc);
    return kept;
}

static void what_does_not_come_in_takes_no_room(void **state)
{
    const struct hostile *gaps = hostile_updates, *letters = hostile_updates;
    struct yd_buf update = {0};

    (void)state;
    while (strcmp(gaps->name, "gaps only") != 0)
        gaps++;
    gaps->make(&update);
    assert_true(kept_of(update.data, update.len, 1) < 4096);
    update.len = 0;
    while (strcmp(letters->name, "prepended letters") != 0)
        letters++;
    letters->make(&update);
    assert_true(kept_of(update.data, update.len, 3) <= kept_of(update.data, update.len, 1));
    yd_buf_free(&update);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_door_holds_little),
        cmocka_unit_test(converting_from_v2_holds_little),
        cmocka_unit_test(other_bodies_hold_little),
        cmocka_unit_test(applying_holds_little),
        cmocka_unit_test(what_does_not_come_in_takes_no_room),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
