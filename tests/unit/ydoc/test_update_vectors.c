/* Updates without a document, against what stock Yjs made of the same (tests/vectors/ydoc_updates).
 */
#include "tests/unit/ydoc/support.h"
#include "ydoc/updates.h"
#include "ydoc/wire.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#define MAX_UPDATES 128

struct vector {
    struct yd_bytes updates[MAX_UPDATES];
    size_t count;
    struct yd_slice full, full_v2, state_vector, text, merged, merged_state_vector;
};

static void assert_bytes(const struct yd_buf *got, struct yd_slice expected)
{
    assert_int_equal(got->len, expected.len);
    assert_true(got->len == 0 || memcmp(got->data, expected.p, got->len) == 0);
}

static void assert_converts(struct yd_slice v1, struct yd_slice v2, struct yd_slice back)
{
    struct yd_buf out = {0};

    assert_int_equal(yd_update_v1_to_v2(v1.p, v1.len, &out), 0);
    assert_bytes(&out, v2);
    out.len = 0;
    assert_int_equal(yd_update_v2_to_v1(v2.p, v2.len, back.len, &out), 0);
    assert_bytes(&out, back);
    out.len = 0;
    assert_int_equal(yd_update_v2_to_v1(v2.p, v2.len, back.len - 1, &out), YD_ERR_TOO_BIG);
    assert_int_equal(out.len, 0);
    yd_buf_free(&out);
}

/* Every cut of v2 is refused, or (a column's end is not always told) read without harm. */
static void try_cuts(struct yd_slice v2)
{
    struct yd_buf out = {0};

    for (size_t len = 0; len < v2.len; len++) {
        if (yd_update_v2_to_v1(v2.p, len, 1 << 20, &out) == 0)
            assert_int_equal(yd_update_check(out.data, out.len, NULL), 0);
        out.len = 0;
    }
    yd_buf_free(&out);
}

static void parse(const uint8_t *p, size_t len, struct vector *v)
{
    struct yd_reader r = yd_reader_of(p, len);

    v->count = (size_t)yd_read_varuint(&r);
    assert_true(v->count <= MAX_UPDATES);
    for (size_t i = 0; i < v->count; i++) {
        struct yd_slice v1 = yd_read_bytes(&r), v2 = yd_read_bytes(&r), back = yd_read_bytes(&r);
        v->updates[i] = (struct yd_bytes){v1.p, v1.len};
        assert_converts(v1, v2, back);
    }
    v->full = yd_read_bytes(&r);
    v->full_v2 = yd_read_bytes(&r);
    v->state_vector = yd_read_bytes(&r);
    v->text = yd_read_string(&r);
    v->merged = yd_read_bytes(&r);
    v->merged_state_vector = yd_read_bytes(&r);
    assert_int_equal(r.err, 0);
    try_cuts(v->full_v2);
}

/* The document has all of the vector and nothing else. */
static void assert_whole(struct yd_doc *doc, const struct vector *v)
{
    struct yd_buf out = {0};

    yd_text(doc, "text", 4, &out);
    assert_bytes(&out, v->text);
    out.len = 0;
    yd_encode_state_vector(doc, &out);
    assert_bytes(&out, v->state_vector);
    assert_int_equal(yd_pending_bytes(doc), 0);
    assert_false(apply_ok(doc, v->full.p, v->full.len).has_new);
    assert_false(apply_ok(doc, v->merged.p, v->merged.len).has_new);
    yd_buf_free(&out);
}

static void in_order_the_state_is_theirs_in_v2(const struct vector *v)
{
    struct yd_doc *doc = yd_doc_new(NULL);
    struct yd_buf out = {0};

    for (size_t i = 0; i < v->count; i++)
        apply_ok(doc, v->updates[i].p, v->updates[i].len);
    assert_int_equal(yd_encode_diff_v2(doc, NULL, 0, &out), 0);
    assert_bytes(&out, v->full_v2);
    assert_whole(doc, v);
    yd_buf_free(&out);
    yd_doc_free(doc);
}

static void merged_in_groups_they_make_the_document(const struct vector *v, size_t group)
{
    struct yd_doc *doc = yd_doc_new(NULL);

    for (size_t i = 0; i < v->count; i += group) {
        struct yd_buf out = {0};
        size_t n = v->count - i < group ? v->count - i : group;
        assert_int_equal(yd_merge_updates(v->updates + i, n, &out), 0);
        apply_ok(doc, out.data, out.len);
        yd_buf_free(&out);
    }
    assert_whole(doc, v);
    yd_doc_free(doc);
}

/* A peer that has the first `had` updates gets the rest of our merge. */
static void a_diff_completes_a_document(const struct vector *v, size_t had)
{
    struct yd_doc *doc = yd_doc_new(NULL);
    struct yd_buf merged = {0}, sv = {0}, diff = {0};

    for (size_t i = 0; i < had; i++)
        apply_ok(doc, v->updates[i].p, v->updates[i].len);
    yd_encode_state_vector(doc, &sv);
    assert_int_equal(yd_merge_updates(v->updates, v->count, &merged), 0);
    assert_int_equal(yd_update_diff(merged.data, merged.len, sv.data, sv.len, &diff), 0);
    assert_true(diff.len <= merged.len + 8);
    apply_ok(doc, diff.data, diff.len);
    assert_whole(doc, v);
    yd_buf_free(&merged);
    yd_buf_free(&sv);
    yd_buf_free(&diff);
    yd_doc_free(doc);
}

static void state_vectors_are_theirs(const struct vector *v)
{
    struct yd_buf merged = {0}, sv = {0};

    assert_int_equal(yd_update_state_vector(v->merged.p, v->merged.len, &sv), 0);
    assert_bytes(&sv, v->merged_state_vector);
    sv.len = 0;
    assert_int_equal(yd_merge_updates(v->updates, v->count, &merged), 0);
    assert_true(merged.len <= v->merged.len);
    assert_int_equal(yd_update_state_vector(merged.data, merged.len, &sv), 0);
    assert_bytes(&sv, v->merged_state_vector);
    yd_buf_free(&merged);
    yd_buf_free(&sv);
}

static void check_file(const char *path)
{
    static uint8_t data[1 << 20];
    static struct vector v;
    FILE *f = fopen(path, "rb");
    size_t len;

    assert_non_null(f);
    len = fread(data, 1, sizeof(data), f);
    fclose(f);
    print_message("%s\n", path);
    parse(data, len, &v);
    in_order_the_state_is_theirs_in_v2(&v);
    state_vectors_are_theirs(&v);
    for (size_t group = 2; group <= v.count + 1; group += 1 + group / 2)
        merged_in_groups_they_make_the_document(&v, group);
    for (size_t had = 0; had <= v.count; had += 1 + v.count / 4)
        a_diff_completes_a_document(&v, had);
}

static void vectors_of_yjs_are_reproduced(void **state)
{
    const char *srcdir = getenv("srcdir");
    char dir[4000], path[8000];
    const struct dirent *e;
    int count = 0;
    DIR *d;

    (void)state;
    snprintf(dir, sizeof(dir), "%s/tests/vectors/ydoc_updates", srcdir ? srcdir : ".");
    d = opendir(dir);
    assert_non_null(d);
    while ((e = readdir(d))) {
        if (!strstr(e->d_name, ".bin"))
            continue;
        snprintf(path, sizeof(path), "%s/%s", dir, e->d_name);
        check_file(path);
        count++;
    }
    closedir(d);
    assert_true(count >= 15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(vectors_of_yjs_are_reproduced)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
