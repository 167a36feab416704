/* Sorting by keys: parts of a merge, sections and deletes of an update. */
#include "tests/unit/ydoc/support.h"
#include "ydoc/sort.h"

#include <stdlib.h>

struct pair {
    uint64_t major;
    uint32_t minor, place;
};

static uint64_t key_of(const void *v, uint32_t i, unsigned which)
{
    const struct pair *p = (const struct pair *)v + i;

    return which == 0 ? p->major : p->minor;
}

/* Pairs in no order, with equal ones among them. */
static void fill(struct pair *v, size_t n, uint64_t majors, uint32_t minors)
{
    uint64_t x = 88172645463325252;

    for (size_t i = 0; i < n; i++) {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        v[i] = (struct pair){x % majors, (uint32_t)(x >> 20) % minors, (uint32_t)i};
    }
}

static void assert_sorts(size_t n, uint64_t majors, uint32_t minors)
{
    struct pair *v = malloc((n + 1) * sizeof(*v));
    uint32_t *order;

    assert_non_null(v);
    fill(v, n, majors, minors);
    order = yd_sort(v, n, key_of, 2);
    yd_sort_apply(v, sizeof(*v), order, n);
    for (size_t i = 1; i < n; i++) {
        const struct pair *a = &v[i - 1], *b = &v[i];
        assert_true(a->major <= b->major);
        assert_true(a->major < b->major || a->minor <= b->minor);
        assert_true(a->major < b->major || a->minor < b->minor || a->place < b->place);
    }
    free(order);
    free(v);
}

static void any_number_of_elements_is_sorted(void **state)
{
    (void)state;
    for (size_t n = 0; n < 200; n++)
        assert_sorts(n, 5, 7);
    assert_sorts(5000, 3, 1000);
    assert_sorts(5000, UINT64_C(1) << 53, UINT32_MAX);
    assert_sorts(5000, 1, 1);
}

static void high_digits_alone_decide(void **state)
{
    const struct pair v[] = {{UINT64_C(1) << 52, 0, 0}, {UINT64_C(1) << 33, 9, 1}, {0, 5, 2}};
    struct pair many[100];
    uint32_t *order;

    (void)state;
    for (size_t i = 0; i < 100; i++)
        many[i] = v[i % 3];
    order = yd_sort(many, 100, key_of, 2);
    for (size_t i = 0; i < 100; i++)
        assert_int_equal(many[order[i]].place, i < 33 ? 2 : i < 66 ? 1 : 0);
    free(order);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_number_of_elements_is_sorted),
        cmocka_unit_test(high_digits_alone_decide),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
