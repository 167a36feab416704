/* Sorting by digits from the last to the first; digits that all have in common are passed over. */
#include "ydoc/sort.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define BITS 11
#define DIGITS (1U << BITS)
#define SMALL 64 /* elements that are sorted by insertion */

static uint32_t *indexes(size_t n)
{
    uint32_t *v = malloc((n + 1) * sizeof(*v));

    if (!v)
        abort();
    return v;
}

static bool comes_before(const void *v, uint32_t a, uint32_t b, yd_key_fn key, unsigned keys)
{
    for (unsigned k = 0; k < keys; k++) {
        uint64_t x = key(v, a, k), y = key(v, b, k);
        if (x != y)
            return x < y;
    }
    return false;
}

static void sort_small(const void *v, uint32_t *order, size_t n, yd_key_fn key, unsigned keys)
{
    for (size_t i = 1; i < n; i++) {
        uint32_t x = order[i];
        size_t at = i;
        for (; at > 0 && comes_before(v, x, order[at - 1], key, keys); at--)
            order[at] = order[at - 1];
        order[at] = x;
    }
}

/* Sort by one digit: from `from` to `to`. */
static void pass(const void *v, const uint32_t *from, uint32_t *to, size_t n, yd_key_fn key,
                 unsigned which, unsigned shift)
{
    uint32_t at[DIGITS] = {0}, sum = 0;

    for (size_t i = 0; i < n; i++)
        at[key(v, from[i], which) >> shift & (DIGITS - 1)]++;
    for (size_t d = 0; d < DIGITS; d++) {
        uint32_t count = at[d];
        at[d] = sum;
        sum += count;
    }
    for (size_t i = 0; i < n; i++)
        to[at[key(v, from[i], which) >> shift & (DIGITS - 1)]++] = from[i];
}

/* The bits in which keys differ. */
static uint64_t differing(const void *v, size_t n, yd_key_fn key, unsigned which)
{
    uint64_t first = key(v, 0, which), bits = 0;

    for (size_t i = 1; i < n; i++)
        bits |= key(v, (uint32_t)i, which) ^ first;
    return bits;
}

uint32_t *yd_sort(const void *v, size_t n, yd_key_fn key, unsigned keys)
{
    uint32_t *order = indexes(n), *other;
    bool sorted = true;

    for (size_t i = 0; i < n; i++) {
        order[i] = (uint32_t)i;
        sorted = sorted && (i == 0 || !comes_before(v, order[i], order[i - 1], key, keys));
    }
    if (sorted)
        return order;
    if (n <= SMALL) {
        sort_small(v, order, n, key, keys);
        return order;
    }
    other = indexes(n);
    for (unsigned which = keys; which-- > 0;) {
        uint64_t bits = differing(v, n, key, which);
        for (unsigned shift = 0; bits >> shift; shift += BITS) {
            uint32_t *swap = order;
            if ((bits >> shift & (DIGITS - 1)) == 0)
                continue;
            pass(v, order, other, n, key, which, shift);
            order = other;
            other = swap;
        }
    }
    free(other);
    return order;
}

int yd_by_client(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x < y) - (x > y);
}

/* Follow each circle of moves; an index that is done points to itself. */
void yd_sort_apply(void *v, size_t size, uint32_t *order, size_t n)
{
    unsigned char *at = v, *saved = malloc(size);

    if (!saved)
        abort();
    for (size_t i = 0; i < n; i++) {
        size_t to = i;
        if (order[i] == i)
            continue;
        memcpy(saved, at + i * size, size);
        while (order[to] != i) {
            size_t from = order[to];
            memcpy(at + to * size, at + from * size, size);
            order[to] = (uint32_t)to;
            to = from;
        }
        memcpy(at + to * size, saved, size);
        order[to] = (uint32_t)to;
    }
    free(saved);
}
