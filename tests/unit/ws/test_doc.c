/* Live documents: fan-out, loading, saving, viewers, awareness. */
#include "tests/unit/ws/fake.h"

#include "base/clock.h"
#include "ydoc/yprotocol.h"

static void assert_closed(struct fake_conn *c, enum cr_error_code code)
{
    assert_true(c->conn.closing);
    assert_int_equal(c->conn.close_code, code);
}

/* The count of the newest saved frame; -1 when there is none. Empties the outbox. */
static int64_t saved_count(struct fake_conn *c)
{
    const struct cr_frame *f;
    int64_t count = -1;

    while ((f = fake_next(c)) != NULL) {
        struct yd_message m;

        assert_int_equal(yd_message_parse(f->data, f->len, &m), 0);
        if (m.type == YD_MSG_SAVED)
            count = (int64_t)m.count;
    }
    return count;
}

static void edit_goes_to_all_but_its_sender_as_it_came(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, false);
    struct fake_conn *b = fake_doc(FILE_A, USER_B, CR_ROLE_VIEWER, false);
    struct fake_conn *other = fake_doc(FILE_B, USER_B, CR_ROLE_EDITOR, false);
    struct yd_buf frame = {0};
    const struct cr_frame *got;

    (void)state;
    fake_update(&frame, 7, "hi", false);
    fake_feed(a, frame.data, frame.len);
    got = fake_next(b);
    assert_non_null(got);
    assert_int_equal(got->len, frame.len);
    assert_memory_equal(got->data, frame.data, frame.len);
    assert_null(fake_next(b));
    assert_null(fake_next(a));
    assert_null(fake_next(other));
    fake_assert_text(FILE_A, "hi");
    fake_feed(a, frame.data, frame.len); /* again: nothing new */
    assert_null(fake_next(b));
    yd_buf_free(&frame);
}

static void step2_is_relayed_as_an_update(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, false);
    struct fake_conn *b = fake_doc(FILE_A, USER_B, CR_ROLE_EDITOR, false);
    struct yd_buf frame = {0};
    struct yd_message m;
    const struct cr_frame *got;

    (void)state;
    fake_update(&frame, 7, "hi", true);
    fake_feed(a, frame.data, frame.len);
    got = fake_next(b);
    assert_int_equal(yd_message_parse(got->data, got->len, &m), 0);
    assert_int_equal(m.type, YD_MSG_SYNC_UPDATE);
    yd_buf_free(&frame);
}

static void early_messages_wait_until_the_document_is_loaded(void **state)
{
    struct fake_conn *a = fake_open(CR_SOCKET_DOC, FILE_A, USER_A, CR_ROLE_EDITOR, false);

    (void)state;
    fake_send_text(a, 7, "early");
    assert_null(fake_next(a));
    fake_work();
    fake_assert_text(FILE_A, "early");
    assert_non_null(fake_next(a)); /* step 1 */
}

static void socket_that_leaves_while_loading_is_no_problem(void **state)
{
    struct fake_conn *a = fake_open(CR_SOCKET_DOC, FILE_A, USER_A, CR_ROLE_EDITOR, false);

    (void)state;
    fake_close(a);
    fake_work();
    assert_non_null(fake_live(FILE_A));
}

static void unknown_file_is_not_found(void **state)
{
    struct fake_conn *a = fake_doc("nofile00000000000000", USER_A, CR_ROLE_EDITOR, false);

    (void)state;
    assert_closed(a, CR_ERR_NOT_FOUND);
}

static void one_write_holds_all_dirty_documents(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, true);
    struct fake_conn *b = fake_doc(FILE_B, USER_A, CR_ROLE_EDITOR, true);

    (void)state;
    fake_send_text(a, 7, "one");
    fake_send_text(a, 8, "two");
    fake_send_text(b, 9, "three");
    fake_save();
    assert_int_equal(fake.appends, 1);
    assert_int_equal(fake.batches_in_last, 2);
    assert_int_equal(saved_count(a), 2);
    assert_int_equal(saved_count(b), 1);
    fake_save();
    assert_int_equal(fake.appends, 1);
}

static void what_is_stored_is_read_again(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, false);
    struct fake_conn *b;

    (void)state;
    fake_send_text(a, 7, "kept");
    fake_save();
    fake_close(a);
    cr_hub_second(&fake.hub, cr_mono_ms() + CR_ROOM_GRACE_MS + 1000);
    fake_work();
    assert_null(cr_hub_find(&fake.hub, ROOM));
    b = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, false);
    fake_assert_text(FILE_A, "kept");
    fake_send_text(b, 8, "more");
    fake_save();
    assert_int_equal(fake.log_count[0], 2);
}

static void failed_write_is_repeated_with_the_same_bytes(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, true);
    CR_AUTO_BUF first = {0};

    (void)state;
    fake.append_error = CR_ERR_UNAVAILABLE;
    fake_send_text(a, 7, "x");
    fake_save();
    cr_buf_append(&first, fake.last_bytes.data, fake.last_bytes.len);
    fake_send_text(a, 8, "y");
    assert_int_equal(saved_count(a), -1);
    fake_save(); /* the back-off holds */
    assert_int_equal(fake.appends, 1);
    fake.append_error = CR_ERR_NONE;
    cr_hub_save(&fake.hub, cr_mono_ms() + 10000);
    fake_work();
    assert_int_equal(fake.last_seq, 1);
    assert_int_equal(fake.last_bytes.len, first.len);
    assert_memory_equal(fake.last_bytes.data, first.data, first.len);
    assert_int_equal(saved_count(a), 1);
    fake_save();
    assert_int_equal(fake.log_count[0], 2);
    assert_int_equal(saved_count(a), 2);
}

static void edits_during_a_write_are_not_reported_by_it(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, true);

    (void)state;
    fake_send_text(a, 7, "x");
    fake_save_start();
    fake_send_text(a, 8, "y");
    fake_save_start(); /* a write is on its way */
    fake_work();
    assert_int_equal(fake.appends, 1);
    assert_int_equal(saved_count(a), 1);
    fake_save();
    assert_int_equal(saved_count(a), 2);
}

/* The second client's message changes nothing, but only because of what is not stored yet. */
static void repeat_of_an_unsaved_edit_is_not_reported_before_it(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, false);
    struct fake_conn *b = fake_doc(FILE_A, USER_B, CR_ROLE_EDITOR, true);

    (void)state;
    fake.append_error = CR_ERR_UNAVAILABLE;
    fake_send_text(a, 7, "x");
    fake_send_text(b, 7, "x");
    fake_save();
    assert_int_equal(saved_count(b), -1);
    fake.append_error = CR_ERR_NONE;
    cr_hub_save(&fake.hub, cr_mono_ms() + 10000);
    fake_work();
    assert_int_equal(saved_count(b), 1);
}

static void other_writer_closes_the_document_and_it_is_read_again(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, false);

    (void)state;
    fake.append_error = CR_ERR_CONFLICT;
    fake_send_text(a, 7, "x");
    fake_save();
    assert_closed(a, CR_ERR_UNAVAILABLE);
    assert_null(fake_live(FILE_A));
    fake.append_error = CR_ERR_NONE;
    fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, false);
    fake_assert_text(FILE_A, "");
}

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
    assert_int_equal(d->edits_stored, 2);
    assert_int_equal(yd_text_len_utf8(d->doc, "text", 4), 8);
}

static void joiners_share_one_frame(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, false);
    struct fake_conn *b = fake_doc(FILE_A, USER_B, CR_ROLE_EDITOR, false);
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

static void idle_document_is_compacted_before_it_goes(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, true);

    (void)state;
    for (uint64_t i = 1; i <= 16; i++) {
        fake_send_text(a, i, "x");
        fake_save();
    }
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

static void writers_wait_when_too_much_waits(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, false);
    struct fake_conn *b = fake_doc(FILE_A, USER_B, CR_ROLE_EDITOR, false);
    char *text = cr_malloc(3 * 1024 * 1024 + 1);

    (void)state;
    memset(text, 'x', 3 * 1024 * 1024);
    text[3 * 1024 * 1024] = '\0';
    fake.append_error = CR_ERR_UNAVAILABLE;
    for (uint64_t i = 1; i <= 3; i++)
        fake_send_text(a, i, text);
    fake_send_text(a, 4, "y");
    assert_int_equal(a->paused_ms, CR_DOC_CROWDED_PAUSE_MS); /* felt as a slow line */
    assert_int_equal(yd_text_len_utf8(fake_live(FILE_A)->doc, "text", 4), 6 * 1024 * 1024);
    fake_send_text(b, 5, "z"); /* there is room for a small one */
    fake_save();               /* the database is away */
    cr_hub_second(&fake.hub, cr_mono_ms());
    assert_int_equal(a->paused_ms, 2 * CR_DOC_CROWDED_PAUSE_MS);
    assert_int_equal(yd_text_len_utf8(fake_live(FILE_A)->doc, "text", 4), 6 * 1024 * 1024 + 1);
    fake.append_error = CR_ERR_NONE;
    cr_hub_save(&fake.hub, cr_mono_ms() + 10000);
    fake_work();
    assert_false(a->conn.closing || a->conn.holding);
    assert_int_equal(yd_text_len_utf8(fake_live(FILE_A)->doc, "text", 4), 9 * 1024 * 1024 + 2);
    fake_save();
    assert_int_equal(fake.log_count[0], 2);
    assert_true(cr_hub_is_saved(&fake.hub));
    free(text);
}

static void viewer_is_told_and_nothing_changes(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, false);
    struct fake_conn *v = fake_doc(FILE_A, USER_B, CR_ROLE_VIEWER, true);
    struct yd_message m;
    const struct cr_frame *got;

    (void)state;
    fake_send_text(v, 7, "forged");
    got = fake_next(v);
    assert_non_null(got);
    assert_int_equal(yd_message_parse(got->data, got->len, &m), 0);
    assert_int_equal(m.type, YD_MSG_REFUSED); /* which message, for those who know the word */
    assert_int_equal(m.count, 1);
    got = fake_next(v);
    assert_int_equal(yd_message_parse(got->data, got->len, &m), 0);
    assert_int_equal(m.type, YD_MSG_AUTH_DENIED);
    assert_memory_equal(m.payload, "read-only: ", 11);
    assert_null(fake_next(a));
    fake_assert_text(FILE_A, "");
    fake_save();
    assert_int_equal(saved_count(v), 1);
    assert_int_equal(fake.appends, 0);
}

static void malformed_update_closes_and_changes_nothing(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, false);
    struct fake_conn *b = fake_doc(FILE_A, USER_B, CR_ROLE_EDITOR, false);
    struct yd_buf frame = {0};

    (void)state;
    fake_update(&frame, 7, "hi", false);
    frame.data[3] = 9; /* more clients than there are */
    fake_feed(a, frame.data, frame.len);
    assert_closed(a, CR_ERR_INVALID);
    assert_null(fake_next(b));
    fake_assert_text(FILE_A, "");
    fake_save();
    assert_int_equal(fake.appends, 0);
    yd_buf_free(&frame);
}

static void asking_for_the_whole_document_in_a_loop_slows_the_asker(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_VIEWER, false);
    struct yd_buf frame = {0};
    const uint8_t nothing = 0; /* the state vector of an empty document */

    (void)state;
    yd_message_sync_step1(&frame, &nothing, 1);
    for (int i = 0; i < CR_BUDGET_ASKS_BURST; i++)
        fake_feed(a, frame.data, frame.len);
    assert_int_equal(a->paused_ms, 0);
    fake_feed(a, frame.data, frame.len);
    assert_in_range(a->paused_ms, 400, 600);
    assert_false(a->conn.closing);
    yd_buf_free(&frame);
}

/* An edit that follows one nobody sent. */
static void send_orphan(struct fake_conn *c, uint64_t client, size_t bytes)
{
    struct yd_buf u = {0}, frame = {0};
    uint8_t *text = cr_calloc(1, bytes);

    memset(text, 'x', bytes);
    yd_buf_put_varuint(&u, 1); /* one client with one struct, from clock 1000 on */
    yd_buf_put_varuint(&u, 1);
    yd_buf_put_varuint(&u, client);
    yd_buf_put_varuint(&u, 1000);
    yd_buf_append(&u, "\x84", 1); /* a string after (client, 999) */
    yd_buf_put_varuint(&u, client);
    yd_buf_put_varuint(&u, 999);
    yd_buf_put_bytes(&u, text, bytes);
    yd_buf_put_varuint(&u, 0);
    yd_message_sync_update(&frame, u.data, u.len);
    fake_feed(c, frame.data, frame.len);
    yd_buf_free(&u);
    yd_buf_free(&frame);
    free(text);
}

static void one_socket_cannot_fill_the_waiting_room(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, false);
    struct fake_conn *b = fake_doc(FILE_A, USER_B, CR_ROLE_EDITOR, false);

    (void)state;
    send_orphan(a, 7, CR_BUDGET_PENDING_BYTES / 2);
    assert_false(a->conn.closing);
    send_orphan(a, 8, CR_BUDGET_PENDING_BYTES);
    assert_closed(a, CR_ERR_LIMIT);
    send_orphan(b, 9, 100);
    assert_false(b->conn.closing);
}

static void commenter_may_change_the_comments_only(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_COMMENTER, true);
    struct yd_buf u = {0}, frame = {0};
    const struct cr_frame *f;
    struct yd_message m;

    (void)state;
    assert_int_equal(yd_encode_text_insert(7, "comments", 8, "nice", 4, &u), 0);
    yd_message_sync_update(&frame, u.data, u.len);
    fake_feed(a, frame.data, frame.len);
    assert_null(fake_next(a));
    fake_send_text(a, 8, "forged");
    f = fake_next(a);
    assert_int_equal(yd_message_parse(f->data, f->len, &m), 0);
    assert_int_equal(m.type, YD_MSG_REFUSED);
    assert_int_equal(m.count, 2); /* the second message */
    f = fake_next(a);
    assert_int_equal(yd_message_parse(f->data, f->len, &m), 0);
    assert_int_equal(m.type, YD_MSG_AUTH_DENIED);
    fake_assert_text(FILE_A, "");
    assert_int_equal(yd_text_len_utf8(fake_live(FILE_A)->doc, "comments", 8), 4);
    yd_buf_free(&u);
    yd_buf_free(&frame);
}

static void quiet_socket_gets_a_step1(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, false);
    struct yd_message m;
    const struct cr_frame *got;

    (void)state;
    cr_hub_second(&fake.hub, cr_mono_ms() + 20000);
    assert_null(fake_next(a));
    cr_hub_second(&fake.hub, cr_mono_ms() + CR_DOC_QUIET_MS + 10);
    got = fake_next(a);
    assert_int_equal(yd_message_parse(got->data, got->len, &m), 0);
    assert_int_equal(m.type, YD_MSG_SYNC_STEP1);
}

static void send_awareness(struct fake_conn *c, uint64_t client, uint64_t clock)
{
    struct yd_buf body = {0}, frame = {0};

    yd_buf_put_varuint(&body, 1);
    yd_buf_put_varuint(&body, client);
    yd_buf_put_varuint(&body, clock);
    yd_buf_put_bytes(&body, "{}", 2);
    yd_message_awareness(&frame, body.data, body.len);
    fake_feed(c, frame.data, frame.len);
    yd_buf_free(&body);
    yd_buf_free(&frame);
}

static void awareness_echoes_are_dropped_and_states_end_with_their_socket(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, false);
    struct fake_conn *b = fake_doc(FILE_A, USER_B, CR_ROLE_VIEWER, false);

    (void)state;
    send_awareness(a, 5, 1);
    assert_non_null(fake_next(b));
    send_awareness(b, 5, 1); /* the echo */
    assert_null(fake_next(a));
    fake_close(b);
    assert_null(fake_next(a)); /* the state is not b's */
    b = fake_doc(FILE_A, USER_B, CR_ROLE_VIEWER, false);
    fake_close(a);
    cr_hub_tick(&fake.hub, cr_mono_ms() + 1000);
    assert_non_null(fake_next(b)); /* null for client 5 */
    assert_int_equal(yd_awareness_count(fake_live(FILE_A)->presence.table), 0);
}

static void state_of_a_client_that_came_back_survives_its_old_socket(void **state)
{
    struct fake_conn *old = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, false);
    struct fake_conn *new = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, false);

    (void)state;
    send_awareness(old, 5, 1);
    send_awareness(new, 5, 2);
    fake_close(old);
    assert_int_equal(yd_awareness_count(fake_live(FILE_A)->presence.table), 1);
}

static void document_with_unsaved_edits_stays_in_memory(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, false);

    (void)state;
    fake.append_error = CR_ERR_UNAVAILABLE;
    fake_send_text(a, 7, "x");
    fake_save();
    fake_close(a);
    cr_hub_second(&fake.hub, cr_mono_ms() + CR_ROOM_GRACE_MS + 1000);
    fake_work();
    fake_assert_text(FILE_A, "x");
    assert_false(cr_hub_is_saved(&fake.hub));
    fake.append_error = CR_ERR_NONE;
    cr_hub_drain(&fake.hub);
    fake_work();
    assert_true(cr_hub_is_saved(&fake.hub));
    assert_int_equal(fake.log_count[0], 1);
}

static void full_pool_keeps_the_edits(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, true);

    (void)state;
    fake_send_text(a, 7, "x");
    fake.pool_full = true;
    fake_save();
    fake.pool_full = false;
    cr_hub_save(&fake.hub, cr_mono_ms() + 10000);
    fake_work();
    assert_int_equal(saved_count(a), 1);
}

/* Acknowledgements look at those who wrote only; who leaves is not among them any more. */
static void writer_who_leaves_is_no_longer_told(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, true);
    struct fake_conn *b = fake_doc(FILE_A, USER_B, CR_ROLE_EDITOR, true);
    struct fake_conn *c = fake_doc(FILE_A, USER_B, CR_ROLE_EDITOR, true);

    (void)state;
    fake_send_text(a, 7, "a");
    fake_send_text(b, 8, "b");
    fake_send_text(c, 9, "c");
    fake_save_start();
    fake_close(b);
    fake_send_text(a, 10, "d"); /* not in the batch */
    fake_work();
    assert_int_equal(saved_count(a), 1);
    assert_int_equal(saved_count(c), 1);
    fake_close(c); /* is owed nothing */
    fake_save();
    assert_int_equal(saved_count(a), 2);
    assert_null(fake_live(FILE_A)->owed);
}

/* The timer is set late for a room that must wait; another room's edits are not to wait with it. */
static void room_that_backs_off_delays_no_other(void **state)
{
    struct fake_conn *a = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, false);
    int armed;

    (void)state;
    fake.append_error = CR_ERR_UNAVAILABLE;
    fake_send_text(a, 7, "x");
    fake_save();
    fake_save_start();
    armed = fake.armed;
    cr_hub_arm_save(&fake.hub, fake.hub.o.save_interval_ms);
    assert_int_equal(fake.armed, armed + 1);
    cr_hub_arm_save(&fake.hub, fake.hub.o.save_interval_ms + 1000);
    assert_int_equal(fake.armed, armed + 1);
    fake.append_error = CR_ERR_NONE;
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, fake_setup, fake_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(edit_goes_to_all_but_its_sender_as_it_came),
        TEST(step2_is_relayed_as_an_update),
        TEST(early_messages_wait_until_the_document_is_loaded),
        TEST(socket_that_leaves_while_loading_is_no_problem),
        TEST(unknown_file_is_not_found),
        TEST(one_write_holds_all_dirty_documents),
        TEST(what_is_stored_is_read_again),
        TEST(failed_write_is_repeated_with_the_same_bytes),
        TEST(edits_during_a_write_are_not_reported_by_it),
        TEST(repeat_of_an_unsaved_edit_is_not_reported_before_it),
        TEST(other_writer_closes_the_document_and_it_is_read_again),
        TEST(quiet_document_goes_warm_and_comes_back),
        TEST(joiners_share_one_frame),
        TEST(large_document_is_decoded_on_a_worker),
        TEST(idle_document_is_compacted_before_it_goes),
        TEST(writers_wait_when_too_much_waits),
        TEST(viewer_is_told_and_nothing_changes),
        TEST(malformed_update_closes_and_changes_nothing),
        TEST(asking_for_the_whole_document_in_a_loop_slows_the_asker),
        TEST(one_socket_cannot_fill_the_waiting_room),
        TEST(commenter_may_change_the_comments_only),
        TEST(quiet_socket_gets_a_step1),
        TEST(awareness_echoes_are_dropped_and_states_end_with_their_socket),
        TEST(state_of_a_client_that_came_back_survives_its_old_socket),
        TEST(document_with_unsaved_edits_stays_in_memory),
        TEST(full_pool_keeps_the_edits),
        TEST(writer_who_leaves_is_no_longer_told),
        TEST(room_that_backs_off_delays_no_other),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
