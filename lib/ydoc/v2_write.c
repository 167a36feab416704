/* Update v1 to v2. */
#include "ydoc/any.h"
#include "ydoc/update_walk.h"
#include "ydoc/updates.h"
#include "ydoc/v2_columns.h"

struct v2 {
    struct yd_col_out key, client, left, right, info, parent, type, len;
    struct yd_strings_out strings;
    struct yd_buf rest;
    uint32_t keys;
    bool keep_sub;
};

static void put_id(struct v2 *v, struct yd_col_out *clock, struct yd_id id)
{
    yd_col_put_uint(&v->client, id.client);
    yd_col_put_clock(clock, id.clock);
}

/* Yjs numbers keys without ever using a number again. */
static void put_key(struct v2 *v, struct yd_slice key)
{
    yd_col_put_clock(&v->key, v->keys++);
    yd_strings_put(&v->strings, key);
}

static void put_parent(struct v2 *v, const struct yd_ref *ref)
{
    yd_col_put_byte(&v->parent, ref->parent == YD_PARENT_ROOT);
    if (ref->parent == YD_PARENT_ROOT)
        yd_strings_put(&v->strings, ref->root);
    else
        put_id(v, &v->left, ref->parent_id);
    if (ref->has_sub)
        yd_strings_put(&v->strings, ref->sub);
}

/* JSON text was checked when it was read. */
static void put_value(struct v2 *v, struct yd_slice json)
{
    yd_any_from_json(&v->rest, (const char *)json.p, json.len);
}

static void put_content(struct v2 *v, const struct yd_ref *ref)
{
    struct yd_reader r = yd_reader_of(ref->content.p, ref->content.len);

    switch (ref->kind) {
    case YD_STRING:
        yd_strings_put(&v->strings, ref->content);
        break;
    case YD_JSON:
        yd_col_put_uint(&v->len, ref->len);
        while (r.p < r.end)
            yd_strings_put(&v->strings, yd_read_bytes(&r));
        break;
    case YD_ANY:
        yd_col_put_uint(&v->len, ref->len);
        yd_buf_append(&v->rest, ref->content.p, ref->content.len);
        break;
    case YD_BINARY:
        yd_buf_append(&v->rest, ref->content.p, ref->content.len);
        break;
    case YD_FORMAT:
        put_key(v, yd_read_bytes(&r));
        put_value(v, yd_read_bytes(&r));
        break;
    case YD_EMBED:
        put_value(v, yd_read_bytes(&r));
        break;
    case YD_TYPE:
        yd_col_put_uint(&v->type, ref->type_ref);
        if (ref->type_named)
            put_key(v, ref->type_name);
        break;
    case YD_DOC:
        yd_strings_put(&v->strings, yd_read_bytes(&r));
        yd_buf_append(&v->rest, r.p, yd_reader_left(&r));
        break;
    default: /* DELETED */
        yd_col_put_uint(&v->len, ref->len);
    }
}

/* info: as in v1, where it may say that there is a key even where the key is not named. */
static void put_struct(struct v2 *v, const struct yd_ref *ref, uint8_t info)
{
    if (ref->kind == YD_GC || ref->kind == YD_SKIP) {
        yd_col_put_byte(&v->info, ref->kind);
        if (ref->kind == YD_GC)
            yd_col_put_uint(&v->len, ref->len);
        else
            yd_buf_put_varuint(&v->rest, ref->len);
        return;
    }
    if (!v->keep_sub && (ref->has_origin || ref->has_right))
        info = (uint8_t)(info & ~YD_INFO_SUB);
    yd_col_put_byte(&v->info, info);
    if (ref->has_origin)
        put_id(v, &v->left, ref->origin);
    if (ref->has_right)
        put_id(v, &v->right, ref->right);
    if (!ref->has_origin && !ref->has_right)
        put_parent(v, ref);
    put_content(v, ref);
}

static void put_deletes(struct v2 *v, const struct yd_deletes *d)
{
    size_t clients = 0;

    for (size_t i = 0; i < d->n; i++)
        clients += i == 0 || d->v[i].client != d->v[i - 1].client;
    yd_buf_put_varuint(&v->rest, clients);
    for (size_t end = d->n, from; end > 0; end = from) { /* from the highest client */
        uint32_t clock = 0;
        for (from = end - 1; from > 0 && d->v[from - 1].client == d->v[end - 1].client;)
            from--;
        yd_buf_put_varuint(&v->rest, d->v[from].client);
        yd_buf_put_varuint(&v->rest, end - from);
        for (size_t i = from; i < end; i++) {
            yd_buf_put_varuint(&v->rest, d->v[i].clock - clock);
            yd_buf_put_varuint(&v->rest, d->v[i].end - d->v[i].clock - 1);
            clock = d->v[i].end;
        }
    }
}

static void put_sections(struct v2 *v, struct yd_walk *w)
{
    uint64_t sections = 0;
    struct yd_ref ref;

    while (yd_walk_section(w)) {
        sections += w->left > 0;
        if (w->left == 0)
            continue;
        yd_buf_put_varuint(&v->rest, w->left);
        yd_col_put_uint(&v->client, w->client);
        yd_buf_put_varuint(&v->rest, w->clock);
        for (const uint8_t *at = w->r.p; yd_walk_struct(w, &ref); at = w->r.p)
            put_struct(v, &ref, *at);
    }
    yd_buf_put_in_front(&v->rest, 0, sections);
}

static void take(struct yd_buf *out, struct yd_buf *column)
{
    yd_buf_put_bytes(out, column->data, column->len);
    yd_buf_free(column);
}

static void take_strings(struct yd_buf *out, struct yd_strings_out *s)
{
    struct yd_buf column = {0};

    yd_col_end_uint(&s->lens);
    take(&column, &s->text);
    yd_buf_append(&column, s->lens.b.data, s->lens.b.len);
    yd_buf_free(&s->lens.b);
    take(out, &column);
}

static void take_columns(struct yd_buf *out, struct v2 *v)
{
    yd_col_end_clock(&v->key);
    yd_col_end_uint(&v->client);
    yd_col_end_clock(&v->left);
    yd_col_end_clock(&v->right);
    yd_col_end_uint(&v->type);
    yd_col_end_uint(&v->len);
    yd_buf_put_varuint(out, 0); /* features */
    take(out, &v->key.b);
    take(out, &v->client.b);
    take(out, &v->left.b);
    take(out, &v->right.b);
    take(out, &v->info.b);
    take_strings(out, &v->strings);
    take(out, &v->parent.b);
    take(out, &v->type.b);
    take(out, &v->len.b);
    yd_buf_append(out, v->rest.data, v->rest.len);
    yd_buf_free(&v->rest);
}

static int convert(const uint8_t *update, size_t len, bool keep_sub, struct yd_buf *out)
{
    struct v2 v = {.keep_sub = keep_sub};
    struct yd_deletes deletes = {0};
    struct yd_walk w;
    int err = yd_walk_check(update, len, NULL);

    if (err)
        return err;
    yd_walk_begin(&w, update, len);
    put_sections(&v, &w);
    yd_walk_deletes(&w, &deletes);
    yd_deletes_normalize(&deletes);
    put_deletes(&v, &deletes);
    yd_deletes_clear(&deletes);
    take_columns(out, &v);
    return 0;
}

int yd_update_v1_to_v2(const uint8_t *update, size_t len, struct yd_buf *out)
{
    return convert(update, len, false, out);
}

int yd_encode_diff_v2(const struct yd_doc *doc, const uint8_t *sv, size_t sv_len,
                      struct yd_buf *out)
{
    struct yd_buf v1 = {0};
    int err = yd_encode_diff(doc, sv, sv_len, &v1);

    if (!err)
        err = convert(v1.data, v1.len, true, out);
    yd_buf_free(&v1);
    return err;
}
