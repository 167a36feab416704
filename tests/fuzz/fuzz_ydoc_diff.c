/* An update and a state vector from anybody, each with 2 bytes length in front (little endian). */
#include "tests/fuzz/support.h"

static void check_diff(struct yd_bytes update, struct yd_bytes sv)
{
    struct yd_buf diff = {0}, again = {0};
    bool ok = yd_update_check(update.p, update.len, NULL) == 0 &&
              yd_state_vector_check(sv.p, sv.len) == 0;

    demand((yd_update_diff(update.p, update.len, sv.p, sv.len, &diff) == 0) == ok,
           "two opinions about a diff");
    if (ok) {
        demand(yd_update_check(diff.data, diff.len, NULL) == 0, "the diff is malformed");
        demand(yd_update_diff(diff.data, diff.len, sv.p, sv.len, &again) == 0, "no second diff");
        demand(same_bytes(&again, &diff), "a diff of a diff differs");
    }
    yd_buf_free(&diff);
    yd_buf_free(&again);
}

/* An empty document cannot get further than the update's state vector says. */
static void check_state_vector(struct yd_bytes update)
{
    bool ok = yd_update_check(update.p, update.len, NULL) == 0;
    struct yd_buf told = {0}, is = {0};
    struct yd_doc *doc = yd_doc_new(NULL);

    demand((yd_update_state_vector(update.p, update.len, &told) == 0) == ok,
           "two opinions about an update");
    if (ok) {
        demand(yd_state_vector_check(told.data, told.len) == 0, "the state vector is malformed");
        yd_apply_update(doc, update.p, update.len, NULL);
        yd_encode_state_vector(doc, &is);
        demand(yd_state_vector_covers(told.data, told.len, is.data, is.len), "it tells too little");
    }
    yd_buf_free(&told);
    yd_buf_free(&is);
    yd_doc_free(doc);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct yd_bytes update = {data, 0}, sv = {data, 0};

    if (next_part(&data, &size, &update))
        next_part(&data, &size, &sv);
    check_diff(update, sv);
    check_state_vector(update);
    return 0;
}
