/* A megabyte that was made to cost must not: what is held at a time through each door is bounded.
 * How long it takes is said, not demanded. */
#include "tests/unit/ydoc/hostile.h"
#include "tests/unit/ydoc/support.h"
#include "ydoc/updates.h"

#include <malloc.h>
#include <stdlib.h>
#include <time.h>

#define MAX_BYTES ((size_t)16 << 20)
/* A document keeps what it applies: the smallest structs take 28 times their two bytes. */
#define MAX_KEPT ((size_t)32 << 20)

/* ---- what is held: the linker sends the library's calls here (--wrap) ---------------------------
 */

static size_t held, most_held;

void *__real_malloc(size_t size);
void *__real_realloc(void *p, size_t size);
void __real_free(void *p);
void __real_qsort(void *v, size_t n, size_t size, int (*compare)(const void *, const void *));
void *__wrap_malloc(size_t size);
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

typedef void (*door_fn)(const struct yd_bytes *u, const struct yd_bytes *other, struct yd_buf *out);

static void check(const struct yd_bytes *u, const struct yd_bytes *other, struct yd_buf *out)
{
    (void)other;
    (void)out;
    yd_update_check(u->p, u->len, NULL);
}

static void apply(const struct yd_bytes *u, const struct yd_bytes *other, struct yd_buf *out)
{
    struct yd_doc *doc = yd_doc_new(NULL);

    (void)other;
    (void)out;
    yd_apply_update(doc, u->p, u->len, NULL);
    yd_doc_free(doc);
}

static void contained(const struct yd_bytes *u, const struct yd_bytes *other, struct yd_buf *out)
{
    struct yd_doc *doc = yd_doc_new(NULL);
    bool is;

    (void)other;
    (void)out;
    yd_update_is_contained(doc, u->p, u->len, &is);
    yd_doc_free(doc);
}

static void merge(const struct yd_bytes *u, const struct yd_bytes *other, struct yd_buf *out)
{
    const struct yd_bytes both[] = {*other, *u};

    yd_merge_updates(both, 2, out);
}

static void state_vector(const struct yd_bytes *u, const struct yd_bytes *other, struct yd_buf *out)
{
    (void)other;
    yd_update_state_vector(u->p, u->len, out);
}

static void diff(const struct yd_bytes *u, const struct yd_bytes *other, struct yd_buf *out)
{
    (void)other;
    yd_update_diff(u->p, u->len, BYTES(1, 5, 1), out);
}

static void to_v2(const struct yd_bytes *u, const struct yd_bytes *other, struct yd_buf *out)
{
    (void)other;
    yd_update_v1_to_v2(u->p, u->len, out);
}

static void from_v2(const struct yd_bytes *u, const struct yd_bytes *other, struct yd_buf *out)
{
    (void)other;
    yd_update_v2_to_v1(u->p, u->len, 4 * HOSTILE_BYTES, out);
}

static void diff_to(const struct yd_bytes *sv, const struct yd_bytes *other, struct yd_buf *out)
{
    yd_update_diff(other->p, other->len, sv->p, sv->len, out);
}

static double now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* Returns whether it held too much. */
static bool costs_too_much(const char *what, door_fn door, const struct yd_buf *input, size_t most)
{
    static const uint8_t other_bytes[] = {1, 1, 4, 0, 0x04, ROOT_T, 1, 'a', 0};
    const struct yd_bytes u = {input->data, input->len}, other = {other_bytes, sizeof(other_bytes)};
    struct yd_buf out = {0};
    double began = now_ms();

    held = most_held = 0;
    door(&u, &other, &out);
    print_message("%-24s %6.1f ms %6.2f MB\n", what, now_ms() - began,
                  (double)most_held / (1 << 20));
    yd_buf_free(&out);
    return most_held > most;
}

static void try_all(const struct hostile *inputs, door_fn door, size_t most)
{
    bool too_much = false;

    for (; inputs->name; inputs++) {
        struct yd_buf input = {0};
        inputs->make(&input);
        assert_true(input.len <= HOSTILE_BYTES);
        too_much = costs_too_much(inputs->name, door, &input, most) || too_much;
        yd_buf_free(&input);
    }
    assert_false(too_much);
}

static void checking_holds_little(void **state)
{
    (void)state;
    try_all(hostile_updates, check, MAX_BYTES);
}

static void applying_holds_what_it_keeps(void **state)
{
    (void)state;
    try_all(hostile_updates, apply, MAX_KEPT);
}

static void asking_whether_it_is_contained_holds_little(void **state)
{
    (void)state;
    try_all(hostile_updates, contained, MAX_BYTES);
}

static void merging_holds_little(void **state)
{
    (void)state;
    try_all(hostile_updates, merge, MAX_BYTES);
}

static void telling_the_state_vector_holds_little(void **state)
{
    (void)state;
    try_all(hostile_updates, state_vector, MAX_BYTES);
}

static void cutting_holds_little(void **state)
{
    (void)state;
    try_all(hostile_updates, diff, MAX_BYTES);
}

static void converting_to_v2_holds_little(void **state)
{
    (void)state;
    try_all(hostile_updates, to_v2, MAX_BYTES);
}

static void converting_from_v2_holds_little(void **state)
{
    (void)state;
    try_all(hostile_v2_updates, from_v2, MAX_BYTES);
}

static void a_state_vector_holds_little(void **state)
{
    const struct hostile inputs[] = {{"a state vector", hostile_state_vector}, {NULL, NULL}};

    (void)state;
    try_all(inputs, diff_to, MAX_BYTES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(checking_holds_little),
        cmocka_unit_test(applying_holds_what_it_keeps),
        cmocka_unit_test(asking_whether_it_is_contained_holds_little),
        cmocka_unit_test(merging_holds_little),
        cmocka_unit_test(telling_the_state_vector_holds_little),
        cmocka_unit_test(cutting_holds_little),
        cmocka_unit_test(converting_to_v2_holds_little),
        cmocka_unit_test(converting_from_v2_holds_little),
        cmocka_unit_test(a_state_vector_holds_little),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
