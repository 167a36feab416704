#include "tests/unit/ydoc/cost.h"

#include <malloc.h>
#include <stdio.h>
#include <time.h>

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

/* ---- what a call costs ------------------------------------------------------------------------
 */

static double now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static double began;
static size_t base;

void cost_start(void)
{
    most_held = held;
    base = held;
    began = now_ms();
}

bool cost_is_high(const char *what, size_t max_bytes)
{
    double ms = now_ms() - began;

    printf("%-24s %6.1f ms %6.2f MB\n", what, ms, (double)(most_held - base) / (1 << 20));
    return most_held - base > max_bytes;
}
