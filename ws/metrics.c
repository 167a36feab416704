#include "ws/metrics.h"

#include <stdio.h>

struct cr_ws_metrics cr_ws_metrics;

static void init_closes(struct cr_ws_metrics *m)
{
    for (int code = 1; code < CR_ERR_COUNT; code++) {
        char labels[64];

        snprintf(labels, sizeof labels, "code=\"%s\"", cr_error_wire((enum cr_error_code)code));
        m->closes[code] =
            cr_metric_counter("coderoom_ws_closes_total", "Sockets that we closed.", labels);
    }
}

void cr_ws_metrics_init(void)
{
    struct cr_ws_metrics *m = &cr_ws_metrics;

    m->connections = cr_metric_gauge("coderoom_ws_connections", "Open sockets.", "");
    m->rooms = cr_metric_gauge("coderoom_ws_rooms", "Rooms in memory.", "");
    m->docs = cr_metric_gauge("coderoom_ws_docs", "Documents in memory.", "");
    m->runners = cr_metric_gauge("coderoom_ws_runners", "Runners that are connected.", "");
    m->messages_in = cr_metric_counter("coderoom_ws_messages_in_total", "Messages received.", "");
    m->bytes_in =
        cr_metric_counter("coderoom_ws_bytes_in_total", "Bytes of messages received.", "");
    m->deliveries =
        cr_metric_counter("coderoom_ws_deliveries_total", "Messages queued to be sent.", "");
    m->bytes_out = cr_metric_counter("coderoom_ws_bytes_out_total", "Bytes of these.", "");
    m->updates = cr_metric_counter("coderoom_ws_updates_total", "Document updates applied.", "");
    m->awareness = cr_metric_counter("coderoom_ws_awareness_total",
                                     "Awareness states changed or renewed.", "");
    m->awareness_drops = cr_metric_counter(
        "coderoom_ws_awareness_drops_total",
        "Awareness states that were known already (echoes), were not the sender's to change, or "
        "found the document's table full.",
        "");
    m->denied = cr_metric_counter(
        "coderoom_ws_denied_total",
        "Edits refused or mended: of viewers, commenters, in protected ranges.", "");
    m->queued_bytes = cr_metric_gauge("coderoom_ws_queued_bytes",
                                      "Bytes that wait for clients to read (shared frames count "
                                      "for each).",
                                      "");
    m->hot_docs = cr_metric_gauge("coderoom_ws_hot_docs", "Documents that are decoded.", "");
    m->save_lag_ms = cr_metric_gauge("coderoom_ws_save_lag_ms",
                                     "Age of the oldest edit that is not stored yet.", "");
    m->pending_bytes = cr_metric_gauge("coderoom_ws_pending_bytes",
                                       "Bytes of edits that wait for others they build on.", "");
    m->lagging = cr_metric_gauge("coderoom_ws_lagging",
                                 "Document sockets that are left out until they have read.", "");
    m->resyncs = cr_metric_counter("coderoom_ws_resyncs_total",
                                   "Times that such a socket got what it missed.", "");
    m->merged_edits = cr_metric_counter("coderoom_ws_merged_edits_total",
                                        "Edits that were sent together with others.", "");
    m->broadcast_seconds = cr_metric_histogram(
        "coderoom_ws_broadcast_seconds", "Time to send a message to a document's sockets.", "");
    m->pauses =
        cr_metric_counter("coderoom_ws_pauses_total",
                          "Times that a socket was not read because it sends too much.", "");
    m->outbox_drops = cr_metric_counter("coderoom_ws_outbox_drops_total",
                                        "Sockets closed because they read too slowly.", "");
    m->saves = cr_metric_counter("coderoom_ws_saves_total", "Batches of updates stored.", "");
    m->compactions =
        cr_metric_counter("coderoom_ws_compactions_total", "Heads of documents written.", "");
    m->save_failures =
        cr_metric_counter("coderoom_ws_save_failures_total", "Attempts to store that failed.", "");
    m->runs = cr_metric_counter("coderoom_ws_runs_total", "Runs requested.", "");
    m->apply_seconds =
        cr_metric_histogram("coderoom_ws_apply_seconds", "Time to integrate an update.", "");
    m->save_seconds = cr_metric_histogram(
        "coderoom_ws_save_seconds", "Time from an edit to its being stored, for each batch.", "");
    m->load_seconds = cr_metric_histogram("coderoom_ws_load_seconds",
                                          "Time to read a document from the database.", "");
    init_closes(m);
}
