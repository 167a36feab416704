/* Edits: may the sender make them, and what becomes of them. */
#include "base/clock.h"
#include "ws/doc.h"
#include "ws/guard.h"
#include "ws/metrics.h"
#include "ws/persist.h"
#include "ws/update.h"
#include "ydoc/touch.h"
#include "ydoc/yprotocol.h"

#include <stdio.h>

#define COMMENTS_ROOT "comments" /* docs/PROTOCOL.md: the one that commenters may change */

void cr_doc_malformed(struct cr_peer *p, int yd_err)
{
    cr_conn_close(p->conn, CR_ERR_INVALID, "malformed message: %s", yd_strerror(yd_err));
}

/* ---- refusing ---- */

static void refuse(struct cr_peer *p, const char *reason)
{
    char text[160];
    struct yd_buf refused = {0}, denied = {0};

    /* Our clients learn which message it was; stock clients have a log only. */
    snprintf(text, sizeof text, "%s (message %llu)", reason, (unsigned long long)p->handled);
    if (p->access.want_saved) {
        yd_message_refused(&refused, p->handled, reason);
        cr_conn_send_bytes(p->conn, false, refused.data, refused.len);
    }
    yd_message_auth_denied(&denied, text);
    cr_conn_send_bytes(p->conn, false, denied.data, denied.len);
    yd_buf_free(&refused);
    yd_buf_free(&denied);
    cr_metric_add(cr_ws_metrics.denied, 1);
}

struct roots {
    bool guarded; /* the map of protected ranges */
    bool unknown; /* cannot be told before others come that it builds on */
};

static bool note_root(void *ctx, const char *root, size_t len)
{
    struct roots *r = ctx;

    if (!root)
        r->unknown = true;
    else if (len == strlen(CR_GUARD_ROOT) && memcmp(root, CR_GUARD_ROOT, len) == 0)
        r->guarded = true;
    return !r->guarded;
}

/* What editors may not: say what is protected, or bring what may turn out to. */
static const char *guard_objection(const struct yd_doc *doc, const struct yd_message *m, int *rc)
{
    struct roots roots = {0};

    *rc = 0;
    if (cr_guard_is_remote(doc, m->payload, m->payload_len))
        return NULL;
    *rc = yd_update_roots(doc, m->payload, m->payload_len, note_root, &roots);
    if (*rc < 0)
        return NULL;
    if (roots.guarded)
        return "refused: only owners say what is protected";
    if (roots.unknown && cr_guard_is_used(doc))
        return "refused: it builds on edits that are not here";
    return NULL;
}

/* Whether p may make the edit. An answer to our step 1 that holds nothing new is no edit.
 * Returns the reason against it, NULL when there is none; *rc: an error of the decoder. */
static const char *objection(struct cr_peer *p, const struct yd_message *m, bool *nothing, int *rc)
{
    const struct yd_doc *doc = p->doc->doc;
    bool stays = false;

    *nothing = false;
    *rc = 0;
    if (p->access.role >= CR_ROLE_OWNER)
        return NULL;
    if (p->access.role >= CR_ROLE_EDITOR)
        return guard_objection(doc, m, rc);
    *rc = yd_update_is_contained(doc, m->payload, m->payload_len, nothing);
    if (*rc < 0 || *nothing)
        return NULL;
    if (p->access.role < CR_ROLE_COMMENTER)
        return "read-only: viewers cannot edit";
    *rc = yd_update_stays_in(doc, m->payload, m->payload_len, COMMENTS_ROOT, strlen(COMMENTS_ROOT),
                             &stays);
    return *rc < 0 || stays ? NULL : "read-only: commenters can only comment";
}

/* ---- applying ---- */

/* Structs and clients that the document has, to be charged to who brings more. */
struct size {
    size_t structs, clients, pending;
};

/* An edit on its way into the document. */
struct attempt {
    struct size before;
    struct cr_guard guard;
    struct yd_result result;
    struct yd_buf news; /* what came into the document by it, unless it is whole */
    struct yd_buf mend; /* of what it did where it may not */
    bool wrong;         /* it did so */
};

static struct size measure(const struct yd_doc *doc)
{
    return (struct size){yd_struct_count(doc), yd_client_count(doc), yd_pending_bytes(doc)};
}

static size_t growth(size_t before, size_t after)
{
    return after > before ? after - before : 0;
}

static void charge_work(struct cr_peer *p, size_t structs, size_t clients, int64_t work_us)
{
    int64_t wait_ms = cr_budget_edit(&p->budget, structs, clients, work_us, cr_mono_ms());

    if (wait_ms > 0)
        cr_conn_pause(p->conn, wait_ms);
}

static void charge(struct cr_peer *p, const struct size *before, int64_t work_us)
{
    struct size after = measure(p->doc->doc);

    charge_work(p, growth(before->structs, after.structs), growth(before->clients, after.clients),
                work_us);
    if (!cr_budget_pending(&p->budget, before->pending, after.pending))
        cr_conn_close(p->conn, CR_ERR_LIMIT, "too many edits wait for others that did not come");
}

static void cannot_apply(struct cr_peer *p, int rc)
{
    if (rc == YD_ERR_PENDING_FULL || rc == YD_ERR_TOO_BIG)
        cr_conn_close(p->conn, CR_ERR_TOO_LARGE, "%s", yd_strerror(rc));
    else
        cr_doc_malformed(p, rc);
}

/* What goes back to the sender is the edit as it came: what waits is in it. What is told to the
 * others is what came into the document. */
static void send_told(struct cr_peer *p, const struct yd_message *m, const uint8_t *frame,
                      size_t len, const struct attempt *t)
{
    if (!t->result.changed)
        cr_fanout_wait(p, m, frame, len);
    else if (t->result.whole)
        cr_fanout_edit(p, m, frame, len);
    else
        cr_fanout_news(p, m, frame, len, &t->news, t->before.pending > 0);
}

/* The log gets the edit as it came, or, when nothing waits, only what was new: who comes back with
 * all that he knows, as simple clients do, would fill it with what it has. */
static void store(struct cr_peer *p, const struct yd_message *m, const struct attempt *t)
{
    bool news = t->result.changed && !t->result.whole && t->result.complete;

    cr_persist_add(p->doc, &p->access, news ? t->news.data : m->payload,
                   news ? t->news.len : m->payload_len);
}

static struct cr_frame *with_mend(const uint8_t *update, size_t len, const struct yd_buf *mend)
{
    const struct yd_bytes parts[] = {{update, len}, {mend->data, mend->len}};

    return cr_update_frame_of(parts, 2);
}

/* What came into the document by the edit, with the mend; the mend alone when all of it waits. */
static struct cr_frame *told_frame(const struct attempt *t)
{
    return t->result.changed ? with_mend(t->news.data, t->news.len, &t->mend)
                             : cr_update_frame(t->mend.data, t->mend.len);
}

static bool read_frame(const struct cr_frame *f, struct yd_message *m)
{
    return f && yd_message_parse(f->data, f->len, m) == 0;
}

/* Everybody gets the edit and what mends it as one (a socket that becomes too slow in between would
 * never get the second); the sender, who has the first, the second. */
static void send_mended(struct cr_peer *p, const struct yd_message *m, struct attempt *t)
{
    CR_AUTO(cr_frame) *both = with_mend(m->payload, m->payload_len, &t->mend);
    CR_AUTO(cr_frame) *news = t->result.whole ? NULL : told_frame(t);
    CR_AUTO(cr_frame) *mine = cr_update_frame(t->mend.data, t->mend.len);
    struct yd_message whole, told;

    if (!read_frame(both, &whole) || (!t->result.whole && !read_frame(news, &told))) {
        cr_doc_end(p->doc, CR_ERR_UNAVAILABLE, "the document is read again"); /* all were applied */
        return;
    }
    yd_buf_free(&t->news);
    if (news)
        yd_buf_append(&t->news, told.payload, told.payload_len);
    t->result.changed = true;
    send_told(p, &whole, both->data, both->len, t);
    store(p, &whole, t);
    cr_conn_send(p->conn, mine);
}

/* An edit that was taken. */
static void send_on(struct cr_peer *p, const struct yd_message *m, const uint8_t *frame, size_t len,
                    struct attempt *t)
{
    cr_doc_changed(p->doc);
    if (t->mend.len > 0) {
        send_mended(p, m, t);
    } else {
        send_told(p, m, frame, len, t);
        store(p, m, t);
    }
    if (t->wrong)
        refuse(p, "protected: that part of the file cannot be changed");
}

/* Into the document, and what it did to protected ranges out again. */
static int integrate(struct cr_peer *p, const struct yd_message *m, struct attempt *t)
{
    struct cr_live_doc *d = p->doc;
    int rc;

    rc = yd_apply_update_news(d->doc, m->payload, m->payload_len, &t->result, &t->news);
    if ((rc == 0 || rc == YD_ERR_COSTLY) && t->result.has_new)
        t->wrong = cr_guard_mend(&t->guard, d->doc, &t->mend);
    return rc;
}

/* The database is slower than the writers: their lines feel it. A frame always fits into what is
 * empty, with what mends it, so that this ends with a batch that is stored. */
static void wait_for_room(struct cr_peer *p, const uint8_t *frame, size_t len)
{
    _Static_assert(CR_LIMIT_DOC_FRAME_BYTES + CR_GUARD_BYTES < CR_DOC_QUEUE_BYTES, "a frame fits");
    p->doc->crowded = true;
    cr_conn_hold_again(p->conn, false, frame, len);
}

/* The edit was made to be slow: what of it is in the document by now goes on, the rest is left out,
 * and nobody waits any longer for its sender. */
static void send_part(struct cr_peer *p, struct attempt *t)
{
    CR_AUTO(cr_frame) *part = NULL;
    struct yd_message m;

    if (!t->result.changed) { /* but what was protected may have been mended */
        yd_buf_free(&t->news);
        t->news = t->mend;
        t->mend = (struct yd_buf){0};
    }
    if (t->news.len > 0) {
        part = cr_update_frame(t->news.data, t->news.len);
        yd_message_parse(part->data, part->len, &m);
        t->result.whole = true; /* now it is */
        send_on(p, &m, part->data, part->len, t);
    }
    cr_conn_close(p->conn, CR_ERR_LIMIT, "%s: a part of it was left out",
                  yd_strerror(YD_ERR_COSTLY));
}

/* start_us: since when the edit has been looked at. */
static void apply(struct cr_peer *p, const struct yd_message *m, const uint8_t *frame, size_t len,
                  int64_t start_us)
{
    struct cr_live_doc *d = p->doc;
    struct attempt t = {.before = measure(d->doc)};
    const struct yd_bytes update = {m->payload, m->payload_len};
    int64_t work_us;
    int rc;

    cr_guard_take(&t.guard, d->doc, p->access.role >= CR_ROLE_OWNER ? &update : NULL);
    if (!cr_persist_has_room(d, m->payload_len + t.guard.bytes)) {
        wait_for_room(p, frame, len); /* it may be that all of it has to be put back */
        cr_guard_clear(&t.guard);
        return;
    }
    rc = integrate(p, m, &t);
    work_us = cr_mono_us() - start_us;
    if (rc == YD_ERR_COSTLY) {
        send_part(p, &t);
    } else if (rc < 0) {
        cannot_apply(p, rc);
    } else {
        cr_metric_observe_us(cr_ws_metrics.apply_seconds, work_us);
        cr_metric_add(cr_ws_metrics.updates, 1);
        cr_persist_handled(p);
        if (t.result.has_new)
            send_on(p, m, frame, len, &t);
        else
            cr_persist_ack(d);
        charge(p, &t.before, work_us);
    }
    cr_guard_clear(&t.guard);
    yd_buf_free(&t.news);
    yd_buf_free(&t.mend);
}

/* ---- deciding ---- */

/* An update without structs and deletes: how a new client answers step 1. */
static bool is_empty(const struct yd_message *m)
{
    return m->payload_len == 2 && m->payload[0] == 0 && m->payload[1] == 0;
}

static void on_nothing(struct cr_peer *p)
{
    cr_persist_handled(p);
    cr_persist_ack(p->doc);
}

void cr_doc_edit(struct cr_peer *p, const struct yd_message *m, const uint8_t *frame, size_t len)
{
    const char *reason;
    int64_t start_us;
    bool nothing;
    int rc;

    if (is_empty(m)) {
        on_nothing(p);
        return;
    }
    if (!cr_persist_has_room(p->doc, m->payload_len)) {
        wait_for_room(p, frame, len);
        return;
    }
    if (!cr_doc_heat(p, frame, len))
        return;
    start_us = cr_mono_us();
    reason = objection(p, m, &nothing, &rc);
    if (rc < 0) {
        cr_doc_malformed(p, rc);
    } else if (reason || nothing) {
        on_nothing(p);
        if (reason)
            refuse(p, reason);
        charge_work(p, 0, 0, cr_mono_us() - start_us);
    } else {
        apply(p, m, frame, len, start_us);
    }
}
