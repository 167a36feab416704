/* The room socket's messages: dispatch by the table in lib/proto/messages.def; one handler each, in
 * on_<subject>.c. */
#ifndef CR_WS_MESSAGE_H
#define CR_WS_MESSAGE_H

#include "proto/messages.h"
#include "ws/room.h"

/* struct cr_conn_user's message for room sockets. */
void cr_message_received(struct cr_conn *c, bool text, const uint8_t *data, size_t len);

/* Answer with `error`; ref: the request's, may be NULL. Errors of ours say only what people may
 * know. */
void cr_message_error(struct cr_peer *p, const char *ref, const struct cr_error *err);

/* Handlers: fill err and return -1 and the sender gets `error`. m lives until they return; root is
 * the message's object. */
struct cr_request {
    struct cr_peer *peer;
    const char *ref; /* may be NULL */
    const struct cr_json_node *root;
};
#define CR_MESSAGE(name, wire, role, fields)                                                       \
    int cr_on_##name(const struct cr_request *q, const struct cr_msg_##name *m,                    \
                     struct cr_error *err);
#include "proto/messages.def"
#undef CR_MESSAGE

/* A binary frame: standard input. */
int cr_on_stdin(struct cr_peer *p, const uint8_t *data, size_t len, struct cr_error *err);

#endif
