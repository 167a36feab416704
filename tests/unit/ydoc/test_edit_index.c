/* Finding places by number: the index of a long list. */
#include "tests/unit/ydoc/pair.h"
#include "ydoc/order.h"

#include <stdlib.h>

static uint32_t chain_of(struct yd_doc *doc)
{
    return doc->types[doc->names[yd_name_find(doc, (const uint8_t *)"t", 1)].root].list;
}

/* What the index says is what a walk finds. */
static void check_order(struct yd_doc *doc)
{
    uint32_t chain = chain_of(doc), item, offset;
    struct yd_size all = {0, 0, 0};

    for (uint32_t i = doc->chains[chain].head; i != YD_NONE; i = doc->items[i].right) {
        struct yd_size s = yd_item_size(&doc->items[i]), before = yd_list_before(doc, i);
        assert_memory_equal(&before, &all, sizeof(all));
        if (s.units > 0) {
            assert_true(
                yd_list_find(doc, chain, YD_BY_UNITS, all.units + s.units - 1, &item, &offset));
            assert_int_equal(item, i);
            assert_int_equal(offset, s.units - 1);
        }
        if (s.bytes > 0) {
            assert_true(yd_list_find(doc, chain, YD_BY_BYTES, all.bytes, &item, &offset));
            assert_int_equal(item, i);
            assert_int_equal(offset, 0);
        }
        if (doc->items[i].right != YD_NONE)
            assert_true(yd_list_is_left(doc, i, doc->items[i].right) &&
                        !yd_list_is_left(doc, doc->items[i].right, i));
        all.units += s.units;
        all.bytes += s.bytes;
    }
    assert_int_equal(yd_list_units(doc, chain), all.units);
    assert_false(yd_list_find(doc, chain, YD_BY_UNITS, all.units, &item, &offset));
}

/* Random edits against a plain array of characters; remote edits come in between. */
static void index_follows_all_edits(void **state)
{
    static const char *const words[] = {"a", "xyz", "hello world, ", "q"};
    struct yd_doc *remote = yd_doc_new(NULL);
    struct yd_buf text = {0};
    struct pair p;
    char *model = calloc(1, 1 << 20);
    size_t len = 0;

    (void)state;
    srand(5);
    pair_begin(&p);
    for (int i = 0; i < 6000; i++) {
        size_t at = len ? (size_t)rand() % (len + 1) : 0, n;
        if (rand() % 3 == 0 && len > 0) {
            n = (size_t)rand() % 20 % (len - at + 1);
            n = i % 1000 == 999 ? len - at : n;
            assert_int_equal(yd_list_delete(&p.txn, T, (uint32_t)at, (uint32_t)n), 0);
            memmove(model + at, model + at + n, len - at - n);
            len -= n;
        } else {
            const char *w = words[rand() % 4];
            n = strlen(w);
            assert_int_equal(pair_insert(&p, (uint32_t)at, w), 0);
            memmove(model + at + n, model + at, len - at);
            memcpy(model + at, w, n);
            len += n;
        }
        if (rand() % 4 == 0 || i % 1000 == 0) {
            struct yd_buf sv = {0}, diff = {0};
            struct yd_txn there;
            yd_txn_commit(&p.txn, NULL);
            if (i % 500 == 0) { /* somebody else edits, too */
                yd_encode_state_vector(remote, &sv);
                yd_encode_diff(p.doc, sv.data, sv.len, &diff);
                apply_ok(remote, diff.data, diff.len);
                yd_buf_free(&diff);
                yd_txn_begin(&there, remote, 9);
                yd_text_insert(&there, T, (uint32_t)(len / 2), "REMOTE", 6, NULL, 0);
                yd_txn_commit(&there, &diff);
                apply_ok(p.doc, diff.data, diff.len);
                memmove(model + len / 2 + 6, model + len / 2, len - len / 2);
                memcpy(model + len / 2, "REMOTE", 6);
                len += 6;
                yd_buf_free(&sv);
                yd_buf_free(&diff);
                check_order(p.doc);
            }
            yd_txn_begin(&p.txn, p.doc, 7);
        }
    }
    yd_text(p.doc, "t", 1, &text);
    assert_int_equal(text.len, len);
    assert_memory_equal(text.data, model, len);
    assert_non_null(p.doc->orders);
    yd_doc_trim(p.doc);
    assert_null(p.doc->orders);
    yd_buf_free(&text);
    free(model);
    yd_doc_free(remote);
    pair_end(&p);
}

static void documents_without_edits_have_no_index(void **state)
{
    struct yd_doc *doc = yd_doc_new(NULL);
    struct yd_buf update = {0};

    (void)state;
    assert_int_equal(yd_encode_text_insert(3, "t", 1, "text", 4, &update), 0);
    apply_ok(doc, update.data, update.len);
    assert_null(doc->orders);
    yd_buf_free(&update);
    yd_doc_free(doc);
}

/* Counts what is held: each block has its size in front. */
static void *counting_resize(void *ctx, void *p, size_t size)
{
    size_t *held = ctx, *block = p ? (size_t *)p - 2 : NULL;

    *held -= block ? *block : 0;
    if (size == 0) {
        free(block);
        return NULL;
    }
    block = realloc(block, size + 2 * sizeof(size_t));
    *block = size;
    *held += size;
    return block + 2;
}

static void index_comes_from_the_allocator_and_goes(void **state)
{
    size_t held = 0, before;
    const struct yd_allocator alloc = {counting_resize, &held};
    struct yd_doc *doc = yd_doc_new(&alloc);
    struct yd_txn txn;

    (void)state;
    yd_txn_begin(&txn, doc, 7);
    for (uint32_t i = 0; i < 1000; i++)
        yd_text_insert(&txn, T, i / 2, "x", 1, NULL, 0);
    assert_non_null(doc->orders);
    yd_txn_commit(&txn, NULL);
    assert_int_equal(held, yd_memory_bytes(doc));
    before = held;
    yd_doc_trim(doc);
    assert_true(held < before);
    assert_int_equal(held, yd_memory_bytes(doc));
    assert_int_equal(yd_list_len(doc, T), 1000); /* it is built again */
    yd_doc_free(doc);
    assert_int_equal(held, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(index_follows_all_edits),
        cmocka_unit_test(documents_without_edits_have_no_index),
        cmocka_unit_test(index_comes_from_the_allocator_and_goes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
