/* Documents that are decoded, warm and compacted, and the answers that joiners share. */
#include "tests/unit/ws/fake.h"

#include "base/clock.h"
#include "ydoc/yprotocol.h"

/* A sync step 1 from a client that has nothing, or what vector says. */
static void ask(struct fake_conn *c, const uint8_t *vector, size_t len)
{
    struct yd_buf out = {0};

    yd_message_sync_step1(&out, vector, len);
    fake_feed(c, out.data, out.len);
    yd_buf_free(&out);
}

static void quiet_document_goes_warm_and_comes_back(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, true), *b;
    struct cr_live_doc *d = fake_live(FILE_A);

    (void)state;
    fake_send_text(a, 7, "kept");
    cr_hub_second(&fake.hub, cr_mono_ms() + CR_DOC_COOL_MS);
    assert_non_null(d->doc); /* not stored yet */
    fake_save();
    cr_hub_second(&fake.hub, cr_mono_ms() + CR_DOC_COOL_MS);
    assert_null(d->doc);
    fake_assert_text(FILE_A, "kept");
    b = fake_doc(FILE_A, USER_B, CR_ROLE_EDITOR, false);
    ask(b, (const uint8_t *)"", 1);
    assert_non_null(fake_next(b));
    assert_null(d->doc); /* who has nothing gets the bytes */
    fake_send_text(b, 8, "more");
    assert_non_null(d->doc);
    fake_save();
    assert_int_equal(d->seq, 2);
    assert_null(d->unsaved);
    assert_int_equal(yd_text_len_utf8(d->doc, "text", 4), 8);
}

/* A step 2 for who has nothing: the text, and nothing that waits. */
static void assert_joiner_gets(struct fake_conn *c, const char *text)
{
    struct yd_doc *doc = yd_doc_new(NULL);
    struct yd_buf got = {0};

    ask(c, (const uint8_t *)"", 1);
    assert_int_equal(fake_take(c, doc), YD_MSG_SYNC_STEP2);
    assert_int_equal(yd_pending_bytes(doc), 0);
    yd_text(doc, "text", 4, &got);
    assert_int_equal(got.len, strlen(text));
    assert_memory_equal(got.data, text, got.len);
    yd_buf_free(&got);
    yd_doc_free(doc);
}

/* Stock clients get slow when much waits in them, and may throw at what comes later. */
static void joiner_never_gets_what_waits(void **state)
{
    static const uint8_t waits[] = {1, 1, 9, 0, 0x84, 8, 0, 1, '2', 0};
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, true), *b;
    struct yd_buf frame = {0};

    (void)state;
    fake_send_text(a, 7, "here");
    yd_message_sync_update(&frame, waits, sizeof(waits));
    fake_feed(a, frame.data, frame.len);
    yd_buf_free(&frame);
    fake_save();
    cr_hub_second(&fake.hub, cr_mono_ms() + CR_DOC_COOL_MS);
    b = fake_doc(FILE_A, USER_B, CR_ROLE_EDITOR, true);
    assert_joiner_gets(b, "here");
    /* Nor when it is compacted and read again. */
    for (uint64_t i = 10; i < 26; i++) {
        fake_send_text(a, i, ".");
        fake_save();
    }
    fake_close(a);
    fake_close(b);
    cr_hub_second(&fake.hub, cr_mono_ms() + CR_ROOM_GRACE_MS);
    fake_work();
    cr_hub_second(&fake.hub, cr_mono_ms() + CR_ROOM_GRACE_MS);
    assert_null(fake_live(FILE_A));
    assert_int_equal(fake.heads[0].seq, 17);
    a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, true);
    assert_true(yd_pending_bytes(fake_live(FILE_A)->doc) > 0);
    assert_joiner_gets(a, "here................");
    fake_send_text(a, 8, "1"); /* what it waited for: now its author is told of it, too */
    assert_int_equal(fake_take(a, NULL), YD_MSG_SYNC_UPDATE);
    assert_int_equal(yd_text_len_utf8(fake_live(FILE_A)->doc, "text", 4), 22);
}

/* Who asks gets an answer or is told to come again, never silence. */
static void what_cannot_be_unpacked_ends_the_document(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, true);
    struct cr_live_doc *d = fake_live(FILE_A);

    (void)state;
    fake_send_text(a, 7, "kept");
    fake_save();
    cr_hub_second(&fake.hub, cr_mono_ms() + CR_DOC_COOL_MS);
    assert_null(d->doc);
    d->packed.data[d->packed.len - 1] ^= 1;
    ask(a, (const uint8_t *)"", 1);
    fake_assert_closed(a, CR_ERR_INTERNAL);
    a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, true);
    fake_assert_text(FILE_A, "kept"); /* as the database has it */
}

static void joiners_share_one_frame(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, false);
    struct fake_conn *b = fake_doc(FILE_A, USER_B, CR_ROLE_EDITOR, false);
    struct cr_live_doc *d = fake_live(FILE_A);
    const uint8_t *first, *second;

    (void)state;
    fake_send_text(a, 7, "shared");
    fake_flush(b);
    ask(a, (const uint8_t *)"", 1);
    ask(b, (const uint8_t *)"", 1);
    first = fake_next(a)->data;
    second = fake_next(b)->data;
    assert_ptr_equal(first, second);
    fake_send_text(a, 8, "another version");
    fake_flush(b);
    ask(b, (const uint8_t *)"", 1);
    assert_ptr_not_equal(fake_next(b)->data, first);
    assert_null(fake_next(b));
    cr_hub_second(&fake.hub, cr_mono_ms());
    assert_non_null(d->answers);
    cr_hub_second(&fake.hub, cr_mono_ms() + CR_DOC_ANSWER_MS);
    assert_null(d->answers); /* the joiners are there */
}

static void empty_document_keeps_nothing_for_joiners(void **state)
{
    static const uint8_t something[] = {1, 7, 3};
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, true);
    struct cr_live_doc *d = fake_live(FILE_A);
    struct yd_message m;

    (void)state;
    fake_flush(a);
    ask(a, (const uint8_t *)"", 1);
    ask(a, something, sizeof something);
    for (int i = 0; i < 2; i++) {
        m = fake_expect_message(a, YD_MSG_SYNC_STEP2);
        assert_int_equal(m.payload_len, 2);
        assert_memory_equal(m.payload, "\0\0", 2);
    }
    assert_null(d->doc);
    assert_null(d->answers);
}

static void large_document_is_decoded_on_a_worker(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, true);
    struct cr_live_doc *d = fake_live(FILE_A);
    char *text = cr_malloc(1024 * 1024 + 1);
    unsigned dice = 1;

    (void)state;
    for (size_t i = 0; i < 1024 * 1024; i++) /* that does not pack well */
        text[i] = (char)(33 + (dice = dice * 1103515245 + 12345) / 65536 % 90);
    text[1024 * 1024] = '\0';
    fake_send_text(a, 7, text);
    free(text);
    fake_save();
    fake_flush(a);
    cr_hub_second(&fake.hub, cr_mono_ms() + CR_DOC_COOL_MS);
    assert_true(d->busy); /* encoded on a worker, too */
    fake_send_text(a, 8, "!");
    assert_true(a->conn.holding);
    fake_done();
    assert_true(d->busy && !d->doc); /* the kept message wants it decoded */
    fake_send_text(a, 9, "?");
    fake_work();
    assert_non_null(d->doc);
    assert_false(a->conn.holding);
    assert_int_equal(yd_text_len_utf8(d->doc, "text", 4), 1024 * 1024 + 2);
    fake_save();
    assert_int_equal(fake.log_count[0], 2);
}

static void head_is_written_when_the_log_has_grown(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, true);
    struct cr_live_doc *d = fake_live(FILE_A);

    (void)state;
    d->tail_bytes = 600 * 1024; /* as if so much had been written */
    fake_send_text(a, 1, "x");
    fake_save();
    fake_work();
    assert_int_equal(fake.heads[0].seq, 0); /* heads would cost more than they save */
    d->tail_bytes = 640 * 1024;
    fake_send_text(a, 2, "y");
    fake_save();
    fake_work();
    assert_int_equal(fake.heads[0].seq, 2);
    assert_int_equal(d->tail_bytes, 0);
    d->head_bytes = 1024 * 1024;
    d->tail_bytes = 2047 * 1024;
    fake_send_text(a, 3, "z");
    fake_save();
    fake_work();
    assert_int_equal(fake.heads[0].seq, 2); /* that of a large document is not written often */
}

/* So many that a head is due when nobody is left. */
static void store_sixteen_batches(struct fake_conn *a)
{
    for (uint64_t i = 1; i <= 16; i++) {
        fake_send_text(a, i, "x");
        fake_save();
    }
}

static void idle_document_is_compacted_before_it_goes(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, true);

    (void)state;
    store_sixteen_batches(a);
    fake_close(a);
    cr_hub_second(&fake.hub, cr_mono_ms() + CR_ROOM_GRACE_MS);
    fake_work();
    assert_int_equal(fake.heads[0].seq, 16);
    assert_int_equal(fake.heads[0].updates, 16);
    cr_hub_second(&fake.hub, cr_mono_ms() + CR_ROOM_GRACE_MS);
    assert_null(fake_live(FILE_A));
    a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, true);
    assert_null(fake_live(FILE_A)->doc); /* nothing is behind the head: nothing is decoded */
    fake_assert_text(FILE_A, "xxxxxxxxxxxxxxxx");
    fake_send_text(a, 17, "y");
    fake_save();
    assert_int_equal(fake.log_count[0], 17);
}

/* Few batches, but large ones: whoever opens it next would have to wait until they are decoded. */
static void idle_document_with_a_large_paste_is_compacted(void **state)
{
    static char paste[32 * 1024 + 1];
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, true);

    (void)state;
    memset(paste, 'p', sizeof paste - 1);
    fake_send_text(a, 1, "x");
    fake_save();
    fake_close(a);
    cr_hub_second(&fake.hub, cr_mono_ms() + CR_ROOM_GRACE_MS);
    fake_work();
    assert_int_equal(fake.heads[0].seq, 0); /* not for a letter */
    a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, true);
    fake_send_text(a, 2, paste);
    fake_save();
    fake_close(a);
    cr_hub_second(&fake.hub, cr_mono_ms() + CR_ROOM_GRACE_MS);
    fake_work();
    assert_int_equal(fake.heads[0].seq, 2);
}

/* Workers write two heads at a time. Who waits for his turn is not forgotten. */
static void documents_that_are_left_at_once_are_compacted_in_turn(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, true);
    int64_t now_ms;

    (void)state;
    store_sixteen_batches(a);
    fake_close(a);
    now_ms = cr_mono_ms() + CR_ROOM_GRACE_MS;
    fake.hub.compacting = 2; /* others are written */
    cr_hub_second(&fake.hub, now_ms);
    assert_non_null(fake_live(FILE_A));
    fake.hub.compacting = 0;
    cr_hub_second(&fake.hub, now_ms + 1000);
    fake_work();
    assert_int_equal(fake.heads[0].seq, 16);
    cr_hub_second(&fake.hub, now_ms + 2000);
    assert_null(fake_live(FILE_A));
}

static void document_whose_turn_does_not_come_goes_as_it_is(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, true);

    (void)state;
    store_sixteen_batches(a);
    fake_close(a);
    fake.hub.compacting = 2;
    cr_hub_second(&fake.hub, cr_mono_ms() + 2 * CR_ROOM_GRACE_MS);
    assert_null(fake_live(FILE_A));
    fake.hub.compacting = 0;
    assert_int_equal(fake.heads[0].seq, 0);
    fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, true);
    fake_assert_text(FILE_A, "xxxxxxxxxxxxxxxx");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, fake_setup, fake_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(quiet_document_goes_warm_and_comes_back),
        TEST(joiner_never_gets_what_waits),
        TEST(what_cannot_be_unpacked_ends_the_document),
        TEST(joiners_share_one_frame),
        TEST(empty_document_keeps_nothing_for_joiners),
        TEST(large_document_is_decoded_on_a_worker),
        TEST(head_is_written_when_the_log_has_grown),
        TEST(idle_document_is_compacted_before_it_goes),
        TEST(idle_document_with_a_large_paste_is_compacted),
        TEST(documents_that_are_left_at_once_are_compacted_in_turn),
        TEST(document_whose_turn_does_not_come_goes_as_it_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
