/* Cases that Yjs tests itself with, rebuilt: formats, positions, moments (README.md says where the
 * others are). */
#include "tests/unit/ydoc/pair.h"
#include "ydoc/any.h"
#include "ydoc/read.h"
#include "ydoc/relpos.h"
#include "ydoc/snapshot.h"

#include <stdio.h>

/* ---- formats ---- */

enum op { END, INSERT, EMBED, FORMAT, DELETE };
struct step {
    enum op op;
    uint32_t at, len;
    const char *text;       /* or the embed's JSON, with ' for " */
    const char *key, *json; /* NULL: no attributes */
};

#define STEPS_MAX 5
/* `structs`: how many are left, deleted ones that are neighbours being one; 0: any number. */
struct format_case {
    struct step steps[STEPS_MAX];
    const char *delta; /* with ' for " */
    size_t structs;
};

/* The deltas are what Yjs 13.6 tells after the same steps. */
static const struct format_case formats[] = {
    {{{INSERT, 0, 0, "abc", "b", "true"}, {DELETE, 0, 1, NULL, NULL, NULL}},
     "[{'insert':'bc','attributes':{'b':true}}]",
     0},
    {{{INSERT, 0, 0, "bc", "b", "true"}, /* the same format: one run */
      {DELETE, 1, 1, NULL, NULL, NULL},
      {INSERT, 0, 0, "z", "b", "true"}},
     "[{'insert':'zb','attributes':{'b':true}}]",
     0},
    {{{INSERT, 0, 0, "zb", "b", "true"}, {INSERT, 0, 0, "y", NULL, NULL}}, /* before the format */
     "[{'insert':'y'},{'insert':'zb','attributes':{'b':true}}]",
     0},
    {{{INSERT, 0, 0, "zb", "b", "true"},
      {INSERT, 0, 0, "y", "b", "null"},
      {FORMAT, 0, 2, NULL, "b", "null"}},
     "[{'insert':'yz'},{'insert':'b','attributes':{'b':true}}]",
     0},
    {{{INSERT, 0, 0, "Test\nMulti-line\nFormatting", NULL, NULL}, /* line ends stay plain */
      {FORMAT, 0, 4, NULL, "b", "true"},
      {FORMAT, 5, 10, NULL, "b", "true"},
      {FORMAT, 16, 10, NULL, "b", "true"}},
     "[{'insert':'Test','attributes':{'b':true}},{'insert':'\\n'},"
     "{'insert':'Multi-line','attributes':{'b':true}},{'insert':'\\n'},"
     "{'insert':'Formatting','attributes':{'b':true}}]",
     11},
    {{{INSERT, 0, 0, "Text", NULL, NULL}, /* an empty line's format */
      {INSERT, 4, 0, "\n", "title", "true"},
      {INSERT, 5, 0, "\n", "title", "false"},
      {DELETE, 4, 1, NULL, NULL, NULL},
      {FORMAT, 4, 1, NULL, "title", "true"}},
     "[{'insert':'Text'},{'insert':'\\n','attributes':{'title':true}}]",
     0},
    {{{INSERT, 0, 0, "ab", "b", "true"}, {EMBED, 1, 0, "{'image':'i'}", "width", "100"}},
     "[{'insert':'a','attributes':{'b':true}},"
     "{'insert':{'image':'i'},'attributes':{'width':100}},"
     "{'insert':'b','attributes':{'b':true}}]",
     9},
    {{{INSERT, 0, 0, "ab", NULL, NULL}, {EMBED, 1, 0, "{'image':'i'}", NULL, NULL}},
     "[{'insert':'a'},{'insert':{'image':'i'}},{'insert':'b'}]",
     3},
    {{{INSERT, 0, 0, "ab", "b", "true"}, {DELETE, 0, 2, NULL, NULL, NULL}}, "[]", 0},
    {{{INSERT, 0, 0, "ab", "b", "false"}, /* false, 0 and '' are values, not null */
      {FORMAT, 0, 1, NULL, "b", "0"},
      {FORMAT, 1, 1, NULL, "b", "\"\""}},
     "[{'insert':'a','attributes':{'b':0}},{'insert':'b','attributes':{'b':''}}]",
     0},
    {{{INSERT, 0, 0, "abcdef", NULL, NULL},
      {FORMAT, 0, 4, NULL, "b", "true"},
      {FORMAT, 2, 4, NULL, "i", "true"},
      {FORMAT, 1, 4, NULL, "b", "null"}},
     "[{'insert':'a','attributes':{'b':true}},{'insert':'b'},"
     "{'insert':'cdef','attributes':{'i':true}}]",
     0},
    {{{INSERT, 0, 0, "abcd", NULL, NULL},
      {FORMAT, 0, 4, NULL, "c", "\"red\""},
      {FORMAT, 1, 2, NULL, "c", "\"blue\""}},
     "[{'insert':'a','attributes':{'c':'red'}},{'insert':'bc','attributes':{'c':'blue'}},"
     "{'insert':'d','attributes':{'c':'red'}}]",
     0},
};

static void quoted(const char *s, char *out, size_t size)
{
    size_t len = strlen(s);

    assert_true(len < size);
    for (size_t i = 0; i <= len; i++)
        out[i] = s[i] == '\'' ? '"' : s[i];
}

static int take(struct yd_txn *txn, const struct step *s)
{
    const struct yd_attribute a = {s->key, s->key ? strlen(s->key) : 0, s->json,
                                   s->json ? strlen(s->json) : 0};
    const size_t n = s->key ? 1 : 0;
    char embed[100];

    switch (s->op) {
    case INSERT:
        return yd_text_insert(txn, T, s->at, s->text, strlen(s->text), n ? &a : NULL, n);
    case EMBED:
        quoted(s->text, embed, sizeof(embed));
        return yd_text_insert_embed(txn, T, s->at, embed, strlen(embed), &a, n);
    case FORMAT:
        return yd_text_format(txn, T, s->at, s->len, &a, n);
    default:
        return yd_list_delete(txn, T, s->at, s->len);
    }
}

static void assert_out(struct yd_buf *out, const char *expected)
{
    char json[400];

    quoted(expected, json, sizeof(json));
    yd_buf_append(out, "", 1);
    assert_string_equal((const char *)out->data, json);
    yd_buf_free(out);
}

static void formats_are_what_yjs_makes_of_them(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(formats) / sizeof(*formats); i++) {
        const struct format_case *c = &formats[i];
        struct yd_buf out = {0};
        struct pair p;

        print_message("%s\n", c->delta);
        pair_begin(&p);
        for (size_t n = 0; n < STEPS_MAX && c->steps[n].op != END; n++) {
            assert_int_equal(take(&p.txn, &c->steps[n]), 0);
            assert_true(pair_commit(&p));
        }
        assert_int_equal(yd_delta(p.replica, T, &out), 0);
        assert_out(&out, c->delta);
        if (c->structs > 0)
            assert_int_equal(yd_struct_count(p.doc), c->structs);
        pair_end(&p);
    }
}

/* Yjs deletes them with it, and tells of 1234 in one.  Here they stay, without effect. */
static void marks_of_deleted_text_have_no_effect(void **state)
{
    const struct yd_attribute bold = {"b", 1, "true", 4};
    struct yd_buf out = {0};
    struct pair p;

    (void)state;
    pair_begin(&p);
    pair_insert(&p, 0, "1234");
    assert_int_equal(yd_text_insert(&p.txn, T, 2, "ab", 2, &bold, 1), 0);
    assert_int_equal(yd_list_delete(&p.txn, T, 2, 2), 0);
    pair_commit(&p);
    assert_int_equal(yd_delta(p.replica, T, &out), 0);
    assert_out(&out, "[{'insert':'12'},{'insert':'34'}]");
    pair_insert(&p, 2, "x");
    pair_commit(&p);
    assert_text(p.replica, "t", "12x34");
    assert_int_equal(yd_delta(p.replica, T, &out), 0);
    yd_buf_append(&out, "", 1);
    assert_null(strstr((const char *)out.data, "attributes"));
    yd_buf_free(&out);
    pair_end(&p);
}

/* ---- positions ---- */

/* From every index, to either side, by way of the bytes, and back to the index. */
static void assert_positions(struct pair *p, uint32_t len)
{
    for (uint32_t i = 0; i <= len; i++) {
        for (int32_t assoc = -1; assoc <= 0; assoc++) {
            struct yd_relpos pos, read;
            struct yd_buf bytes = {0};
            uint32_t index;

            assert_int_equal(yd_relpos_at(p->doc, T, i, assoc, &pos), 0);
            yd_relpos_encode(&pos, &bytes);
            assert_int_equal(yd_relpos_decode(bytes.data, bytes.len, &read), 0);
            assert_int_equal(yd_relpos_resolve(p->doc, &read, NULL, &index), 0);
            assert_int_equal(index, i);
            assert_int_equal(yd_relpos_resolve(p->replica, &read, NULL, &index), 0);
            assert_int_equal(index, i);
            yd_buf_free(&bytes);
        }
    }
}

static void positions_come_back_to_their_index(void **state)
{
    /* What is typed in front, so that neighbours are no neighbours in time; at the end; in the
     * middle of a run; one after the other; and nothing at all. */
    static const struct {
        struct {
            uint32_t at;
            const char *text;
        } typed[6];
        uint32_t len;
    } cases[] = {
        {{{0, "1"}, {0, "abc"}, {0, "z"}, {0, "y"}, {0, "x"}}, 7},
        {{{0, "abc"}}, 3},
        {{{0, "abc"}, {0, "1"}, {0, "xyz"}}, 7},
        {{{0, "1"}}, 1},
        {{{0, "2"}, {0, "1"}}, 2},
        {{{0, "abcdef"}, {3, "\xf0\x9f\x98\x80"}, {8, "!"}}, 9},
        {{{0, ""}}, 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct pair p;
        pair_begin(&p);
        pair_insert(&p, 0, "-"); /* the root is there, and something is deleted */
        pair_commit(&p);
        yd_list_delete(&p.txn, T, 0, 1);
        pair_commit(&p);
        for (size_t n = 0; n < 6 && cases[i].typed[n].text; n++) {
            assert_int_equal(pair_insert(&p, cases[i].typed[n].at, cases[i].typed[n].text), 0);
            pair_commit(&p);
        }
        assert_positions(&p, cases[i].len);
        pair_end(&p);
    }
}

static void sides_of_a_position_part_where_something_comes(void **state)
{
    struct yd_relpos left, right;
    uint32_t index;
    struct pair p;

    (void)state;
    pair_begin(&p);
    pair_insert(&p, 0, "2");
    pair_insert(&p, 0, "1");
    pair_commit(&p);
    assert_int_equal(yd_relpos_at(p.doc, T, 1, -1, &left), 0);
    assert_int_equal(yd_relpos_at(p.doc, T, 1, 0, &right), 0);
    pair_insert(&p, 1, "x");
    pair_commit(&p);
    assert_int_equal(yd_relpos_resolve(p.doc, &left, NULL, &index), 0);
    assert_int_equal(index, 1);
    assert_int_equal(yd_relpos_resolve(p.doc, &right, NULL, &index), 0);
    assert_int_equal(index, 2);
    pair_end(&p);
}

/* ---- moments ---- */

#define A yd_root("a")

static void put(struct yd_txn *txn, uint32_t index, const char *value)
{
    struct yd_buf v = {0};

    assert_int_equal(yd_any_string(&v, value, strlen(value)), 0);
    assert_int_equal(yd_array_insert(txn, A, index, v.data, v.len, 1), 0);
    yd_buf_free(&v);
}

static void set(struct yd_txn *txn, struct yd_target map, const char *value)
{
    struct yd_buf v = {0};

    assert_int_equal(yd_any_string(&v, value, strlen(value)), 0);
    assert_int_equal(yd_map_set(txn, map, "k", 1, v.data, v.len), 0);
    yd_buf_free(&v);
}

/* A document that keeps what is deleted, and its replica, too. */
static void keeping_begin(struct pair *p)
{
    pair_begin(p);
    yd_doc_set_gc(p->doc, false);
    yd_doc_set_gc(p->replica, false);
}

/* What the array was at a moment, in either of them. */
static void assert_past(struct pair *p, const struct yd_buf *moment, const char *expected)
{
    const struct yd_doc *docs[] = {p->doc, p->replica};

    for (size_t i = 0; i < 2; i++) {
        struct yd_doc *then = yd_doc_new(NULL);
        struct yd_buf update = {0}, out = {0};

        assert_int_equal(yd_snapshot_update(docs[i], moment->data, moment->len, &update), 0);
        apply_ok(then, update.data, update.len);
        if (yd_json(then, A, YD_ARRAY, &out) == YD_ERR_TARGET) /* nothing was there yet */
            yd_buf_append(&out, "[]", 2);
        assert_out(&out, expected);
        yd_buf_free(&update);
        yd_doc_free(then);
    }
}

static void nothing_comes_back_of_before_the_first_edit(void **state)
{
    struct yd_buf moment = {0};
    struct pair p;

    (void)state;
    keeping_begin(&p);
    yd_snapshot(p.doc, &moment);
    put(&p.txn, 0, "world");
    pair_commit(&p);
    assert_past(&p, &moment, "[]");
    yd_buf_free(&moment);
    pair_end(&p);
}

static void what_is_deleted_later_or_comes_before_it_is_as_it_was(void **state)
{
    struct yd_buf moment = {0}, later = {0};
    struct pair p;

    (void)state;
    keeping_begin(&p);
    put(&p.txn, 0, "3");
    put(&p.txn, 0, "2");
    put(&p.txn, 0, "1");
    pair_commit(&p);
    assert_int_equal(yd_list_delete(&p.txn, A, 1, 1), 0);
    pair_commit(&p);
    yd_snapshot(p.doc, &moment);
    put(&p.txn, 0, "0"); /* a left neighbour */
    put(&p.txn, 2, "new");
    assert_int_equal(yd_list_delete(&p.txn, A, 1, 1), 0);
    pair_commit(&p);
    yd_snapshot(p.doc, &later);
    assert_int_equal(yd_list_delete(&p.txn, A, 0, 3), 0);
    pair_commit(&p);
    assert_past(&p, &moment, "['1','3']");
    assert_past(&p, &later, "['0','new','3']");
    yd_buf_free(&moment);
    yd_buf_free(&later);
    pair_end(&p);
}

static void nested_values_are_as_they_were(void **state)
{
    struct yd_buf moment = {0};
    struct yd_target map;
    struct pair p;

    (void)state;
    keeping_begin(&p);
    put(&p.txn, 0, "x");
    assert_int_equal(yd_array_insert_type(&p.txn, A, 1, YD_MAP, NULL, 0, &map), 0);
    set(&p.txn, map, "first");
    pair_commit(&p);
    yd_snapshot(p.doc, &moment);
    set(&p.txn, map, "second");
    pair_commit(&p);
    assert_int_equal(yd_list_delete(&p.txn, A, 0, 2), 0);
    pair_commit(&p);
    assert_past(&p, &moment, "['x',{'k':'first'}]");
    yd_buf_free(&moment);
    pair_end(&p);
}

/* Another author's edits stand on ours, and ours on theirs. */
static void edits_that_need_each_other_come_back_together(void **state)
{
    struct yd_buf moment = {0}, update = {0};
    struct yd_txn other;
    struct pair p;

    (void)state;
    keeping_begin(&p);
    put(&p.txn, 0, "mine");
    pair_commit(&p);
    assert_int_equal(yd_txn_begin(&other, p.replica, 9), 0);
    put(&other, 1, "theirs");
    assert_true(yd_txn_commit(&other, &update));
    yd_txn_commit(&p.txn, NULL);
    apply_ok(p.doc, update.data, update.len);
    yd_snapshot(p.doc, &moment);
    assert_int_equal(yd_txn_begin(&p.txn, p.doc, 7), 0);
    put(&p.txn, 1, "between");
    assert_int_equal(yd_list_delete(&p.txn, A, 2, 1), 0);
    pair_commit(&p);
    assert_past(&p, &moment, "['mine','theirs']");
    yd_buf_free(&moment);
    yd_buf_free(&update);
    pair_end(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formats_are_what_yjs_makes_of_them),
        cmocka_unit_test(marks_of_deleted_text_have_no_effect),
        cmocka_unit_test(positions_come_back_to_their_index),
        cmocka_unit_test(sides_of_a_position_part_where_something_comes),
        cmocka_unit_test(nothing_comes_back_of_before_the_first_edit),
        cmocka_unit_test(what_is_deleted_later_or_comes_before_it_is_as_it_was),
        cmocka_unit_test(nested_values_are_as_they_were),
        cmocka_unit_test(edits_that_need_each_other_come_back_together),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
