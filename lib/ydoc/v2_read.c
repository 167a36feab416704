/* Update v2 to v1.  Runs in v2 cost nothing, so what is written is bounded while it grows; whether
 * it is a good update is then asked of v1's own decoder. */
#include "ydoc/any_json.h"
#include "ydoc/update_walk.h"
#include "ydoc/updates.h"
#include "ydoc/v2_columns.h"

#include <stdlib.h>

struct v2 {
    struct yd_col_in key, client, left, right, info, parent, type, len;
    struct yd_strings_in strings;
    struct yd_reader rest;
    struct yd_cut_string *keys; /* that have been read; malloc'ed */
    uint32_t key_count, key_cap;
    struct yd_buf *out;
    size_t limit; /* of out->len */
    int err;
};

static void begin_column(struct v2 *v, struct yd_col_in *c)
{
    struct yd_slice s = yd_read_bytes(&v->rest);

    *c = (struct yd_col_in){.r = yd_reader_of(s.p, s.len)};
}

static void begin(struct v2 *v, const uint8_t *update, size_t len)
{
    v->rest = yd_reader_of(update, len);
    if (yd_read_varuint(&v->rest) != 0) /* features that are not known yet */
        yd_reader_fail(&v->rest, YD_ERR_KIND);
    begin_column(v, &v->key);
    begin_column(v, &v->client);
    begin_column(v, &v->left);
    begin_column(v, &v->right);
    begin_column(v, &v->info);
    yd_strings_begin(&v->strings, yd_read_bytes(&v->rest));
    begin_column(v, &v->parent);
    begin_column(v, &v->type);
    begin_column(v, &v->len);
    v->err = v->rest.err; /* the columns are nothing then */
}

/* Whether all is well after a struct. */
static bool is_fine(struct v2 *v)
{
    const struct yd_col_in *cols[] = {&v->key,  &v->client, &v->left, &v->right,
                                      &v->info, &v->parent, &v->type, &v->len};

    for (size_t i = 0; i < sizeof(cols) / sizeof(cols[0]) && !v->err; i++)
        v->err = cols[i]->r.err;
    if (!v->err)
        v->err = v->strings.lens.r.err;
    if (!v->err)
        v->err = v->rest.err;
    if (!v->err && v->out->len > v->limit)
        v->err = YD_ERR_TOO_BIG;
    return !v->err;
}

static void copy_string(struct v2 *v)
{
    yd_buf_put_cut_string(v->out, yd_strings_next(&v->strings));
}

/* A key is a number: that of one that came before, or the next, whose string follows.  (Yjs has
 * written the next one always, so far.) */
static void copy_key(struct v2 *v)
{
    uint32_t number = yd_col_clock(&v->key);
    struct yd_cut_string s;

    if (number < v->key_count) {
        yd_buf_put_cut_string(v->out, v->keys[number]);
        return;
    }
    s = yd_strings_next(&v->strings);
    yd_buf_put_cut_string(v->out, s);
    if (v->key_count == v->key_cap) {
        v->key_cap += v->key_cap / 2 + 8;
        v->keys = realloc(v->keys, v->key_cap * sizeof(*v->keys));
        if (!v->keys)
            abort();
    }
    v->keys[v->key_count++] = s;
}

static void copy_id(struct v2 *v, struct yd_col_in *clock)
{
    yd_buf_put_varuint(v->out, yd_col_uint(&v->client));
    yd_buf_put_varuint(v->out, yd_col_clock(clock));
}

static void copy_parent(struct v2 *v, bool has_sub)
{
    bool root = yd_col_byte(&v->parent) == 1;

    yd_buf_put_varuint(v->out, root);
    if (root)
        copy_string(v);
    else
        copy_id(v, &v->left);
    if (has_sub)
        copy_string(v);
}

/* What the rest holds as it is: [from, where it stands now). */
static void copy_rest(struct v2 *v, const uint8_t *from)
{
    if (!v->rest.err)
        yd_buf_append(v->out, from, (size_t)(v->rest.p - from));
}

static void copy_elements(struct v2 *v, unsigned kind)
{
    uint32_t count = yd_col_uint32(&v->len);
    const uint8_t *from = v->rest.p;

    yd_buf_put_varuint(v->out, count);
    if (kind == YD_JSON) {
        for (; count > 0 && is_fine(v); count--)
            copy_string(v);
        return;
    }
    for (; count > 0 && !v->rest.err; count--)
        yd_read_any(&v->rest);
    copy_rest(v, from);
}

/* In v1 the value is JSON text. */
static void copy_value(struct v2 *v)
{
    struct yd_buf text = {0};

    yd_any_to_json(&v->rest, v->limit, &text);
    yd_buf_put_bytes(v->out, text.data, text.len);
    yd_buf_free(&text);
}

static void copy_type(struct v2 *v)
{
    uint64_t type = yd_col_uint(&v->type);

    yd_buf_put_varuint(v->out, type);
    if (type == 3 || type == 5) /* XML elements and hooks */
        copy_key(v);
}

static void copy_content(struct v2 *v, unsigned kind)
{
    const uint8_t *from = v->rest.p;

    switch (kind) {
    case YD_DELETED:
        yd_buf_put_varuint(v->out, yd_col_uint32(&v->len));
        return;
    case YD_STRING:
        copy_string(v);
        return;
    case YD_JSON:
    case YD_ANY:
        copy_elements(v, kind);
        return;
    case YD_BINARY:
        yd_read_bytes(&v->rest);
        copy_rest(v, from);
        return;
    case YD_FORMAT:
        copy_key(v);
        copy_value(v);
        return;
    case YD_EMBED:
        copy_value(v);
        return;
    case YD_TYPE:
        copy_type(v);
        return;
    case YD_DOC:
        copy_string(v);
        from = v->rest.p;
        yd_read_any(&v->rest);
        copy_rest(v, from);
        return;
    default:
        v->err = YD_ERR_KIND;
    }
}

static void copy_struct(struct v2 *v)
{
    uint8_t info = yd_col_byte(&v->info), kind = info & YD_INFO_KIND;
    bool has_ids = (info & (YD_INFO_ORIGIN | YD_INFO_RIGHT)) != 0;

    if (kind == YD_GC || kind == YD_SKIP) {
        yd_buf_append(v->out, &kind, 1);
        yd_buf_put_varuint(v->out, kind == YD_GC ? yd_col_uint32(&v->len) : yd_read_u32(&v->rest));
        return;
    }
    if (has_ids) /* as Yjs converts: what is copied from a neighbour is not named */
        info = (uint8_t)(info & ~YD_INFO_SUB);
    yd_buf_append(v->out, &info, 1);
    if (info & YD_INFO_ORIGIN)
        copy_id(v, &v->left);
    if (info & YD_INFO_RIGHT)
        copy_id(v, &v->right);
    if (!has_ids)
        copy_parent(v, (info & YD_INFO_SUB) != 0);
    copy_content(v, kind);
}

static void copy_sections(struct v2 *v)
{
    uint64_t sections = yd_read_varuint(&v->rest);

    yd_buf_put_varuint(v->out, sections);
    for (; sections > 0 && is_fine(v); sections--) {
        uint64_t structs = yd_read_varuint(&v->rest);
        yd_buf_put_varuint(v->out, structs);
        yd_buf_put_varuint(v->out, yd_col_uint(&v->client));
        yd_buf_put_varuint(v->out, yd_read_u32(&v->rest));
        for (; structs > 0 && is_fine(v); structs--)
            copy_struct(v);
    }
}

/* Clocks are told from the end of the range before. */
static void copy_deletes(struct v2 *v)
{
    uint64_t clients = yd_read_varuint(&v->rest);

    yd_buf_put_varuint(v->out, clients);
    for (; clients > 0 && is_fine(v); clients--) {
        uint64_t clock = 0;
        yd_buf_put_varuint(v->out, yd_read_varuint(&v->rest));
        uint64_t ranges = yd_read_varuint(&v->rest);
        yd_buf_put_varuint(v->out, ranges);
        for (; ranges > 0 && is_fine(v); ranges--) {
            clock += yd_read_u32(&v->rest);
            uint64_t len = (uint64_t)yd_read_u32(&v->rest) + 1;
            if (clock > UINT32_MAX - len)
                yd_reader_fail(&v->rest, YD_ERR_RANGE);
            yd_buf_put_varuint(v->out, clock);
            yd_buf_put_varuint(v->out, len);
            clock += len;
        }
    }
}

int yd_update_v2_to_v1(const uint8_t *update, size_t len, size_t max_bytes, struct yd_buf *out)
{
    size_t start = out->len;
    struct v2 v = {.out = out,
                   .limit = max_bytes > SIZE_MAX - start ? SIZE_MAX : start + max_bytes};

    begin(&v, update, len);
    if (!v.err) {
        copy_sections(&v);
        copy_deletes(&v);
    }
    if (is_fine(&v) && v.rest.p != v.rest.end)
        v.err = YD_ERR_TRAILING;
    free(v.keys);
    if (!v.err)
        v.err = yd_walk_check(out->data + start, out->len - start, NULL);
    if (v.err)
        out->len = start;
    return v.err;
}
