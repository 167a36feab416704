/* A document once more. */
#include "ydoc/internal.h"

#include <stdlib.h>
#include <string.h>

static void *same(struct yd_doc *copy, const void *p, size_t size)
{
    void *q = size > 0 ? yd_resize(copy, NULL, 0, size) : NULL;

    if (q)
        memcpy(q, p, size);
    return q;
}

static void copy_index(struct yd_doc *copy, struct yd_index *ix)
{
    if (ix->cells)
        ix->cells = same(copy, ix->cells, ((size_t)ix->mask + 1) * sizeof(*ix->cells));
}

/* Of the copy, which has the original's pointers so far. */
static void copy_clients(struct yd_doc *copy)
{
    copy->clients = same(copy, copy->clients, copy->client_count * sizeof(*copy->clients));
    copy->client_cap = copy->client_count;
    for (uint32_t slot = 0; slot < copy->client_count; slot++) {
        struct yd_client *c = &copy->clients[slot];
        c->leaves = same(copy, c->leaves, c->leaf_count * sizeof(*c->leaves));
        c->leaf_cap = c->leaf_count;
        for (uint32_t l = 0; l < c->leaf_count; l++) {
            const struct yd_leaf *leaf = c->leaves[l].leaf;
            c->leaves[l].leaf = same(copy, leaf, sizeof(*leaf) + leaf->cap * sizeof(leaf->e[0]));
        }
    }
    copy->by_id = same(copy, copy->by_id, copy->by_id_count * sizeof(*copy->by_id));
    copy->by_id_cap = copy->by_id_count;
    copy_index(copy, &copy->client_index);
}

static void copy_types(struct yd_doc *copy)
{
    copy->types = same(copy, copy->types, copy->type_count * sizeof(*copy->types));
    copy->type_cap = copy->type_count;
    copy->chains = same(copy, copy->chains, copy->chain_count * sizeof(*copy->chains));
    copy->chain_cap = copy->chain_count;
    copy->names = same(copy, copy->names, copy->name_count * sizeof(*copy->names));
    copy->name_cap = copy->name_count;
    copy->name_pool = same(copy, copy->name_pool, copy->name_pool_len);
    copy->name_pool_cap = copy->name_pool_len;
    copy_index(copy, &copy->chain_index);
    copy_index(copy, &copy->name_index);
}

static void copy_pending(struct yd_doc *copy)
{
    struct yd_deletes waiting = copy->pending_deletes;

    copy->runs = same(copy, copy->runs, copy->run_count * sizeof(*copy->runs));
    copy->run_cap = copy->run_count;
    for (size_t i = 0; i < copy->run_count; i++) {
        struct yd_buf data = copy->runs[i].data;
        copy->runs[i].data = (struct yd_buf){0};
        yd_buf_append(&copy->runs[i].data, data.data, data.len);
    }
    copy->pending_deletes = (struct yd_deletes){0};
    for (size_t i = 0; i < waiting.n; i++)
        yd_deletes_add(&copy->pending_deletes, waiting.v[i].client, waiting.v[i].clock,
                       waiting.v[i].end);
}

struct yd_doc *yd_doc_copy(const struct yd_doc *doc)
{
    struct yd_doc *copy = doc->alloc.resize(doc->alloc.ctx, NULL, sizeof(*copy));

    if (!copy)
        abort();
    *copy = *doc;
    copy->memory = sizeof(*copy);
    copy->marks = NULL;
    copy->mark_cap = copy->mark_now = 0;
    copy->contests = NULL;
    copy->orders = NULL;
    copy->events = NULL;
    copy->deleted = copy->splits = (struct yd_ranges){0};
    copy->touched = copy->work = (struct yd_u32s){0};
    copy->items = same(copy, doc->items, doc->item_count * sizeof(*doc->items));
    copy->item_cap = copy->item_count;
    copy->bytes = same(copy, doc->bytes, doc->bytes_len);
    copy->bytes_cap = copy->bytes_len;
    copy_clients(copy);
    copy_types(copy);
    copy_pending(copy);
    return copy;
}
