#include "ydoc/snapshot.h"
#include "ydoc/internal.h"

struct snapshot {
    struct yd_deletes deletes;
    struct yd_clocks clocks;
};

static void snapshot_clear(struct snapshot *s)
{
    yd_deletes_clear(&s->deletes);
    yd_clocks_clear(&s->clocks);
}

/* On an error nothing is held. */
static int snapshot_read(const uint8_t *p, size_t len, struct snapshot *s)
{
    struct yd_reader r = yd_reader_of(p, len);
    int err;

    *s = (struct snapshot){0};
    yd_read_deletes(&r, &s->deletes);
    err = r.err ? r.err : yd_clocks_read(r.p, yd_reader_left(&r), &s->clocks);
    if (err)
        yd_deletes_clear(&s->deletes);
    else
        yd_deletes_normalize(&s->deletes);
    return err;
}

int yd_snapshot_check(const uint8_t *snapshot, size_t len)
{
    struct snapshot s;
    int err = snapshot_read(snapshot, len, &s);

    if (!err)
        snapshot_clear(&s);
    return err;
}

void yd_snapshot(const struct yd_doc *doc, struct yd_buf *out)
{
    struct yd_deletes all = {0};

    for (uint32_t slot = 0; slot < doc->client_count; slot++) {
        struct yd_pos pos = {0, 0};
        do {
            const struct yd_item *it = &doc->items[yd_pos_item(doc, slot, pos)];
            if (it->deleted)
                yd_deletes_add(&all, doc->clients[slot].id, it->clock, it->clock + it->len);
        } while (yd_pos_next(doc, slot, &pos));
    }
    yd_deletes_normalize(&all);
    yd_deletes_write(&all, out);
    yd_deletes_clear(&all);
    yd_encode_state_vector(doc, out);
}

/* ---- a moment -------------------------------------------------------------------------------- */

/* Keep the first `units` of a struct that splits.  text: room for a text that is cut in a pair. */
static void shorten(struct yd_ref *ref, uint32_t units, struct yd_buf *text)
{
    bool inside;
    size_t at = yd_content_offset(ref->kind, ref->ascii, ref->content, units, &inside);

    if (inside) {
        yd_buf_append(text, ref->content.p, at);
        yd_buf_append(text, YD_REPLACEMENT, 3);
        ref->content.p = text->data;
        at += 3;
    }
    ref->content.len = at;
    ref->len = units;
}

/* Append the section's structs up to the clock; returns how many. */
static uint32_t write_until(const struct yd_section *s, uint32_t end, struct yd_buf *out)
{
    struct yd_reader r = yd_reader_of(s->pos, (size_t)(s->end - s->pos));
    struct yd_buf text = {0};
    struct yd_ref ref;
    uint32_t clock = s->clock, count = 0;

    for (; count < s->left && clock < end; count++, clock += ref.len) {
        yd_ref_read(&r, s->client, clock, &ref);
        if (ref.len > end - clock) {
            if (ref.kind == YD_GC)
                ref.len = end - clock;
            else
                shorten(&ref, end - clock, &text);
        }
        yd_ref_write(out, &ref, 0);
    }
    yd_buf_free(&text);
    return count;
}

static void write_moment(const struct yd_update *u, const struct snapshot *s, struct yd_buf *out)
{
    struct yd_buf sections = {0};
    size_t count = 0;

    for (size_t i = 0; i < u->section_count; i++) {
        uint32_t end = yd_clocks_get(&s->clocks, u->sections[i].client), n;
        struct yd_buf structs = {0};
        if (end == 0)
            continue;
        n = write_until(&u->sections[i], end, &structs);
        yd_buf_put_varuint(&sections, n);
        yd_buf_put_varuint(&sections, u->sections[i].client);
        yd_buf_put_varuint(&sections, 0);
        yd_buf_append(&sections, structs.data, structs.len);
        yd_buf_free(&structs);
        count++;
    }
    yd_buf_put_varuint(out, count);
    yd_buf_append(out, sections.data, sections.len);
    yd_deletes_write(&s->deletes, out);
    yd_buf_free(&sections);
}

int yd_snapshot_update(const struct yd_doc *doc, const uint8_t *snapshot, size_t len,
                       struct yd_buf *out)
{
    struct yd_buf whole = {0};
    struct snapshot s;
    struct yd_update u;
    int err = snapshot_read(snapshot, len, &s);

    if (err)
        return err;
    if (!doc->keep_deleted)
        err = YD_ERR_GONE;
    for (size_t i = 0; i < s.clocks.n && !err; i++) {
        if (s.clocks.v[i].clock > yd_state(doc, s.clocks.v[i].client))
            err = YD_ERR_GONE;
    }
    if (!err)
        err = yd_encode_diff(doc, NULL, 0, &whole);
    if (!err)
        err = yd_update_read(whole.data, whole.len, &u, NULL);
    if (!err) {
        write_moment(&u, &s, out);
        yd_update_clear(&u);
    }
    yd_buf_free(&whole);
    snapshot_clear(&s);
    return err;
}
