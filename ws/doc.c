#include "ws/doc.h"

#include "base/clock.h"
#include "log/log.h"
#include "ws/metrics.h"
#include "ws/persist.h"
#include "ydoc/yprotocol.h"

/* ---- life ---- */

struct cr_live_doc *cr_doc_find(const struct cr_live_room *r, const char *file_id)
{
    struct cr_live_doc *d = r->docs;

    while (d && strcmp(d->id, file_id) != 0)
        d = d->next;
    return d;
}

struct cr_live_doc *cr_doc_open(struct cr_live_room *r, const char *file_id)
{
    struct cr_live_doc *d = cr_doc_find(r, file_id);

    if (d)
        return d;
    d = cr_calloc(1, sizeof *d);
    d->room = r;
    memcpy(d->id, file_id, CR_ID_SIZE);
    d->idle_since_ms = cr_mono_ms();
    cr_fanout_init(&d->fanout);
    cr_presence_init(&d->presence);
    d->next = r->docs;
    r->docs = d;
    cr_metric_add(cr_ws_metrics.docs, 1);
    return d;
}

static void doc_free(struct cr_live_doc *d)
{
    cr_doc_heat_clear(d);
    cr_fanout_clear(d);
    cr_presence_clear(d);
    cr_persist_clear(d);
    free(d);
    cr_metric_add(cr_ws_metrics.docs, -1);
}

void cr_doc_release(struct cr_live_doc *d)
{
    if (d->dead && !d->peers && !d->loading && !d->writing && !d->busy && !d->compacting)
        doc_free(d);
}

void cr_doc_end(struct cr_live_doc *d, enum cr_error_code code, const char *reason)
{
    struct cr_live_doc **at = &d->room->docs;

    while (*at && *at != d)
        at = &(*at)->next;
    if (*at)
        *at = d->next;
    d->dead = true;
    cr_doc_restore_drop(d);
    for (struct cr_peer *p = d->peers; p; p = p->next)
        cr_conn_close(p->conn, code, "%s", reason);
    cr_doc_release(d);
}

bool cr_doc_is_saved(const struct cr_live_doc *d)
{
    return !d->unsaved && !d->loading;
}

/* ---- sockets ---- */

static void send_step1(struct cr_peer *p)
{
    const struct cr_buf *sv = cr_doc_vector(p->doc);
    struct yd_buf out = {0};

    yd_message_sync_step1(&out, sv->data, sv->len);
    cr_conn_send_bytes(p->conn, false, out.data, out.len);
    yd_buf_free(&out);
}

static void greet(struct cr_peer *p)
{
    p->greeted = true;
    send_step1(p);
    cr_presence_send_all(p);
    cr_conn_release(p->conn);
}

void cr_doc_greet_all(struct cr_live_doc *d)
{
    for (struct cr_peer *p = d->peers; p && !d->busy; p = p->next) {
        if (!p->greeted)
            greet(p);
        else if (p->conn->holding)
            cr_conn_release(p->conn);
    }
    if (!d->busy)
        cr_doc_restore_run(d);
}

void cr_doc_serve(struct cr_live_doc *d)
{
    d->loaded = true;
    d->idle_since_ms = cr_mono_ms();
    cr_doc_greet_all(d);
}

void cr_doc_attach(struct cr_live_doc *d, struct cr_peer *p)
{
    p->doc = d;
    p->next = d->peers;
    if (p->next)
        p->next->prev = p;
    d->peers = p;
    cr_fanout_attach(d, p);
    if (d->loaded && !d->busy)
        greet(p);
}

void cr_doc_detach(struct cr_peer *p)
{
    struct cr_live_doc *d = p->doc;

    if (p->prev)
        p->prev->next = p->next;
    else
        d->peers = p->next;
    if (p->next)
        p->next->prev = p->prev;
    cr_persist_forget(p);
    cr_fanout_detach(d, p);
    cr_presence_leave(p);
    d->idle_since_ms = cr_mono_ms();
    cr_doc_release(d);
}

/* ---- messages ---- */

static void on_step1(struct cr_peer *p, const struct yd_message *m, const uint8_t *frame,
                     size_t len)
{
    CR_AUTO(cr_frame) *f = NULL;
    int rc;

    if (p->lagging) { /* gets one when it has read what waits for it */
        rc = yd_state_vector_check(m->payload, m->payload_len);
        if (rc < 0)
            cr_doc_malformed(p, rc);
        cr_buf_reset(&p->missed_from);
        cr_buf_append(&p->missed_from, m->payload, m->payload_len);
        p->step2_due = true;
        return;
    }
    rc = cr_doc_step2(p, m->payload, m->payload_len, frame, len, &f);

    if (rc < 0)
        cr_doc_malformed(p, rc);
    else if (f)
        cr_conn_send(p->conn, f);
}

void cr_doc_resync(struct cr_peer *p, const struct cr_buf *vector)
{
    struct yd_buf frame = {0};
    struct yd_message m;

    yd_message_sync_step1(&frame, vector->data, vector->len);
    yd_message_parse(frame.data, frame.len, &m);
    on_step1(p, &m, frame.data, frame.len); /* as if it had asked */
    yd_buf_free(&frame);
}

/* Not read for so long, when it asks or sends too much. */
static void slow_down(struct cr_peer *p, int64_t ms)
{
    if (ms > 0)
        cr_conn_pause(p->conn, ms);
}

static void on_ask(struct cr_peer *p, const struct yd_message *m, const uint8_t *data, size_t len)
{
    slow_down(p, cr_budget_ask(&p->budget, cr_mono_ms()));
    if (m->type == YD_MSG_SYNC_STEP1)
        on_step1(p, m, data, len);
    else if (p->lagging) /* gets them when it has read what waits for it */
        p->missed_presence = 0;
    else
        cr_presence_send_all(p);
}

void cr_doc_message(struct cr_peer *p, bool text, const uint8_t *data, size_t len)
{
    struct yd_message m;
    int rc;

    if (p->doc->dead)
        return;
    if (text) {
        cr_conn_close(p->conn, CR_ERR_INVALID, "a document socket takes binary frames");
        return;
    }
    slow_down(p, cr_budget_message(&p->budget, len, cr_mono_ms()));
    rc = yd_message_parse(data, len, &m);
    if (rc < 0) {
        cr_doc_malformed(p, rc);
        return;
    }
    switch (m.type) {
    case YD_MSG_SYNC_STEP1:
    case YD_MSG_QUERY_AWARENESS:
        on_ask(p, &m, data, len);
        break;
    case YD_MSG_SYNC_STEP2:
    case YD_MSG_SYNC_UPDATE:
        cr_doc_edit(p, &m, data, len);
        break;
    case YD_MSG_AWARENESS:
        cr_presence_apply(p, m.payload, m.payload_len);
        break;
    case YD_MSG_AUTH_DENIED:
    case YD_MSG_SAVED:
    case YD_MSG_REFUSED:
        cr_conn_close(p->conn, CR_ERR_INVALID, "malformed message: only the server sends it");
        break;
    }
}

/* ---- once a second ---- */

void cr_doc_second(struct cr_live_doc *d, int64_t now_ms)
{
    if (!d->loaded)
        return;
    if (!d->peers && !d->restore && now_ms - d->idle_since_ms >= CR_ROOM_GRACE_MS &&
        cr_doc_is_saved(d)) {
        if (!cr_persist_compact_idle(d, now_ms))
            cr_doc_end(d, CR_ERR_RESTART, "idle");
        return;
    }
    cr_doc_heat_second(d, now_ms);
    for (struct cr_peer *p = d->peers; p && !d->busy; p = p->next)
        if (now_ms - p->conn->last_sent_ms >= CR_DOC_QUIET_MS && !p->conn->closing)
            send_step1(p);
    cr_presence_second(d, now_ms);
}

int cr_doc_text(const struct yd_doc *doc, size_t max_bytes, struct cr_buf *out,
                struct cr_error *err)
{
    struct yd_buf text = {0};

    if (yd_text_len_utf8(doc, CR_DOC_TEXT_ROOT, strlen(CR_DOC_TEXT_ROOT)) > max_bytes)
        return cr_fail(err, CR_ERR_TOO_LARGE, "larger than %zu KiB", max_bytes / 1024);
    yd_text(doc, CR_DOC_TEXT_ROOT, strlen(CR_DOC_TEXT_ROOT), &text);
    cr_buf_append(out, text.data, text.len);
    yd_buf_free(&text);
    return 0;
}
