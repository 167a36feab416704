/* chat.send: stored first, then told to everybody, so that nobody saw what a reload does not show.
 */
#include "base/clock.h"
#include "base/limits.h"
#include "ws/message.h"
#include "ws/waiter.h"
#include "ws/welcome.h"

struct sending {
    struct cr_live_room *room;
    struct cr_store *store;
    struct cr_chat chat;
    struct cr_waiter waiter;
    bool ok;
    struct cr_error err;
};

static void send_work(void *worker, void *job)
{
    struct sending *s = job;

    (void)worker;
    s->ok = cr_store_chat_insert(s->store, &s->chat, &s->err) == 0;
}

static bool is_known(const struct cr_live_room *r, const char *id)
{
    for (size_t i = r->chat.count; i-- > 0;)
        if (strcmp(r->chat.items[i].id, id) == 0)
            return true;
    return false;
}

/* Takes the chat's content. */
static void remember(struct cr_live_room *r, struct cr_chat *c)
{
    struct cr_chat_list *l = &r->chat;

    if (l->count >= CR_LIMIT_CHAT_HISTORY) {
        cr_chat_clear(&l->items[0]);
        memmove(l->items, l->items + 1, (l->count - 1) * sizeof *l->items);
        l->count--;
    }
    l->items = cr_realloc(l->items, (l->count + 1) * sizeof *l->items);
    l->items[l->count++] = *c;
    memset(c, 0, sizeof *c);
}

static void tell(struct cr_live_room *r, const struct cr_chat *c)
{
    CR_AUTO_JSON_OUT w = {0};

    cr_json_open_object(&w, NULL);
    cr_json_put_str(&w, "type", "chat.message");
    cr_json_put_chat(&w, c);
    cr_json_close(&w);
    cr_room_broadcast_json(r, &w, NULL);
}

static void send_done(void *job)
{
    struct sending *s = job;
    struct cr_live_room *r = s->room;
    struct cr_peer *p = cr_waiter_peer(r, &s->waiter);

    if (s->ok && !r->gone) {
        if (!is_known(r, s->chat.id)) {
            tell(r, &s->chat);
            remember(r, &s->chat);
        }
    } else if (!s->ok && p) {
        cr_message_error(p, s->waiter.ref, &s->err);
    }
    cr_chat_clear(&s->chat);
    cr_waiter_clear(&s->waiter);
    free(s);
    cr_room_job_done(r);
}

int cr_on_chat_send(const struct cr_request *q, const struct cr_msg_chat_send *m,
                    struct cr_error *err)
{
    struct cr_live_room *r = q->peer->room;
    struct sending *s = cr_calloc(1, sizeof *s);

    s->room = r;
    s->store = r->hub->store;
    memcpy(s->chat.id, m->id, CR_ID_SIZE);
    memcpy(s->chat.room_id, r->id, CR_ID_SIZE);
    memcpy(s->chat.user_id, q->peer->access.user_id, CR_ID_SIZE);
    s->chat.name = cr_strdup(q->peer->access.name);
    s->chat.text = cr_strdup(m->text);
    s->chat.created_ms = cr_wall_ms();
    cr_waiter_init(&s->waiter, q);
    if (cr_hub_submit(r->hub, send_work, send_done, s)) {
        r->jobs++;
        return 0;
    }
    cr_chat_clear(&s->chat);
    cr_waiter_clear(&s->waiter);
    free(s);
    return cr_fail(err, CR_ERR_UNAVAILABLE, "too much database work waits");
}
