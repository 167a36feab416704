/* What clients say of themselves: taken, owned, ended. */
#include "base/clock.h"
#include "ws/doc.h"
#include "ws/identity.h"
#include "ws/metrics.h"
#include "ws/presence_internal.h"

#include <stdlib.h>

/* ---- whose client is whose ---- */

struct cr_presence_client *presence_client(const struct cr_presence *r, uint64_t client)
{
    for (size_t i = 0; i < r->count; i++)
        if (r->clients[i].client == client)
            return &r->clients[i];
    return NULL;
}

static void forget_client(struct cr_presence *r, struct cr_presence_client *c)
{
    *c = r->clients[--r->count];
}

static void own_client(struct cr_peer *p, uint64_t client)
{
    struct cr_presence *r = &p->doc->presence;
    struct cr_presence_client *c = presence_client(r, client);

    if (!c) {
        if (r->count == r->cap) {
            r->cap = r->cap ? r->cap * 2 : 4;
            r->clients = cr_realloc(r->clients, r->cap * sizeof *r->clients);
        }
        c = &r->clients[r->count++];
        *c = (struct cr_presence_client){.client = client};
        p->introduced++;
    }
    if (c->peer && c->peer != p)
        c->peer->presence_bytes -= c->bytes;
    p->presence_bytes -= c->peer == p ? c->bytes : 0;
    c->peer = p;
    yd_awareness_state(r->table, client, &c->bytes);
    p->presence_bytes += c->bytes;
}

static bool is_same_person(const struct cr_access *a, const struct cr_access *b)
{
    return strcmp(a->user_id, b->user_id) == 0 && strcmp(a->grant_id, b->grant_id) == 0;
}

/* A client that reconnects is faster than its old socket's end: the same person may take over. */
static bool may_speak_for(const struct cr_peer *p, uint64_t client)
{
    const struct cr_presence_client *c = presence_client(&p->doc->presence, client);

    return !c || c->peer == p || is_same_person(&c->peer->access, &p->access);
}

/* ---- what clients say ---- */

/* A message's states that are news and the sender's to say, with the server's truth about him. */
struct sifted {
    struct cr_peer *from;
    struct yd_buf entries; /* as in a body */
    uint64_t count;
    int64_t dropped;
    unsigned introduced; /* ids that nobody spoke for */
    size_t bytes;        /* of all the states that are the sender's then */
};

static bool is_null(const uint8_t *json, size_t len)
{
    return len == 4 && memcmp(json, "null", 4) == 0;
}

/* Whether the entry is one to take: not an echo, and not about somebody else's client, nor the end
 * of one that nobody knows. */
static bool concerns(struct cr_peer *p, uint64_t client, uint64_t clock, const uint8_t *json,
                     size_t len)
{
    const struct cr_presence *r = &p->doc->presence;

    return yd_awareness_is_news(r->table, client, clock, json, len) && may_speak_for(p, client) &&
           !(is_null(json, len) && !presence_client(r, client));
}

/* YD_ERR_LIMIT: it is more than one socket may say. */
static int sift(void *ctx, uint64_t client, uint64_t clock, const uint8_t *json, size_t len)
{
    struct sifted *s = ctx;
    struct cr_peer *p = s->from;
    const struct cr_presence_client *c = presence_client(&p->doc->presence, client);
    size_t before;
    int rc;

    if (!concerns(p, client, clock, json, len)) {
        s->dropped++;
        return 0;
    }
    yd_buf_put_varuint(&s->entries, client);
    yd_buf_put_varuint(&s->entries, clock);
    before = s->entries.len;
    rc = cr_identity_put(&s->entries, json, len, &p->access);
    if (rc < 0)
        return rc;
    s->count++;
    s->introduced += !c;
    s->bytes += s->entries.len - before;
    if (c && c->peer == p)
        s->bytes -= c->bytes;
    return len > CR_PRESENCE_STATE_BYTES || s->bytes > CR_PRESENCE_BYTES_PER_SOCKET ||
                   p->introduced + s->introduced > CR_PRESENCE_PER_SOCKET
               ? YD_ERR_LIMIT
               : 0;
}

static void take_events(struct cr_peer *p, const struct yd_awareness_result *res)
{
    struct cr_presence *r = &p->doc->presence;

    for (size_t i = 0; i < res->count; i++) {
        uint64_t client = res->events[i].client;

        own_client(p, client);
        presence_add_id(res->events[i].change == YD_AWARENESS_RENEWED ? &r->renewed : &r->changed,
                        client);
    }
    cr_metric_add(cr_ws_metrics.awareness, (int64_t)res->count);
}

static int apply(struct cr_peer *p, const struct yd_buf *body)
{
    struct yd_awareness_result res = {0};
    int rc = yd_awareness_apply(p->doc->presence.table, body->data, body->len, cr_mono_ms(), &res);

    if (rc == 0)
        take_events(p, &res);
    yd_awareness_result_clear(&res);
    return rc;
}

static int apply_one(void *ctx, uint64_t client, uint64_t clock, const uint8_t *json, size_t len)
{
    struct yd_buf body = {0};

    yd_buf_put_varuint(&body, 1);
    yd_buf_put_varuint(&body, client);
    yd_buf_put_varuint(&body, clock);
    yd_buf_put_bytes(&body, json, len);
    if (apply(ctx, &body) < 0)
        cr_metric_add(cr_ws_metrics.awareness_drops, 1);
    yd_buf_free(&body);
    return 0;
}

/* When the document's table is full, that is nobody's fault who speaks now: of what he says the
 * states that find no room are left out until there is some. */
static int apply_what_fits(struct cr_peer *p, const struct sifted *s)
{
    struct yd_buf body = {0};
    int rc;

    yd_buf_put_varuint(&body, s->count);
    yd_buf_append(&body, s->entries.data, s->entries.len);
    rc = apply(p, &body);
    if (rc == YD_ERR_LIMIT)
        rc = yd_awareness_each(body.data, body.len, apply_one, p);
    yd_buf_free(&body);
    return rc;
}

void cr_presence_apply(struct cr_peer *p, const uint8_t *body, size_t len)
{
    /* Names are put in behind the check of a state's size. */
    struct yd_awareness_limits limits = {.max_clients = CR_PRESENCE_CLIENTS,
                                         .max_state_bytes = 2 * CR_PRESENCE_STATE_BYTES,
                                         .max_bytes = CR_PRESENCE_BYTES};
    struct cr_presence *r = &p->doc->presence;
    struct sifted s = {.from = p, .bytes = p->presence_bytes};
    int rc;

    if (!r->table)
        r->table = yd_awareness_new(&limits);
    rc = yd_awareness_each(body, len, sift, &s);
    cr_metric_add(cr_ws_metrics.awareness_drops, s.dropped);
    if (rc == YD_ERR_LIMIT) {
        cr_conn_close(p->conn, CR_ERR_LIMIT, "too many or too large awareness states");
    } else {
        if (rc == 0 && s.count > 0)
            rc = apply_what_fits(p, &s);
        if (rc < 0)
            cr_doc_malformed(p, rc);
        if (r->changed.count > 0)
            presence_tell_changes(p->doc);
    }
    yd_buf_free(&s.entries);
}

/* ---- leaving ---- */

void cr_presence_leave(struct cr_peer *p)
{
    struct cr_live_doc *d = p->doc;
    struct cr_presence *r = &d->presence;
    struct yd_buf unused = {0};
    size_t i = 0;

    while (i < r->count) {
        uint64_t client = r->clients[i].client;

        if (r->clients[i].peer != p) {
            i++;
            continue;
        }
        forget_client(r, &r->clients[i]);
        if (yd_awareness_remove(r->table, &client, 1, &unused) > 0)
            presence_add_id(&r->changed, client);
    }
    yd_buf_free(&unused);
    if (r->changed.count > 0)
        presence_tell_changes(d);
}

/* ---- life ---- */

void cr_presence_clear(struct cr_live_doc *d)
{
    struct cr_presence *r = &d->presence;

    presence_send_clear(d);
    free(r->clients);
    yd_awareness_free(r->table);
}
