/* What clients say about a document, and what it holds. */
#include "tests/unit/ws/fake.h"

#include "ws/guard.h"
#include "ydoc/any.h"
#include "ydoc/edit.h"
#include "ydoc/yprotocol.h"

/* ---- edits ---- */

void fake_update(struct yd_buf *out, uint64_t client, const char *text, bool as_step2)
{
    struct yd_buf update = {0};

    assert_int_equal(yd_encode_text_insert(client, "text", 4, text, strlen(text), &update), 0);
    if (as_step2)
        yd_message_sync_step2(out, update.data, update.len);
    else
        yd_message_sync_update(out, update.data, update.len);
    yd_buf_free(&update);
}

void fake_send_update(struct fake_conn *c, const struct yd_buf *update)
{
    struct yd_buf frame = {0};

    yd_message_sync_update(&frame, update->data, update->len);
    fake_feed(c, frame.data, frame.len);
    yd_buf_free(&frame);
}

void fake_protect(struct fake_conn *owner, uint32_t first, uint32_t last)
{
    struct yd_buf any = {0}, update = {0};
    struct yd_doc *doc = yd_doc_new(NULL);
    struct yd_txn txn;
    char json[128];

    snprintf(json, sizeof json,
             "{\"start\":{\"item\":{\"client\":7,\"clock\":%u}},"
             "\"end\":{\"item\":{\"client\":7,\"clock\":%u}}}",
             first, last);
    assert_int_equal(yd_any_from_json(&any, json, strlen(json)), 0);
    assert_int_equal(yd_txn_begin(&txn, doc, 70), 0);
    assert_int_equal(yd_map_set(&txn, yd_root(CR_GUARD_ROOT), "a", 1, any.data, any.len), 0);
    yd_txn_commit(&txn, &update);
    fake_send_update(owner, &update);
    yd_doc_free(doc);
    yd_buf_free(&any);
    yd_buf_free(&update);
}

void fake_send_text(struct fake_conn *c, uint64_t client, const char *text)
{
    struct yd_buf frame = {0};

    fake_update(&frame, client, text, false);
    fake_feed(c, frame.data, frame.len);
    yd_buf_free(&frame);
}

void fake_delete_text(struct fake_conn *c, uint64_t client, uint32_t from, uint32_t len)
{
    struct yd_buf update = {0}, state = {0};
    struct yd_doc *doc = yd_doc_new(NULL);
    struct yd_txn txn;

    yd_encode_diff(fake_live(FILE_A)->doc, NULL, 0, &state);
    assert_int_equal(yd_apply_update(doc, state.data, state.len, NULL), 0);
    assert_int_equal(yd_txn_begin(&txn, doc, client), 0);
    assert_int_equal(yd_list_delete(&txn, yd_root("text"), from, len), 0);
    yd_txn_commit(&txn, &update);
    fake_send_update(c, &update);
    yd_doc_free(doc);
    yd_buf_free(&update);
    yd_buf_free(&state);
}

/* ---- presence ---- */

void fake_say_state(struct fake_conn *c, uint64_t client, uint64_t clock, const char *json)
{
    struct yd_buf body = {0}, frame = {0};

    yd_buf_put_varuint(&body, 1);
    yd_buf_put_varuint(&body, client);
    yd_buf_put_varuint(&body, clock);
    yd_buf_put_bytes(&body, json, strlen(json));
    yd_message_awareness(&frame, body.data, body.len);
    fake_feed(c, frame.data, frame.len);
    yd_buf_free(&body);
    yd_buf_free(&frame);
}

const char *fake_state_of(uint64_t client)
{
    const char *json = yd_awareness_state(fake_live(FILE_A)->presence.table, client, NULL);

    return json ? json : "gone";
}

/* ---- looking ---- */

struct cr_live_doc *fake_live(const char *file)
{
    struct cr_live_room *r = cr_hub_find(&fake.hub, ROOM);

    return r ? cr_doc_find(r, file) : NULL;
}

void fake_assert_text(const char *file, const char *text)
{
    CR_AUTO_BUF got = {0};

    struct cr_live_doc *d = fake_live(file);
    struct yd_doc *cold = NULL;

    assert_non_null(d);
    if (!d->doc)
        assert_int_equal(cr_doclog_unpack(&d->packed, &cold, NULL), 0);
    assert_int_equal(cr_doc_text(d->doc ? d->doc : cold, 1024, &got, NULL), 0);
    yd_doc_free(cold);
    assert_string_equal(cr_buf_cstr(&got), text);
}
