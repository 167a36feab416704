/* What the daemon counts. Made once by cr_ws_metrics_init(), before anything else. */
#ifndef CR_WS_METRICS_H
#define CR_WS_METRICS_H

#include "base/error.h"
#include "monitor/metric.h"

struct cr_ws_metrics {
    struct cr_metric *connections, *rooms, *docs, *runners; /* gauges: now */
    struct cr_metric *messages_in, *bytes_in, *deliveries, *bytes_out, *updates, *awareness;
    struct cr_metric *queued_bytes, *lagging, *pending_bytes, *hot_docs, *save_lag_ms; /* gauges */
    struct cr_metric *pauses, *resyncs, *merged_edits, *awareness_drops;
    struct cr_metric *denied, *outbox_drops, *saves, *save_failures, *compactions, *runs;
    struct cr_metric *closes[CR_ERR_COUNT];
    struct cr_metric *apply_seconds, *broadcast_seconds, *save_seconds, *load_seconds;
};
extern struct cr_ws_metrics cr_ws_metrics;

void cr_ws_metrics_init(void);

#endif
