/* Merging updates without a document.
 *
 * Every update is read once: its structs are checked and fall into parts (merge_parts.c).  The
 * parts, sorted, are then written in one sweep: what lies behind the clock reached is copied as
 * bytes, only the first and the last struct of a part are looked at. */
#include "ydoc/merge_parts.h"
#include "ydoc/updates.h"

#include <stdlib.h>
#include <string.h>

/* The last struct written, as long as another may join it. */
struct tail {
    bool open;
    uint8_t kind; /* STRING, DELETED or GC */
    bool has_right;
    struct yd_id right;
    size_t at;    /* offset in the output of its length: units, or bytes of text */
    size_t width; /* bytes of that length */
    uint32_t len; /* the length */
};

struct writer {
    struct yd_buf *out;
    uint64_t client;
    uint32_t clock; /* reached */
    uint64_t count; /* structs of the client */
    struct tail tail;
};

static size_t width_of(uint64_t v)
{
    size_t n = 1;

    for (; v > 0x7f; v >>= 7)
        n++;
    return n;
}

/* Overwrite the number of `width` bytes at `at` by v; what follows moves. */
static size_t rewrite(struct yd_buf *out, size_t at, size_t width, uint64_t v)
{
    size_t wide = width_of(v), end = out->len;

    if (wide > width)
        yd_buf_append(out, "\0\0\0\0\0\0\0\0\0", wide - width);
    if (wide != width)
        memmove(out->data + at + wide, out->data + at + width, end - at - width);
    out->len = at;
    yd_buf_put_varuint(out, v);
    out->len = end - width + wide;
    return wide;
}

/* The text behind `offset`.  *inside: the second half of a surrogate pair comes before it, which is
 * written as U+FFFD. */
static struct yd_slice cut_text(const struct yd_ref *ref, uint32_t offset, bool *inside)
{
    size_t from = yd_content_offset(YD_STRING, ref->ascii, ref->content, offset, inside);

    from += *inside ? 4 : 0;
    return (struct yd_slice){ref->content.p + from, ref->content.len - from};
}

/* Text is joined only outside of map entries: there two values are an old and a new one. */
static bool may_join(const struct writer *w, const struct yd_ref *ref, uint8_t info)
{
    const struct tail *t = &w->tail;

    if (!t->open || t->kind != ref->kind)
        return false;
    if (ref->kind == YD_GC)
        return true;
    if (ref->kind == YD_STRING && (info & YD_INFO_SUB))
        return false;
    if (ref->clock == w->clock &&
        !(ref->has_origin && ref->origin.client == w->client && ref->origin.clock == w->clock - 1))
        return false;
    return t->has_right == ref->has_right &&
           (!t->has_right ||
            (t->right.client == ref->right.client && t->right.clock == ref->right.clock));
}

static bool join(struct writer *w, const struct yd_ref *ref, uint32_t offset, uint8_t info)
{
    struct tail *t = &w->tail;
    struct yd_slice text = {NULL, 0};
    uint64_t len = ref->len - offset;
    bool inside = false;

    if (!may_join(w, ref, info))
        return false;
    if (ref->kind == YD_STRING) {
        text = cut_text(ref, offset, &inside);
        len = text.len + (inside ? 3 : 0);
    }
    if (len > UINT32_MAX - t->len)
        return false;
    if (inside)
        yd_buf_append(w->out, YD_REPLACEMENT, 3);
    yd_buf_append(w->out, text.p, text.len);
    t->len += (uint32_t)len;
    t->width = rewrite(w->out, t->at, t->width, t->len);
    return true;
}

/* Note where the struct that was just written may be continued. */
static void open_tail(struct writer *w, const struct yd_ref *ref, uint32_t offset, uint8_t info)
{
    size_t end = w->out->len;
    struct tail *t = &w->tail;

    *t = (struct tail){.kind = ref->kind, .has_right = ref->has_right, .right = ref->right};
    t->len = ref->len - offset;
    if (ref->kind == YD_STRING && !(info & YD_INFO_SUB)) {
        bool inside;
        t->len = (uint32_t)(cut_text(ref, offset, &inside).len + (inside ? 3 : 0));
        end -= t->len;
    } else if (ref->kind != YD_DELETED && ref->kind != YD_GC) {
        return;
    }
    t->width = width_of(t->len);
    t->at = end - t->width;
    /* A length that is longer than it must be ends in a zero; it stays as it is. */
    t->open = w->out->data[end - 1] != 0;
}

/* Write one struct, [at, at + bytes) in its update, from the clock reached on. */
static void write_struct(struct writer *w, const struct yd_ref *ref, const uint8_t *at,
                         size_t bytes)
{
    uint32_t offset = w->clock - ref->clock;

    if (!join(w, ref, offset, *at)) {
        if (offset > 0)
            yd_ref_write(w->out, ref, offset);
        else
            yd_buf_append(w->out, at, bytes);
        open_tail(w, ref, offset, *at);
        w->count++;
    }
    w->clock = ref->clock + ref->len;
}

static void write_gap(struct writer *w, uint32_t until)
{
    const struct yd_ref gap = {.kind = YD_SKIP, .len = until - w->clock};

    if (gap.len == 0)
        return;
    yd_ref_write(w->out, &gap, 0);
    w->tail.open = false;
    w->count++;
    w->clock = until;
}

/* All structs of the part that end behind the clock reached. */
static void write_part(struct writer *w, const struct yd_part *part)
{
    struct yd_reader r = yd_reader_of(part->p, part->bytes);
    const uint8_t *at, *last = part->p + part->last;
    uint32_t clock = part->start, left = part->count;
    struct yd_ref ref;

    if (part->end <= w->clock)
        return;
    if (part->start > w->clock)
        write_gap(w, part->start);
    do {
        at = r.p;
        yd_ref_read(&r, part->client, clock, &ref);
        clock += ref.len;
        left--;
    } while (clock <= w->clock);
    write_struct(w, &ref, at, (size_t)(r.p - at));
    if (left == 0)
        return;
    yd_buf_append(w->out, r.p, (size_t)(last - r.p));
    w->count += left - 1;
    w->clock = part->last_clock;
    w->tail.open = w->tail.open && left == 1;
    r.p = last;
    yd_ref_read(&r, part->client, part->last_clock, &ref);
    write_struct(w, &ref, last, (size_t)(r.p - last));
}

/* The section of one client: the parts order[0..n). */
static void write_client(struct yd_buf *out, const struct yd_part *parts, const uint32_t *order,
                         size_t n)
{
    const struct yd_part *first = &parts[order[0]];
    struct writer w = {.out = out, .client = first->client, .clock = first->start};
    uint64_t most = n; /* structs, if there were a gap before each part */
    size_t at = out->len, width;

    for (size_t i = 0; i < n; i++)
        most += parts[order[i]].count;
    width = width_of(most);
    yd_buf_put_varuint(out, most);
    yd_buf_put_varuint(out, w.client);
    yd_buf_put_varuint(out, w.clock);
    for (size_t i = 0; i < n; i++)
        write_part(&w, &parts[order[i]]);
    rewrite(out, at, width, w.count);
}

static void write_parts(struct yd_buf *out, const struct yd_parts *parts)
{
    uint32_t *order = yd_parts_sort(parts);
    size_t from = 0;
    uint64_t clients = 0;

    for (size_t i = 0; i < parts->n; i++)
        clients += i == 0 || parts->v[order[i - 1]].client != parts->v[order[i]].client;
    yd_buf_put_varuint(out, clients);
    for (size_t i = 1; i <= parts->n; i++) {
        if (i < parts->n && parts->v[order[i]].client == parts->v[order[from]].client)
            continue;
        write_client(out, parts->v, order + from, i - from);
        from = i;
    }
    free(order);
}

int yd_merge_updates(const struct yd_bytes *updates, size_t n, struct yd_buf *out)
{
    static const uint8_t empty[] = {0, 0};
    struct yd_parts parts = {0};
    struct yd_deletes deletes = {0};
    int err = 0;

    if (n == 0)
        yd_buf_append(out, empty, sizeof(empty));
    if (n == 0)
        return 0;
    if (n == 1) {
        err = yd_walk_check(updates[0].p, updates[0].len, NULL);
        if (!err)
            yd_buf_append(out, updates[0].p, updates[0].len);
        return err;
    }
    yd_parts_reserve(&parts, n); /* most are the edits of one */
    for (size_t i = 0; i < n && !err; i++)
        err = yd_parts_read(&parts, &deletes, &updates[i]);
    if (!err) {
        write_parts(out, &parts);
        free(parts.v);
        parts.v = NULL;
        yd_deletes_normalize(&deletes);
        yd_deletes_write(&deletes, out);
    }
    free(parts.v);
    yd_deletes_clear(&deletes);
    return err;
}
