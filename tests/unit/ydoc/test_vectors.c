/* Documents made by stock Yjs: we make the same of their updates, byte for byte when they come in
 * the same order. */
#include "tests/unit/ydoc/support.h"
#include "ydoc/wire.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#define MAX_UPDATES 128

struct vector {
    struct yd_slice updates[MAX_UPDATES];
    size_t count;
    struct yd_slice text, state_vector, full;
};

static void parse(const uint8_t *p, size_t len, struct vector *v)
{
    struct yd_reader r = yd_reader_of(p, len);

    v->count = (size_t)yd_read_varuint(&r);
    assert_true(v->count <= MAX_UPDATES);
    for (size_t i = 0; i < v->count; i++)
        v->updates[i] = yd_read_bytes(&r);
    v->text = yd_read_string(&r);
    v->state_vector = yd_read_bytes(&r);
    v->full = yd_read_bytes(&r);
    assert_int_equal(r.err, 0);
}

static void assert_bytes(const struct yd_buf *got, struct yd_slice expected)
{
    assert_int_equal(got->len, expected.len);
    assert_true(got->len == 0 || memcmp(got->data, expected.p, got->len) == 0);
}

static void assert_same(const struct yd_doc *doc, const struct vector *v, bool same_order)
{
    struct yd_buf out = {0};

    yd_text(doc, "text", 4, &out);
    assert_bytes(&out, v->text);
    out.len = 0;
    yd_encode_state_vector(doc, &out);
    assert_bytes(&out, v->state_vector);
    out.len = 0;
    assert_int_equal(yd_encode_diff(doc, NULL, 0, &out), 0);
    if (same_order)
        assert_bytes(&out, v->full);
    yd_buf_free(&out);
}

static void replay(const struct vector *v, bool backwards)
{
    struct yd_doc *doc = yd_doc_new(NULL);

    for (size_t i = 0; i < v->count; i++) {
        struct yd_slice u = v->updates[backwards ? v->count - 1 - i : i];
        apply_ok(doc, u.p, u.len);
        if (backwards)
            assert_false(apply_ok(doc, u.p, u.len).has_new);
    }
    assert_same(doc, v, !backwards);
    assert_false(apply_ok(doc, v->full.p, v->full.len).has_new);
    yd_doc_free(doc);
}

static void check_file(const char *path)
{
    static uint8_t data[1 << 20];
    struct vector v;
    FILE *f = fopen(path, "rb");
    size_t len;

    assert_non_null(f);
    len = fread(data, 1, sizeof(data), f);
    fclose(f);
    parse(data, len, &v);
    print_message("%s: %zu updates\n", path, v.count);
    replay(&v, false);
    replay(&v, true);
}

static void vectors_of_yjs_are_reproduced(void **state)
{
    const char *srcdir = getenv("srcdir");
    char dir[4000], path[8000];
    const struct dirent *e;
    int count = 0;
    DIR *d;

    (void)state;
    snprintf(dir, sizeof(dir), "%s/tests/vectors/ydoc", srcdir ? srcdir : ".");
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
    assert_true(count >= 22);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(vectors_of_yjs_are_reproduced)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
