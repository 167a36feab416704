/* doc.restore: the text of an earlier moment comes back as an edit, so that everybody's history
 * goes on. A worker makes the text of that moment; then, when the document is decoded, one has the
 * document for as long as the edit takes. */
#include "base/clock.h"
#include "doclog/doclog.h"
#include "log/log.h"
#include "ws/doc.h"
#include "ws/fanout.h"
#include "ws/guard.h"
#include "ws/message.h"
#include "ws/persist.h"
#include "ws/update.h"
#include "ws/waiter.h"

#define TEXT_BYTES CR_LIMIT_DOC_FRAME_BYTES

struct cr_doc_restore {
    struct cr_live_doc *doc; /* not to be looked at once `dropped` is set, but while it is lent */
    struct cr_live_room *room;
    struct cr_store *store;
    char room_id[CR_ID_SIZE], file_id[CR_ID_SIZE];
    int64_t seq, index;      /* the moment: see cr_doclog_moment() */
    struct cr_access access; /* of who asked */
    struct cr_waiter waiter;
    bool read;    /* text is there */
    bool writing; /* a worker has the document */
    bool dropped; /* the document was closed, who asked was told */
    struct yd_buf text;
    struct yd_doc *yd;
    struct yd_buf update; /* the edit */
    bool torn;            /* the document was edited, and the edit cannot be told */
    bool ok;
    struct cr_error err;
};

static void restore_free(struct cr_doc_restore *t)
{
    yd_buf_free(&t->text);
    yd_buf_free(&t->update);
    cr_waiter_clear(&t->waiter);
    free(t);
}

/* ---- answering ---- */

static void tell_error(const struct cr_doc_restore *t)
{
    struct cr_peer *p = cr_waiter_peer(t->room, &t->waiter);

    if (p)
        cr_message_error(p, t->waiter.ref, &t->err);
}

/* The moment before: what waits to be stored will be in the next batch, the edit behind it. */
static void put_moment_before(struct cr_json_out *w, const struct cr_live_doc *d)
{
    const struct cr_doc_unsaved *u = d->unsaved;
    int64_t last = d->seq + (u && u->batch.len > 0), waiting = u ? (int64_t)u->queue.count : 0;

    cr_json_open_object(w, "before");
    cr_json_put_int(w, "seq", waiting > 0 ? last + 1 : last);
    if (waiting > 0)
        cr_json_put_int(w, "updates", waiting);
    cr_json_close(w);
}

/* Before the edit is queued. */
static void tell_done(const struct cr_doc_restore *t)
{
    struct cr_peer *p = cr_waiter_peer(t->room, &t->waiter);
    CR_AUTO_JSON_OUT w = {0};

    if (!p)
        return;
    cr_json_open_object(&w, NULL);
    cr_json_put_str(&w, "type", "doc.restored");
    cr_json_put_str(&w, "file", t->file_id);
    cr_json_put_int(&w, "seq", t->seq);
    put_moment_before(&w, t->doc);
    if (t->waiter.ref)
        cr_json_put_str(&w, "ref", t->waiter.ref);
    cr_json_close(&w);
    cr_conn_send_bytes(p->conn, true, w.buf.data, w.buf.len);
}

/* It is over, unless the document's end was told before. */
static void finish(struct cr_doc_restore *t)
{
    if (!t->dropped) {
        t->doc->restore = NULL;
        t->room->restores--;
        if (!t->ok)
            tell_error(t);
    }
    restore_free(t);
}

/* ---- the edit ---- */

/* One update: whoever gets the first part has to get the second. False: that cannot be made. */
static bool join(const struct yd_buf *text_edit, const struct yd_buf *mend, struct yd_buf *out)
{
    struct yd_bytes parts[2];
    size_t n = 0;

    if (text_edit->len > 0)
        parts[n++] = (struct yd_bytes){text_edit->data, text_edit->len};
    if (mend->len > 0)
        parts[n++] = (struct yd_bytes){mend->data, mend->len};
    return n == 0 || yd_merge_updates(parts, n, out) == 0;
}

static void rewrite_work(void *worker, void *job)
{
    struct cr_doc_restore *t = job;
    const struct yd_bytes none = {0};
    struct yd_buf text_edit = {0}, mend = {0};
    struct cr_guard guard;

    (void)worker;
    /* What is protected stays as it is; the text's update is no concern of the map. */
    cr_guard_take(&guard, t->yd, t->access.role >= CR_ROLE_OWNER ? &none : NULL);
    t->ok = cr_doclog_rewrite(t->yd, CR_DOC_TEXT_ROOT, cr_update_client(),
                              (const char *)t->text.data, t->text.len, &text_edit, &t->err) == 0;
    cr_guard_mend(&guard, t->yd, &mend);
    t->torn = !join(&text_edit, &mend, &t->update);
    cr_guard_clear(&guard);
    yd_buf_free(&text_edit);
    yd_buf_free(&mend);
}

/* The document is at hand again. */
static void rewritten(struct cr_doc_restore *t)
{
    struct cr_live_doc *d = t->doc;

    if (t->ok)
        tell_done(t);
    if (t->update.len > 0) {
        cr_doc_changed(d);
        cr_fanout_own_edit(d, t->update.data, t->update.len);
        cr_persist_add(d, &t->access, t->update.data, t->update.len);
    }
    finish(t);
    cr_doc_greet_all(d);
}

static void rewrite_done(void *job)
{
    struct cr_doc_restore *t = job;
    struct cr_live_doc *d = t->doc;
    struct cr_live_room *r = t->room;
    bool lives = cr_doc_take_back(d, cr_take(&t->yd));

    if (lives && !t->torn) {
        rewritten(t);
    } else {
        if (lives) /* tells who asked */
            cr_doc_end(d, CR_ERR_UNAVAILABLE, "the document is read again");
        finish(t);
    }
    cr_room_job_done(r);
}

static int rewrite(struct cr_doc_restore *t)
{
    struct cr_live_doc *d = t->doc;

    t->access.role = cr_room_role(t->room, &t->access);
    if (t->access.role < CR_ROLE_EDITOR)
        return cr_fail(&t->err, CR_ERR_FORBIDDEN, "your role may not edit any more");
    /* The whole text may be new, and all that is protected has to be put back then. */
    _Static_assert(TEXT_BYTES + CR_GUARD_BYTES < CR_DOC_QUEUE_BYTES, "it fits into what is empty");
    if (!cr_persist_has_room(d, t->text.len + CR_GUARD_BYTES))
        return cr_fail(&t->err, CR_ERR_UNAVAILABLE, "edits cannot be stored at the moment");
    t->yd = cr_doc_lend(d);
    if (!cr_hub_submit(d->room->hub, rewrite_work, rewrite_done, t)) {
        cr_doc_take_back(d, cr_take(&t->yd));
        return cr_fail(&t->err, CR_ERR_UNAVAILABLE, "too much database work waits");
    }
    d->room->jobs++;
    t->writing = true;
    return 0;
}

void cr_doc_restore_run(struct cr_live_doc *d)
{
    struct cr_doc_restore *t = d->restore;

    if (!t || !t->read || t->writing || !cr_doc_heat_now(d))
        return;
    if (rewrite(t) < 0) {
        t->ok = false;
        finish(t);
    }
}

void cr_doc_restore_drop(struct cr_live_doc *d)
{
    struct cr_doc_restore *t = cr_take(&d->restore);

    if (!t)
        return;
    t->dropped = true;
    t->room->restores--;
    cr_fail(&t->err, CR_ERR_UNAVAILABLE, "the document was closed meanwhile");
    tell_error(t);
    if (t->read && !t->writing)
        restore_free(t);
}

/* ---- the text of that moment ---- */

static void read_work(void *worker, void *job)
{
    struct cr_doc_restore *t = job;
    struct yd_doc *doc = NULL;

    (void)worker;
    t->ok =
        cr_doclog_moment(t->store, t->room_id, t->file_id, t->seq, t->index, &doc, &t->err) == 0;
    if (t->ok && yd_text_len_utf8(doc, CR_DOC_TEXT_ROOT, strlen(CR_DOC_TEXT_ROOT)) > TEXT_BYTES)
        t->ok = cr_fail(&t->err, CR_ERR_TOO_LARGE, "the text has more than %d MiB",
                        TEXT_BYTES / (1024 * 1024)) == 0;
    if (t->ok)
        yd_text(doc, CR_DOC_TEXT_ROOT, strlen(CR_DOC_TEXT_ROOT), &t->text);
    yd_doc_free(doc);
}

static void read_done(void *job)
{
    struct cr_doc_restore *t = job;
    struct cr_live_room *r = t->room;

    if (t->ok && !t->dropped) {
        t->read = true;
        if (t->doc->loaded)
            cr_doc_restore_run(t->doc);
    } else {
        finish(t);
    }
    cr_room_job_done(r);
}

static int check(const struct cr_live_room *r, const struct cr_live_doc *d, struct cr_error *err)
{
    if (d && d->restore)
        return cr_fail(err, CR_ERR_RATE, "a version of this file is being brought back: wait");
    if (r->restores >= CR_ROOM_RESTORES)
        return cr_fail(err, CR_ERR_RATE, "versions of other files are being brought back: wait");
    return 0;
}

int cr_on_doc_restore(const struct cr_request *q, const struct cr_msg_doc_restore *m,
                      struct cr_error *err)
{
    struct cr_live_room *r = q->peer->room;
    struct cr_doc_restore *t;

    if (!cr_room_file(r, m->file))
        return cr_fail_field(err, CR_ERR_NOT_FOUND, "file", "there is no such file");
    if (check(r, cr_doc_find(r, m->file), err) < 0)
        return -1;
    t = cr_calloc(1, sizeof *t);
    t->room = r;
    t->store = r->hub->store;
    memcpy(t->room_id, r->id, CR_ID_SIZE);
    memcpy(t->file_id, m->file, CR_ID_SIZE);
    t->seq = m->seq;
    t->index = m->updates - 1; /* 0: all of the batch */
    t->access = q->peer->access;
    cr_waiter_init(&t->waiter, q);
    if (!cr_hub_submit(r->hub, read_work, read_done, t)) {
        restore_free(t);
        return cr_fail(err, CR_ERR_UNAVAILABLE, "too much database work waits");
    }
    r->jobs++;
    r->restores++;
    t->doc = cr_doc_open(r, m->file);
    t->doc->restore = t;
    cr_doc_load(t->doc); /* meanwhile, when nobody has it open */
    return 0;
}
