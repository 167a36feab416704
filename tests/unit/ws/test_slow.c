/* Who reads slowly, and writes. */
#include "tests/unit/ws/fake.h"

#include "base/clock.h"
#include "ydoc/yprotocol.h"

/* Units of text in all that waits for c. */
static uint64_t units(struct fake_conn *c, struct yd_doc *doc)
{
    const struct cr_frame *f;

    while ((f = fake_next(c)) != NULL) {
        struct yd_message m;

        assert_int_equal(yd_message_parse(f->data, f->len, &m), 0);
        if (m.type == YD_MSG_SYNC_UPDATE || m.type == YD_MSG_SYNC_STEP2)
            assert_int_equal(yd_apply_update(doc, m.payload, m.payload_len, NULL), 0);
    }
    return yd_text_len_utf16(doc, "text", 4);
}

/* A stock client takes its own edits coming back for stored, in whatever message. */
static void slow_stock_writer_gets_its_edits_when_they_are_stored(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, true);
    struct fake_conn *slow = fake_doc(FILE_A, USER_B, CR_ROLE_EDITOR, false);
    struct yd_doc *doc = yd_doc_new(NULL);
    char *text = cr_calloc(1, 100001);

    (void)state;
    memset(text, 'a', 100000);
    for (int i = 0; i < 3; i++)
        fake_send_text(a, (uint64_t)(10 + i), text);
    assert_true(slow->conn.muted);
    fake.append_error = CR_ERR_UNAVAILABLE;
    fake_send_text(slow, 7, "mine");
    fake_send_text(a, 20, text);
    fake_save();
    assert_int_equal(units(slow, doc), 300000); /* as much as it was sent, and none of its own */
    fake.append_error = CR_ERR_NONE;
    cr_hub_save(&fake.hub, cr_mono_ms() + 10000);
    fake_work();
    assert_int_equal(units(slow, doc), 400004);
    assert_false(slow->conn.muted);
    free(text);
    yd_doc_free(doc);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fake_setup, fake_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(slow_stock_writer_gets_its_edits_when_they_are_stored),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
