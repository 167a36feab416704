/* A document's memory: all of it by the allocator that was given, none of it kept, all of it
 * counted. */
#include "tests/unit/ydoc/support.h"

#include "ydoc/edit.h"
#include "ydoc/touch.h"

#include <stdio.h>
#include <stdlib.h>

#define CLIENTS 40

struct heap {
    size_t bytes, blocks, most;
};

/* The size stands before each block. */
union head {
    size_t size;
    max_align_t align;
};

static void *counted_resize(void *ctx, void *ptr, size_t size)
{
    struct heap *h = ctx;
    union head *block = ptr ? (union head *)ptr - 1 : NULL;

    if (block) {
        h->bytes -= block->size;
        h->blocks--;
    }
    if (size == 0) {
        free(block);
        return NULL;
    }
    block = realloc(block, sizeof *block + size);
    assert_non_null(block);
    block->size = size;
    h->bytes += size;
    h->blocks++;
    h->most = h->bytes > h->most ? h->bytes : h->most;
    return block + 1;
}

static void assert_counted(const struct yd_doc *doc, const struct heap *h)
{
    size_t waits = yd_pending_bytes(doc), counted = yd_memory_bytes(doc);

    if (waits == 0)
        assert_int_equal(counted, h->bytes);
    else /* comes from malloc, in buffers that may be larger */
        assert_in_range(counted, h->bytes + waits, h->bytes + waits + 1024);
}

/* Of all kinds, so that each of the document's indexes is used. */
static void edit(struct yd_doc *doc, uint64_t client)
{
    struct yd_target text = yd_root("t"), made;
    struct yd_txn txn;
    char key[8];
    int len = snprintf(key, sizeof key, "k%d", (int)client % 5);

    assert_int_equal(yd_txn_begin(&txn, doc, client), 0);
    assert_int_equal(
        yd_text_insert(&txn, text, (uint32_t)(client - 1) % 3, "some words", 10, NULL, 0), 0);
    assert_int_equal(yd_text_insert_embed(&txn, text, 2, "{}", 2, NULL, 0), 0);
    assert_int_equal(yd_list_delete(&txn, text, 1, 3), 0);
    assert_int_equal(
        yd_map_set_type(&txn, yd_root("m"), key, (size_t)len, YD_ARRAY, NULL, 0, &made), 0);
    assert_int_equal(yd_array_insert(&txn, made, 0, BYTES(120), 1), 0);
    yd_txn_commit(&txn, NULL);
}

static void all_memory_is_counted_and_given_back(void **state)
{
    struct heap heap = {0};
    const struct yd_allocator alloc = {counted_resize, &heap};
    struct yd_doc *doc = yd_doc_new(&alloc);
    struct yd_buf whole = {0};

    (void)state;
    assert_counted(doc, &heap);
    for (uint64_t c = 1; c <= CLIENTS; c++) {
        edit(doc, c);
        assert_counted(doc, &heap);
    }
    apply_ok(doc, BYTES(1, 1, 99, 5, 0x84, 98, 0, 1, 'x', 0)); /* waits */
    assert_true(yd_pending_bytes(doc) > 0);
    assert_counted(doc, &heap);
    assert_int_equal(yd_encode_diff(doc, NULL, 0, &whole), 0);
    yd_doc_trim(doc);
    assert_counted(doc, &heap);
    assert_true(heap.bytes > 4096);
    yd_doc_free(doc);
    assert_int_equal(heap.blocks, 0);
    assert_int_equal(heap.bytes, 0);

    doc = yd_doc_new(&alloc);
    apply_ok(doc, whole.data, whole.len);
    assert_counted(doc, &heap);
    yd_doc_free(doc);
    assert_int_equal(heap.blocks, 0);
    yd_buf_free(&whole);
}

/* An update that is tried out on a copy, and one that is refused, leave nothing behind. */
static void trying_and_refusing_keep_nothing(void **state)
{
    struct heap heap = {0}, before;
    const struct yd_allocator alloc = {counted_resize, &heap};
    struct yd_doc *doc = yd_doc_new(&alloc), *other = yd_doc_new(NULL);
    struct yd_buf state_of = {0}, update = {0};
    const struct yd_attribute bold = {"bold", 4, "true", 4};
    struct yd_span span;
    struct yd_txn txn;
    bool touches = false;

    (void)state;
    edit(doc, 1);
    assert_int_equal(yd_encode_diff(doc, NULL, 0, &state_of), 0);
    apply_ok(other, state_of.data, state_of.len);
    assert_int_equal(yd_relpos_at(doc, yd_root("t"), 1, 0, &span.start), 0);
    assert_int_equal(yd_relpos_at(doc, yd_root("t"), 4, -1, &span.end), 0);
    edit(doc, 2);
    assert_int_equal(yd_txn_begin(&txn, other, 3), 0);
    assert_int_equal(yd_text_format(&txn, yd_root("t"), 0, 2, &bold, 1), 0);
    yd_txn_commit(&txn, &update);
    heap.most = heap.bytes;
    before = heap;
    assert_int_equal(yd_update_touches(doc, update.data, update.len, &span, 1, &touches, NULL), 0);
    assert_true(heap.most > before.bytes + before.bytes / 2); /* there was a copy */
    assert_int_equal(heap.bytes, before.bytes);
    assert_int_equal(heap.blocks, before.blocks);
    assert_int_equal(yd_apply_update(doc, update.data, update.len - 1, NULL), YD_ERR_TRUNCATED);
    assert_int_equal(heap.bytes, before.bytes);
    yd_doc_free(other);
    yd_doc_free(doc);
    assert_int_equal(heap.blocks, 0);
    yd_buf_free(&state_of);
    yd_buf_free(&update);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_memory_is_counted_and_given_back),
        cmocka_unit_test(trying_and_refusing_keep_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
