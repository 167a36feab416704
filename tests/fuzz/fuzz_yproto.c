/* Frames from anybody: parsed, and awareness bodies applied to a table. */
#include "ydoc/awareness.h"
#include "ydoc/yprotocol.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void awareness(const uint8_t *body, size_t len)
{
    struct yd_awareness *a = yd_awareness_new(NULL);
    struct yd_awareness *b = yd_awareness_new(NULL);
    struct yd_awareness_result res;
    struct yd_buf out = {0};

    if (yd_awareness_apply(a, body, len, 1, &res) == 0) {
        yd_awareness_result_clear(&res);
        if (yd_awareness_apply(a, body, len, 2, &res) == 0 && res.count > 0)
            abort(); /* a second time all are echoes */
        yd_awareness_result_clear(&res);
        yd_awareness_encode_all(a, &out);
        if (yd_awareness_apply(b, out.data, out.len, 1, &res) != 0)
            abort();
        yd_awareness_result_clear(&res);
        if (yd_awareness_count(a) != yd_awareness_count(b))
            abort();
        out.len = 0;
        yd_awareness_expire(a, 100, 50, &out);
        if (yd_awareness_count(a) != 0)
            abort();
    }
    yd_buf_free(&out);
    yd_awareness_free(a);
    yd_awareness_free(b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct yd_message m;

    if (yd_message_parse(data, size, &m) != 0)
        return 0;
    if (m.payload && (m.payload < data || m.payload + m.payload_len > data + size))
        abort();
    if (m.type == YD_MSG_AWARENESS)
        awareness(m.payload, m.payload_len);
    else if (m.type == YD_MSG_SYNC_STEP1 || m.type == YD_MSG_SAVED)
        yd_state_vector_check(m.payload, m.payload_len);
    return 0;
}
