/* Telling who is there: what changed with each tick, all of it to newcomers. */
#include "ws/doc.h"
#include "ws/presence_internal.h"
#include "ydoc/yprotocol.h"

#include <stdlib.h>

/* ---- lists of clients ---- */

void presence_add_id(struct cr_presence_ids *l, uint64_t id)
{
    if (l->count == l->cap) {
        l->cap = l->cap ? l->cap * 2 : 4;
        l->ids = cr_realloc(l->ids, l->cap * sizeof *l->ids);
    }
    l->ids[l->count++] = id;
}

static void clear_ids(struct cr_presence_ids *l)
{
    free(l->ids);
    *l = (struct cr_presence_ids){0};
}

static int by_id(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

static void sort_unique(struct cr_presence_ids *l)
{
    size_t kept = 1;

    qsort(l->ids, l->count, sizeof *l->ids, by_id);
    for (size_t i = 1; i < l->count; i++)
        if (l->ids[i] != l->ids[kept - 1])
            l->ids[kept++] = l->ids[i];
    l->count = kept;
}

/* ---- sending ---- */

static struct cr_frame *frame_of(const struct yd_buf *body)
{
    struct yd_buf out = {0};
    struct cr_frame *f;

    yd_message_awareness(&out, body->data, body->len);
    f = cr_frame_new(false, out.data, out.len);
    yd_buf_free(&out);
    return f;
}

/* The latest state of each, to everybody (who brought it takes it for an echo). */
static void send_ids(struct cr_live_doc *d, struct cr_presence_ids *l)
{
    struct cr_presence *r = &d->presence;
    struct cr_presence_ids mine = *l;
    struct yd_buf body = {0};

    if (l->count == 0)
        return;
    *l = (struct cr_presence_ids){0};
    sort_unique(&mine);
    if (d->fanout.count > 0) {
        CR_AUTO(cr_frame) *f = NULL;
        const struct cr_presence_client *one =
            mine.count == 1 ? presence_client(r, mine.ids[0]) : NULL;

        yd_awareness_encode(r->table, mine.ids, mine.count, &body);
        f = frame_of(&body);
        r->version++;
        cr_fanout_frame(d, f, one ? one->peer : NULL);
        yd_buf_free(&body);
    }
    clear_ids(&mine);
}

static int64_t tick_ms(const struct cr_live_doc *d)
{
    int64_t ms = (int64_t)d->fanout.count / CR_PRESENCE_PEERS_PER_MS;

    if (ms < CR_PRESENCE_TICK_MIN_MS)
        return CR_PRESENCE_TICK_MIN_MS;
    return ms < CR_PRESENCE_TICK_MAX_MS ? ms : CR_PRESENCE_TICK_MAX_MS;
}

static void tick(struct cr_tick *t, int64_t now_ms)
{
    struct cr_presence *r = (struct cr_presence *)((char *)t - offsetof(struct cr_presence, tick));
    struct cr_live_doc *d =
        (struct cr_live_doc *)(void *)((char *)r - offsetof(struct cr_live_doc, presence));

    (void)now_ms;
    if (r->changed.count == 0)
        return; /* the next change goes at once */
    send_ids(d, &r->changed);
    cr_hub_set_tick(d->room->hub, t, tick_ms(d));
}

static void forget_all_frame(struct cr_presence *r)
{
    cr_frame_free(r->all);
    r->all = NULL;
}

void presence_tell_changes(struct cr_live_doc *d)
{
    struct cr_presence *r = &d->presence;

    forget_all_frame(r);
    if (r->tick.due_ms != 0)
        return;
    send_ids(d, &r->changed);
    cr_hub_set_tick(d->room->hub, &r->tick, tick_ms(d));
}

void cr_presence_send_all(struct cr_peer *p)
{
    struct cr_presence *r = &p->doc->presence;
    struct yd_buf body = {0};

    if (!r->table || yd_awareness_count(r->table) == 0)
        return;
    if (!r->all) {
        yd_awareness_encode_all(r->table, &body);
        r->all = frame_of(&body);
        yd_buf_free(&body);
    }
    cr_conn_send(p->conn, r->all);
}

void cr_presence_second(struct cr_live_doc *d, int64_t now_ms)
{
    struct cr_presence *r = &d->presence;
    struct yd_buf body = {0};

    if (r->renewed.count > 0 && now_ms - r->renewed_ms >= CR_PRESENCE_RENEWED_MS) {
        r->renewed_ms = now_ms;
        send_ids(d, &r->renewed);
    }
    if (r->table && yd_awareness_expire(r->table, now_ms, CR_PRESENCE_TIMEOUT_MS, &body) > 0) {
        CR_AUTO(cr_frame) *f = frame_of(&body);

        forget_all_frame(r);
        r->version++;
        cr_fanout_frame(d, f, NULL);
    }
    yd_buf_free(&body);
}

/* ---- life ---- */

void cr_presence_init(struct cr_presence *r)
{
    r->tick.fire = tick;
}

void presence_send_clear(struct cr_live_doc *d)
{
    struct cr_presence *r = &d->presence;

    cr_tick_clear(&d->room->hub->ticks, &r->tick);
    forget_all_frame(r);
    clear_ids(&r->changed);
    clear_ids(&r->renewed);
}
