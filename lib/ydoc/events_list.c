/* What changed in a list, from left to right. */
#include "ydoc/events_internal.h"

#include <stdlib.h>
#include <string.h>

struct walk {
    const struct yd_doc *doc;
    struct yd_event *e;
    struct yd_attrs old, now;
    struct yd_buf text; /* attributes of the next change as JSON */
    uint32_t index;
};

static void put_member(struct yd_buf *out, struct yd_slice key, struct yd_slice json)
{
    yd_json_put(out, out->len == 0 ? "{" : ",");
    yd_json_string(out, key);
    yd_json_put(out, ":");
    yd_buf_append(out, json.p, json.len);
}

/* Put the attributes that a change shows into w->text; nothing: none. */
static void write_attributes(struct walk *w, enum yd_change_kind kind)
{
    w->text.len = 0;
    for (size_t i = 0; i < w->now.n; i++) {
        const struct yd_attr *a = &w->now.v[i];
        if (kind == YD_CHANGE_INSERT || !yd_slice_equal(yd_attrs_get(&w->old, a->key), a->json))
            put_member(&w->text, a->key, a->json);
    }
    for (size_t i = 0; i < w->old.n && kind == YD_CHANGE_RETAIN; i++) {
        if (!yd_attrs_has(&w->now, w->old.v[i].key))
            put_member(&w->text, w->old.v[i].key, yd_json_null);
    }
    if (w->text.len > 0)
        yd_json_put(&w->text, "}");
}

static bool goes_on(const struct walk *w, const struct yd_change *last, const struct yd_change *c)
{
    if (!last || last->kind != c->kind)
        return false;
    if (c->kind != YD_CHANGE_RETAIN && last->client != c->client)
        return false;
    if (c->kind == YD_CHANGE_DELETE)
        return true;
    return last->attributes ? w->text.len == strlen(last->attributes) &&
                                  memcmp(last->attributes, w->text.data, w->text.len) == 0
                            : w->text.len == 0;
}

static void add_change(struct walk *w, enum yd_change_kind kind, const struct yd_item *it,
                       uint32_t len)
{
    struct yd_event *e = w->e;
    struct yd_change *last = e->change_count > 0 ? &e->changes[e->change_count - 1] : NULL;
    struct yd_change c = {.kind = kind, .index = w->index, .len = len};

    if (kind != YD_CHANGE_RETAIN) {
        c.client = w->doc->clients[it->slot].id;
        c.clock = it->clock;
    }
    if (kind == YD_CHANGE_DELETE)
        w->text.len = 0;
    else
        write_attributes(w, kind);
    w->index += kind == YD_CHANGE_DELETE ? 0 : len;
    if (goes_on(w, last, &c)) {
        last->len += len;
        return;
    }
    if (w->text.len > 0)
        c.attributes = yd_events_copied((struct yd_slice){w->text.data, w->text.len});
    e->changes = yd_events_grown(e->changes, e->change_count, sizeof(*e->changes));
    e->changes[e->change_count++] = c;
}

static void walk_item(struct walk *w, const struct yd_collector *c, const struct yd_item *it)
{
    bool fresh = yd_is_new(w->doc, it), gone = yd_is_just_deleted(c, it);

    if (it->kind == YD_FORMAT) {
        struct yd_attr mark = yd_format_read(yd_item_content(w->doc, it));
        if (!fresh && (gone || !it->deleted))
            yd_attrs_mark(&w->old, mark.key, mark.json);
        if (!it->deleted)
            yd_attrs_mark(&w->now, mark.key, mark.json);
    } else if (!it->deleted) {
        uint32_t units = yd_item_size(it).units;
        if (units > 0)
            add_change(w, fresh ? YD_CHANGE_INSERT : YD_CHANGE_RETAIN, it, units);
    } else if (gone && !fresh && it->kind != YD_DELETED) {
        add_change(w, YD_CHANGE_DELETE, it, it->len);
    }
}

void yd_events_list(struct yd_collector *c, struct yd_event *e, const struct yd_changed *v,
                    size_t n)
{
    struct yd_doc *doc = c->doc;
    struct walk w = {.doc = doc, .e = e};
    uint32_t first = v[0].item, last = first;
    struct yd_size before;
    bool formats = false;

    for (size_t i = 0; i < n; i++) {
        if (yd_list_is_left(doc, v[i].item, first))
            first = v[i].item;
        else if (yd_list_is_left(doc, last, v[i].item))
            last = v[i].item;
        formats = formats || doc->items[v[i].item].kind == YD_FORMAT;
    }
    before = yd_list_before(doc, first);
    if (formats) /* they work on what is behind them */
        last = YD_NONE;
    if (before.formats > 0 || formats)
        first = doc->chains[v[0].chain].head;
    else if (before.units > 0)
        add_change(&w, YD_CHANGE_RETAIN, NULL, before.units);
    for (uint32_t i = first; i != YD_NONE; i = doc->items[i].right) {
        walk_item(&w, c, &doc->items[i]);
        if (i == last)
            break;
    }
    while (e->change_count > 0 && e->changes[e->change_count - 1].kind == YD_CHANGE_RETAIN &&
           !e->changes[e->change_count - 1].attributes)
        e->change_count--;
    yd_attrs_clear(&w.old);
    yd_attrs_clear(&w.now);
    yd_buf_free(&w.text);
}
