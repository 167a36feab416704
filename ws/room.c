#include "ws/room.h"

#include "base/clock.h"
#include "base/limits.h"
#include "log/log.h"
#include "model/tree.h"
#include "ws/doc.h"
#include "ws/lease.h"
#include "ws/message.h"
#include "ws/persist.h"
#include "ws/run.h"
#include "ws/welcome.h"

/* ---- coming and going ---- */

void cr_room_welcome(struct cr_peer *p)
{
    p->welcomed = true;
    cr_welcome_send(p);
    cr_conn_release(p->conn);
}

static void room_free(struct cr_live_room *r)
{
    cr_run_free_all(r);
    cr_room_data_clear(&r->data);
    cr_chat_list_clear(&r->chat);
    free(r);
}

static void room_maybe_free(struct cr_live_room *r)
{
    if (r->gone && r->socket_count == 0 && r->jobs == 0)
        room_free(r);
}

static void detach_room_socket(struct cr_peer *p)
{
    struct cr_live_room *r = p->room;

    if (p->prev)
        p->prev->next = p->next;
    else
        r->peers = p->next;
    if (p->next)
        p->next->prev = p->prev;
    if (p->welcomed) {
        CR_AUTO_JSON_OUT w = {0};

        cr_json_open_object(&w, NULL);
        cr_json_put_str(&w, "type", "presence.left");
        cr_json_put_str(&w, "conn", p->conn->id);
        cr_json_close(&w);
        cr_room_broadcast_json(r, &w, NULL);
    }
}

static void room_leave(struct cr_peer *p)
{
    struct cr_live_room *r = p->room;

    if (p->kind == CR_SOCKET_DOC)
        cr_doc_detach(p);
    else
        detach_room_socket(p);
    free(p);
    r->socket_count--;
    r->idle_since_ms = cr_mono_ms();
    room_maybe_free(r);
}

static void room_socket_closed(struct cr_conn *c)
{
    room_leave(c->ctx);
}

static void doc_message(struct cr_conn *c, bool text, const uint8_t *data, size_t len)
{
    cr_doc_message(c->ctx, text, data, len);
}

static void doc_drained(struct cr_conn *c)
{
    cr_fanout_drained(c->ctx);
}

static void doc_crowded(struct cr_conn *c)
{
    cr_fanout_crowded(c->ctx);
}

static const struct cr_conn_user room_user = {.message = cr_message_received,
                                              .closed = room_socket_closed};
static const struct cr_conn_user doc_user = {.message = doc_message,
                                             .closed = room_socket_closed,
                                             .drained = doc_drained,
                                             .crowded = doc_crowded};

/* People keep the colour of their id where nobody else here has it; one person has one colour. */
static int pick_color(const struct cr_live_room *r, const struct cr_peer *me)
{
    const char *key = me->access.user_id[0] ? me->access.user_id : me->conn->id;
    unsigned hash = 5381, taken = 0;

    for (const char *s = key; *s; s++)
        hash = hash * 33 + (uint8_t)*s;
    for (const struct cr_peer *p = r->peers; p; p = p->next) {
        if (p == me)
            continue;
        if (me->access.user_id[0] && strcmp(p->access.user_id, me->access.user_id) == 0)
            return p->color;
        taken |= 1U << p->color;
    }
    for (unsigned i = 0; i < CR_COLORS; i++)
        if (!(taken & 1U << (hash + i) % CR_COLORS))
            return (int)((hash + i) % CR_COLORS);
    return (int)(hash % CR_COLORS);
}

static void attach_room_socket(struct cr_live_room *r, struct cr_peer *p)
{
    p->next = r->peers;
    if (p->next)
        p->next->prev = p;
    r->peers = p;
    p->color = pick_color(r, p);
    p->conn->user = &room_user;
    p->conn->max_message = CR_LIMIT_ROOM_FRAME_BYTES;
    if (r->loaded)
        cr_room_welcome(p);
}

static void attach_doc_socket(struct cr_live_room *r, struct cr_peer *p)
{
    struct cr_live_doc *d = cr_doc_open(r, p->access.file_id);

    p->conn->user = &doc_user;
    cr_doc_attach(d, p);
    if (r->loaded)
        cr_room_follow_files(r);
}

void cr_room_join(struct cr_hub *h, struct cr_conn *conn, enum cr_socket_kind kind,
                  const struct cr_access *access)
{
    struct cr_live_room *r = cr_hub_find(h, access->room_id);
    struct cr_peer *p;
    int64_t now = cr_mono_ms();

    if (!r)
        r = cr_room_open(h, access->room_id);
    if (!r) {
        cr_conn_close(conn, CR_ERR_UNAVAILABLE, "the server is overloaded");
        return;
    }
    if (access->epoch > r->epoch)
        r->epoch = access->epoch;
    r->fence = r->fence || access->fence;
    p = cr_calloc(1, sizeof *p);
    p->conn = conn;
    p->kind = kind;
    p->access = *access;
    p->room = r;
    if (kind == CR_SOCKET_DOC) {
        cr_budget_init(&p->budget, now);
    } else {
        cr_rate_init(&p->messages, CR_ROOM_MESSAGES_BURST, now);
        cr_rate_init(&p->bytes, CR_ROOM_BYTES_BURST, now);
    }
    conn->ctx = p;
    r->socket_count++;
    if (kind == CR_SOCKET_DOC)
        attach_doc_socket(r, p);
    else
        attach_room_socket(r, p);
    /* The role may have changed between its being read and now. */
    if (r->loaded && r->data.room.rev != access->rev)
        cr_room_refresh(r);
}

/* ---- ending ---- */

struct giving {
    struct cr_lease *lease;
    char room_id[CR_ID_SIZE];
    int64_t epoch;
};

static void give_work(void *worker, void *job)
{
    const struct giving *g = job;

    (void)worker;
    cr_lease_give(g->lease, g->room_id, g->epoch);
}

/* Who asks for the room next may be another process. When too much work waits it stays ours. */
static void give_up(struct cr_live_room *r)
{
    struct giving *g;

    if (r->epoch == 0 || !r->hub->lease || r->hub->lease->released)
        return;
    g = cr_calloc(1, sizeof *g);
    g->lease = r->hub->lease;
    g->epoch = r->epoch;
    memcpy(g->room_id, r->id, CR_ID_SIZE);
    if (!cr_hub_submit(r->hub, give_work, free, g))
        free(g);
}

void cr_room_end(struct cr_live_room *r, enum cr_error_code code, const char *reason)
{
    if (r->gone)
        return;
    r->gone = true;
    cr_hub_remove(r->hub, r);
    give_up(r);
    for (struct cr_peer *p = r->peers; p; p = p->next)
        cr_conn_close(p->conn, code, "%s", reason);
    while (r->docs)
        cr_doc_end(r->docs, code, reason);
    room_maybe_free(r);
}

void cr_room_lose(struct cr_live_room *r, enum cr_error_code code, const char *reason)
{
    cr_run_orphan(r);
    r->epoch = 0;
    cr_room_end(r, code, reason);
}

void cr_room_job_done(struct cr_live_room *r)
{
    r->jobs--;
    room_maybe_free(r);
}

bool cr_room_unload_idle(struct cr_live_room *r, int64_t now_ms)
{
    if (r->socket_count > 0 || r->jobs > 0 || now_ms - r->idle_since_ms < CR_ROOM_GRACE_MS)
        return false;
    for (struct cr_live_doc *d = r->docs; d; d = d->next)
        if (!cr_doc_is_saved(d) || cr_persist_compact_idle(d, now_ms))
            return false;
    cr_log(CR_LOG_INFO, "room closed", CR_S("room", r->id));
    cr_run_orphan(r);
    cr_room_end(r, CR_ERR_RESTART, "idle");
    return true;
}

static void expire_socket(struct cr_peer *p, int64_t wall_ms)
{
    if (p->access.expires_ms > 0 && p->access.expires_ms <= wall_ms)
        cr_conn_close(p->conn, CR_ERR_UNAUTHORIZED, "the room token has expired");
}

void cr_room_second(struct cr_live_room *r, int64_t now_ms)
{
    int64_t wall_ms = cr_wall_ms();
    struct cr_live_doc *d = r->docs;

    for (struct cr_peer *p = r->peers; p; p = p->next)
        expire_socket(p, wall_ms);
    while (d) {
        struct cr_live_doc *next = d->next;

        for (struct cr_peer *p = d->peers; p; p = p->next)
            expire_socket(p, wall_ms);
        cr_doc_second(d, now_ms);
        d = next;
    }
    if (r->loaded)
        cr_run_check(r, now_ms);
}

/* ---- sending ---- */

void cr_room_broadcast(struct cr_live_room *r, struct cr_frame *f, const struct cr_peer *except)
{
    for (struct cr_peer *p = r->peers; p; p = p->next)
        if (p != except && p->welcomed)
            cr_conn_send(p->conn, f);
}

void cr_room_broadcast_json(struct cr_live_room *r, const struct cr_json_out *w,
                            const struct cr_peer *except)
{
    CR_AUTO(cr_frame) *f = NULL;

    if (!r->peers)
        return;
    f = cr_frame_new(true, w->buf.data, w->buf.len);
    cr_room_broadcast(r, f, except);
}

const struct cr_file *cr_room_file(const struct cr_live_room *r, const char *file_id)
{
    const struct cr_file *f = cr_tree_find(&r->data.tree, file_id);

    return f && !f->is_folder ? f : NULL;
}
