/* Reading a room: what it is made of, on a worker; then who waits for it is served. */
#include "ws/room.h"

#include "base/clock.h"
#include "base/limits.h"
#include "log/log.h"
#include "ws/doc.h"
#include "ws/run.h"

void cr_room_data_clear(struct cr_room_data *d)
{
    cr_room_clear(&d->room);
    cr_tree_clear(&d->tree);
    cr_member_list_clear(&d->members);
    cr_grant_list_clear(&d->tokens);
    memset(d, 0, sizeof *d);
}

int cr_room_data_read(struct cr_store *s, const char *room_id, struct cr_room_data *out,
                      struct cr_error *err)
{
    memset(out, 0, sizeof *out);
    if (cr_store_room_get(s, room_id, &out->room, err) < 0)
        return -1;
    if (cr_store_tree_get(s, room_id, &out->tree, err) < 0 ||
        cr_store_member_list(s, room_id, &out->members, err) < 0 ||
        cr_store_grant_list(s, CR_GRANT_TOKEN, room_id, cr_wall_ms(), &out->tokens, err) < 0) {
        cr_room_data_clear(out);
        return -1;
    }
    return 0;
}

struct load {
    struct cr_live_room *room;
    struct cr_store *store;
    char id[CR_ID_SIZE];
    struct cr_room_data data;
    struct cr_chat_list chat;
    struct cr_run_list active, recent;
    bool ok;
    struct cr_error err;
};

static void load_work(void *worker, void *job)
{
    struct load *l = job;

    (void)worker;
    l->ok = cr_room_data_read(l->store, l->id, &l->data, &l->err) == 0 &&
            cr_store_chat_last(l->store, l->id, CR_LIMIT_CHAT_HISTORY, &l->chat, &l->err) == 0 &&
            cr_store_run_active(l->store, l->id, &l->active, &l->err) == 0 &&
            cr_store_run_list(l->store, l->id, "", CR_ROOM_RUNS_KEPT, &l->recent, &l->err) == 0;
}

/* Whether somebody came in at another revision than the one that was read. */
static bool differs(const struct cr_live_room *r, const struct cr_peer *first)
{
    for (const struct cr_peer *p = first; p; p = p->next)
        if (p->access.rev != r->data.room.rev)
            return true;
    return false;
}

/* Sockets and documents that waited for the room. Closing one does not unlink it here. */
static void serve_waiting(struct cr_live_room *r)
{
    bool again = differs(r, r->peers);

    for (struct cr_live_doc *d = r->docs; d; d = d->next)
        again = again || differs(r, d->peers);
    for (struct cr_peer *p = r->peers; p; p = p->next)
        cr_room_welcome(p);
    cr_room_follow_files(r);
    if (again) /* a role may have changed between its being read and the room's */
        cr_room_refresh(r);
}

static void load_done(void *job)
{
    struct load *l = job;
    struct cr_live_room *r = l->room;

    if (l->ok && !r->gone) {
        r->data = l->data;
        memset(&l->data, 0, sizeof l->data);
        r->chat = l->chat;
        memset(&l->chat, 0, sizeof l->chat);
        cr_run_adopt(r, &l->active);
        cr_run_adopt(r, &l->recent);
        r->loaded = true;
        cr_log(CR_LOG_INFO, "room opened", CR_S("room", r->id));
        serve_waiting(r);
    } else if (!r->gone) {
        if (!cr_error_is_public(l->err.code))
            cr_log(CR_LOG_WARN, "room cannot be read", CR_S("room", r->id),
                   CR_S("error", l->err.message));
        cr_room_end(r, l->err.code, cr_error_public_text(l->err.code));
    }
    cr_room_data_clear(&l->data);
    cr_chat_list_clear(&l->chat);
    cr_run_list_clear(&l->active);
    cr_run_list_clear(&l->recent);
    free(l);
    cr_room_job_done(r);
}

struct cr_live_room *cr_room_open(struct cr_hub *h, const char *room_id)
{
    struct cr_live_room *r = cr_calloc(1, sizeof *r);
    struct load *l = cr_calloc(1, sizeof *l);

    r->hub = h;
    memcpy(r->id, room_id, CR_ID_SIZE);
    r->idle_since_ms = cr_mono_ms();
    r->runs_checked_ms = r->idle_since_ms;
    l->room = r;
    l->store = h->store;
    memcpy(l->id, room_id, CR_ID_SIZE);
    if (!cr_hub_submit(h, load_work, load_done, l)) {
        free(l);
        free(r);
        return NULL;
    }
    r->jobs++;
    cr_hub_add(h, r);
    return r;
}
