/* A histogram of times: 32 to 64 buckets for each doubling, in units of 64 ns. */
#include "load.h"

#include <stdio.h>

#define UNIT_SHIFT 6
#define STEP_BITS 6

static size_t bucket_of(uint64_t units)
{
    unsigned high = units >> STEP_BITS ? (unsigned)(63 - __builtin_clzll(units)) : STEP_BITS - 1;
    unsigned shift = high - (STEP_BITS - 1);
    size_t i = ((size_t)shift << (STEP_BITS - 1)) + (size_t)(units >> shift);

    return i < HIST_BUCKETS ? i : HIST_BUCKETS - 1;
}

static uint64_t units_of(size_t bucket)
{
    size_t half = (size_t)1 << (STEP_BITS - 1);
    size_t shift = bucket < 2 * half ? 0 : bucket / half - 1;

    return (uint64_t)(bucket - shift * half) << shift;
}

void hist_add(struct hist *h, int64_t ns)
{
    if (ns < 0)
        ns = 0;
    h->count++;
    h->bucket[bucket_of((uint64_t)ns >> UNIT_SHIFT)]++;
    if (ns > h->max_ns)
        h->max_ns = ns;
}

double hist_ms(const struct hist *h, double quantile)
{
    uint64_t wanted = (uint64_t)(quantile * (double)h->count), seen = 0;

    for (size_t i = 0; i < HIST_BUCKETS; i++) {
        seen += h->bucket[i];
        if (seen > wanted)
            return (double)(units_of(i) << UNIT_SHIFT) / 1e6;
    }
    return (double)h->max_ns / 1e6;
}

void hist_print(const char *name, const struct hist *h)
{
    printf("\"%s\":{\"count\":%llu,\"p50\":%.4f,\"p95\":%.4f,\"p99\":%.4f,\"max\":%.4f},", name,
           (unsigned long long)h->count, hist_ms(h, 0.5), hist_ms(h, 0.95), hist_ms(h, 0.99),
           (double)h->max_ns / 1e6);
}
