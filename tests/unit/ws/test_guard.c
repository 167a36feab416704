/* Protected ranges: what is refused, what is mended, and what it costs. */
#include "tests/unit/ws/fake.h"

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

static struct yd_target text_root(void)
{
    return yd_root("text");
}

static void send_update(struct fake_conn *c, const struct yd_buf *update)
{
    struct yd_buf frame = {0};

    yd_message_sync_update(&frame, update->data, update->len);
    fake_feed(c, frame.data, frame.len);
    yd_buf_free(&frame);
}

/* Edits a client's copy. */
static void write_text(struct yd_doc *doc, uint64_t client, uint32_t at, const char *text,
                       struct yd_buf *update)
{
    struct yd_txn txn;

    assert_int_equal(yd_txn_begin(&txn, doc, client), 0);
    assert_int_equal(yd_text_insert(&txn, text_root(), at, text, strlen(text), NULL, 0), 0);
    yd_txn_commit(&txn, update);
}

/* The same, and sends what it did. */
static void insert(struct fake_conn *c, struct yd_doc *doc, uint64_t client, uint32_t at,
                   const char *text)
{
    struct yd_buf update = {0};

    write_text(doc, client, at, text, &update);
    send_update(c, &update);
    yd_buf_free(&update);
}

static void put_position(struct cr_json_out *w, const char *key, struct yd_doc *doc, uint32_t at,
                         int32_t assoc)
{
    struct yd_relpos pos;

    assert_int_equal(yd_relpos_at(doc, text_root(), at, assoc, &pos), 0);
    cr_json_open_object(w, key);
    cr_json_open_object(w, "item");
    cr_json_put_int(w, "client", (int64_t)pos.client);
    cr_json_put_int(w, "clock", pos.clock);
    cr_json_close(w);
    cr_json_close(w);
}

static void write_entry(struct yd_doc *doc, uint64_t client, const char *key, uint32_t from,
                        uint32_t to, struct yd_buf *update)
{
    CR_AUTO_JSON_OUT w = {0};
    struct yd_buf any = {0};
    struct yd_txn txn;

    cr_json_open_object(&w, NULL);
    put_position(&w, "start", doc, from, 0);
    put_position(&w, "end", doc, to, -1);
    cr_json_close(&w);
    assert_int_equal(yd_any_from_json(&any, (const char *)w.buf.data, w.buf.len), 0);
    assert_int_equal(yd_txn_begin(&txn, doc, client), 0);
    assert_int_equal(yd_map_set(&txn, yd_root(CR_GUARD_ROOT), key, strlen(key), any.data, any.len),
                     0);
    yd_txn_commit(&txn, update);
    yd_buf_free(&any);
}

static void protect(struct fake_conn *c, struct yd_doc *doc, uint64_t client, const char *key,
                    uint32_t from, uint32_t to)
{
    struct yd_buf update = {0};

    write_entry(doc, client, key, from, to, &update);
    send_update(c, &update);
    yd_buf_free(&update);
}

static void delete_entry(struct yd_doc *doc, uint64_t client, const char *key,
                         struct yd_buf *update)
{
    struct yd_txn txn;

    assert_int_equal(yd_txn_begin(&txn, doc, client), 0);
    assert_int_equal(yd_map_delete(&txn, yd_root(CR_GUARD_ROOT), key, strlen(key)), 0);
    yd_txn_commit(&txn, update);
}

/* The reason of the first refusal that waits, with its number; empties the outbox. */
static char *refusal(struct fake_conn *c, struct yd_doc *doc, int *number)
{
    const struct cr_frame *f;
    char *reason = NULL;

    while ((f = fake_next(c)) != NULL) {
        struct yd_message m;

        assert_int_equal(yd_message_parse(f->data, f->len, &m), 0);
        if (m.type == YD_MSG_SYNC_UPDATE)
            assert_int_equal(yd_apply_update(doc, m.payload, m.payload_len, NULL), 0);
        if (m.type != YD_MSG_REFUSED || reason)
            continue;
        *number = (int)m.count;
        reason = cr_strndup((const char *)m.payload, m.payload_len);
    }
    return reason;
}

static void assert_same_state(const struct yd_doc *doc)
{
    struct yd_buf ours = {0}, theirs = {0};

    yd_encode_state_vector(fake_live(FILE_A)->doc, &ours);
    yd_encode_state_vector(doc, &theirs);
    assert_int_equal(ours.len, theirs.len);
    assert_memory_equal(ours.data, theirs.data, ours.len);
    yd_buf_free(&ours);
    yd_buf_free(&theirs);
}

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
    free(refusal(reader, theirs, &number));
    assert_same_state(theirs);
    send_update(other, &update);
    free(refusal(reader, theirs, &number));
    assert_same_state(theirs);
    yd_doc_free(theirs);
}

static void edit_that_was_mended_and_edit_that_was_not_taken_are_told_apart(void **state)
{
    struct fake_conn *o = fake_doc(FILE_A, USER_A, CR_ROLE_OWNER, true);
    struct fake_conn *e = fake_doc(FILE_A, USER_B, CR_ROLE_EDITOR, true);
    struct yd_doc *od = yd_doc_new(NULL), *ed = yd_doc_new(NULL);
    char *reason;
    int number = 0;

    (void)state;
    insert(o, od, 1, 0, LINE);
    protect(o, od, 1, "line", 0, (uint32_t)strlen(LINE));
    assert_null(refusal(e, ed, &number));
    insert(e, ed, 2, 3, "EVIL");
    reason = refusal(e, ed, &number);
    assert_int_equal(strncmp(reason, "protected: ", 11), 0);
    assert_int_equal(number, 1);
    free(reason);
    fake_assert_text(FILE_A, LINE);
    protect(e, ed, 2, "mine", 0, 2);
    reason = refusal(e, ed, &number);
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
    assert_int_equal(yd_text_insert_embed(&txn, text_root(), image, "{}", 2, NULL, 0), 0);
    assert_int_equal(yd_array_insert_type(&txn, text_root(), type, YD_MAP, NULL, 0, NULL), 0);
    yd_txn_commit(&txn, &update);
    send_update(c, &update);
    yd_buf_free(&update);
}

static void assert_units(struct yd_doc *doc, size_t units)
{
    assert_int_equal(yd_list_len(doc, text_root()), units);
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
    insert(o, od, 1, 0, line);
    assert_units(od, units);
    protect(o, od, 1, "line", 0, units);
    assert_null(refusal(e, ed, &number));
    insert_things(e, ed, 2, 9, 3);
    assert_units(ed, units + 2);
    reason = refusal(e, ed, &number);
    assert_int_equal(strncmp(reason, "protected: ", 11), 0);
    free(reason);
    assert_null(refusal(o, od, &number));
    assert_units(fake_live(FILE_A)->doc, units);
    assert_units(ed, units);
    assert_units(od, units);
    fake_assert_text(FILE_A, line);
    /* Together with text that goes and text that comes. */
    insert(e, ed, 2, 4, "EVIL");
    insert_things(e, ed, 2, 5, 6);
    reason = refusal(e, ed, &number);
    assert_non_null(reason);
    free(reason);
    assert_units(fake_live(FILE_A)->doc, units);
    fake_assert_text(FILE_A, line);
    assert_units(ed, units);
    /* Right at the borders is outside. */
    insert_things(e, ed, 2, 0, units + 1);
    assert_null(refusal(e, ed, &number));
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
    insert(o, od, 1, 0, LINE);
    insert_things(o, od, 1, 5, 7);
    protect(o, od, 1, "line", 0, units);
    assert_null(refusal(e, ed, &number));
    insert(e, ed, 2, units, "below");
    assert_null(refusal(e, ed, &number));
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
    insert(o, od, 1, 0, LINE);
    protect(o, od, 1, "line", 0, (uint32_t)strlen(LINE));
    assert_null(refusal(e, ed, &number));
    write_text(ed, 2, (uint32_t)strlen(LINE), "hi", &known);
    send_update(e, &known);
    assert_int_equal(fake_take(o, od), YD_MSG_SYNC_UPDATE);
    write_text(ed, 2, 3, "EVIL", &evil);
    assert_int_equal(
        yd_merge_updates((struct yd_bytes[]){{known.data, known.len}, {evil.data, evil.len}}, 2,
                         &both),
        0);
    send_update(e, &both);
    m = fake_expect_message(o, YD_MSG_SYNC_UPDATE);
    assert_int_equal(yd_apply_update(od, m.payload, m.payload_len, &res), 0);
    assert_true(res.whole);
    assert_int_equal(yd_text_len_utf8(od, "text", 4), strlen(LINE "hi"));
    fake_assert_text(FILE_A, LINE "hi");
    free(refusal(e, ed, &number));
    assert_int_equal(yd_text_len_utf8(ed, "text", 4), strlen(LINE "hi"));
    yd_buf_free(&known);
    yd_buf_free(&evil);
    yd_buf_free(&both);
    yd_doc_free(od);
    yd_doc_free(ed);
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
        delete_entry(copy, 2, "k", &evil);
        break;
    case ENTRY_REPLACED:
        write_entry(copy, 2, "k", 0, 1, &evil);
        break;
    }
    send_update(e, &evil);
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

    insert(o, od, 1, 0, LINE);
    if (!first) {
        protect(o, od, 1, "a", 0, 1);
        delete_entry(od, 1, "a", &owners);
        send_update(o, &owners);
        owners.len = 0;
    }
    write_entry(od, 1, "k", 0, (uint32_t)strlen(LINE), &owners);
    foresee(e, &owners, what);
    send_update(o, &owners);
    assert_protected(fake_live(FILE_A)->doc, "k");
    free(refusal(o, od, &number));
    assert_same_state(od);
    assert_protected(od, "k");
    free(refusal(e, ed, &number));
    assert_protected(ed, "k");
    insert(e, ed, 3, 3, "EVIL");
    reason = refusal(e, ed, &number);
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
    insert(o, od, 1, 0, LINE);
    write_text(od, 1, 0, "more\n", &text);
    copy_of_the_document(copy);
    assert_int_equal(yd_apply_update(copy, text.data, text.len, NULL), 0);
    write_text(copy, 2, 2, "x", &first);
    write_entry(copy, 2, "e", 0, 3, &second);
    send_update(e, &first); /* waits for the owner's */
    send_update(e, &second);
    free(refusal(e, copy, &number));
    send_update(o, &text);
    assert_false(cr_guard_is_used(fake_live(FILE_A)->doc));
    fake_assert_text(FILE_A, "moxre\n" LINE);
    free(refusal(o, od, &number));
    assert_same_state(od);
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
    insert(o, od, 1, 0, LINE);
    protect(o, od, 1, "a", 0, 3);
    send_update(o, &update);
    assert_true(yd_pending_bytes(fake_live(FILE_A)->doc) > 0);
    protect(o, od, 1, "b", 4, 6);
    assert_protected(fake_live(FILE_A)->doc, "ab");
    delete_entry(od, 1, "a", &lift);
    send_update(o, &lift);
    assert_protected(fake_live(FILE_A)->doc, "b");
    insert(o, od, 1, 1, "!");
    fake_assert_text(FILE_A, "#! keep this line\n");
    assert_same_state(od);
    yd_buf_free(&lift);
    yd_doc_free(od);
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
    insert(o, od, 1, 0, text);
    free(text);
    protect(o, od, 1, "all", 0, (uint32_t)kept);
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
    insert(o, od, 1, 0, "old\n");
    fake_save();
    insert(o, od, 1, 0, LINE);
    protect(o, od, 1, "line", 0, (uint32_t)strlen(LINE));
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
    insert(o, od, 1, 0, text);
    protect(o, od, 1, "all", 0, CR_GUARD_BYTES + 1);
    cr_guard_take(&guard, od, &no_update);
    assert_int_equal(guard.count, 0);
    cr_guard_clear(&guard);
    protect(o, od, 1, "some", 0, CR_GUARD_BYTES);
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
    insert(o, od, 1, 0, text);
    for (int i = 0; i < 2; i++) {
        struct cr_guard guard;
        struct yd_buf mend = {0};

        for (int k = i; k < (i ? CR_GUARD_RANGES : 1); k++) {
            char key[16];

            snprintf(key, sizeof key, "k%d", k);
            protect(o, od, 1, key, (uint32_t)k * 1000, (uint32_t)k * 1000 + 10);
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
        TEST(mend_beside_an_edit_that_waits_reaches_everybody),
        TEST(edit_that_was_mended_and_edit_that_was_not_taken_are_told_apart),
        TEST(what_is_no_text_is_taken_out_again),
        TEST(range_may_hold_what_is_no_text),
        TEST(news_are_mended),
        TEST(what_waited_for_an_owner_undoes_no_protection),
        TEST(what_waited_replaces_no_protection),
        TEST(what_waited_undoes_none_of_several_protections),
        TEST(what_waited_for_an_owners_text_protects_nothing),
        TEST(owner_lifts_a_protection_while_something_waits),
        TEST(writers_wait_when_mends_could_fill_a_batch),
        TEST(restored_text_and_what_mends_it_are_one_update),
        TEST(only_so_much_text_is_protected),
        TEST(many_ranges_cost_little_more_than_one),
        TEST(what_was_never_protected_costs_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
