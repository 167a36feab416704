/* Protected ranges: what is refused, what is mended, and what it costs. */
#include "tests/unit/ws/fake_guard.h"

#include "base/clock.h"
#include "ws/guard.h"
#include "ydoc/any.h"
#include "ydoc/edit.h"
#include "ydoc/read.h"
#include "ydoc/relpos.h"
#include "ydoc/updates.h"
#include "ydoc/yprotocol.h"

#define LINE "# keep this line\n"

static const struct yd_bytes no_update;

static void edit_that_was_mended_and_edit_that_was_not_taken_are_told_apart(void **state)
{
    struct fake_conn *o = fake_doc(FILE_A, USER_A, CR_ROLE_OWNER, true);
    struct fake_conn *e = fake_doc(FILE_A, USER_B, CR_ROLE_EDITOR, true);
    struct yd_doc *od = yd_doc_new(NULL), *ed = yd_doc_new(NULL);
    char *reason;
    int number = 0;

    (void)state;
    guard_insert(o, od, 1, 0, LINE);
    guard_protect(o, od, 1, "line", 0, (uint32_t)strlen(LINE));
    assert_null(guard_refusal(e, ed, &number));
    guard_insert(e, ed, 2, 3, "EVIL");
    reason = guard_refusal(e, ed, &number);
    assert_int_equal(strncmp(reason, "protected: ", 11), 0);
    assert_int_equal(number, 1);
    free(reason);
    fake_assert_text(FILE_A, LINE);
    guard_protect(e, ed, 2, "mine", 0, 2);
    reason = guard_refusal(e, ed, &number);
    assert_int_equal(strncmp(reason, "refused: ", 9), 0);
    assert_int_equal(number, 2);
    free(reason);
    yd_doc_free(od);
    yd_doc_free(ed);
}

/* What no editor of plain text makes: an image, say, and a shared type. */
static void insert_things(struct fake_conn *c, struct yd_doc *doc, uint64_t client, uint32_t image,
                          uint32_t type)
{
    struct yd_buf update = {0};
    struct yd_txn txn;

    assert_int_equal(yd_txn_begin(&txn, doc, client), 0);
    assert_int_equal(yd_text_insert_embed(&txn, guard_text_root(), image, "{}", 2, NULL, 0), 0);
    assert_int_equal(yd_array_insert_type(&txn, guard_text_root(), type, YD_MAP, NULL, 0, NULL), 0);
    yd_txn_commit(&txn, &update);
    fake_send_update(c, &update);
    yd_buf_free(&update);
}

static void assert_units(struct yd_doc *doc, size_t units)
{
    assert_int_equal(yd_list_len(doc, guard_text_root()), units);
}

static void what_is_no_text_is_taken_out_again(void **state)
{
    struct fake_conn *o = fake_doc(FILE_A, USER_A, CR_ROLE_OWNER, true);
    struct fake_conn *e = fake_doc(FILE_A, USER_B, CR_ROLE_EDITOR, true);
    struct yd_doc *od = yd_doc_new(NULL), *ed = yd_doc_new(NULL);
    const char *line = "# keep \xf0\x9f\x99\x82 this\n";
    const uint32_t units = 15;
    char *reason;
    int number = 0;

    (void)state;
    guard_insert(o, od, 1, 0, line);
    assert_units(od, units);
    guard_protect(o, od, 1, "line", 0, units);
    assert_null(guard_refusal(e, ed, &number));
    insert_things(e, ed, 2, 9, 3);
    assert_units(ed, units + 2);
    reason = guard_refusal(e, ed, &number);
    assert_int_equal(strncmp(reason, "protected: ", 11), 0);
    free(reason);
    assert_null(guard_refusal(o, od, &number));
    assert_units(fake_live(FILE_A)->doc, units);
    assert_units(ed, units);
    assert_units(od, units);
    fake_assert_text(FILE_A, line);
    /* Together with text that goes and text that comes. */
    guard_insert(e, ed, 2, 4, "EVIL");
    insert_things(e, ed, 2, 5, 6);
    reason = guard_refusal(e, ed, &number);
    assert_non_null(reason);
    free(reason);
    assert_units(fake_live(FILE_A)->doc, units);
    fake_assert_text(FILE_A, line);
    assert_units(ed, units);
    /* Right at the borders is outside. */
    insert_things(e, ed, 2, 0, units + 1);
    assert_null(guard_refusal(e, ed, &number));
    assert_units(fake_live(FILE_A)->doc, units + 2);
    yd_doc_free(od);
    yd_doc_free(ed);
}

/* Nobody is told off for what was there before the range was protected. */
static void range_may_hold_what_is_no_text(void **state)
{
    struct fake_conn *o = fake_doc(FILE_A, USER_A, CR_ROLE_OWNER, true);
    struct fake_conn *e = fake_doc(FILE_A, USER_B, CR_ROLE_EDITOR, true);
    struct yd_doc *od = yd_doc_new(NULL), *ed = yd_doc_new(NULL);
    const uint32_t units = (uint32_t)strlen(LINE) + 2;
    int number = 0;

    (void)state;
    guard_insert(o, od, 1, 0, LINE);
    insert_things(o, od, 1, 5, 7);
    guard_protect(o, od, 1, "line", 0, units);
    assert_null(guard_refusal(e, ed, &number));
    guard_insert(e, ed, 2, units, "below");
    assert_null(guard_refusal(e, ed, &number));
    assert_units(fake_live(FILE_A)->doc, units + 5);
    fake_assert_text(FILE_A, LINE "below");
    yd_doc_free(od);
    yd_doc_free(ed);
}

/* What others are told of an edit that was known in part is mended, too, and nothing else is in it.
 */
static void news_are_mended(void **state)
{
    struct fake_conn *o = fake_doc(FILE_A, USER_A, CR_ROLE_OWNER, true);
    struct fake_conn *e = fake_doc(FILE_A, USER_B, CR_ROLE_EDITOR, true);
    struct yd_doc *od = yd_doc_new(NULL), *ed = yd_doc_new(NULL);
    struct yd_buf known = {0}, evil = {0}, both = {0};
    struct yd_result res;
    struct yd_message m;
    int number = 0;

    (void)state;
    guard_insert(o, od, 1, 0, LINE);
    guard_protect(o, od, 1, "line", 0, (uint32_t)strlen(LINE));
    assert_null(guard_refusal(e, ed, &number));
    guard_write_text(ed, 2, (uint32_t)strlen(LINE), "hi", &known);
    fake_send_update(e, &known);
    assert_int_equal(fake_take(o, od), YD_MSG_SYNC_UPDATE);
    guard_write_text(ed, 2, 3, "EVIL", &evil);
    assert_int_equal(
        yd_merge_updates((struct yd_bytes[]){{known.data, known.len}, {evil.data, evil.len}}, 2,
                         &both),
        0);
    fake_send_update(e, &both);
    m = fake_expect_message(o, YD_MSG_SYNC_UPDATE);
    assert_int_equal(yd_apply_update(od, m.payload, m.payload_len, &res), 0);
    assert_true(res.whole);
    assert_int_equal(yd_text_len_utf8(od, "text", 4), strlen(LINE "hi"));
    fake_assert_text(FILE_A, LINE "hi");
    free(guard_refusal(e, ed, &number));
    assert_int_equal(yd_text_len_utf8(ed, "text", 4), strlen(LINE "hi"));
    yd_buf_free(&known);
    yd_buf_free(&evil);
    yd_buf_free(&both);
    yd_doc_free(od);
    yd_doc_free(ed);
}

static char *long_text(size_t len)
{
    char *text = cr_malloc(len + 1);

    memset(text, 'x', len);
    text[len] = '\0';
    return text;
}

/* What is put back is stored in the same batch, which the database has to take. */
static void writers_wait_when_mends_could_fill_a_batch(void **state)
{
    struct fake_conn *o = fake_doc(FILE_A, USER_A, CR_ROLE_OWNER, true);
    struct fake_conn *e = fake_doc(FILE_A, USER_B, CR_ROLE_EDITOR, true);
    struct yd_doc *od = yd_doc_new(NULL);
    size_t kept = CR_GUARD_BYTES - 1024, most = (CR_DOC_QUEUE_BYTES - kept) / 2 - 1024;
    char *text = long_text(kept);

    (void)state;
    guard_insert(o, od, 1, 0, text);
    free(text);
    guard_protect(o, od, 1, "all", 0, (uint32_t)kept);
    fake_save();
    fake.append_error = CR_ERR_UNAVAILABLE;
    text = long_text(most);
    fake_send_text(e, 7, text);
    fake_send_text(e, 8, text);
    assert_false(e->conn.holding);
    text[4096] = '\0';
    fake_send_text(e, 9, text); /* alone it would fit */
    assert_true(e->conn.holding);
    fake_heal();
    assert_false(e->conn.holding || e->conn.closing);
    assert_int_equal(yd_text_len_utf8(fake_live(FILE_A)->doc, "text", 4), kept + 2 * most + 4096);
    free(text);
    yd_doc_free(od);
}

/* A socket that becomes too slow between the two would never get the second. */
static void restored_text_and_what_mends_it_are_one_update(void **state)
{
    struct fake_conn *o = fake_doc(FILE_A, USER_A, CR_ROLE_OWNER, true);
    struct fake_conn *e = fake_doc(FILE_A, USER_B, CR_ROLE_EDITOR, true);
    struct fake_conn *r = fake_room(USER_A, CR_ROLE_OWNER);
    struct yd_doc *od = yd_doc_new(NULL);
    const struct cr_frame *f;
    int updates = 0;

    (void)state;
    guard_insert(o, od, 1, 0, "old\n");
    fake_save();
    guard_insert(o, od, 1, 0, LINE);
    guard_protect(o, od, 1, "line", 0, (uint32_t)strlen(LINE));
    fake_save();
    fake_flush(e);
    fake_say(r, "{\"type\":\"doc.restore\",\"file\":\"" FILE_A "\",\"seq\":1}");
    fake_work();
    fake_assert_text(FILE_A, LINE "old\n");
    while ((f = fake_next(e)) != NULL)
        updates += f->data[0] == 0 && f->data[1] == 2;
    assert_int_equal(updates, 1);
    yd_doc_free(od);
}

static void only_so_much_text_is_protected(void **state)
{
    struct fake_conn *o = fake_doc(FILE_A, USER_A, CR_ROLE_OWNER, true);
    struct yd_doc *od = yd_doc_new(NULL);
    char *text = cr_calloc(1, CR_GUARD_BYTES + 2);
    struct cr_guard guard;

    (void)state;
    memset(text, 'a', CR_GUARD_BYTES + 1);
    guard_insert(o, od, 1, 0, text);
    guard_protect(o, od, 1, "all", 0, CR_GUARD_BYTES + 1);
    cr_guard_take(&guard, od, &no_update);
    assert_int_equal(guard.count, 0);
    cr_guard_clear(&guard);
    guard_protect(o, od, 1, "some", 0, CR_GUARD_BYTES);
    cr_guard_take(&guard, od, &no_update);
    assert_int_equal(guard.count, 1);
    cr_guard_clear(&guard);
    free(text);
    yd_doc_free(od);
}

/* With ranges all over a large file an edit costs about a copy of the text, not one for each. */
static void many_ranges_cost_little_more_than_one(void **state)
{
    struct fake_conn *o = fake_doc(FILE_A, USER_A, CR_ROLE_OWNER, true);
    struct yd_doc *od = yd_doc_new(NULL);
    size_t len = 4 * 1024 * 1024;
    char *text = cr_calloc(1, len + 1);
    int64_t us[2] = {INT64_MAX, INT64_MAX}; /* the fastest of some */

    (void)state;
    memset(text, 'a', len);
    guard_insert(o, od, 1, 0, text);
    for (int i = 0; i < 2; i++) {
        struct cr_guard guard;
        struct yd_buf mend = {0};

        for (int k = i; k < (i ? CR_GUARD_RANGES : 1); k++) {
            char key[16];

            snprintf(key, sizeof key, "k%d", k);
            guard_protect(o, od, 1, key, (uint32_t)k * 1000, (uint32_t)k * 1000 + 10);
        }
        for (int n = 0; n < 10; n++) {
            int64_t start = cr_mono_us(), took;

            cr_guard_take(&guard, od, &no_update);
            assert_int_equal(guard.count, i ? CR_GUARD_RANGES : 1);
            assert_false(cr_guard_mend(&guard, od, &mend));
            cr_guard_clear(&guard);
            took = cr_mono_us() - start;
            us[i] = took < us[i] ? took : us[i];
        }
        yd_buf_free(&mend);
    }
    print_message("guard, 4 MiB: 1 range %lld us, 64 ranges %lld us\n", (long long)us[0],
                  (long long)us[1]);
    assert_true(us[1] < us[0] * 16 + 4000);
    free(text);
    yd_doc_free(od);
}

static void what_was_never_protected_costs_nothing(void **state)
{
    struct yd_doc *doc = yd_doc_new(NULL);
    struct yd_buf update = {0}, named = {0};

    (void)state;
    yd_encode_text_insert(7, "text", 4, "hello", 5, &update);
    yd_encode_text_insert(7, CR_GUARD_ROOT, strlen(CR_GUARD_ROOT), "hello", 5, &named);
    assert_true(cr_guard_is_remote(doc, update.data, update.len));
    assert_false(cr_guard_is_remote(doc, named.data, named.len));
    yd_apply_update(doc, named.data, named.len, NULL);
    assert_false(cr_guard_is_remote(doc, update.data, update.len));
    yd_buf_free(&update);
    yd_buf_free(&named);
    yd_doc_free(doc);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fake_setup, fake_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(edit_that_was_mended_and_edit_that_was_not_taken_are_told_apart),
        TEST(what_is_no_text_is_taken_out_again),
        TEST(range_may_hold_what_is_no_text),
        TEST(news_are_mended),
        TEST(writers_wait_when_mends_could_fill_a_batch),
        TEST(restored_text_and_what_mends_it_are_one_update),
        TEST(only_so_much_text_is_protected),
        TEST(many_ranges_cost_little_more_than_one),
        TEST(what_was_never_protected_costs_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
