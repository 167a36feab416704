/* Protected ranges, while something waits in the document for edits that have not come. */
#include "tests/unit/ws/fake_guard.h"

#include "ws/guard.h"
#include "ydoc/edit.h"
#include "ydoc/read.h"

#define LINE "# keep this line\n"

/* The range begins with a unit that is gone, so the next edit has the guard write where it begins
 * now; that edit itself waits for another. */
static void mend_beside_an_edit_that_waits_reaches_everybody(void **state)
{
    static uint8_t waits[] = {1, 1, 9, 0, 0x84, 8, 0, 1, '2', 0};
    const struct yd_buf update = {.data = waits, .len = sizeof waits};
    struct fake_conn *o = fake_doc(FILE_A, USER_A, CR_ROLE_OWNER, true);
    struct fake_conn *other = fake_doc(FILE_A, USER_B, CR_ROLE_OWNER, true);
    struct fake_conn *reader = fake_doc(FILE_A, USER_B, CR_ROLE_VIEWER, true);
    struct yd_doc *theirs = yd_doc_new(NULL);
    int number = 0;

    (void)state;
    fake_send_text(o, 7, "x# keep\n");
    fake_delete_text(o, 8, 0, 1);
    fake_protect(o, 0, 7);
    free(guard_refusal(reader, theirs, &number));
    guard_assert_same_state(theirs);
    fake_send_update(other, &update);
    free(guard_refusal(reader, theirs, &number));
    guard_assert_same_state(theirs);
    yd_doc_free(theirs);
}

static void copy_of_the_document(struct yd_doc *copy)
{
    struct yd_buf state = {0};

    assert_int_equal(yd_encode_diff(fake_live(FILE_A)->doc, NULL, 0, &state), 0);
    assert_int_equal(yd_apply_update(copy, state.data, state.len, NULL), 0);
    yd_buf_free(&state);
}

static void assert_protected(struct yd_doc *doc, const char *keys)
{
    struct yd_buf json = {0};
    CR_AUTO(cr_json) *map = NULL;
    size_t n = 0;

    assert_int_equal(yd_json(doc, yd_root(CR_GUARD_ROOT), YD_MAP, &json), 0);
    map = cr_json_parse(json.data, json.len, json.len, NULL);
    for (const char *k = keys; *k; k++, n++)
        assert_non_null(cr_json_get(cr_json_root(map), (char[]){*k, '\0'}));
    assert_int_equal(cr_json_count(cr_json_root(map)), n);
    yd_buf_free(&json);
}

enum waiting { ENTRY_DELETED, ENTRY_REPLACED };

/* What an editor sends who knows what the owner will: it waits for that, and undoes it. */
static void foresee(struct fake_conn *e, const struct yd_buf *owners, enum waiting what)
{
    struct yd_doc *copy = yd_doc_new(NULL);
    struct yd_buf evil = {0};

    copy_of_the_document(copy);
    assert_int_equal(yd_apply_update(copy, owners->data, owners->len, NULL), 0);
    switch (what) {
    case ENTRY_DELETED:
        guard_delete_entry(copy, 2, "k", &evil);
        break;
    case ENTRY_REPLACED:
        guard_write_entry(copy, 2, "k", 0, 1, &evil);
        break;
    }
    fake_send_update(e, &evil);
    assert_true(yd_pending_bytes(fake_live(FILE_A)->doc) > 0);
    yd_buf_free(&evil);
    yd_doc_free(copy);
}

/* Of others nothing is known but that it waits: it may do no more with an owner's edit than with
 * another. */
static void check_what_waited(bool first, enum waiting what)
{
    struct fake_conn *o = fake_doc(FILE_A, USER_A, CR_ROLE_OWNER, true);
    struct fake_conn *e = fake_doc(FILE_A, USER_B, CR_ROLE_EDITOR, true);
    struct yd_doc *od = yd_doc_new(NULL), *ed = yd_doc_new(NULL);
    struct yd_buf owners = {0};
    char *reason;
    int number = 0;

    guard_insert(o, od, 1, 0, LINE);
    if (!first) {
        guard_protect(o, od, 1, "a", 0, 1);
        guard_delete_entry(od, 1, "a", &owners);
        fake_send_update(o, &owners);
        owners.len = 0;
    }
    guard_write_entry(od, 1, "k", 0, (uint32_t)strlen(LINE), &owners);
    foresee(e, &owners, what);
    fake_send_update(o, &owners);
    assert_protected(fake_live(FILE_A)->doc, "k");
    free(guard_refusal(o, od, &number));
    guard_assert_same_state(od);
    assert_protected(od, "k");
    free(guard_refusal(e, ed, &number));
    assert_protected(ed, "k");
    guard_insert(e, ed, 3, 3, "EVIL");
    reason = guard_refusal(e, ed, &number);
    assert_int_equal(strncmp(reason, "protected: ", 11), 0);
    free(reason);
    fake_assert_text(FILE_A, LINE);
    yd_buf_free(&owners);
    yd_doc_free(od);
    yd_doc_free(ed);
}

static void what_waited_for_an_owner_undoes_no_protection(void **state)
{
    (void)state;
    check_what_waited(true, ENTRY_DELETED);
}

static void what_waited_replaces_no_protection(void **state)
{
    (void)state;
    check_what_waited(true, ENTRY_REPLACED);
}

static void what_waited_undoes_none_of_several_protections(void **state)
{
    (void)state;
    check_what_waited(false, ENTRY_DELETED);
}

/* An owner's edit that has nothing to do with the map lets nobody else in there. */
static void what_waited_for_an_owners_text_protects_nothing(void **state)
{
    struct fake_conn *o = fake_doc(FILE_A, USER_A, CR_ROLE_OWNER, true);
    struct fake_conn *e = fake_doc(FILE_A, USER_B, CR_ROLE_EDITOR, true);
    struct yd_doc *od = yd_doc_new(NULL), *copy = yd_doc_new(NULL);
    struct yd_buf first = {0}, second = {0}, text = {0};
    int number = 0;

    (void)state;
    guard_insert(o, od, 1, 0, LINE);
    guard_write_text(od, 1, 0, "more\n", &text);
    copy_of_the_document(copy);
    assert_int_equal(yd_apply_update(copy, text.data, text.len, NULL), 0);
    guard_write_text(copy, 2, 2, "x", &first);
    guard_write_entry(copy, 2, "e", 0, 3, &second);
    fake_send_update(e, &first); /* waits for the owner's */
    fake_send_update(e, &second);
    free(guard_refusal(e, copy, &number));
    fake_send_update(o, &text);
    assert_false(cr_guard_is_used(fake_live(FILE_A)->doc));
    fake_assert_text(FILE_A, "moxre\n" LINE);
    free(guard_refusal(o, od, &number));
    guard_assert_same_state(od);
    yd_buf_free(&first);
    yd_buf_free(&second);
    yd_buf_free(&text);
    yd_doc_free(od);
    yd_doc_free(copy);
}

/* What waits changes nothing about what owners may. */
static void owner_lifts_a_protection_while_something_waits(void **state)
{
    static uint8_t waits[] = {1, 1, 9, 0, 0x84, 8, 0, 1, '2', 0};
    const struct yd_buf update = {.data = waits, .len = sizeof waits};
    struct fake_conn *o = fake_doc(FILE_A, USER_A, CR_ROLE_OWNER, true);
    struct yd_doc *od = yd_doc_new(NULL);
    struct yd_buf lift = {0};

    (void)state;
    guard_insert(o, od, 1, 0, LINE);
    guard_protect(o, od, 1, "a", 0, 3);
    fake_send_update(o, &update);
    assert_true(yd_pending_bytes(fake_live(FILE_A)->doc) > 0);
    guard_protect(o, od, 1, "b", 4, 6);
    assert_protected(fake_live(FILE_A)->doc, "ab");
    guard_delete_entry(od, 1, "a", &lift);
    fake_send_update(o, &lift);
    assert_protected(fake_live(FILE_A)->doc, "b");
    guard_insert(o, od, 1, 1, "!");
    fake_assert_text(FILE_A, "#! keep this line\n");
    guard_assert_same_state(od);
    yd_buf_free(&lift);
    yd_doc_free(od);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fake_setup, fake_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(mend_beside_an_edit_that_waits_reaches_everybody),
        TEST(what_waited_for_an_owner_undoes_no_protection),
        TEST(what_waited_replaces_no_protection),
        TEST(what_waited_undoes_none_of_several_protections),
        TEST(what_waited_for_an_owners_text_protects_nothing),
        TEST(owner_lifts_a_protection_while_something_waits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
