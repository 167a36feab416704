/* Numbers for Prometheus. A metric is made once (at start, or when its labels first appear), kept
 * for the life of the process, and changed without a lock from any thread.
 *
 *   static struct cr_metric *opened;
 *   opened = cr_metric_counter("coderoom_ws_rooms_opened_total", "Rooms loaded.", "");
 *   cr_metric_add(opened, 1);
 *
 * labels: "" or Prometheus' own form, from a small fixed set of values: "route=\"rooms.list\"" —
 * never anything that users choose. The same name and labels give the same metric back. */
#ifndef CR_MONITOR_METRIC_H
#define CR_MONITOR_METRIC_H

#include "base/buf.h"

#include <stdint.h>

struct cr_metric;

struct cr_metric *cr_metric_counter(const char *name, const char *help, const char *labels);
struct cr_metric *cr_metric_gauge(const char *name, const char *help, const char *labels);
/* Durations; the name ends in _seconds. Buckets from 0.5 ms to 60 s. */
struct cr_metric *cr_metric_histogram(const char *name, const char *help, const char *labels);

void cr_metric_add(struct cr_metric *m, int64_t n); /* gauges also take negative n */
void cr_metric_set(struct cr_metric *m, int64_t n); /* gauges */
void cr_metric_observe_us(struct cr_metric *m, int64_t us);
int64_t cr_metric_value(const struct cr_metric *m); /* histograms: number of observations */

/* Everything in Prometheus' text format (version 0.0.4). */
void cr_metric_write(struct cr_buf *out);

#endif
