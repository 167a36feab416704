#include "ydoc/attrs.h"

#include <stdlib.h>
#include <string.h>

const struct yd_slice yd_json_null = {(const uint8_t *)"null", 4};

int yd_slice_order(struct yd_slice a, struct yd_slice b)
{
    size_t both = a.len < b.len ? a.len : b.len;
    int order = both > 0 ? memcmp(a.p, b.p, both) : 0;

    return order != 0 ? order : a.len < b.len ? -1 : a.len > b.len;
}

bool yd_slice_equal(struct yd_slice a, struct yd_slice b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.p, b.p, a.len) == 0);
}

bool yd_slice_is_null(struct yd_slice json)
{
    return yd_slice_equal(json, yd_json_null);
}

static struct yd_attr *find(const struct yd_attrs *a, struct yd_slice key)
{
    for (size_t i = 0; i < a->n; i++) {
        if (yd_slice_equal(a->v[i].key, key))
            return &a->v[i];
    }
    return NULL;
}

struct yd_slice yd_attrs_get(const struct yd_attrs *a, struct yd_slice key)
{
    const struct yd_attr *at = find(a, key);

    return at ? at->json : yd_json_null;
}

bool yd_attrs_has(const struct yd_attrs *a, struct yd_slice key)
{
    return find(a, key) != NULL;
}

static struct yd_attr own(struct yd_slice key, struct yd_slice json)
{
    uint8_t *p = malloc(key.len + json.len + 1);

    if (!p)
        abort();
    if (key.len > 0)
        memcpy(p, key.p, key.len);
    if (json.len > 0)
        memcpy(p + key.len, json.p, json.len);
    return (struct yd_attr){{p, key.len}, {p + key.len, json.len}};
}

static void disown(struct yd_attr *at)
{
    union {
        const uint8_t *borrowed;
        uint8_t *owned;
    } p = {.borrowed = at->key.p};

    free(p.owned);
}

void yd_attrs_set(struct yd_attrs *a, struct yd_slice key, struct yd_slice json)
{
    struct yd_attr *at = find(a, key), made = own(key, json);

    if (at) {
        disown(at);
        *at = made;
        return;
    }
    if (a->n == a->cap) {
        a->cap = a->cap ? a->cap * 2 : 4;
        a->v = realloc(a->v, a->cap * sizeof(*a->v));
        if (!a->v)
            abort();
    }
    a->v[a->n++] = made;
}

void yd_attrs_remove(struct yd_attrs *a, struct yd_slice key)
{
    struct yd_attr *at = find(a, key);

    if (!at)
        return;
    disown(at);
    a->n--;
    memmove(at, at + 1, (size_t)(a->v + a->n - at) * sizeof(*at));
}

void yd_attrs_mark(struct yd_attrs *a, struct yd_slice key, struct yd_slice json)
{
    if (yd_slice_is_null(json))
        yd_attrs_remove(a, key);
    else
        yd_attrs_set(a, key, json);
}

void yd_attrs_copy(struct yd_attrs *to, const struct yd_attrs *from)
{
    for (size_t i = 0; i < from->n; i++)
        yd_attrs_set(to, from->v[i].key, from->v[i].json);
}

void yd_attrs_clear(struct yd_attrs *a)
{
    for (size_t i = 0; i < a->n; i++)
        disown(&a->v[i]);
    free(a->v);
    *a = (struct yd_attrs){0};
}

bool yd_attrs_equal(const struct yd_attrs *a, const struct yd_attrs *b)
{
    if (a->n != b->n)
        return false;
    for (size_t i = 0; i < a->n; i++) {
        const struct yd_attr *other = find(b, a->v[i].key);
        if (!other || !yd_slice_equal(other->json, a->v[i].json))
            return false;
    }
    return true;
}

struct yd_attr yd_format_read(struct yd_slice content)
{
    struct yd_reader r = yd_reader_of(content.p, content.len);
    struct yd_attr at;

    at.key = yd_read_bytes(&r);
    at.json = yd_read_bytes(&r);
    return at;
}
