/* doc.restore: the text of an earlier moment comes back as an edit, so that everybody's history
 * goes on. A worker makes the text of that moment; the edit is made when the document is decoded.
 */
#include "base/clock.h"
#include "crypt/crypt.h"
#include "doclog/doclog.h"
#include "log/log.h"
#include "ws/doc.h"
#include "ws/fanout.h"
#include "ws/guard.h"
#include "ws/message.h"
#include "ws/persist.h"
#include "ws/waiter.h"

#define TEXT_ROOT "text" /* docs/PROTOCOL.md */

struct cr_doc_restore {
    struct cr_doc_restore *next;
    struct cr_live_room *room;
    struct cr_store *store;
    char file_id[CR_ID_SIZE];
    int64_t seq, index;
    struct cr_access access; /* of who asked */
    struct yd_buf text;
    struct cr_waiter waiter;
    bool ok;
    struct cr_error err;
};

static void restore_free(struct cr_doc_restore *t)
{
    yd_buf_free(&t->text);
    cr_waiter_clear(&t->waiter);
    free(t);
}

static void restore_work(void *worker, void *job)
{
    struct cr_doc_restore *t = job;
    struct yd_doc *doc = NULL;

    (void)worker;
    t->ok =
        cr_doclog_moment(t->store, t->room->id, t->file_id, t->seq, t->index, &doc, &t->err) == 0;
    if (t->ok && yd_text_len_utf8(doc, TEXT_ROOT, strlen(TEXT_ROOT)) > CR_LIMIT_DOC_FRAME_BYTES)
        t->ok = cr_fail(&t->err, CR_ERR_TOO_LARGE, "the text has more than %d MiB",
                        CR_LIMIT_DOC_FRAME_BYTES / (1024 * 1024)) == 0;
    if (t->ok)
        yd_text(doc, TEXT_ROOT, strlen(TEXT_ROOT), &t->text);
    yd_doc_free(doc);
}

static void tell_error(struct cr_doc_restore *t)
{
    struct cr_peer *p = cr_waiter_peer(t->room, &t->waiter);

    if (p)
        cr_message_error(p, t->waiter.ref, &t->err);
}

static uint64_t fresh_client(void)
{
    uint32_t client;

    do
        cr_random_bytes(&client, sizeof client); /* 32 bits, as stock clients take */
    while (client == 0);
    return client;
}

static void send_on(struct cr_live_doc *d, const struct cr_doc_restore *t, struct yd_buf *update)
{
    if (update->len > 0) {
        cr_doc_changed(d);
        cr_fanout_own_edit(d, update->data, update->len);
        cr_persist_add(d, &t->access, update->data, update->len);
    }
    yd_buf_free(update);
}

static void rewrite(struct cr_live_doc *d, struct cr_doc_restore *t)
{
    struct yd_buf update = {0}, mend = {0};
    struct cr_guard guard;

    if (!cr_persist_has_room(d, t->text.len)) {
        cr_fail(&t->err, CR_ERR_UNAVAILABLE, "edits cannot be stored at the moment");
        tell_error(t);
        return;
    }
    cr_guard_take(&guard, d->doc); /* what is protected stays as it is */
    if (cr_doclog_rewrite(d->doc, TEXT_ROOT, fresh_client(), (const char *)t->text.data,
                          t->text.len, &update, &t->err) < 0)
        tell_error(t);
    cr_guard_mend(&guard, d->doc, t->access.role >= CR_ROLE_OWNER, &mend);
    send_on(d, t, &update);
    send_on(d, t, &mend);
    cr_guard_clear(&guard);
}

void cr_doc_restores_run(struct cr_live_doc *d)
{
    while (d->restores && cr_doc_heat_now(d)) {
        struct cr_doc_restore *t = d->restores;

        d->restores = t->next;
        rewrite(d, t);
        restore_free(t);
    }
}

void cr_doc_restores_drop(struct cr_live_doc *d)
{
    while (d->restores) {
        struct cr_doc_restore *t = d->restores;

        d->restores = t->next;
        cr_fail(&t->err, CR_ERR_UNAVAILABLE, "the document was closed meanwhile");
        tell_error(t);
        restore_free(t);
    }
}

static void restore_done(void *job)
{
    struct cr_doc_restore *t = job;
    struct cr_live_room *r = t->room;

    if (t->ok && !r->gone && cr_room_file(r, t->file_id)) {
        struct cr_live_doc *d = cr_doc_open(r, t->file_id);

        t->next = d->restores;
        d->restores = t;
        if (d->loaded)
            cr_doc_restores_run(d);
        else
            cr_doc_load(d);
    } else {
        if (t->ok)
            cr_fail(&t->err, CR_ERR_NOT_FOUND, "there is no such file");
        tell_error(t);
        restore_free(t);
    }
    cr_room_job_done(r);
}

int cr_on_doc_restore(const struct cr_request *q, const struct cr_msg_doc_restore *m,
                      struct cr_error *err)
{
    struct cr_live_room *r = q->peer->room;
    struct cr_doc_restore *t;

    if (!cr_room_file(r, m->file))
        return cr_fail_field(err, CR_ERR_NOT_FOUND, "file", "there is no such file");
    t = cr_calloc(1, sizeof *t);
    t->room = r;
    t->store = r->hub->store;
    memcpy(t->file_id, m->file, CR_ID_SIZE);
    t->seq = m->seq;
    t->index = -1;
    t->access = q->peer->access;
    cr_waiter_init(&t->waiter, q);
    if (cr_hub_submit(r->hub, restore_work, restore_done, t)) {
        r->jobs++;
        return 0;
    }
    restore_free(t);
    return cr_fail(err, CR_ERR_UNAVAILABLE, "too much database work waits");
}
