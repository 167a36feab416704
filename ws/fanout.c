#include "ws/fanout.h"

#include "base/clock.h"
#include "ws/doc.h"
#include "ws/metrics.h"
#include "ws/update.h"

/* ---- the sockets ---- */

void cr_fanout_attach(struct cr_live_doc *d, struct cr_peer *p)
{
    struct cr_fanout *o = &d->fanout;

    if (o->count == o->cap) {
        o->cap = o->cap ? o->cap * 2 : 4;
        o->conns = cr_realloc(o->conns, o->cap * sizeof *o->conns);
    }
    p->slot = o->count;
    o->conns[o->count++] = p->conn;
}

void cr_fanout_detach(struct cr_live_doc *d, struct cr_peer *p)
{
    struct cr_fanout *o = &d->fanout;
    struct cr_peer *last = o->conns[o->count - 1]->ctx;

    o->conns[p->slot] = o->conns[--o->count];
    last->slot = p->slot;
    for (size_t i = 0; i < o->edit_count; i++)
        if (o->edits[i].from == p)
            o->edits[i].from = NULL;
    cr_echo_clear(&p->echo);
    cr_buf_clear(&p->missed_from);
    if (p->lagging)
        cr_metric_add(cr_ws_metrics.lagging, -1);
}

void cr_fanout_frame(struct cr_live_doc *d, struct cr_frame *f, const struct cr_peer *except)
{
    int64_t start_us = cr_mono_us();

    cr_conn_broadcast(d->fanout.conns, d->fanout.count, f, except ? except->conn : NULL);
    cr_metric_observe_us(cr_ws_metrics.broadcast_seconds, cr_mono_us() - start_us);
}

/* ---- when to send ---- */

static void count_edit(struct cr_fanout *o, struct cr_peer *p, int64_t now_ms)
{
    if (now_ms - o->window_ms >= CR_FANOUT_WINDOW_MS) {
        bool next = now_ms - o->window_ms < 2 * CR_FANOUT_WINDOW_MS;

        o->edits_last = next ? o->edits_now : 0;
        o->writers_last = next ? o->writers_now : 0;
        o->edits_now = o->writers_now = 0;
        o->window_ms = now_ms;
        o->window++;
    }
    o->edits_now++;
    if (p->wrote_in != o->window) {
        p->wrote_in = o->window;
        o->writers_now++;
    }
}

/* How long to collect edits before the next fan-out; 0: not at all. */
static int64_t tick_ms(const struct cr_fanout *o)
{
    uint32_t edits = o->edits_now > o->edits_last ? o->edits_now : o->edits_last;
    uint32_t writers = o->writers_now > o->writers_last ? o->writers_now : o->writers_last;
    int64_t fanout_us = (int64_t)o->count * CR_FANOUT_DELIVERY_US;
    int64_t load_pct = edits * fanout_us / (CR_FANOUT_WINDOW_MS * 10);
    int64_t ms = fanout_us * CR_FANOUT_TICK_FACTOR / 1000;

    if (load_pct <
        (writers >= CR_FANOUT_MANY_WRITERS ? CR_FANOUT_LOAD_MANY_PCT : CR_FANOUT_LOAD_ONE_PCT))
        return 0;
    if (ms < CR_FANOUT_TICK_MIN_MS)
        return CR_FANOUT_TICK_MIN_MS;
    return ms < CR_FANOUT_TICK_MAX_MS ? ms : CR_FANOUT_TICK_MAX_MS;
}

/* ---- ticks ---- */

/* An update message with all edits that are not of `without`; NULL: there are none. */
static struct cr_frame *merge(const struct cr_fanout_edit *edits, size_t count,
                              const struct cr_peer *without)
{
    struct yd_bytes *parts = cr_calloc(count, sizeof *parts);
    struct cr_frame *f = NULL, *one = NULL;
    size_t n = 0;

    for (size_t i = 0; i < count; i++) {
        if (without && edits[i].from == without)
            continue;
        parts[n++] = (struct yd_bytes){edits[i].update, edits[i].len};
        one = edits[i].frame;
    }
    if (n == 1)
        f = cr_frame_ref(one);
    else if (n > 1)
        f = cr_update_frame_of(parts, n);
    free(parts);
    return f;
}

/* A stock client takes its own edits coming back as "stored": its author gets all but those. Other
 * clients know by the message "saved", and take what they have for nothing new. */
static bool wants_own_merge(const struct cr_peer *p)
{
    return p && !p->access.want_saved && !p->conn->muted;
}

static void send_to_authors(struct cr_fanout_edit *edits, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct cr_peer *p = edits[i].from;
        CR_AUTO(cr_frame) *f = NULL;

        if (!wants_own_merge(p))
            continue;
        f = merge(edits, count, p);
        if (f)
            cr_conn_send(p->conn, f);
        p->conn->muted = true; /* for the rest of this fan-out */
    }
}

static void send_collected(struct cr_live_doc *d)
{
    struct cr_fanout *o = &d->fanout;
    struct cr_fanout_edit *edits = o->edits;
    size_t count = o->edit_count;
    CR_AUTO(cr_frame) *all = merge(edits, count, NULL);

    o->edits = NULL; /* what is sent may crowd somebody: nothing is collected then */
    o->edit_count = o->edit_cap = 0;
    send_to_authors(edits, count);
    if (all)
        cr_fanout_frame(d, all, NULL);
    for (size_t i = 0; i < count; i++) {
        struct cr_peer *p = edits[i].from;

        if (p && !p->access.want_saved)
            p->conn->muted = p->lagging;
        cr_frame_free(edits[i].frame);
    }
    free(edits);
    cr_metric_add(cr_ws_metrics.merged_edits, (int64_t)count);
}

static void tick(struct cr_tick *t, int64_t now_ms)
{
    struct cr_fanout *o = (struct cr_fanout *)((char *)t - offsetof(struct cr_fanout, tick));
    struct cr_live_doc *d =
        (struct cr_live_doc *)(void *)((char *)o - offsetof(struct cr_live_doc, fanout));
    int64_t ms = tick_ms(o);

    (void)now_ms;
    if (o->edit_count == 0)
        return; /* the next edit goes at once */
    send_collected(d);
    cr_hub_set_tick(d->room->hub, t, ms > 0 ? ms : CR_FANOUT_TICK_MIN_MS);
}

static void collect(struct cr_fanout *o, struct cr_peer *p, struct cr_frame *f, size_t update_len)
{
    if (o->edit_count == o->edit_cap) {
        o->edit_cap = o->edit_cap ? o->edit_cap * 2 : 8;
        o->edits = cr_realloc(o->edits, o->edit_cap * sizeof *o->edits);
    }
    /* The update is the message's end. */
    o->edits[o->edit_count++] = (struct cr_fanout_edit){.from = p,
                                                        .frame = cr_frame_ref(f),
                                                        .update = f->data + f->len - update_len,
                                                        .len = update_len};
}

/* An answer to step 1 goes on as an update, since a step 2 would tell the others that their own
 * synchronisation is done. */
static struct cr_frame *as_update(const struct yd_message *m, const uint8_t *frame, size_t len)
{
    if (m->type == YD_MSG_SYNC_UPDATE)
        return cr_frame_new(false, frame, len); /* as it came */
    return cr_update_frame(m->payload, m->payload_len);
}

/* A stock client is told by its own edit that it is stored. */
static void keep_echo(struct cr_peer *p, struct cr_frame *f, size_t update_len)
{
    if (!p->access.want_saved)
        cr_echo_add(&p->echo, f, update_len, p->handled);
}

/* To all but p, at once or with the others of the tick. */
static void tell_others(struct cr_peer *p, struct cr_frame *f, size_t update_len)
{
    struct cr_fanout *o = &p->doc->fanout;
    int64_t ms;

    if (o->tick.due_ms != 0) {
        collect(o, p, f, update_len);
        return;
    }
    cr_fanout_frame(p->doc, f, p);
    ms = tick_ms(o);
    if (ms > 0)
        cr_hub_set_tick(p->doc->room->hub, &o->tick, ms);
}

void cr_fanout_edit(struct cr_peer *p, const struct yd_message *m, const uint8_t *frame, size_t len)
{
    struct cr_fanout *o = &p->doc->fanout;
    CR_AUTO(cr_frame) *f = NULL;

    o->version++;
    count_edit(o, p, cr_mono_ms());
    if (o->count == 1 && p->access.want_saved)
        return; /* nobody to tell */
    f = as_update(m, frame, len);
    keep_echo(p, f, m->payload_len);
    if (o->count > 1)
        tell_others(p, f, m->payload_len);
}

void cr_fanout_news(struct cr_peer *p, const struct yd_message *m, const uint8_t *frame, size_t len,
                    const struct yd_buf *news, bool more)
{
    CR_AUTO(cr_frame) *f = cr_update_frame(news->data, news->len);

    cr_fanout_wait(p, m, frame, len);
    count_edit(&p->doc->fanout, p, cr_mono_ms());
    if (more) /* to a stock client with its own edit, since it means "stored" */
        keep_echo(p, f, news->len);
    if (more && p->access.want_saved && !p->conn->muted)
        cr_conn_send(p->conn, f);
    if (p->doc->fanout.count > 1)
        tell_others(p, f, news->len);
}

void cr_fanout_wait(struct cr_peer *p, const struct yd_message *m, const uint8_t *frame, size_t len)
{
    CR_AUTO(cr_frame) *f = NULL;

    p->doc->fanout.version++;
    if (p->access.want_saved)
        return;
    f = as_update(m, frame, len);
    keep_echo(p, f, m->payload_len);
}

void cr_fanout_own_edit(struct cr_live_doc *d, const uint8_t *update, size_t len)
{
    struct cr_fanout *o = &d->fanout;
    CR_AUTO(cr_frame) *f = cr_update_frame(update, len);

    o->version++;
    if (o->tick.due_ms != 0)
        collect(o, NULL, f, len);
    else
        cr_fanout_frame(d, f, NULL);
}

void cr_fanout_stored(struct cr_peer *p, uint64_t handled)
{
    CR_AUTO(cr_frame) *f = cr_echo_take(&p->echo, handled);

    if (f)
        cr_conn_send(p->conn, f);
    if (p->lagging && p->conn->count == 0)
        cr_fanout_drained(p);
}

/* ---- slow readers ---- */

void cr_fanout_crowded(struct cr_peer *p)
{
    struct cr_live_doc *d = p->doc;
    const struct cr_buf *vector;

    /* p is given later what the document has beyond the vector of now: so everything in it has to
     * be on its way to p. What was collected is not, nor what is in the document and still to be
     * sent: whoever changes the document sends all of the change in one frame. */
    if (p->lagging || d->fanout.edit_count > 0 || !d->loaded || d->busy)
        return;
    vector = cr_doc_vector(d);
    p->lagging = p->conn->muted = true;
    p->missed_version = d->fanout.version;
    p->missed_presence = d->presence.version;
    cr_buf_reset(&p->missed_from);
    cr_buf_append(&p->missed_from, vector->data, vector->len);
    cr_metric_add(cr_ws_metrics.lagging, 1);
}

void cr_fanout_drained(struct cr_peer *p)
{
    CR_AUTO_BUF from = {0};

    /* What it missed may hold edits of its own: a stock client gets those when they are stored. */
    if (!p->lagging || p->echo.count > 0)
        return;
    from = p->missed_from;
    p->missed_from = (struct cr_buf){0};
    p->lagging = p->conn->muted = false;
    if (p->missed_version != p->doc->fanout.version || p->step2_due)
        cr_doc_resync(p, &from);
    p->step2_due = false;
    /* Only if there is news: alone they may be so many that it is left out again. */
    if (p->missed_presence != p->doc->presence.version)
        cr_presence_send_all(p);
    cr_metric_add(cr_ws_metrics.resyncs, 1);
    cr_metric_add(cr_ws_metrics.lagging, -1);
}

/* ---- life ---- */

void cr_fanout_init(struct cr_fanout *o)
{
    o->tick.fire = tick;
}

void cr_fanout_clear(struct cr_live_doc *d)
{
    struct cr_fanout *o = &d->fanout;

    cr_tick_clear(&d->room->hub->ticks, &o->tick);
    for (size_t i = 0; i < o->edit_count; i++)
        cr_frame_free(o->edits[i].frame);
    free(o->edits);
    free(o->conns);
}
