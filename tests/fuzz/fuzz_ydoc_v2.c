/* [1] an update v1, or [2] an update v2, from anybody, converted there and back. */
#include "tests/fuzz/support.h"

/* What a v2 update may become; the input is much shorter. */
#define MAX_V1 65536

static void to_v2(const struct yd_buf *v1, struct yd_buf *v2)
{
    demand(yd_update_check(v1->data, v1->len, NULL) == 0, "converted to a malformed update");
    demand(yd_update_v1_to_v2(v1->data, v1->len, v2) == 0, "it is refused as v1");
}

static void to_v1(const struct yd_buf *v2, struct yd_buf *v1)
{
    demand(yd_update_v2_to_v1(v2->data, v2->len, 16 * MAX_V1, v1) == 0, "it is refused as v2");
}

/* Values that JSON cannot keep (1e999) are gone after the first way back; then nothing changes. */
static void check_settles(const struct yd_buf *v1)
{
    struct yd_buf first = {0}, back = {0}, second = {0}, again = {0}, third = {0};

    to_v2(v1, &first);
    to_v1(&first, &back);
    to_v2(&back, &second);
    to_v1(&second, &again);
    to_v2(&again, &third);
    demand(same_bytes(&back, &again), "v1 changes");
    demand(same_bytes(&second, &third), "v2 changes");
    yd_buf_free(&first);
    yd_buf_free(&back);
    yd_buf_free(&second);
    yd_buf_free(&again);
    yd_buf_free(&third);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct yd_buf v1 = {0};
    int err;

    if (size == 0)
        return 0;
    if (data[0] == 2) {
        err = yd_update_v2_to_v1(data + 1, size - 1, MAX_V1, &v1);
        demand(v1.len <= MAX_V1, "more than was allowed");
    } else {
        err = yd_update_v1_to_v2(data + 1, size - 1, &v1);
        demand((err == 0) == (yd_update_check(data + 1, size - 1, NULL) == 0),
               "two opinions about an update");
        v1.len = 0;
        if (!err)
            yd_buf_append(&v1, data + 1, size - 1);
    }
    if (err)
        demand(v1.len == 0, "an error wrote something");
    else
        check_settles(&v1);
    yd_buf_free(&v1);
    return 0;
}
