/* ping: browsers cannot see WebSocket pings, so a client that wants to know asks. */
#include "ws/message.h"

int cr_on_ping(const struct cr_request *q, const struct cr_msg_ping *m, struct cr_error *err)
{
    CR_AUTO_JSON_OUT w = {0};

    (void)m, (void)err;
    cr_json_open_object(&w, NULL);
    cr_json_put_str(&w, "type", "pong");
    if (q->ref)
        cr_json_put_str(&w, "ref", q->ref);
    cr_json_close(&w);
    cr_conn_send_bytes(q->peer->conn, true, w.buf.data, w.buf.len);
    return 0;
}
