/* Reading, compacting and listing the log of a document. */
#include "tests/unit/unit.h"

#include "doclog/doclog.h"
#include "tests/unit/doclog/memory.h"
#include "ydoc/edit.h"

#define DAY_MS ((int64_t)24 * 3600 * 1000)
#define WRITER 77

static struct yd_doc *doc; /* as its writers have it */
static int64_t last_seq;

static int begin(void **state)
{
    (void)state;
    doc = yd_doc_new(NULL);
    last_seq = 0;
    return 0;
}

static int end(void **state)
{
    (void)state;
    yd_doc_free(doc);
    memory_clear();
    return 0;
}

/* A batch in which each letter is an update of its own. */
static void type(const char *letters, const char *author, int64_t time_ms)
{
    struct cr_doc_batch_writer w = {0};

    for (; *letters; letters++) {
        struct yd_buf update = {0};
        struct yd_txn txn;

        assert_int_equal(yd_txn_begin(&txn, doc, WRITER), 0);
        assert_int_equal(yd_text_insert(&txn, yd_root("text"), yd_list_len(doc, yd_root("text")),
                                        letters, 1, NULL, 0),
                         0);
        assert_true(yd_txn_commit(&txn, &update));
        cr_doc_batch_add(&w, update.data, update.len, author, time_ms);
        yd_buf_free(&update);
    }
    memory_add(++last_seq, &w);
}

static void assert_holds(struct yd_doc *d, const char *expected)
{
    struct yd_buf text = {0};

    yd_text(d, "text", 4, &text);
    assert_int_equal(text.len, strlen(expected));
    if (text.len > 0)
        assert_memory_equal(text.data, expected, text.len);
    yd_buf_free(&text);
    yd_doc_free(d);
}

static void assert_moment(int64_t seq, int64_t index, const char *expected)
{
    struct yd_doc *d = NULL;

    assert_int_equal(cr_doclog_moment(NULL, "r", "f", seq, index, &d, NULL), 0);
    assert_holds(d, expected);
}

static void assert_no_moment(int64_t seq, int64_t index, enum cr_error_code code)
{
    struct cr_error err = CR_ERROR_INIT;
    struct yd_doc *d = NULL;

    assert_int_equal(cr_doclog_moment(NULL, "r", "f", seq, index, &d, &err), -1);
    assert_int_equal(err.code, code);
    assert_null(d);
}

static void compact(int64_t expected_seq)
{
    int64_t seq;
    size_t len;

    assert_int_equal(cr_doclog_compact(NULL, "r", "f", 1, &seq, &len, NULL), 0);
    assert_int_equal(seq, expected_seq);
    assert_int_equal(memory_head()->seq, seq);
    assert_int_equal(memory_head()->packed.len, len);
}

static void any_moment_is_found(void **state)
{
    (void)state;
    type("abc", "ada", 1);
    type("d", "bob", 2);
    for (int compacted = 0; compacted < 2; compacted++) {
        assert_moment(1, 0, "a");
        assert_moment(1, 2, "abc");
        assert_moment(1, -1, "abc");
        assert_moment(2, 0, "abcd");
        assert_moment(2, -1, "abcd");
        assert_no_moment(0, -1, CR_ERR_NOT_FOUND);
        assert_no_moment(1, 3, CR_ERR_NOT_FOUND);
        assert_no_moment(3, -1, CR_ERR_NOT_FOUND);
        compact(2);
    }
    type("e", "bob", 3);
    assert_moment(3, -1, "abcde");
    assert_moment(1, 1, "ab");
}

static void a_head_and_what_follows_is_the_document(void **state)
{
    struct cr_doc_image im;
    struct yd_doc *d;
    int64_t seq;

    (void)state;
    type("abc", "ada", 1);
    compact(1);
    assert_int_equal(cr_doclog_read(NULL, "r", "f", &im, NULL), 0);
    assert_null(im.doc);
    assert_int_equal(im.seq, 1);
    cr_doc_image_clear(&im);
    type("d", "ada", 2);
    assert_int_equal(cr_doclog_read(NULL, "r", "f", &im, NULL), 0);
    assert_int_equal(im.tail_batches, 1);
    cr_doc_image_clear(&im);
    assert_int_equal(cr_doclog_read_doc(NULL, "r", "f", &d, &seq, NULL), 0);
    assert_int_equal(seq, 2);
    assert_holds(d, "abcd");
}

/* ---- many files ---- */

struct given {
    const char *text;
    size_t files;
    bool each; /* a file is read when the one before was given */
    size_t ranges;
};

static int take_text(void *ctx, size_t file, const struct yd_doc *d, struct cr_error *err)
{
    struct given *g = ctx;
    struct yd_buf text = {0};

    (void)err;
    assert_int_equal(file, g->files++);
    assert_int_equal(memory_ranges() - g->ranges, g->each ? g->files : 0);
    yd_text(d, "text", 4, &text);
    assert_int_equal(text.len, strlen(g->text));
    assert_memory_equal(text.data, g->text, text.len);
    yd_buf_free(&text);
    return 0;
}

static void assert_many_hold(const char *text, bool each)
{
    static const char ids[18][CR_ID_SIZE] = {"f"};
    struct given g = {.text = text, .each = each, .ranges = memory_ranges()};
    struct cr_error err = CR_ERROR_INIT;

    assert_int_equal(cr_doclog_read_many(NULL, "r", ids, CR_COUNT(ids), take_text, &g, &err), 0);
    assert_int_equal(g.files, CR_COUNT(ids));
}

static void many_files_are_heads_and_what_follows(void **state)
{
    (void)state;
    type("abc", "ada", 1);
    assert_many_hold("abc", false);
    compact(1);
    assert_many_hold("abc", false);
    type("d", "ada", 2);
    type("e", "ada", 3);
    assert_many_hold("abcde", false);
}

/* Not 16 of them in memory; their packed states may be small all the same. */
static void large_files_are_read_one_after_the_other(void **state)
{
    struct cr_doc_batch_writer w = {0};
    size_t len = (size_t)5 * 1024 * 1024;
    char *text = cr_calloc(1, len + 1);
    struct yd_buf update = {0};

    (void)state;
    memset(text, 'x', len);
    assert_int_equal(yd_encode_text_insert(WRITER, "text", 4, text, len, &update), 0);
    cr_doc_batch_add(&w, update.data, update.len, "ada", 1);
    memory_add(++last_seq, &w);
    for (int compacted = 0; compacted < 2; compacted++) {
        assert_many_hold(text, true);
        compact(1);
        assert_true(memory_head()->packed.len < 4096);
    }
    yd_buf_free(&update);
    free(text);
}

static void file_in_pieces_is_read_by_itself(void **state)
{
    (void)state;
    type("abc", "ada", 1);
    compact(1);
    type("d", "ada", 2);
    memory_put_in_pieces();
    assert_many_hold("abcd", true);
}

static void long_logs_get_checkpoints(void **state)
{
    char expected[2003] = "";

    (void)state;
    memset(expected, 'x', 2002);
    for (int i = 0; i < 3500; i++) {
        type("x", "ada", i);
        if (i % 500 == 0)
            compact(i + 1);
    }
    assert_int_equal(memory_checkpoints(), 1);
    assert_int_equal(memory_head()->checkpoint_count, 1);
    assert_int_equal(memory_head()->checkpoints[0], 2001);
    assert_moment(2002, -1, expected); /* from the checkpoint; the head is later */
}

static void a_damaged_state_is_our_fault(void **state)
{
    struct cr_error err = CR_ERROR_INIT;
    struct yd_doc *d = NULL;
    int64_t seq;

    (void)state;
    type("abc", "ada", 1);
    compact(1);
    memory_head()->packed.data[5] ^= 0xff;
    memory_head()->packed.data[memory_head()->packed.len - 1] ^= 0xff;
    assert_no_moment(1, -1, CR_ERR_INTERNAL);
    assert_int_equal(cr_doclog_read_doc(NULL, "r", "f", &d, &seq, &err), -1);
    assert_int_equal(err.code, CR_ERR_INTERNAL);
    type("d", "ada", 2);
    assert_no_moment(2, -1, CR_ERR_INTERNAL);
}

static void a_missing_batch_is_our_fault(void **state)
{
    struct cr_error err = CR_ERROR_INIT;
    struct cr_doc_image im;
    int64_t seq;
    size_t len;

    (void)state;
    type("abc", "ada", 1);
    last_seq++;
    type("d", "ada", 2);
    assert_int_equal(cr_doclog_read(NULL, "r", "f", &im, &err), -1);
    assert_int_equal(err.code, CR_ERR_INTERNAL);
    assert_non_null(strstr(err.message, "batch 2 is missing"));
    assert_no_moment(3, -1, CR_ERR_INTERNAL);
    assert_int_equal(cr_doclog_compact(NULL, "r", "f", 1, &seq, &len, NULL), -1);
    assert_int_equal(memory_head()->seq, 0);
    assert_moment(1, -1, "abc");
}

/* ---- versions ---- */

static struct cr_doc_version_list versions(int64_t before_seq, int limit)
{
    struct cr_doc_version_list l;

    assert_int_equal(cr_doclog_versions(NULL, "r", "f", before_seq, limit, &l, NULL), 0);
    return l;
}

/* The page before a batch has one version, with these batches, and no next. */
static void assert_last_page(int64_t before_seq, int64_t from_seq, int64_t seq)
{
    struct cr_doc_version_list l = versions(before_seq, 2);

    assert_int_equal(l.count, 1);
    assert_int_equal(l.items[0].from_seq, from_seq);
    assert_int_equal(l.items[0].seq, seq);
    assert_int_equal(l.next, 0);
    cr_doc_version_list_clear(&l);
}

static void versions_are_listed_page_by_page(void **state)
{
    struct cr_doc_version_list l;

    (void)state;
    for (int i = 1; i <= 6; i++) /* two batches a day */
        type("ab", i % 2 ? "ada" : "bob", (i + 1) / 2 * DAY_MS);
    l = versions(0, 2);
    assert_int_equal(l.count, 2);
    assert_int_equal(l.items[0].from_seq, 5);
    assert_int_equal(l.items[0].seq, 6);
    assert_int_equal(l.items[0].updates, 4);
    assert_int_equal(l.items[0].author_count, 2);
    assert_int_equal(l.items[1].ended_ms, 2 * DAY_MS);
    assert_int_equal(l.next, 3);
    cr_doc_version_list_clear(&l);
    assert_last_page(3, 1, 2);
}

static void a_page_behind_the_end_is_the_newest(void **state)
{
    (void)state;
    type("ab", "ada", DAY_MS);
    assert_last_page(1000000, 1, 1);
}

static void a_crowd_of_authors_is_cut(void **state)
{
    struct cr_doc_version_list l;
    char name[CR_DOC_AUTHOR_SIZE];

    (void)state;
    for (int i = 0; i < 2 * CR_DOC_BATCH_AUTHORS; i++) {
        snprintf(name, sizeof(name), "user %d", i);
        type("a", name, DAY_MS);
    }
    l = versions(0, 10);
    assert_int_equal(l.count, 1);
    assert_int_equal(l.items[0].author_count, CR_DOC_BATCH_AUTHORS);
    cr_doc_version_list_clear(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(any_moment_is_found, begin, end),
        cmocka_unit_test_setup_teardown(a_head_and_what_follows_is_the_document, begin, end),
        cmocka_unit_test_setup_teardown(many_files_are_heads_and_what_follows, begin, end),
        cmocka_unit_test_setup_teardown(large_files_are_read_one_after_the_other, begin, end),
        cmocka_unit_test_setup_teardown(file_in_pieces_is_read_by_itself, begin, end),
        cmocka_unit_test_setup_teardown(long_logs_get_checkpoints, begin, end),
        cmocka_unit_test_setup_teardown(a_damaged_state_is_our_fault, begin, end),
        cmocka_unit_test_setup_teardown(a_missing_batch_is_our_fault, begin, end),
        cmocka_unit_test_setup_teardown(versions_are_listed_page_by_page, begin, end),
        cmocka_unit_test_setup_teardown(a_page_behind_the_end_is_the_newest, begin, end),
        cmocka_unit_test_setup_teardown(a_crowd_of_authors_is_cut, begin, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
