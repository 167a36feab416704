/* A megabyte that was made to cost, through the doors that Coderoom's servers leave shut: events,
 * spans, formats, XML, snapshots. */
#include "tests/unit/ydoc/cost.h"
#include "tests/unit/ydoc/hostile.h"
#include "tests/unit/ydoc/support.h"
#include "ydoc/events.h"
#include "ydoc/read.h"
#include "ydoc/snapshot.h"
#include "ydoc/touch.h"

#define EVENTS_BYTES ((size_t)32 << 20) /* events.h */
#define OTHER ((UINT64_C(1) << 53) - 1) /* a client that no input has */

/* A document that is ready for the input, and the input. */
struct attack {
    struct yd_doc *doc;
    struct yd_buf update;
};

static struct attack prepare(const struct hostile *h, bool gc)
{
    struct attack a = {.doc = yd_doc_new(NULL)};
    struct yd_buf first = {0};

    yd_doc_set_gc(a.doc, gc);
    yd_encode_text_insert(OTHER, "t", 1, "letters", 7, &first);
    assert_int_equal(yd_apply_update(a.doc, first.data, first.len, NULL), 0);
    first.len = 0;
    if (h->before) {
        h->before(&first);
        assert_int_equal(yd_apply_update(a.doc, first.data, first.len, NULL), 0);
    }
    yd_buf_free(&first);
    h->make(&a.update);
    return a;
}

static void forget(struct attack *a)
{
    yd_doc_free(a->doc);
    yd_buf_free(&a->update);
}

/* Does what is to be measured; the document is prepared without, or with the update in it. */
struct door {
    void (*go)(struct attack *a);
    bool applied, keeps; /* keeps: what is deleted */
    size_t max_bytes;
};

static bool try_one(const struct hostile *h, const struct door *door)
{
    struct attack a = prepare(h, !door->keeps);
    bool high;

    if (door->applied)
        (void)yd_apply_update(a.doc, a.update.data, a.update.len, NULL); /* as far as it goes */
    cost_start();
    door->go(&a);
    high = cost_is_high(h->name, door->max_bytes);
    forget(&a);
    return high;
}

static void try_all(const struct door *door)
{
    bool high = false;

    for (const struct hostile *h = hostile_updates; h->name; h++)
        high = try_one(h, door) || high;
    for (const struct hostile *h = hostile_contests; h->name; h++)
        high = try_one(h, door) || high;
    assert_false(high);
}

static void events_of(struct attack *a)
{
    struct yd_events events;

    (void)yd_apply_update_events(a->doc, a->update.data, a->update.len, NULL, &events);
    yd_events_clear(&events);
}

static void events_cost_little(void **state)
{
    (void)state;
    try_all(&(struct door){.go = events_of, .max_bytes = EVENTS_BYTES});
}

static void news_of(struct attack *a)
{
    struct yd_buf news = {0};

    (void)yd_apply_update_news(a->doc, a->update.data, a->update.len, NULL, &news);
    yd_buf_free(&news);
}

static void news_cost_little(void **state)
{
    (void)state;
    try_all(&(struct door){.go = news_of, .max_bytes = COST_BYTES});
}

static void touches_of(struct attack *a)
{
    struct yd_span span;
    bool touches;

    assert_int_equal(yd_relpos_at(a->doc, yd_root("t"), 0, 0, &span.start), 0);
    assert_int_equal(yd_relpos_at(a->doc, yd_root("t"), 3, -1, &span.end), 0);
    (void)yd_update_touches(a->doc, a->update.data, a->update.len, &span, 1, &touches, NULL);
}

static void spans_cost_little(void **state)
{
    (void)state;
    try_all(&(struct door){.go = touches_of, .max_bytes = COST_BYTES});
}

static void delta_of(struct attack *a)
{
    struct yd_buf out = {0};

    (void)yd_delta(a->doc, yd_root("t"), &out);
    yd_buf_free(&out);
}

static void formats_cost_little(void **state)
{
    (void)state;
    try_all(&(struct door){.go = delta_of, .applied = true, .max_bytes = COST_BYTES});
}

static void xml_of(struct attack *a)
{
    static const enum yd_type_kind kinds[] = {YD_XML_FRAGMENT, YD_XML_TEXT};
    struct yd_buf out = {0};

    for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
        (void)yd_xml(a->doc, yd_root("t"), kinds[i], &out);
        yd_buf_free(&out);
    }
}

static void xml_costs_little(void **state)
{
    (void)state;
    try_all(&(struct door){.go = xml_of, .applied = true, .max_bytes = COST_BYTES});
}

static void snapshot_of(struct attack *a)
{
    struct yd_buf snapshot = {0}, out = {0};

    yd_snapshot(a->doc, &snapshot);
    assert_int_equal(yd_snapshot_check(snapshot.data, snapshot.len), 0);
    assert_int_equal(yd_snapshot_update(a->doc, snapshot.data, snapshot.len, &out), 0);
    yd_buf_free(&snapshot);
    yd_buf_free(&out);
}

static void snapshots_cost_little(void **state)
{
    (void)state;
    try_all(
        &(struct door){.go = snapshot_of, .applied = true, .keeps = true, .max_bytes = COST_BYTES});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_cost_little), cmocka_unit_test(news_cost_little),
        cmocka_unit_test(spans_cost_little),  cmocka_unit_test(formats_cost_little),
        cmocka_unit_test(xml_costs_little),   cmocka_unit_test(snapshots_cost_little),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
