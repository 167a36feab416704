/* Reading, positions, events, rights on parts, snapshots. */
#include "tests/unit/ydoc/support.h"
#include "ydoc/any.h"
#include "ydoc/events.h"
#include "ydoc/read.h"
#include "ydoc/relpos.h"
#include "ydoc/snapshot.h"

#include <stdlib.h>

#define T yd_root("t")

static void assert_buf(struct yd_buf *b, const char *expected)
{
    assert_int_equal(b->len, strlen(expected));
    assert_memory_equal(b->data, expected, b->len);
    yd_buf_free(b);
}

/* ---- reading --------------------------------------------------------------------------------- */

static void set(struct yd_txn *txn, struct yd_target at, const char *key, const char *json)
{
    struct yd_buf any = {0};

    assert_int_equal(yd_any_from_json(&any, json, strlen(json)), 0);
    assert_int_equal(yd_map_set(txn, at, key, strlen(key), any.data, any.len), 0);
    yd_buf_free(&any);
}

static void values_are_read_as_json(void **state)
{
    static const char *const values[] = {"null",
                                         "true",
                                         "[false,-64,1e+21]",
                                         "0.1",
                                         "1e-7",
                                         "123456789012",
                                         "-1.5e+300",
                                         "{\"a\":{\"b\":[]},\"\":\"\\u0001\\n\\\"\\\\\"}",
                                         "\"\xf0\x9f\x98\x80\"",
                                         "{}",
                                         "2147483648"};
    struct yd_doc *doc = yd_doc_new(NULL);
    struct yd_buf out = {0};
    struct yd_txn txn;

    (void)state;
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        assert_int_equal(yd_txn_begin(&txn, doc, 3), 0);
        set(&txn, yd_root("m"), "k", values[i]);
        yd_txn_commit(&txn, NULL);
        assert_int_equal(yd_json_key(doc, yd_root("m"), "k", 1, &out), 0);
        assert_buf(&out, values[i]);
    }
    assert_int_equal(yd_json_key(doc, yd_root("m"), "x", 1, &out), YD_ERR_TARGET);
    assert_int_equal(yd_json(doc, yd_root("none"), YD_MAP, &out), YD_ERR_TARGET);
    yd_doc_free(doc);
}

static void nested_types_are_read_as_json_and_xml(void **state)
{
    struct yd_doc *doc = yd_doc_new(NULL);
    struct yd_target list, text, p;
    struct yd_buf out = {0};
    struct yd_txn txn;

    (void)state;
    yd_txn_begin(&txn, doc, 3);
    yd_map_set_type(&txn, yd_root("m"), "list", 4, YD_ARRAY, NULL, 0, &list);
    yd_array_insert(&txn, list, 0,
                    BYTES(127, 116, 2, 0, 255, 122, 255, 255, 255, 255, 255, 255, 255, 254), 3);
    yd_array_insert_type(&txn, list, 0, YD_TEXT, NULL, 0, &text);
    yd_text_insert(&txn, text, 0, "a\"b", 3, NULL, 0);
    yd_array_insert_type(&txn, yd_root("x"), 0, YD_XML_ELEMENT, "P", 1, &p);
    set(&txn, p, "z", "\"2\"");
    set(&txn, p, "a", "1");
    yd_array_insert_type(&txn, p, 0, YD_XML_TEXT, NULL, 0, &text);
    yd_text_insert(&txn, text, 0, "bold", 4, &(struct yd_attribute){"b", 1, "{\"n\":\"v\"}", 9}, 1);
    yd_txn_commit(&txn, NULL);
    assert_int_equal(yd_json(doc, yd_root("m"), YD_MAP, &out), 0);
    assert_buf(&out, "{\"list\":[\"a\\\"b\",null,\"AP8=\",-2]}");
    assert_int_equal(yd_xml(doc, yd_root("x"), YD_XML_FRAGMENT, &out), 0);
    assert_buf(&out, "<p a=\"1\" z=\"2\"><b n=\"v\">bold</b></p>");
    yd_doc_free(doc);
}

static void part_of_a_text_is_read_with_its_formats(void **state)
{
    struct yd_doc *doc = hello();
    struct yd_buf out = {0};
    struct yd_txn txn;

    (void)state;
    yd_txn_begin(&txn, doc, 3);
    yd_text_format(&txn, T, 1, 3, &(struct yd_attribute){"b", 1, "true", 4}, 1);
    yd_text_insert(&txn, T, 5, "\xf0\x9f\x98\x80", 4, NULL, 0);
    yd_txn_commit(&txn, NULL);
    assert_int_equal(yd_delta_range(doc, T, 2, 6, &out), 0);
    assert_buf(&out,
               "[{\"insert\":\"ll\",\"attributes\":{\"b\":true}},{\"insert\":\"o\xef\xbf\xbd\"}]");
    yd_doc_free(doc);
}

/* ---- positions ------------------------------------------------------------------------------- */

static uint32_t resolved(struct yd_doc *doc, const struct yd_relpos *pos)
{
    uint32_t index;

    assert_int_equal(yd_relpos_resolve(doc, pos, NULL, &index), 0);
    return index;
}

static void positions_stay_while_others_edit(void **state)
{
    struct yd_doc *doc = hello();
    struct yd_relpos left, right, end;

    (void)state;
    assert_int_equal(yd_relpos_at(doc, T, 2, -1, &left), 0);
    assert_int_equal(yd_relpos_at(doc, T, 2, 0, &right), 0);
    assert_int_equal(yd_relpos_at(doc, T, 5, 0, &end), 0);
    assert_int_equal(yd_relpos_at(doc, T, 6, 0, &end), YD_ERR_INDEX);
    assert_int_equal(yd_relpos_at(doc, T, 5, 0, &end), 0);
    apply_ok(doc, BYTES(1, 1, 6, 0, 0xc4, 5, 1, 5, 2, 1, 'L', 0)); /* heLllo */
    assert_int_equal(resolved(doc, &left), 2);
    assert_int_equal(resolved(doc, &right), 3);
    assert_int_equal(resolved(doc, &end), 6);
    apply_ok(doc, BYTES(0, 1, 5, 1, 0, 5)); /* L */
    assert_int_equal(resolved(doc, &left), 0);
    assert_int_equal(resolved(doc, &right), 1);
    yd_doc_free(doc);
}

static void positions_have_the_form_of_yjs(void **state)
{
    struct yd_doc *doc = hello();
    struct yd_relpos pos;
    struct yd_buf out = {0};
    uint32_t index;

    (void)state;
    assert_int_equal(yd_relpos_decode(BYTES(0, 5, 3, 0x41), &pos), 0);
    assert_true(pos.kind == YD_RELPOS_UNIT && pos.client == 5 && pos.clock == 3 && pos.assoc == -1);
    assert_int_equal(resolved(doc, &pos), 4);
    yd_relpos_encode(&pos, &out);
    assert_int_equal(out.len, 4);
    assert_memory_equal(out.data, ((uint8_t[]){0, 5, 3, 0x41}), 4);
    yd_buf_free(&out);
    assert_int_equal(yd_relpos_decode(BYTES(1, 1, 't'), &pos), 0); /* of an old client */
    assert_int_equal(resolved(doc, &pos), 5);
    assert_int_equal(yd_relpos_decode(BYTES(2, 9, 0, 0), &pos), 0);
    assert_int_equal(yd_relpos_resolve(doc, &pos, NULL, &index), YD_ERR_GONE);
    assert_int_equal(yd_relpos_decode(BYTES(0, 5, 3, 0xff, 0x80), &pos), YD_ERR_TRUNCATED);
    assert_int_equal(yd_relpos_decode(BYTES(1, 1, 0xff, 0), &pos), YD_ERR_UTF8);
    assert_int_equal(yd_relpos_decode(BYTES(3, 0), &pos), YD_ERR_KIND);
    assert_int_equal(yd_relpos_decode(BYTES(2, 9, 0, 0xff, 0xff, 0xff, 0xff, 0x0f), &pos), 0);
    assert_int_equal(pos.assoc, -INT32_MAX);
    yd_relpos_encode(&pos, &out);
    assert_int_equal(out.len, 8);
    assert_memory_equal(out.data, ((uint8_t[]){2, 9, 0, 0xff, 0xff, 0xff, 0xff, 0x0f}), 8);
    yd_buf_free(&out);
    assert_int_equal(yd_relpos_decode(BYTES(2, 9, 0, 0x80, 0x80, 0x80, 0x80, 0x10), &pos),
                     YD_ERR_RANGE);
    assert_int_equal(yd_relpos_decode(BYTES(0, 5, 3, 0, 0), &pos), YD_ERR_TRAILING);
    assert_int_equal(yd_relpos_decode(BYTES(0), &pos), YD_ERR_TRUNCATED);
    yd_doc_free(doc);
}

/* ---- events ---------------------------------------------------------------------------------- */

static void changes_are_told_with_their_authors(void **state)
{
    struct yd_doc *doc = hello();
    struct yd_events events;

    (void)state;
    assert_int_equal(
        yd_apply_update_events(doc, BYTES(1, 1, 6, 0, 0xc4, 5, 1, 5, 2, 2, 'x', 'y', 1, 5, 1, 3, 2),
                               NULL, &events),
        0);
    assert_int_equal(events.n, 1);
    assert_string_equal(events.v[0].root, "t");
    assert_int_equal(events.v[0].path_len, 0);
    assert_int_equal(events.v[0].change_count, 4);
    assert_true(events.v[0].changes[0].kind == YD_CHANGE_RETAIN && events.v[0].changes[0].len == 2);
    assert_true(events.v[0].changes[1].kind == YD_CHANGE_INSERT &&
                events.v[0].changes[1].index == 2 && events.v[0].changes[1].len == 2 &&
                events.v[0].changes[1].client == 6);
    assert_true(events.v[0].changes[2].kind == YD_CHANGE_RETAIN && events.v[0].changes[2].len == 1);
    assert_true(events.v[0].changes[3].kind == YD_CHANGE_DELETE &&
                events.v[0].changes[3].index == 5 && events.v[0].changes[3].len == 2 &&
                events.v[0].changes[3].client == 5);
    yd_events_clear(&events);
    assert_int_equal(yd_apply_update_events(doc, BYTES(HELLO), NULL, &events), 0);
    assert_int_equal(events.n, 0);
    assert_int_equal(yd_apply_update_events(doc, BYTES(9), NULL, &events), YD_ERR_TRUNCATED);
    assert_int_equal(events.n, 0);
    yd_events_clear(&events);
    yd_doc_free(doc);
}

static void keys_are_told(void **state)
{
    struct yd_doc *doc = yd_doc_new(NULL), *from = yd_doc_new(NULL);
    enum yd_key_action expected[] = {YD_KEY_ADDED, YD_KEY_UPDATED, YD_KEY_DELETED};

    (void)state;
    for (int i = 0; i < 3; i++) {
        struct yd_buf update = {0};
        struct yd_events events;
        struct yd_txn txn;
        yd_txn_begin(&txn, from, 9);
        if (i < 2)
            set(&txn, yd_root("m"), "k", "1");
        else
            yd_map_delete(&txn, yd_root("m"), "k", 1);
        yd_txn_commit(&txn, &update);
        assert_int_equal(yd_apply_update_events(doc, update.data, update.len, NULL, &events), 0);
        assert_int_equal(events.n, 1);
        assert_int_equal(events.v[0].key_count, 1);
        assert_int_equal(events.v[0].keys[0].action, expected[i]);
        assert_string_equal(events.v[0].keys[0].key, "k");
        assert_int_equal(events.v[0].keys[0].client, 9);
        yd_events_clear(&events);
        yd_buf_free(&update);
    }
    yd_doc_free(doc);
    yd_doc_free(from);
}

/* ---- snapshots ------------------------------------------------------------------------------- */

static void moments_of_a_kept_document_come_back(void **state)
{
    struct yd_doc *doc = yd_doc_new(NULL), *then = yd_doc_new(NULL);
    struct yd_buf snapshot = {0}, update = {0};

    (void)state;
    yd_doc_set_gc(doc, false);
    apply_ok(doc, BYTES(HELLO));
    apply_ok(doc, BYTES(0, 1, 5, 1, 4, 1));
    yd_snapshot(doc, &snapshot);
    assert_int_equal(snapshot.len, 8);
    assert_memory_equal(snapshot.data, ((uint8_t[]){1, 5, 1, 4, 1, 1, 5, 5}), 8);
    apply_ok(doc, BYTES(1, 1, 5, 5, 0x84, 5, 4, 1, '!', 1, 5, 1, 0, 3));
    assert_text(doc, "t", "l!");
    assert_int_equal(yd_snapshot_update(doc, snapshot.data, snapshot.len, &update), 0);
    apply_ok(then, update.data, update.len);
    assert_text(then, "t", "hell");
    assert_int_equal(yd_snapshot_update(then, snapshot.data, snapshot.len, &update), YD_ERR_GONE);
    assert_int_equal(yd_snapshot_update(doc, BYTES(0, 1, 5, 9), &update), YD_ERR_GONE);
    assert_int_equal(yd_snapshot_check(BYTES(0)), YD_ERR_TRUNCATED);
    assert_int_equal(yd_snapshot_check(BYTES(1, 5, 1, 0xff, 0xff, 0xff, 0xff, 0x0f, 1, 0)),
                     YD_ERR_RANGE);
    assert_int_equal(yd_snapshot_check(BYTES(0, 0, 0)), YD_ERR_TRAILING);
    yd_buf_free(&snapshot);
    yd_buf_free(&update);
    yd_doc_free(doc);
    yd_doc_free(then);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_read_as_json),
        cmocka_unit_test(nested_types_are_read_as_json_and_xml),
        cmocka_unit_test(part_of_a_text_is_read_with_its_formats),
        cmocka_unit_test(positions_stay_while_others_edit),
        cmocka_unit_test(positions_have_the_form_of_yjs),
        cmocka_unit_test(changes_are_told_with_their_authors),
        cmocka_unit_test(keys_are_told),
        cmocka_unit_test(moments_of_a_kept_document_come_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
