/* The C engine as a writer and reader that a test drives over pipes (frame.h); bodies are lib0
 * values.  A target is varUint 1 + name, or 0 + client + clock. */
#include "tests/differential/frame.h"
#include "ydoc/edit.h"
#include "ydoc/events.h"
#include "ydoc/json_out.h"
#include "ydoc/read.h"
#include "ydoc/relpos.h"
#include "ydoc/snapshot.h"
#include "ydoc/touch.h"
#include "ydoc/wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct yd_doc *doc;

static struct yd_target read_target(struct yd_reader *r)
{
    struct yd_target at = {0};

    if (yd_read_varuint(r) == 1) {
        struct yd_slice name = yd_read_bytes(r);
        at.root = (const char *)name.p;
        at.root_len = name.len;
    } else {
        at.client = yd_read_varuint(r);
        at.clock = yd_read_u32(r);
    }
    return at;
}

#define ATTRIBUTES_MAX 8

struct op {
    struct yd_target at;
    uint32_t index, len, kind;
    struct yd_slice text;
    bool has_attributes;
    struct yd_attribute attributes[ATTRIBUTES_MAX];
    size_t attribute_count;
};

static void read_attributes(struct yd_reader *r, struct op *op)
{
    op->has_attributes = yd_read_varuint(r) != 0;
    for (uint64_t n = op->has_attributes ? yd_read_varuint(r) : 0; n > 0; n--) {
        struct yd_slice key = yd_read_bytes(r), json = yd_read_bytes(r);
        if (op->attribute_count == ATTRIBUTES_MAX)
            abort();
        op->attributes[op->attribute_count++] =
            (struct yd_attribute){(const char *)key.p, key.len, (const char *)json.p, json.len};
    }
}

static int run_op(struct yd_txn *txn, struct yd_reader *r)
{
    uint64_t code = yd_read_varuint(r);
    struct op op = {.at = read_target(r)};
    struct yd_slice key = {NULL, 0};
    const struct yd_attribute *attributes;

    if (code >= 6)
        key = yd_read_bytes(r);
    else
        op.index = yd_read_u32(r);
    op.len = yd_read_u32(r);
    op.kind = yd_read_u32(r);
    op.text = yd_read_bytes(r);
    read_attributes(r, &op);
    attributes = op.has_attributes ? op.attributes : NULL;
    switch (code) {
    case 0:
        return yd_text_insert(txn, op.at, op.index, (const char *)op.text.p, op.text.len,
                              attributes, op.attribute_count);
    case 1:
        return yd_text_insert_embed(txn, op.at, op.index, (const char *)op.text.p, op.text.len,
                                    attributes, op.attribute_count);
    case 2:
        return yd_text_format(txn, op.at, op.index, op.len, attributes, op.attribute_count);
    case 3:
        return yd_list_delete(txn, op.at, op.index, op.len);
    case 4:
        return yd_array_insert(txn, op.at, op.index, op.text.p, op.text.len, op.len);
    case 5:
        return yd_array_insert_type(txn, op.at, op.index, (enum yd_type_kind)op.kind,
                                    (const char *)op.text.p, op.text.len, NULL);
    case 6:
        return yd_map_set(txn, op.at, (const char *)key.p, key.len, op.text.p, op.text.len);
    case 7:
        return yd_map_set_type(txn, op.at, (const char *)key.p, key.len, (enum yd_type_kind)op.kind,
                               (const char *)op.text.p, op.text.len, NULL);
    default:
        return yd_map_delete(txn, op.at, (const char *)key.p, key.len);
    }
}

/* client, count, operations; answers the update. */
static int edit(struct yd_reader *r, struct yd_buf *out)
{
    struct yd_txn txn;
    int err = yd_txn_begin(&txn, doc, yd_read_varuint(r));

    if (err)
        return err;
    for (uint64_t n = yd_read_varuint(r); n > 0 && !err; n--)
        err = run_op(&txn, r);
    yd_txn_commit(&txn, out);
    return err;
}

/* target, index, assoc + 1; answers the position. */
static int position(struct yd_reader *r, struct yd_buf *out)
{
    struct yd_target at = read_target(r);
    uint32_t index = yd_read_u32(r);
    int32_t assoc = (int32_t)yd_read_u32(r) - 1;
    struct yd_relpos pos;
    int err = yd_relpos_at(doc, at, index, assoc, &pos);

    if (!err)
        yd_relpos_encode(&pos, out);
    return err;
}

/* the position; answers its index and its target. */
static int resolve(const uint8_t *body, size_t len, struct yd_buf *out)
{
    struct yd_relpos pos;
    struct yd_target at;
    uint32_t index;
    int err = yd_relpos_decode(body, len, &pos);

    if (!err)
        err = yd_relpos_resolve(doc, &pos, &at, &index);
    if (err)
        return err;
    yd_buf_put_varuint(out, index);
    yd_buf_put_varuint(out, at.root != NULL);
    if (at.root) {
        yd_buf_put_bytes(out, at.root, at.root_len);
    } else {
        yd_buf_put_varuint(out, at.client);
        yd_buf_put_varuint(out, at.clock);
    }
    return 0;
}

/* count, (start, end)*, update; answers a byte. */
static int touches(struct yd_reader *r, struct yd_buf *out)
{
    struct yd_span spans[8];
    uint64_t n = yd_read_varuint(r);
    bool yes = false;
    int err = n > 8 ? YD_ERR_RANGE : 0;

    for (uint64_t i = 0; i < n && !err; i++) {
        struct yd_slice a = yd_read_bytes(r), b = yd_read_bytes(r);
        err = yd_relpos_decode(a.p, a.len, &spans[i].start);
        if (!err)
            err = yd_relpos_decode(b.p, b.len, &spans[i].end);
    }
    if (!err)
        err = yd_update_touches(doc, r->p, yd_reader_left(r), spans, (size_t)n, &yes, NULL);
    yd_buf_append(out, &yes, 1);
    return err;
}

static bool put_root(void *ctx, const char *root, size_t root_len)
{
    yd_buf_append(ctx, root ? root : "?", root ? root_len : 1);
    yd_buf_append(ctx, "\n", 1);
    return true;
}

static void put_text(struct yd_buf *out, const char *s, size_t len)
{
    yd_json_string(out, (struct yd_slice){(const uint8_t *)s, len});
}

static void put_change(struct yd_buf *out, const struct yd_change *c)
{
    static const char *const names[] = {"retain", "insert", "delete"};
    char text[200];

    snprintf(text, sizeof(text), "{\"%s\":%u,\"index\":%u,\"client\":%llu,\"clock\":%u",
             names[c->kind], c->len, c->index, (unsigned long long)c->client, c->clock);
    yd_json_put(out, text);
    if (c->attributes) {
        yd_json_put(out, ",\"attributes\":");
        yd_json_put(out, c->attributes);
    }
    yd_json_put(out, "},");
}

static void put_event(struct yd_buf *out, const struct yd_event *e)
{
    static const char *const actions[] = {"add", "update", "delete"};

    yd_json_put(out, "{\"path\":[");
    put_text(out, e->root, e->root_len);
    for (size_t i = 0; i < e->path_len; i++) {
        yd_json_put(out, ",");
        if (e->path[i].key)
            put_text(out, e->path[i].key, e->path[i].key_len);
        else
            yd_json_put_uint(out, e->path[i].index);
    }
    yd_json_put(out, "],\"keys\":{");
    for (size_t i = 0; i < e->key_count; i++) {
        yd_json_put(out, i ? "," : "");
        put_text(out, e->keys[i].key, e->keys[i].key_len);
        yd_json_put(out, ":");
        put_text(out, actions[e->keys[i].action], strlen(actions[e->keys[i].action]));
    }
    yd_json_put(out, "},\"delta\":[");
    for (size_t i = 0; i < e->change_count; i++)
        put_change(out, &e->changes[i]);
    yd_json_put(out, "null]},");
}

/* Apply an update; answers its events as JSON. */
static int apply_events(const uint8_t *body, size_t len, struct yd_buf *out)
{
    struct yd_events events;
    int err = yd_apply_update_events(doc, body, len, NULL, &events);

    yd_json_put(out, "[");
    for (size_t i = 0; i < events.n; i++)
        put_event(out, &events.v[i]);
    yd_json_put(out, "null]");
    yd_events_clear(&events);
    return err;
}

static int run(char command, const uint8_t *body, size_t len, struct yd_buf *out)
{
    struct yd_reader r = yd_reader_of(body, len);
    struct yd_target at;

    switch (command) {
    case 'n': /* new document; a body: it keeps what is deleted */
        yd_doc_free(doc);
        doc = yd_doc_new(NULL);
        yd_doc_set_gc(doc, len == 0);
        return 0;
    case 'a':
        return yd_apply_update(doc, body, len, NULL);
    case 'S':
        yd_snapshot(doc, out);
        return 0;
    case 'M':
        return yd_snapshot_update(doc, body, len, out);
    case 'v':
        return apply_events(body, len, out);
    case 'd':
        return yd_encode_diff(doc, len ? body : NULL, len, out);
    case 'E':
        return edit(&r, out);
    case 'j': /* target, kind */
        at = read_target(&r);
        return yd_json(doc, at, (enum yd_type_kind)yd_read_varuint(&r), out);
    case 'D':
        return yd_delta(doc, read_target(&r), out);
    case 'r':
        return position(&r, out);
    case 'R':
        return resolve(body, len, out);
    case 'T':
        return touches(&r, out);
    case 'o':
        return yd_update_roots(doc, body, len, put_root, out);
    default:
        return YD_ERR_KIND;
    }
}

int main(void)
{
    doc = yd_doc_new(NULL);
    peer_serve(run);
    yd_doc_free(doc);
    return 0;
}
