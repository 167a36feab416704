/* What people do with a document of which parts are protected. */
#include "tests/unit/ws/fake_guard.h"

#include "ws/guard.h"
#include "ydoc/any.h"
#include "ydoc/edit.h"
#include "ydoc/relpos.h"
#include "ydoc/yprotocol.h"

struct yd_target guard_text_root(void)
{
    return yd_root("text");
}

/* Edits a client's copy. */
void guard_write_text(struct yd_doc *doc, uint64_t client, uint32_t at, const char *text,
                      struct yd_buf *update)
{
    struct yd_txn txn;

    assert_int_equal(yd_txn_begin(&txn, doc, client), 0);
    assert_int_equal(yd_text_insert(&txn, guard_text_root(), at, text, strlen(text), NULL, 0), 0);
    yd_txn_commit(&txn, update);
}

/* The same, and sends what it did. */
void guard_insert(struct fake_conn *c, struct yd_doc *doc, uint64_t client, uint32_t at,
                  const char *text)
{
    struct yd_buf update = {0};

    guard_write_text(doc, client, at, text, &update);
    fake_send_update(c, &update);
    yd_buf_free(&update);
}

static void put_position(struct cr_json_out *w, const char *key, struct yd_doc *doc, uint32_t at,
                         int32_t assoc)
{
    struct yd_relpos pos;

    assert_int_equal(yd_relpos_at(doc, guard_text_root(), at, assoc, &pos), 0);
    cr_json_open_object(w, key);
    cr_json_open_object(w, "item");
    cr_json_put_int(w, "client", (int64_t)pos.client);
    cr_json_put_int(w, "clock", pos.clock);
    cr_json_close(w);
    cr_json_close(w);
}

void guard_write_entry(struct yd_doc *doc, uint64_t client, const char *key, uint32_t from,
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

void guard_protect(struct fake_conn *c, struct yd_doc *doc, uint64_t client, const char *key,
                   uint32_t from, uint32_t to)
{
    struct yd_buf update = {0};

    guard_write_entry(doc, client, key, from, to, &update);
    fake_send_update(c, &update);
    yd_buf_free(&update);
}

void guard_delete_entry(struct yd_doc *doc, uint64_t client, const char *key, struct yd_buf *update)
{
    struct yd_txn txn;

    assert_int_equal(yd_txn_begin(&txn, doc, client), 0);
    assert_int_equal(yd_map_delete(&txn, yd_root(CR_GUARD_ROOT), key, strlen(key)), 0);
    yd_txn_commit(&txn, update);
}

/* The reason of the first refusal that waits, with its number; empties the outbox. */
char *guard_refusal(struct fake_conn *c, struct yd_doc *doc, int *number)
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

void guard_assert_same_state(const struct yd_doc *doc)
{
    struct yd_buf ours = {0}, theirs = {0};

    yd_encode_state_vector(fake_live(FILE_A)->doc, &ours);
    yd_encode_state_vector(doc, &theirs);
    assert_int_equal(ours.len, theirs.len);
    assert_memory_equal(ours.data, theirs.data, ours.len);
    yd_buf_free(&ours);
    yd_buf_free(&theirs);
}
