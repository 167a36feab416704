/* Texts with their formats, and XML. */
#include "ydoc/read_internal.h"

#include <stdlib.h>
#include <string.h>

void yd_put_text(const struct yd_doc *doc, uint32_t type, struct yd_buf *out)
{
    for (uint32_t i = doc->chains[doc->types[type].list].head; i != YD_NONE;
         i = doc->items[i].right) {
        const struct yd_item *it = &doc->items[i];
        if (it->kind == YD_STRING && !it->deleted)
            yd_buf_append(out, doc->bytes + it->off, it->bytes);
    }
}

/* ---- runs ------------------------------------------------------------------------------------ */

struct runs {
    struct yd_attrs now;
    struct yd_buf text;
    yd_run_fn fn;
    void *ctx;
};

static void flush(struct runs *r)
{
    struct yd_run run = {&r->now, NULL, {r->text.data, r->text.len}};

    if (r->text.len > 0)
        r->fn(r->ctx, &run);
    r->text.len = 0;
}

/* The units [from, to) of a text item. */
static void add_text(struct runs *r, const struct yd_doc *doc, const struct yd_item *it,
                     uint32_t from, uint32_t to)
{
    struct yd_slice s = yd_item_content(doc, it);
    bool cut_front, cut_back;
    size_t a = yd_content_offset(YD_STRING, it->ascii, s, from, &cut_front);
    size_t b = yd_content_offset(YD_STRING, it->ascii, s, to, &cut_back);

    if (cut_front) {
        yd_buf_append(&r->text, YD_REPLACEMENT, 3);
        a += 4;
    }
    if (b > a)
        yd_buf_append(&r->text, s.p + a, b - a);
    if (cut_back)
        yd_buf_append(&r->text, YD_REPLACEMENT, 3);
}

static void add_item(struct runs *r, const struct yd_doc *doc, const struct yd_item *it,
                     uint32_t from, uint32_t to)
{
    if (it->kind == YD_STRING) {
        add_text(r, doc, it, from, to);
    } else if (it->kind == YD_TYPE || it->kind == YD_EMBED) {
        struct yd_run run = {&r->now, it, {NULL, 0}};
        flush(r);
        r->fn(r->ctx, &run);
    }
}

void yd_each_run(const struct yd_doc *doc, uint32_t type, uint32_t from, uint32_t to, yd_run_fn fn,
                 void *ctx)
{
    struct runs r = {.fn = fn, .ctx = ctx};
    uint32_t at = 0;

    for (uint32_t i = doc->chains[doc->types[type].list].head; i != YD_NONE && at < to;
         i = doc->items[i].right) {
        const struct yd_item *it = &doc->items[i];
        uint32_t units = yd_item_size(it).units;
        if (it->kind == YD_FORMAT && !it->deleted) {
            struct yd_attr mark = yd_format_read(yd_item_content(doc, it));
            flush(&r);
            yd_attrs_mark(&r.now, mark.key, mark.json);
        }
        if (units > 0 && at + units > from) {
            uint32_t first = at < from ? from - at : 0;
            add_item(&r, doc, it, first, units < to - at ? units : to - at);
        }
        at += units;
    }
    flush(&r);
    yd_buf_free(&r.text);
    yd_attrs_clear(&r.now);
}

/* ---- delta ----------------------------------------------------------------------------------- */

struct delta {
    const struct yd_doc *doc;
    struct yd_buf *out;
    bool some;
};

static void put_attributes(const struct yd_attrs *a, struct yd_buf *out)
{
    for (size_t i = 0; i < a->n; i++) {
        yd_json_put(out, i == 0 ? ",\"attributes\":{" : ",");
        yd_json_string(out, a->v[i].key);
        yd_json_put(out, ":");
        yd_buf_append(out, a->v[i].json.p, a->v[i].json.len);
    }
    if (a->n > 0)
        yd_json_put(out, "}");
}

static void put_op(void *ctx, const struct yd_run *run)
{
    struct delta *d = ctx;

    yd_json_put(d->out, d->some ? ",{\"insert\":" : "{\"insert\":");
    d->some = true;
    if (run->thing)
        yd_put_elements(d->doc, run->thing, false, d->out);
    else
        yd_json_string(d->out, run->text);
    put_attributes(run->attributes, d->out);
    yd_json_put(d->out, "}");
}

int yd_delta_range(const struct yd_doc *doc, struct yd_target at, uint32_t from, uint32_t to,
                   struct yd_buf *out)
{
    struct delta d = {doc, out, false};
    uint32_t type;
    int err = yd_target_find(doc, at, &type);

    if (err)
        return err;
    yd_json_put(out, "[");
    yd_each_run(doc, type, from, to, put_op, &d);
    yd_json_put(out, "]");
    return 0;
}

int yd_delta(const struct yd_doc *doc, struct yd_target at, struct yd_buf *out)
{
    return yd_delta_range(doc, at, 0, UINT32_MAX, out);
}
