#include "ydoc/yprotocol.h"
#include "ydoc/wire.h"

#include <string.h>

enum { SYNC = 0, AWARENESS = 1, AUTH = 2, QUERY_AWARENESS = 3, SAVED = 100, REFUSED = 101 };
enum { STEP1 = 0, STEP2 = 1, UPDATE = 2 };

static void parse_sync(struct yd_reader *r, struct yd_message *m, struct yd_slice *payload)
{
    const uint8_t *at = r->p;

    switch (yd_read_varuint(r)) {
    case STEP1:
        m->type = YD_MSG_SYNC_STEP1;
        break;
    case STEP2:
        m->type = YD_MSG_SYNC_STEP2;
        break;
    case UPDATE:
        m->type = YD_MSG_SYNC_UPDATE;
        break;
    default:
        r->p = at;
        yd_reader_fail(r, YD_ERR_KIND);
    }
    *payload = yd_read_bytes(r);
}

int yd_message_parse(const uint8_t *frame, size_t len, struct yd_message *out)
{
    struct yd_reader r = yd_reader_of(frame, len);
    struct yd_message m = {.type = YD_MSG_QUERY_AWARENESS};
    struct yd_slice payload = {NULL, 0};

    switch (yd_read_varuint(&r)) {
    case SYNC:
        parse_sync(&r, &m, &payload);
        break;
    case AWARENESS:
        m.type = YD_MSG_AWARENESS;
        payload = yd_read_bytes(&r);
        break;
    case AUTH:
        m.type = YD_MSG_AUTH_DENIED;
        if (yd_read_varuint(&r) != 0)
            yd_reader_fail(&r, YD_ERR_KIND);
        payload = yd_read_string(&r);
        break;
    case QUERY_AWARENESS:
        break;
    case SAVED:
        m.type = YD_MSG_SAVED;
        m.count = yd_read_varuint(&r);
        payload = yd_read_bytes(&r);
        break;
    case REFUSED:
        m.type = YD_MSG_REFUSED;
        m.count = yd_read_varuint(&r);
        payload = yd_read_string(&r);
        break;
    default:
        yd_reader_fail(&r, YD_ERR_KIND);
    }
    if (!r.err && r.p != r.end)
        r.err = YD_ERR_TRAILING;
    if (r.err)
        return r.err;
    m.payload = payload.p;
    m.payload_len = payload.len;
    *out = m;
    return 0;
}

static void sync_message(struct yd_buf *out, unsigned kind, const uint8_t *p, size_t len)
{
    yd_buf_put_varuint(out, SYNC);
    yd_buf_put_varuint(out, kind);
    yd_buf_put_bytes(out, p, len);
}

void yd_message_sync_step1(struct yd_buf *out, const uint8_t *state_vector, size_t len)
{
    sync_message(out, STEP1, state_vector, len);
}

void yd_message_sync_step2(struct yd_buf *out, const uint8_t *update, size_t len)
{
    sync_message(out, STEP2, update, len);
}

void yd_message_sync_update(struct yd_buf *out, const uint8_t *update, size_t len)
{
    sync_message(out, UPDATE, update, len);
}

void yd_message_awareness(struct yd_buf *out, const uint8_t *body, size_t len)
{
    yd_buf_put_varuint(out, AWARENESS);
    yd_buf_put_bytes(out, body, len);
}

int yd_message_auth_denied(struct yd_buf *out, const char *reason)
{
    size_t len = strlen(reason);
    uint64_t units;
    bool ascii;

    if (!yd_utf8_scan((const uint8_t *)reason, len, &units, &ascii))
        return YD_ERR_UTF8;
    yd_buf_put_varuint(out, AUTH);
    yd_buf_put_varuint(out, 0); /* permission denied */
    yd_buf_put_bytes(out, reason, len);
    return 0;
}

void yd_message_query_awareness(struct yd_buf *out)
{
    yd_buf_put_varuint(out, QUERY_AWARENESS);
}

void yd_message_saved(struct yd_buf *out, uint64_t count, const uint8_t *state_vector, size_t len)
{
    yd_buf_put_varuint(out, SAVED);
    yd_buf_put_varuint(out, count);
    yd_buf_put_bytes(out, state_vector, len);
}

int yd_message_refused(struct yd_buf *out, uint64_t number, const char *reason)
{
    size_t len = strlen(reason);
    uint64_t units;
    bool ascii;

    if (!yd_utf8_scan((const uint8_t *)reason, len, &units, &ascii))
        return YD_ERR_UTF8;
    yd_buf_put_varuint(out, REFUSED);
    yd_buf_put_varuint(out, number);
    yd_buf_put_bytes(out, reason, len);
    return 0;
}
