/* Internal: sorting by numbers, in linear time and little room: what is sorted does not move. */
#ifndef YD_SORT_H
#define YD_SORT_H

#include <stddef.h>
#include <stdint.h>

/* Key number `which` of element i of v: below 2^53; key 0 decides first. */
typedef uint64_t (*yd_key_fn)(const void *v, uint32_t i, unsigned which);

/* The indexes of the n < 2^32 elements of v, sorted by `keys` keys; equal ones stay as they are.
 * malloc'ed. */
uint32_t *yd_sort(const void *v, size_t n, yd_key_fn key, unsigned keys);
/* For qsort(): elements that begin with a client id (uint64_t), the highest first. */
int yd_by_client(const void *a, const void *b);
/* Move the n elements of v into the order that yd_sort() gave; order is used up, not freed. */
void yd_sort_apply(void *v, size_t size, uint32_t *order, size_t n);

#endif
