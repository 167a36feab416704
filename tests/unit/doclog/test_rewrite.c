#include "tests/unit/unit.h"

#include "doclog/doclog.h"
#include "doclog/lines.h"
#include "ydoc/edit.h"

#include <stdio.h>

static size_t check_changes(const char *a, const char *b)
{
    struct cr_line_change *c;
    size_t count = cr_line_changes(a, strlen(a), b, strlen(b), &c), at = 0;
    CR_AUTO_BUF made = {0};

    for (size_t i = 0; i < count; i++) {
        assert_true(c[i].old_at >= at);
        cr_buf_append(&made, a + at, c[i].old_at - at);
        cr_buf_append(&made, b + c[i].new_at, c[i].new_len);
        at = c[i].old_at + c[i].old_len;
    }
    cr_buf_append(&made, a + at, strlen(a) - at);
    assert_string_equal(cr_buf_cstr(&made), b);
    free(c);
    return count;
}

static void changes_make_the_other_text(void **state)
{
    (void)state;
    assert_int_equal(check_changes("", ""), 0);
    assert_int_equal(check_changes("a\n", "a\n"), 0);
    assert_int_equal(check_changes("", "a"), 1);
    assert_int_equal(check_changes("a\nb\nc\n", "a\nc\n"), 1);
    assert_int_equal(check_changes("a\nb\nc\nd\ne\n", "a\nB\nc\nd\nE\n"), 2);
    assert_int_equal(check_changes("x\ny", "y\nx"), 1);
    assert_int_equal(check_changes("é\n", "è\n"), 1); /* they share their first byte */
    assert_int_equal(check_changes("a👋b", "a👌b"), 1);
}

static unsigned dice = 7;
static unsigned roll(unsigned n)
{
    dice = dice * 1103515245 + 12345;
    return dice / 65536 % n;
}

static void random_text(char *out, unsigned lines, unsigned words)
{
    *out = '\0';
    for (unsigned i = 0; i < lines; i++)
        out += sprintf(out, "%s%u%s", roll(5) ? "" : "ü", roll(words), roll(6) ? "\n" : "\r\n");
}

static void random_texts_are_made_of_each_other(void **state)
{
    static char a[65536], b[65536];

    (void)state;
    for (int i = 0; i < 300; i++) {
        random_text(a, roll(60), 1 + roll(9));
        random_text(b, roll(60), 1 + roll(9));
        check_changes(a, b);
    }
    random_text(a, 3000, 100000);
    random_text(b, 3000, 100000);
    assert_int_equal(check_changes(a, b), 1); /* nothing in common: one change */
}

static void rewriting_keeps_what_is_the_same(void **state)
{
    const char *before = "one\ntwo 👋\nthree\n", *after = "one\n2 👋\nthree\nfour\n";
    struct yd_doc *doc = yd_doc_new(NULL), *copy = yd_doc_new(NULL);
    struct yd_buf first = {0}, update = {0}, text = {0};

    (void)state;
    assert_int_equal(yd_encode_text_insert(1, "text", 4, before, strlen(before), &first), 0);
    assert_int_equal(yd_apply_update(doc, first.data, first.len, NULL), 0);
    assert_int_equal(yd_apply_update(copy, first.data, first.len, NULL), 0);
    assert_int_equal(cr_doclog_rewrite(doc, "text", 2, after, strlen(after), &update, NULL), 0);
    assert_true(update.len < 60); /* not the whole text */
    assert_int_equal(yd_apply_update(copy, update.data, update.len, NULL), 0);
    yd_text(copy, "text", 4, &text);
    assert_int_equal(text.len, strlen(after));
    assert_memory_equal(text.data, after, text.len);
    update.len = 0;
    assert_int_equal(cr_doclog_rewrite(doc, "text", 3, after, strlen(after), &update, NULL), 0);
    assert_int_equal(update.len, 0);
    assert_int_equal(cr_doclog_rewrite(doc, "text", 4, "", 0, &update, NULL), 0);
    assert_int_equal(yd_text_len_utf8(doc, "text", 4), 0);
    yd_buf_free(&first);
    yd_buf_free(&update);
    yd_buf_free(&text);
    yd_doc_free(doc);
    yd_doc_free(copy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(changes_make_the_other_text),
        cmocka_unit_test(random_texts_are_made_of_each_other),
        cmocka_unit_test(rewriting_keeps_what_is_the_same),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
