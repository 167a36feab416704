#include "monitor/metric.h"

#include "base/mem.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

enum kind { COUNTER, GAUGE, HISTOGRAM };

/* From a warm cell's answer (about 1 ms) to the default limit of a run and a slow database. */
static const int64_t bounds_us[] = {500,     1000,     2500,     5000,    10000,   25000,
                                    50000,   100000,   250000,   500000,  1000000, 2500000,
                                    5000000, 10000000, 30000000, 60000000};
#define BUCKETS (sizeof bounds_us / sizeof bounds_us[0])

struct cr_metric {
    struct cr_metric *next;
    enum kind kind;
    char *name, *help, *labels;
    _Atomic int64_t value;              /* histograms: number of observations */
    _Atomic int64_t sum_us;             /* histograms */
    _Atomic int64_t in_bucket[BUCKETS]; /* histograms: not cumulated */
};

/* The list only grows, at its end; metrics are never freed before the process ends. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct cr_metric *first;

static struct cr_metric *get(enum kind kind, const char *name, const char *help, const char *labels)
{
    struct cr_metric **end = &first;

    pthread_mutex_lock(&lock);
    while (*end && (strcmp((*end)->name, name) != 0 || strcmp((*end)->labels, labels) != 0))
        end = &(*end)->next;
    struct cr_metric *m = *end;
    if (!m) {
        m = *end = cr_calloc(1, sizeof *m);
        m->kind = kind;
        m->name = cr_strdup(name);
        m->help = cr_strdup(help);
        m->labels = cr_strdup(labels);
    }
    pthread_mutex_unlock(&lock);
    assert(m->kind == kind);
    return m;
}

struct cr_metric *cr_metric_counter(const char *name, const char *help, const char *labels)
{
    return get(COUNTER, name, help, labels);
}

struct cr_metric *cr_metric_gauge(const char *name, const char *help, const char *labels)
{
    return get(GAUGE, name, help, labels);
}

struct cr_metric *cr_metric_histogram(const char *name, const char *help, const char *labels)
{
    return get(HISTOGRAM, name, help, labels);
}

void cr_metric_add(struct cr_metric *m, int64_t n)
{
    assert(m->kind == GAUGE || (m->kind == COUNTER && n >= 0));
    atomic_fetch_add_explicit(&m->value, n, memory_order_relaxed);
}

void cr_metric_set(struct cr_metric *m, int64_t n)
{
    assert(m->kind == GAUGE);
    atomic_store_explicit(&m->value, n, memory_order_relaxed);
}

void cr_metric_observe_us(struct cr_metric *m, int64_t us)
{
    size_t i = 0;

    assert(m->kind == HISTOGRAM);
    while (i < BUCKETS && us > bounds_us[i])
        i++;
    if (i < BUCKETS)
        atomic_fetch_add_explicit(&m->in_bucket[i], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&m->sum_us, us, memory_order_relaxed);
    atomic_fetch_add_explicit(&m->value, 1, memory_order_relaxed);
}

int64_t cr_metric_value(const struct cr_metric *m)
{
    return atomic_load_explicit(&m->value, memory_order_relaxed);
}

static void write_histogram(struct cr_buf *out, const struct cr_metric *m)
{
    const char *comma = m->labels[0] ? "," : "";
    const char *open = m->labels[0] ? "{" : "";
    const char *close = m->labels[0] ? "}" : "";
    int64_t counted = cr_metric_value(m); /* before the buckets, which may only be ahead of it */
    int64_t below = 0;

    for (size_t i = 0; i < BUCKETS; i++) {
        below += atomic_load_explicit(&m->in_bucket[i], memory_order_relaxed);
        cr_buf_printf(out, "%s_bucket{%s%sle=\"%g\"} %lld\n", m->name, m->labels, comma,
                      (double)bounds_us[i] / 1e6, (long long)below);
    }
    int64_t total = counted > below ? counted : below; /* or the last bucket would be the smaller */
    cr_buf_printf(out, "%s_bucket{%s%sle=\"+Inf\"} %lld\n", m->name, m->labels, comma,
                  (long long)total);
    cr_buf_printf(out, "%s_sum%s%s%s %.6f\n", m->name, open, m->labels, close,
                  (double)atomic_load_explicit(&m->sum_us, memory_order_relaxed) / 1e6);
    cr_buf_printf(out, "%s_count%s%s%s %lld\n", m->name, open, m->labels, close, (long long)total);
}

static void write_one(struct cr_buf *out, const struct cr_metric *m)
{
    if (m->kind == HISTOGRAM) {
        write_histogram(out, m);
        return;
    }
    cr_buf_append_str(out, m->name);
    if (m->labels[0])
        cr_buf_printf(out, "{%s}", m->labels);
    cr_buf_printf(out, " %lld\n", (long long)cr_metric_value(m));
}

static bool is_first_of_name(const struct cr_metric *m)
{
    for (const struct cr_metric *o = first; o != m; o = o->next) {
        if (strcmp(o->name, m->name) == 0)
            return false;
    }
    return true;
}

void cr_metric_write(struct cr_buf *out)
{
    static const char *const kinds[] = {"counter", "gauge", "histogram"};

    pthread_mutex_lock(&lock);
    for (const struct cr_metric *m = first; m; m = m->next) {
        if (!is_first_of_name(m))
            continue;
        /* All lines of one name must stand together. */
        cr_buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", m->name, m->help, m->name,
                      kinds[m->kind]);
        for (const struct cr_metric *o = m; o; o = o->next) {
            if (strcmp(o->name, m->name) == 0)
                write_one(out, o);
        }
    }
    pthread_mutex_unlock(&lock);
}
