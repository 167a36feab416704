/* Updates from anybody: [2 bytes length, little endian][update] again and again; what is left is a
 * state vector. */
#include "tests/fuzz/support.h"

/* Who gets what is relayed has the same structs, and nothing waits there. */
static void follow(struct yd_doc *follower, const struct yd_doc *doc, const uint8_t *p, size_t len)
{
    struct yd_buf a = {0}, b = {0};
    struct yd_result res;

    demand(yd_apply_update(follower, p, len, &res) == 0, "what is relayed is refused");
    demand(res.complete, "what is relayed waits");
    yd_encode_state_vector(doc, &a);
    yd_encode_state_vector(follower, &b);
    demand(same_bytes(&a, &b), "what is relayed is not all");
    yd_buf_free(&a);
    yd_buf_free(&b);
}

static void apply_twice(struct yd_doc *doc, struct yd_doc *follower, const uint8_t *p, size_t len)
{
    struct yd_buf news = {0};
    struct yd_result first, second;
    bool contained = false, before = false;
    bool ok = yd_update_check(p, len, NULL) == 0;
    int err;

    demand((yd_update_is_contained(doc, p, len, &before) == 0) == ok,
           "two opinions about an update");
    err = yd_apply_update_news(doc, p, len, &first, &news);
    demand_sound(doc);
    demand(ok || err, "a malformed update was applied");
    if (err) {
        demand(!first.changed && !first.has_new, "an error changed something");
        return;
    }
    demand(!before || !first.has_new, "contained, yet new");
    demand((news.len > 0) == (first.changed && !first.whole), "news of nothing, or none");
    if (first.changed)
        follow(follower, doc, first.whole ? p : news.data, first.whole ? len : news.len);
    yd_buf_free(&news);
    demand(yd_apply_update(doc, p, len, &second) == 0, "a second time it fails");
    demand(!second.changed, "a second time it changes something");
    if (first.complete)
        demand(yd_update_is_contained(doc, p, len, &contained) == 0 && contained, "not contained");
    demand_sound(doc);
}

/* The full state makes the same document.  (While something waits, a forged struct that overlaps a
 * known one may be cut when it is written, and the rest no longer waits.) */
static void check_copy(const struct yd_doc *doc)
{
    struct yd_doc *copy = yd_doc_new(NULL);
    struct yd_buf state = {0}, a = {0}, b = {0};

    demand(yd_encode_diff(doc, NULL, 0, &state) == 0, "no full state");
    demand(yd_apply_update(copy, state.data, state.len, NULL) == 0, "the full state is refused");
    demand_sound(copy);
    yd_encode_state_vector(doc, &a);
    yd_encode_state_vector(copy, &b);
    demand(yd_pending_bytes(doc) > 0 || same_bytes(&a, &b), "the copy's state vector differs");
    yd_buf_free(&state);
    yd_buf_free(&a);
    yd_buf_free(&b);
    yd_doc_free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct yd_doc *doc = yd_doc_new(NULL), *follower = yd_doc_new(NULL);
    const struct yd_limits limits = {.max_pending_bytes = 2048, .max_pending_runs = 16};
    struct yd_buf out = {0};
    struct yd_bytes update;

    yd_doc_set_limits(doc, &limits);
    while (next_part(&data, &size, &update))
        apply_twice(doc, follower, update.p, update.len);
    yd_encode_diff(doc, data, size, &out);
    yd_text(doc, "text", 4, &out);
    check_copy(doc);
    yd_buf_free(&out);
    yd_doc_free(doc);
    yd_doc_free(follower);
    return 0;
}
