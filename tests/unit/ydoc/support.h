/* Updates written by hand, for the tests in this folder. */
#ifndef YD_TEST_SUPPORT_H
#define YD_TEST_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "tests/unit/ydoc/check.h"
#include "ydoc/ydoc.h"

#define BYTES(...) (const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__})

/* A struct's head: item kinds with their origin, right origin, or the root "t". */
#define ROOT_T 1, 1, 't'
#define ONE_CLIENT(structs, client, clock) 1, structs, client, clock
#define NO_DELETES 0

static inline struct yd_result apply_ok(struct yd_doc *doc, const uint8_t *p, size_t len)
{
    struct yd_result res;

    assert_int_equal(yd_apply_update(doc, p, len, &res), 0);
    assert_null(yd_check_inside(doc));
    return res;
}

/* Client 5 wrote "hello" into the root t. */
#define HELLO 1, 1, 5, 0, 0x04, ROOT_T, 5, 'h', 'e', 'l', 'l', 'o', 0

static inline struct yd_doc *hello(void)
{
    struct yd_doc *doc = yd_doc_new(NULL);

    apply_ok(doc, BYTES(HELLO));
    return doc;
}

static inline void assert_text(const struct yd_doc *doc, const char *root, const char *expected)
{
    struct yd_buf out = {0};

    yd_text(doc, root, strlen(root), &out);
    assert_int_equal(out.len, strlen(expected));
    assert_true(out.len == 0 || memcmp(out.data, expected, out.len) == 0);
    assert_int_equal(yd_text_len_utf8(doc, root, strlen(root)), out.len);
    yd_buf_free(&out);
}

/* Refused at decode, and nothing has changed. */
static inline void assert_refused(int err, const uint8_t *p, size_t len)
{
    struct yd_doc *doc = yd_doc_new(NULL);
    struct yd_result res;
    struct yd_buf sv = {0};

    assert_int_equal(yd_apply_update(doc, p, len, &res), err);
    assert_false(res.changed || res.has_new || res.complete);
    assert_true(res.error_offset <= len);
    assert_int_equal(yd_update_check(p, len, NULL), err);
    yd_encode_state_vector(doc, &sv);
    assert_int_equal(sv.len, 1);
    assert_int_equal(sv.data[0], 0);
    assert_int_equal(yd_pending_bytes(doc), 0);
    yd_buf_free(&sv);
    yd_doc_free(doc);
}

#endif
