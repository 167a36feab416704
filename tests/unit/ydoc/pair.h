/* A document that is edited and a replica of it, for the tests of edit.h. */
#ifndef YD_TEST_PAIR_H
#define YD_TEST_PAIR_H

#include "tests/unit/ydoc/support.h"
#include "ydoc/edit.h"

#define T yd_root("t")

/* A document and a replica that gets each of its updates. */
struct pair {
    struct yd_doc *doc, *replica;
    struct yd_txn txn;
};

static inline void pair_begin(struct pair *p)
{
    p->doc = yd_doc_new(NULL);
    p->replica = yd_doc_new(NULL);
    assert_int_equal(yd_txn_begin(&p->txn, p->doc, 7), 0);
}

/* Commit, bring the update to the replica, and begin again as the same client. */
static inline bool pair_commit(struct pair *p)
{
    struct yd_buf update = {0}, a = {0}, b = {0};
    bool changed = yd_txn_commit(&p->txn, &update);

    assert_int_equal(changed, update.len > 0);
    assert_null(yd_check_inside(p->doc));
    if (changed) {
        struct yd_result res = apply_ok(p->replica, update.data, update.len);
        assert_true(res.changed && res.complete);
    }
    yd_encode_diff(p->doc, NULL, 0, &a);
    yd_encode_diff(p->replica, NULL, 0, &b);
    assert_int_equal(a.len, b.len);
    assert_memory_equal(a.data, b.data, a.len);
    yd_buf_free(&update);
    yd_buf_free(&a);
    yd_buf_free(&b);
    assert_int_equal(yd_txn_begin(&p->txn, p->doc, 7), 0);
    return changed;
}

static inline void pair_end(struct pair *p)
{
    yd_txn_commit(&p->txn, NULL);
    yd_doc_free(p->doc);
    yd_doc_free(p->replica);
}

static inline int pair_insert(struct pair *p, uint32_t index, const char *text)
{
    return yd_text_insert(&p->txn, T, index, text, strlen(text), NULL, 0);
}

#endif
