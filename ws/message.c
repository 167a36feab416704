#include "ws/message.h"

#include "base/clock.h"
#include "base/limits.h"
#include "log/log.h"

static int dispatch(enum cr_msg_type type, const struct cr_request *q, const union cr_msg *m,
                    struct cr_error *err)
{
    switch (type) {
#define CR_MESSAGE(name, wire, role, fields)                                                       \
    case CR_MSG_##name:                                                                            \
        return cr_on_##name(q, &m->name, err);
#include "proto/messages.def"
#undef CR_MESSAGE
    case CR_MSG_COUNT:
        break;
    }
    return cr_fail(err, CR_ERR_INTERNAL, "message without a handler");
}

static int handle_object(struct cr_peer *p, struct cr_json *j, struct cr_error *err)
{
    struct cr_request q = {p, cr_msg_ref(cr_json_root(j)), cr_json_root(j)};
    union cr_msg m;
    int type = cr_msg_find(cr_msg_rows, CR_MSG_COUNT, q.root, err);

    if (type < 0)
        return -1;
    memset(&m, 0, sizeof m);
    if (cr_json_bind(j, q.root, cr_msg_rows[type].fields, &m, err) < 0)
        return -1;
    if (p->access.role < cr_msg_rows[type].least)
        return cr_fail(err, CR_ERR_FORBIDDEN, "your role may not send %s", cr_msg_rows[type].wire);
    return dispatch((enum cr_msg_type)type, &q, &m, err);
}

static void handle_text(struct cr_peer *p, const uint8_t *data, size_t len)
{
    struct cr_error err = CR_ERROR_INIT;
    CR_AUTO(cr_json) *j = cr_json_parse(data, len, CR_LIMIT_ROOM_FRAME_BYTES, &err);

    if (!j || handle_object(p, j, &err) < 0)
        cr_message_error(p, j ? cr_msg_ref(cr_json_root(j)) : NULL, &err);
}

static void handle_binary(struct cr_peer *p, const uint8_t *data, size_t len)
{
    struct cr_error err = CR_ERROR_INIT;
    int rc;

    if (p->access.role < CR_ROLE_EDITOR)
        rc = cr_fail(&err, CR_ERR_FORBIDDEN, "your role may not send standard input");
    else
        rc = cr_on_stdin(p, data, len, &err);
    if (rc < 0)
        cr_message_error(p, NULL, &err);
}

void cr_message_received(struct cr_conn *c, bool text, const uint8_t *data, size_t len)
{
    struct cr_peer *p = c->ctx;
    int64_t now = cr_mono_ms();

    if (!cr_rate_take(&p->messages, 1, CR_ROOM_MESSAGES_PER_S, CR_ROOM_MESSAGES_BURST, now) ||
        !cr_rate_take(&p->bytes, (int64_t)len, CR_ROOM_BYTES_PER_S, CR_ROOM_BYTES_BURST, now)) {
        cr_conn_close(c, CR_ERR_RATE, "too many messages in a short time");
        return;
    }
    if (text)
        handle_text(p, data, len);
    else
        handle_binary(p, data, len);
}

void cr_message_error(struct cr_peer *p, const char *ref, const struct cr_error *err)
{
    bool is_public = cr_error_is_public(err->code);
    CR_AUTO_JSON_OUT w = {0};

    if (!is_public)
        cr_log(CR_LOG_WARN, "message failed", CR_S("req", p->conn->request_id),
               CR_S("room", p->room->id), CR_S("error", err->message));
    cr_json_open_object(&w, NULL);
    cr_json_put_str(&w, "type", "error");
    cr_json_put_str(&w, "code", cr_error_wire(err->code));
    cr_json_put_str(&w, "message", is_public ? err->message : cr_error_public_text(err->code));
    if (err->field[0])
        cr_json_put_str(&w, "field", err->field);
    if (ref)
        cr_json_put_str(&w, "ref", ref);
    cr_json_close(&w);
    cr_conn_send_bytes(p->conn, true, w.buf.data, w.buf.len);
}
