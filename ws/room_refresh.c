/* A room's row, tree, members or tokens changed: open sockets follow. */
#include "log/log.h"
#include "ws/doc.h"
#include "ws/welcome.h"

struct refresh {
    struct cr_live_room *room;
    struct cr_store *store;
    char id[CR_ID_SIZE];
    struct cr_room_data data;
    bool ok;
    struct cr_error err;
};

static enum cr_role role_now(const struct cr_room_data *d, const struct cr_access *a)
{
    if (a->grant_id[0]) {
        for (size_t i = 0; i < d->tokens.count; i++)
            if (strcmp(d->tokens.items[i].id, a->grant_id) == 0)
                return d->tokens.items[i].role;
        return CR_ROLE_NONE;
    }
    for (size_t i = 0; i < d->members.count; i++)
        if (strcmp(d->members.items[i].user_id, a->user_id) == 0)
            return d->members.items[i].role;
    return CR_ROLE_NONE;
}

/* False when the data was read before the peer came in: it says nothing about him, and newer data
 * is on its way, since the revisions differ. */
static bool knows(const struct cr_room_data *d, const struct cr_peer *p)
{
    return p->access.rev <= d->room.rev;
}

/* True when the role is another than before and the socket stays. */
static bool follow_role(struct cr_peer *p, const struct cr_room_data *d)
{
    enum cr_role role = role_now(d, &p->access);

    if (role == CR_ROLE_NONE) {
        if (p->access.grant_id[0])
            cr_conn_close(p->conn, CR_ERR_UNAUTHORIZED, "the room token was withdrawn");
        else
            cr_conn_close(p->conn, CR_ERR_FORBIDDEN, "you are no member of this room any more");
        return false;
    }
    if (role == p->access.role)
        return false;
    p->access.role = role;
    return true;
}

enum cr_role cr_room_role(const struct cr_live_room *r, const struct cr_access *a)
{
    return a->rev <= r->data.room.rev ? role_now(&r->data, a) : a->role;
}

static void tell_role(struct cr_peer *p)
{
    CR_AUTO_JSON_OUT w = {0};

    cr_json_open_object(&w, NULL);
    cr_json_put_str(&w, "type", "role.changed");
    cr_json_put_str(&w, "role", cr_role_name(p->access.role));
    cr_json_close(&w);
    cr_conn_send_bytes(p->conn, true, w.buf.data, w.buf.len);
    cr_presence_changed(p);
}

static void follow_roles(struct cr_live_room *r, const struct cr_room_data *d)
{
    for (struct cr_peer *p = r->peers; p; p = p->next)
        if (knows(d, p) && follow_role(p, d) && p->welcomed)
            tell_role(p);
    for (struct cr_live_doc *doc = r->docs; doc; doc = doc->next)
        for (struct cr_peer *p = doc->peers; p; p = p->next)
            if (knows(d, p))
                follow_role(p, d);
}

/* Somebody came in when the room was newer than what we know of it. */
static bool is_awaited(const struct cr_live_doc *d)
{
    for (const struct cr_peer *p = d->peers; p; p = p->next)
        if (!knows(&d->room->data, p))
            return true;
    return false;
}

void cr_room_follow_files(struct cr_live_room *r)
{
    struct cr_live_doc *d = r->docs;

    while (d) {
        struct cr_live_doc *next = d->next;

        if (cr_room_file(r, d->id))
            cr_doc_load(d);
        else if (!is_awaited(d))
            cr_doc_end(d, CR_ERR_NOT_FOUND, "there is no such file (any more)");
        d = next;
    }
}

static bool same_text(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") == 0;
}

static bool same_members(const struct cr_member_list *a, const struct cr_member_list *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (strcmp(a->items[i].user_id, b->items[i].user_id) != 0 ||
            a->items[i].role != b->items[i].role || !same_text(a->items[i].name, b->items[i].name))
            return false;
    return true;
}

static void tell(struct cr_live_room *r, const char *type,
                 void (*put)(struct cr_json_out *w, const struct cr_live_room *r))
{
    CR_AUTO_JSON_OUT w = {0};

    cr_json_open_object(&w, NULL);
    cr_json_put_str(&w, "type", type);
    if (put)
        put(&w, r);
    cr_json_close(&w);
    cr_room_broadcast_json(r, &w, NULL);
}

/* Compare what is live with what was read; sockets follow. Takes what it needs out of d. */
static void apply(struct cr_live_room *r, struct cr_room_data *d)
{
    struct cr_room_data old = r->data;
    bool room_changed =
        !same_text(old.room.name, d->room.name) || !same_text(old.room.language, d->room.language);
    bool tree_changed = old.tree.rev != d->tree.rev;
    bool members_changed = !same_members(&old.members, &d->members);

    follow_roles(r, d);
    r->data = *d;
    *d = old;
    if (room_changed)
        tell(r, "room.changed", cr_json_put_room);
    cr_room_follow_files(r);
    if (tree_changed)
        tell(r, "files.changed", cr_json_put_files);
    if (members_changed)
        tell(r, "members.changed", NULL);
}

static void refresh_work(void *worker, void *job)
{
    struct refresh *f = job;

    (void)worker;
    f->ok = cr_room_data_read(f->store, f->id, &f->data, &f->err) == 0;
}

static void refresh_done(void *job)
{
    struct refresh *f = job;
    struct cr_live_room *r = f->room;

    r->refreshing = false;
    if (!r->gone) {
        if (f->ok)
            apply(r, &f->data);
        else if (f->err.code == CR_ERR_NOT_FOUND)
            cr_room_end(r, CR_ERR_GONE, "the room was deleted");
        else
            cr_log(CR_LOG_WARN, "room cannot be read again", CR_S("room", r->id),
                   CR_S("error", f->err.message));
        if (!r->gone && r->refresh_again && f->ok)
            cr_room_refresh(r);
    }
    cr_room_data_clear(&f->data);
    free(f);
    cr_room_job_done(r);
}

void cr_room_refresh(struct cr_live_room *r)
{
    struct refresh *f;

    r->refresh_again = r->refreshing;
    if (r->refreshing || r->gone)
        return;
    f = cr_calloc(1, sizeof *f);
    f->room = r;
    f->store = r->hub->store;
    memcpy(f->id, r->id, CR_ID_SIZE);
    if (!cr_hub_submit(r->hub, refresh_work, refresh_done, f)) {
        free(f); /* the watch finds the change again */
        return;
    }
    r->refreshing = true;
    r->jobs++;
}
