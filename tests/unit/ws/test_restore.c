/* doc.restore: an earlier text comes back as an edit. */
#include "tests/unit/ws/fake.h"

#include "base/clock.h"
#include "ws/guard.h"
#include "ydoc/any.h"
#include "ydoc/edit.h"
#include "ydoc/updates.h"
#include "ydoc/yprotocol.h"

#define ASK "{\"type\":\"doc.restore\",\"file\":\"" FILE_A "\",\"seq\":1,\"ref\":\"r\"}"
#define ASK_B "{\"type\":\"doc.restore\",\"file\":\"" FILE_B "\",\"seq\":1,\"ref\":\"r\"}"

/* Where a failure is wanted that no input brings about. */
static bool merge_fails;
int __real_yd_merge_updates(const struct yd_bytes *updates, size_t n, struct yd_buf *out);
int __wrap_yd_merge_updates(const struct yd_bytes *updates, size_t n, struct yd_buf *out);

int __wrap_yd_merge_updates(const struct yd_bytes *updates, size_t n, struct yd_buf *out)
{
    return merge_fails ? YD_ERR_TOO_BIG : __real_yd_merge_updates(updates, n, out);
}

/* Batch 1 has the text "first", batch 2 takes it out. */
static void write_and_delete(struct fake_conn *a)
{
    fake_send_text(a, 7, "first");
    fake_save();
    fake_delete_text(a, 8, 0, 5);
    fake_save();
}

/* Update messages that wait for c, put into doc. */
static int updates(struct fake_conn *c, struct yd_doc *doc)
{
    const struct cr_frame *f;
    int n = 0;

    while ((f = fake_next(c)) != NULL) {
        struct yd_message m;

        assert_int_equal(yd_message_parse(f->data, f->len, &m), 0);
        if (m.type != YD_MSG_SYNC_UPDATE)
            continue;
        n++;
        if (doc)
            assert_int_equal(yd_apply_update(doc, m.payload, m.payload_len, NULL), 0);
    }
    return n;
}

static void answer_says_what_undoes_it(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, true);
    struct fake_conn *r = fake_room(USER_A, CR_ROLE_EDITOR);

    (void)state;
    write_and_delete(a);
    fake_send_text(a, 9, "not yet stored");
    fake_flush(r);
    fake_say(r, ASK);
    fake_work();
    fake_expect(r, "{\"type\":\"doc.restored\",\"file\":\"" FILE_A
                   "\",\"seq\":1,\"before\":{\"seq\":3,\"updates\":1},\"ref\":\"r\"}");
    fake_assert_text(FILE_A, "first");
    fake_save();
    fake_say(r, "{\"type\":\"doc.restore\",\"file\":\"" FILE_A
                "\",\"seq\":3,\"updates\":1,\"ref\":\"u\"}");
    fake_work();
    fake_expect(r, "\"before\":{\"seq\":3},\"ref\":\"u\"");
    fake_assert_text(FILE_A, "not yet stored");
}

static void edit_goes_out_as_one_update(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, true);
    struct fake_conn *r = fake_room(USER_A, CR_ROLE_EDITOR);
    struct yd_doc *doc = yd_doc_new(NULL);

    (void)state;
    fake_send_text(a, 7, "one\ntwo\nthree\nfour\n");
    fake_save();
    fake_delete_text(a, 8, 4, 4);
    fake_delete_text(a, 9, 0, 4);
    fake_save();
    fake_flush(a);
    fake_say(r, ASK);
    fake_work();
    assert_int_equal(updates(a, doc), 1);
    yd_doc_free(doc);
}

static void one_at_a_time_for_a_file(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, true);
    struct fake_conn *r = fake_room(USER_A, CR_ROLE_EDITOR);

    (void)state;
    fake_send_text(a, 7, "first");
    fake_save();
    fake_flush(r);
    for (int i = 0; i < 100; i++)
        fake_say(r, ASK);
    fake_expect(r, "\"code\":\"rate\"");
    assert_int_equal(cr_hub_find(&fake.hub, ROOM)->restores, 1);
    fake_say(r, ASK_B); /* another file may, and then finds no such moment */
    assert_int_equal(cr_hub_find(&fake.hub, ROOM)->restores, 2);
    fake_work();
    fake_expect(r, "\"code\":\"not_found\"");
    fake_expect(r, "\"doc.restored\"");
    assert_int_equal(cr_hub_find(&fake.hub, ROOM)->restores, 0);
    fake_say(r, ASK);
    fake_work();
    fake_expect(r, "\"doc.restored\"");
}

static void refused_requests_open_no_document(void **state)
{
    struct fake_conn *r = fake_room(USER_A, CR_ROLE_EDITOR);
    struct cr_live_room *room = cr_hub_find(&fake.hub, ROOM);

    (void)state;
    fake.pool_full = true;
    fake_say(r, ASK);
    fake_expect(r, "\"code\":\"unavailable\"");
    assert_null(room->docs);
    fake.pool_full = false;
    room->restores = CR_ROOM_RESTORES;
    fake_say(r, ASK);
    fake_expect(r, "\"code\":\"rate\"");
    assert_null(room->docs);
    room->restores = 0;
    fake_say(r, ASK);
    fake_work();
    fake_expect(r, "\"code\":\"not_found\"");
}

/* Typing goes on while a worker has the document: it waits, and nothing is lost. */
static void typing_meanwhile_is_kept(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, true);
    struct fake_conn *r = fake_room(USER_A, CR_ROLE_EDITOR);

    (void)state;
    fake_send_text(a, 7, "first");
    fake_save();
    fake_delete_text(a, 8, 0, 5);
    fake_say(r, ASK);
    fake_done(); /* the text is there, the document is lent */
    assert_true(fake_live(FILE_A)->busy);
    fake_send_text(a, 9, "typed ");
    fake_save_start(); /* what was typed before is stored all the same */
    fake_work();
    fake_save();
    assert_false(fake_live(FILE_A)->busy);
    fake_assert_text(FILE_A, "firsttyped ");
    assert_true(cr_doc_is_saved(fake_live(FILE_A)));
}

static void document_that_ends_meanwhile_is_told(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, true);
    struct fake_conn *r = fake_room(USER_A, CR_ROLE_EDITOR);

    (void)state;
    for (int lent = 0; lent < 2; lent++) {
        if (lent)
            a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, true);
        fake_send_text(a, 7 + (uint64_t)lent, "first");
        fake_save();
        fake_flush(r);
        fake_say(r, ASK);
        if (lent)
            fake_done();
        cr_doc_end(fake_live(FILE_A), CR_ERR_UNAVAILABLE, "the document is read again");
        fake_expect(r, "\"code\":\"unavailable\"");
        fake_close(a);
        fake_work();
        assert_null(fake_next(r));
        assert_int_equal(cr_hub_find(&fake.hub, ROOM)->restores, 0);
    }
}

/* ---- what changes while the text is read ---- */

static void change_role(enum cr_role role)
{
    fake.role_a = role;
    fake.rev++;
    cr_hub_notify(&fake.hub, ROOM);
}

/* The text that r asks for comes after the news of its role. */
static void ask_and_change_role(struct fake_conn *r, enum cr_role role)
{
    fake_say(r, ASK);
    change_role(role);
    fake_half();
    fake_done();
}

static void lowered_role_writes_no_more(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_B, CR_ROLE_EDITOR, true);
    struct fake_conn *r = fake_room(USER_A, CR_ROLE_EDITOR);

    (void)state;
    write_and_delete(a);
    ask_and_change_role(r, CR_ROLE_COMMENTER);
    fake_work();
    fake_expect(r, "\"code\":\"forbidden\"");
    fake_assert_text(FILE_A, "");
    assert_int_equal(cr_hub_find(&fake.hub, ROOM)->restores, 0);
    change_role(CR_ROLE_EDITOR);
    fake_work();
    ask_and_change_role(r, CR_ROLE_NONE);
    fake_assert_closed(r, CR_ERR_FORBIDDEN);
    fake_work(); /* while his client does not answer the close */
    fake_assert_text(FILE_A, "");
    fake_close(r);
}

static void who_only_left_meanwhile_gets_the_text(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_B, CR_ROLE_EDITOR, true);
    struct fake_conn *r = fake_room(USER_A, CR_ROLE_EDITOR);

    (void)state;
    write_and_delete(a);
    fake_say(r, ASK);
    fake_close(r);
    fake_work();
    fake_assert_text(FILE_A, "first");
}

/* ---- protected ranges ---- */

/* The range began with a unit that is gone: it is told to begin with the next one, though the text
 * is the one that was asked for. */
static void what_the_guard_alone_wrote_is_told_and_stored(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_OWNER, true);
    struct fake_conn *r = fake_room(USER_A, CR_ROLE_OWNER);
    struct yd_buf told = {0}, stored = {0};
    struct yd_doc *doc = yd_doc_new(NULL);

    (void)state;
    fake_send_text(a, 7, "x# keep\n");
    fake_delete_text(a, 8, 0, 1);
    fake_protect(a, 0, 7);
    fake_save();
    fake_flush(a);
    yd_encode_diff(fake_live(FILE_A)->doc, NULL, 0, &told);
    assert_int_equal(yd_apply_update(doc, told.data, told.len, NULL), 0);
    yd_buf_free(&told);
    fake_say(r, ASK);
    fake_work();
    fake_expect(r, "\"doc.restored\"");
    fake_assert_text(FILE_A, "# keep\n");
    assert_int_equal(updates(a, doc), 1);
    assert_int_equal(fake_live(FILE_A)->unsaved->queue.count, 1);
    yd_encode_state_vector(doc, &told);
    yd_encode_state_vector(fake_live(FILE_A)->doc, &stored);
    assert_int_equal(told.len, stored.len);
    assert_memory_equal(told.data, stored.data, stored.len);
    yd_buf_free(&told);
    yd_buf_free(&stored);
    yd_doc_free(doc);
}

static void document_whose_edit_cannot_be_told_is_read_again(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, true);
    struct fake_conn *r = fake_room(USER_A, CR_ROLE_EDITOR);

    (void)state;
    write_and_delete(a);
    fake_flush(r);
    fake_say(r, ASK);
    fake_done(); /* the moment is read */
    merge_fails = true;
    fake_work();
    merge_fails = false;
    fake_assert_closed(a, CR_ERR_UNAVAILABLE);
    fake_expect(r, "\"code\":\"unavailable\"");
    assert_null(fake_next(r));
    assert_null(fake_live(FILE_A));
    assert_int_equal(cr_hub_find(&fake.hub, ROOM)->restores, 0);
    fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, true);
    fake_assert_text(FILE_A, "");
}

/* What the guard puts back is stored in the same batch. */
static void restoring_waits_for_room_for_what_is_protected(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_OWNER, true);
    struct fake_conn *r = fake_room(USER_A, CR_ROLE_OWNER);
    size_t len = CR_DOC_QUEUE_BYTES - CR_GUARD_BYTES - CR_LIMIT_DOC_FRAME_BYTES / 2;
    char *text = cr_calloc(1, CR_DOC_QUEUE_BYTES);

    (void)state;
    fake_send_text(a, 7, "first");
    fake_save();
    fake.append_error = CR_ERR_UNAVAILABLE;
    memset(text, 'a', len);
    fake_send_text(a, 8, text);
    text[CR_LIMIT_DOC_FRAME_BYTES / 2] = '\0';
    fake_send_text(a, 9, text);
    free(text);
    assert_false(a->conn.holding);
    fake_say(r, ASK);
    fake_work();
    fake_expect(r, "\"code\":\"unavailable\"");
    fake_heal();
    fake_say(r, ASK);
    fake_work();
    fake_expect(r, "\"doc.restored\"");
    fake_assert_text(FILE_A, "first");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fake_setup, fake_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(answer_says_what_undoes_it),
        TEST(edit_goes_out_as_one_update),
        TEST(one_at_a_time_for_a_file),
        TEST(refused_requests_open_no_document),
        TEST(typing_meanwhile_is_kept),
        TEST(document_that_ends_meanwhile_is_told),
        TEST(lowered_role_writes_no_more),
        TEST(who_only_left_meanwhile_gets_the_text),
        TEST(what_the_guard_alone_wrote_is_told_and_stored),
        TEST(document_whose_edit_cannot_be_told_is_read_again),
        TEST(restoring_waits_for_room_for_what_is_protected),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
