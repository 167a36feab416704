/* A megabyte that was made to cost must not: what is held at a time through each door is bounded.
 * How long it takes is said, not demanded: that is for tests/bench/crdt. */
#include "tests/unit/ydoc/hostile.h"
#include "tests/unit/ydoc/support.h"
#include "ydoc/awareness.h"
#include "ydoc/read.h"
#include "ydoc/touch.h"
#include "ydoc/updates.h"

#include <malloc.h>
#include <stdlib.h>
#include <time.h>

#define MAX_BYTES ((size_t)16 << 20)

/* ---- what is held: the linker sends the library's calls here (--wrap) ---------------------------
 */

static size_t held, most_held;

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t size);
void __real_free(void *p);
void __real_qsort(void *v, size_t n, size_t size, int (*compare)(const void *, const void *));
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t size);
void __wrap_free(void *p);
void __wrap_qsort(void *v, size_t n, size_t size, int (*compare)(const void *, const void *));

static void count(size_t more, size_t less)
{
    held += more;
    held -= less;
    most_held = held > most_held ? held : most_held;
}

void *__wrap_malloc(size_t size)
{
    void *p = __real_malloc(size);

    count(malloc_usable_size(p), 0);
    return p;
}

void *__wrap_calloc(size_t n, size_t size)
{
    void *p = __real_calloc(n, size);

    count(malloc_usable_size(p), 0);
    return p;
}

void *__wrap_realloc(void *p, size_t size)
{
    size_t before = p ? malloc_usable_size(p) : 0;
    void *moved = __real_realloc(p, size);

    count(moved ? malloc_usable_size(moved) : 0, before);
    return moved;
}

void __wrap_free(void *p)
{
    if (p)
        count(0, malloc_usable_size(p));
    __real_free(p);
}

/* glibc sorts through a copy. */
void __wrap_qsort(void *v, size_t n, size_t size, int (*compare)(const void *, const void *))
{
    count(n * size, 0);
    __real_qsort(v, n, size, compare);
    count(0, n * size);
}

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

static double now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static double began;
static size_t base;

static void start(void)
{
    most_held = held;
    base = held;
    began = now_ms();
}

/* Returns whether it held too much or took far too long. */
static bool costs_too_much(const char *what)
{
    double ms = now_ms() - began;

    print_message("%-24s %6.1f ms %6.2f MB\n", what, ms, (double)(most_held - base) / (1 << 20));
    return most_held - base > MAX_BYTES;
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
        start();
        err = door(&u, &other, &out);
        too_much = costs_too_much(inputs->name) || too_much;
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
    start();
    err = yd_apply_update(doc, update.data, update.len, NULL);
    too_much = costs_too_much(input->name);
    says(input->name, err, input->decoded ? input->decoded : input->applied, &too_much);
    start();
    read_all(doc);
    too_much = costs_too_much("  reading it") || too_much;
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
