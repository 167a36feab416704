#include "ws/conn.h"

#include "base/clock.h"
#include "base/limits.h"
#include "ws/metrics.h"

#include <stdarg.h>
#include <stdio.h>

#define AHEAD 8 /* connections whose memory is fetched while others are served */

struct cr_held {
    struct cr_held *next;
    bool text;
    size_t len;
    uint8_t data[];
};

void cr_conn_init(struct cr_conn *c, const struct cr_conn_net *net)
{
    memset(c, 0, sizeof *c);
    cr_id_new(c->id);
    c->net = net;
    c->last_sent_ms = cr_mono_ms();
    c->max_message = CR_LIMIT_DOC_FRAME_BYTES;
}

/* ---- the outbox ---- */

static void push(struct cr_conn *c, struct cr_frame *f)
{
    if (c->count == c->cap) {
        uint32_t cap = c->cap ? c->cap * 2 : 4;
        struct cr_frame **ring = cr_calloc(cap, sizeof *ring);

        for (uint32_t i = 0; i < c->count; i++)
            ring[i] = c->ring[(c->head + i) % c->cap];
        free(c->ring);
        c->ring = ring;
        c->cap = cap;
        c->head = 0;
    }
    c->ring[(c->head + c->count) % c->cap] = cr_frame_ref(f);
    c->count++;
    c->out_bytes += f->len;
    cr_metric_add(cr_ws_metrics.queued_bytes, (int64_t)f->len);
}

/* An idle connection keeps no memory for it. */
static void release_ring(struct cr_conn *c)
{
    free(c->ring);
    c->ring = NULL;
    c->cap = c->head = 0;
}

struct cr_frame *cr_conn_pop(struct cr_conn *c)
{
    struct cr_frame *f;

    if (c->count == 0)
        return NULL;
    f = c->ring[c->head];
    c->head = (c->head + 1) % c->cap;
    c->count--;
    c->out_bytes -= f->len;
    c->head_sent = 0;
    cr_metric_add(cr_ws_metrics.queued_bytes, -(int64_t)f->len);
    if (c->count == 0)
        release_ring(c);
    return f;
}

static void drop_outbox(struct cr_conn *c)
{
    struct cr_frame *f;

    while ((f = cr_conn_pop(c)) != NULL)
        cr_frame_free(f);
}

void cr_conn_put_control(struct cr_conn *c, struct cr_frame *f)
{
    size_t sent = c->head_sent;
    struct cr_frame *first = NULL;

    push(c, f); /* makes the room; then the first take their places */
    for (uint32_t i = c->count - 1; i > (sent > 0); i--) {
        first = c->ring[(c->head + i) % c->cap];
        c->ring[(c->head + i) % c->cap] = c->ring[(c->head + i - 1) % c->cap];
        c->ring[(c->head + i - 1) % c->cap] = first;
    }
}

/* The rest of a frame that is partly gone has to follow, whatever comes after it. */
static void drop_untouched(struct cr_conn *c)
{
    size_t sent = c->head_sent;
    struct cr_frame *f = sent > 0 ? cr_conn_pop(c) : NULL;

    drop_outbox(c);
    if (!f)
        return;
    push(c, f);
    c->head_sent = sent;
    cr_frame_free(f);
}

int cr_conn_gather(const struct cr_conn *c, struct iovec *iov, int max)
{
    int n = 0;

    for (uint32_t i = 0; i < c->count && n < max; i++, n++) {
        const struct cr_frame *f = c->ring[(c->head + i) % c->cap];
        size_t skip = i == 0 ? c->head_sent : 0;

        iov[n].iov_base = f->data - f->head + skip;
        iov[n].iov_len = cr_frame_wire_len(f) - skip;
    }
    return n;
}

void cr_conn_written(struct cr_conn *c, size_t bytes)
{
    while (bytes > 0 && c->count > 0) {
        size_t left = cr_frame_wire_len(c->ring[c->head]) - c->head_sent;

        if (bytes < left) {
            c->head_sent += bytes;
            return;
        }
        bytes -= left;
        cr_frame_free(cr_conn_pop(c));
    }
    if (c->count == 0 && !c->closing && c->user && c->user->drained)
        c->user->drained(c);
}

static void drop_held(struct cr_conn *c)
{
    while (c->held_first) {
        struct cr_held *h = c->held_first;

        c->held_first = h->next;
        free(h);
    }
    c->held_last = NULL;
}

void cr_conn_clear(struct cr_conn *c)
{
    drop_outbox(c);
    drop_held(c);
    free(c->request_id);
    free(c->close_reason);
    c->request_id = c->close_reason = NULL;
}

/* ---- sending ---- */

/* True when nothing of it is left to be queued. */
static bool send_now(struct cr_conn *c, struct cr_frame *f)
{
    size_t sent = c->count == 0 && c->net->write ? c->net->write(c, f) : 0;

    if (sent == cr_frame_wire_len(f))
        return true;
    push(c, f);
    if (c->count == 1)
        c->head_sent = sent;
    return false;
}

static void deliver(struct cr_conn *c, struct cr_frame *f)
{
    /* One frame alone may be larger: a document's whole state has to get through. */
    if (c->count > 0 && c->out_bytes + f->len > CR_LIMIT_OUTBOX_BYTES) {
        cr_metric_add(cr_ws_metrics.outbox_drops, 1);
        cr_conn_close(c, CR_ERR_SLOW_READER, "%zu bytes wait", c->out_bytes);
        return;
    }
    if (send_now(c, f))
        return;
    c->net->wake(c);
    if (c->out_bytes > CR_CONN_CROWDED_BYTES && !c->closing && c->user && c->user->crowded)
        c->user->crowded(c);
}

void cr_conn_send(struct cr_conn *c, struct cr_frame *f)
{
    if (c->closing)
        return;
    c->last_sent_ms = cr_mono_ms();
    cr_metric_add(cr_ws_metrics.deliveries, 1);
    cr_metric_add(cr_ws_metrics.bytes_out, (int64_t)f->len);
    deliver(c, f);
}

void cr_conn_broadcast(struct cr_conn **conns, size_t count, struct cr_frame *f,
                       const struct cr_conn *except)
{
    int64_t now_ms = cr_mono_ms(), sent = 0;

    for (size_t i = 0; i < count; i++) {
        struct cr_conn *c = conns[i];

        if (i + AHEAD < count) /* they are all over the memory */
            __builtin_prefetch(conns[i + AHEAD], 1);
        if (c == except || c->closing || c->muted)
            continue;
        c->last_sent_ms = now_ms;
        deliver(c, f);
        sent++;
    }
    cr_metric_add(cr_ws_metrics.deliveries, sent);
    cr_metric_add(cr_ws_metrics.bytes_out, sent * (int64_t)f->len);
}

void cr_conn_send_bytes(struct cr_conn *c, bool text, const void *data, size_t len)
{
    CR_AUTO(cr_frame) *f = NULL;

    if (c->closing)
        return;
    f = cr_frame_new(text, data, len);
    cr_conn_send(c, f);
}

void cr_conn_close(struct cr_conn *c, enum cr_error_code code, const char *fmt, ...)
{
    char reason[CR_CONN_REASON_BYTES + 1], whole[CR_CONN_REASON_BYTES + 1];
    va_list ap;

    if (c->closing)
        return;
    va_start(ap, fmt);
    vsnprintf(reason, sizeof reason, fmt, ap);
    va_end(ap);
    snprintf(whole, sizeof whole, "%s: %.100s", cr_error_wire(code), reason);
    c->closing = true;
    c->close_code = (uint16_t)code;
    c->close_reason = cr_strdup(whole);
    drop_untouched(c);
    drop_held(c);
    cr_metric_add(cr_ws_metrics.closes[code], 1);
    c->net->wake(c);
}

void cr_conn_pause(struct cr_conn *c, int64_t ms)
{
    if (c->closing)
        return;
    cr_metric_add(cr_ws_metrics.pauses, 1);
    if (c->net->pause)
        c->net->pause(c, ms);
}

/* ---- receiving ---- */

static void set_holding(struct cr_conn *c, bool holding)
{
    c->holding = holding;
    if (c->net->held)
        c->net->held(c);
}

void cr_conn_hold(struct cr_conn *c)
{
    set_holding(c, true);
}

void cr_conn_release(struct cr_conn *c)
{
    c->holding = false;
    while (c->held_first && !c->holding && !c->closing) {
        struct cr_held *h = c->held_first;

        c->held_first = h->next;
        if (!c->held_first)
            c->held_last = NULL;
        c->user->message(c, h->text, h->data, h->len);
        free(h);
    }
    if (!c->holding && !c->closing)
        set_holding(c, false);
}

static void hold_message(struct cr_conn *c, bool text, const uint8_t *data, size_t len)
{
    struct cr_held *h = cr_malloc(sizeof *h + len);

    h->next = NULL;
    h->text = text;
    h->len = len;
    if (len > 0)
        memcpy(h->data, data, len);
    if (c->held_last)
        c->held_last->next = h;
    else
        c->held_first = h;
    c->held_last = h;
}

void cr_conn_hold_again(struct cr_conn *c, bool text, const uint8_t *data, size_t len)
{
    struct cr_held *first = c->held_first, *last = c->held_last;

    set_holding(c, true);
    c->held_first = c->held_last = NULL;
    hold_message(c, text, data, len);
    if (first) {
        c->held_first->next = first;
        c->held_last = last;
    }
}

void cr_conn_feed(struct cr_conn *c, bool text, const uint8_t *data, size_t len)
{
    if (c->closing || !c->user)
        return;
    cr_metric_add(cr_ws_metrics.messages_in, 1);
    cr_metric_add(cr_ws_metrics.bytes_in, (int64_t)len);
    if (len > c->max_message) {
        cr_conn_close(c, CR_ERR_TOO_LARGE, "a message has at most %zu bytes", c->max_message);
        return;
    }
    if (c->holding)
        hold_message(c, text, data, len);
    else
        c->user->message(c, text, data, len);
}

void cr_conn_ended(struct cr_conn *c)
{
    c->closing = true;
    drop_outbox(c);
    drop_held(c);
    if (c->user)
        c->user->closed(c);
    c->user = NULL;
}
