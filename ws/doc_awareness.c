/* Awareness: who is in a document, with cursor and name. Each state belongs to the socket that
 * brought it and ends with it. */
#include "base/clock.h"
#include "ws/doc.h"
#include "ws/metrics.h"
#include "ydoc/yprotocol.h"

static struct cr_doc_client *find_client(struct cr_live_doc *d, uint64_t client)
{
    for (size_t i = 0; i < d->client_count; i++)
        if (d->clients[i].client == client)
            return &d->clients[i];
    return NULL;
}

static void forget_client(struct cr_live_doc *d, struct cr_doc_client *c)
{
    *c = d->clients[--d->client_count];
}

static void own_client(struct cr_peer *p, uint64_t client)
{
    struct cr_live_doc *d = p->doc;
    struct cr_doc_client *c = find_client(d, client);

    if (!c) {
        if (d->client_count == d->client_cap) {
            d->client_cap = d->client_cap ? d->client_cap * 2 : 8;
            d->clients = cr_realloc(d->clients, d->client_cap * sizeof *d->clients);
        }
        c = &d->clients[d->client_count++];
        c->client = client;
    }
    c->peer =
        p; /* the newest speaker: a client that reconnects is faster than its old socket's end */
}

static size_t owned_count(const struct cr_peer *p)
{
    size_t n = 0;

    for (size_t i = 0; i < p->doc->client_count; i++)
        n += p->doc->clients[i].peer == p;
    return n;
}

static void broadcast_body(struct cr_live_doc *d, const struct yd_buf *body,
                           const struct cr_peer *except)
{
    CR_AUTO(cr_frame) *f = NULL;
    struct yd_buf out = {0};

    yd_message_awareness(&out, body->data, body->len);
    f = cr_frame_new(false, out.data, out.len);
    cr_doc_broadcast(d, f, except);
    yd_buf_free(&out);
}

static void relay(struct cr_peer *p, const struct yd_awareness_result *res, const uint8_t *frame,
                  size_t frame_len)
{
    cr_metric_add(cr_ws_metrics.awareness, 1);
    if (res->echoes == 0) { /* all of it is news: the bytes go on as they came */
        CR_AUTO(cr_frame) *f = cr_frame_new(false, frame, frame_len);

        cr_doc_broadcast(p->doc, f, p);
    } else {
        uint64_t *ids = cr_calloc(res->count, sizeof *ids);
        struct yd_buf body = {0};

        for (size_t i = 0; i < res->count; i++)
            ids[i] = res->events[i].client;
        yd_awareness_encode(p->doc->awareness, ids, res->count, &body);
        broadcast_body(p->doc, &body, p);
        yd_buf_free(&body);
        free(ids);
    }
}

void cr_doc_awareness(struct cr_peer *p, const uint8_t *frame, size_t frame_len,
                      const uint8_t *body, size_t len)
{
    struct cr_live_doc *d = p->doc;
    struct yd_awareness_result res = {0};
    int rc = yd_awareness_apply(d->awareness, body, len, cr_mono_ms(), &res);

    if (rc < 0) {
        cr_conn_close(p->conn, rc == YD_ERR_LIMIT ? CR_ERR_LIMIT : CR_ERR_INVALID,
                      "malformed message: %s", yd_strerror(rc));
        return;
    }
    for (size_t i = 0; i < res.count; i++) {
        struct cr_doc_client *c;

        if (res.events[i].change != YD_AWARENESS_REMOVED)
            own_client(p, res.events[i].client);
        else if ((c = find_client(d, res.events[i].client)) != NULL)
            forget_client(d, c);
    }
    if (res.count > 0) {
        relay(p, &res, frame, frame_len);
        if (owned_count(p) > CR_DOC_AWARENESS_PER_SOCKET)
            cr_conn_close(p->conn, CR_ERR_LIMIT, "too many awareness clients on one socket");
    }
    yd_awareness_result_clear(&res);
}

void cr_doc_awareness_send(struct cr_peer *p)
{
    struct yd_buf body = {0}, out = {0};

    if (yd_awareness_count(p->doc->awareness) == 0)
        return;
    yd_awareness_encode_all(p->doc->awareness, &body);
    yd_message_awareness(&out, body.data, body.len);
    cr_conn_send_bytes(p->conn, false, out.data, out.len);
    yd_buf_free(&body);
    yd_buf_free(&out);
}

void cr_doc_awareness_leave(struct cr_peer *p)
{
    struct cr_live_doc *d = p->doc;
    uint64_t *ids = cr_calloc(d->client_count + 1, sizeof *ids);
    struct yd_buf body = {0};
    size_t count = 0, i = 0;

    while (i < d->client_count) {
        if (d->clients[i].peer == p) {
            ids[count++] = d->clients[i].client;
            forget_client(d, &d->clients[i]);
        } else {
            i++;
        }
    }
    if (count > 0 && yd_awareness_remove(d->awareness, ids, count, &body) > 0)
        broadcast_body(d, &body, p);
    yd_buf_free(&body);
    free(ids);
}
