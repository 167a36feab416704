/* Life and death of a document. */
#include "ydoc/internal.h"

#include <stdlib.h>

#define DEFAULT_DOC_BYTES ((size_t)256 << 20)
#define MAX_DOC_BYTES ((size_t)1 << 30)
#define DEFAULT_PENDING_BYTES ((size_t)4 << 20)
#define DEFAULT_PENDING_RUNS 2048
#define DEFAULT_WORK ((size_t)2500000)

static void *malloc_resize(void *ctx, void *ptr, size_t size)
{
    (void)ctx;
    if (size == 0) {
        free(ptr);
        return NULL;
    }
    return realloc(ptr, size);
}

struct yd_doc *yd_doc_new(const struct yd_allocator *alloc)
{
    const struct yd_allocator plain = {malloc_resize, NULL};
    const struct yd_limits defaults = {0};
    struct yd_doc *doc;

    if (!alloc)
        alloc = &plain;
    doc = alloc->resize(alloc->ctx, NULL, sizeof(*doc));
    if (!doc)
        abort();
    *doc = (struct yd_doc){.alloc = *alloc,
                           .item_free = YD_NONE,
                           .type_free = YD_NONE,
                           .chain_free = YD_NONE,
                           .memory = sizeof(*doc)};
    /* Where memory lies differs from process to process: hash collisions cannot be prepared. */
    doc->seed = (uint64_t)(uintptr_t)doc * UINT64_C(0x9e3779b97f4a7c15);
    yd_doc_set_limits(doc, &defaults);
    return doc;
}

void yd_doc_set_limits(struct yd_doc *doc, const struct yd_limits *limits)
{
    doc->limits = *limits;
    if (limits->max_doc_bytes == 0)
        doc->limits.max_doc_bytes = DEFAULT_DOC_BYTES;
    if (limits->max_doc_bytes > MAX_DOC_BYTES)
        doc->limits.max_doc_bytes = MAX_DOC_BYTES;
    if (limits->max_pending_bytes == 0)
        doc->limits.max_pending_bytes = DEFAULT_PENDING_BYTES;
    if (limits->max_pending_runs == 0)
        doc->limits.max_pending_runs = DEFAULT_PENDING_RUNS;
    if (limits->max_work == 0)
        doc->limits.max_work = DEFAULT_WORK;
}

void yd_doc_set_gc(struct yd_doc *doc, bool gc)
{
    doc->keep_deleted = !gc;
}

static void release(struct yd_doc *doc, void *p)
{
    if (p)
        doc->alloc.resize(doc->alloc.ctx, p, 0);
}

void yd_doc_free(struct yd_doc *doc)
{
    if (!doc)
        return;
    for (uint32_t slot = 0; slot < doc->client_count; slot++) {
        for (uint32_t l = 0; l < doc->clients[slot].leaf_count; l++)
            release(doc, doc->clients[slot].leaves[l].leaf);
        release(doc, doc->clients[slot].leaves);
    }
    for (size_t i = 0; i < doc->run_count; i++)
        yd_buf_free(&doc->runs[i].data);
    yd_deletes_clear(&doc->pending_deletes);
    yd_orders_free(doc);
    yd_contests_end(doc);
    release(doc, doc->clients);
    release(doc, doc->client_index.cells);
    release(doc, doc->by_id);
    release(doc, doc->items);
    release(doc, doc->marks);
    release(doc, doc->types);
    release(doc, doc->chains);
    release(doc, doc->chain_index.cells);
    release(doc, doc->names);
    release(doc, doc->name_index.cells);
    release(doc, doc->name_pool);
    release(doc, doc->bytes);
    release(doc, doc->deleted.v);
    release(doc, doc->splits.v);
    release(doc, doc->touched.v);
    release(doc, doc->work.v);
    release(doc, doc->runs);
    release(doc, doc);
}

size_t yd_memory_bytes(const struct yd_doc *doc)
{
    size_t pending = doc->pending_deletes.cap * sizeof(struct yd_delete);

    for (size_t i = 0; i < doc->run_count; i++)
        pending += doc->runs[i].data.cap;
    return doc->memory + pending;
}

size_t yd_client_count(const struct yd_doc *doc)
{
    return doc->client_count;
}

size_t yd_struct_count(const struct yd_doc *doc)
{
    return doc->item_count - doc->item_free_count;
}
