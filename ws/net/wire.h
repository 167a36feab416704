/* Reading WebSocket frames (RFC 6455 5.2) of a client: masked, in pieces or whole, with control
 * frames between. Bytes in, messages out; no sockets, no clock.
 * Thread: one for each reader. */
#ifndef CR_WS_NET_WIRE_H
#define CR_WS_NET_WIRE_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CR_WIRE_HEAD_MAX 14 /* two bytes, a 64-bit length, the mask */

enum cr_wire_event {
    CR_WIRE_TEXT,
    CR_WIRE_BINARY,
    CR_WIRE_PING,
    CR_WIRE_PONG,
    CR_WIRE_CLOSE,    /* data: code and reason, as they came */
    CR_WIRE_TOO_LONG, /* a message has more than max bytes; it is not kept */
};

struct cr_wire {
    uint8_t head[CR_WIRE_HEAD_MAX]; /* of a frame whose header is not whole yet */
    uint8_t head_len;
    uint8_t opcode; /* of the frame */
    bool fin, text; /* of the frame; of the message */
    bool in_frame, in_message, too_long;
    uint8_t mask[4];
    uint64_t left;         /* payload bytes of the frame that are to come */
    uint64_t done;         /* payload bytes of the frame that came, for the mask */
    struct cr_buf message; /* so far; empty when messages come whole */
    struct cr_buf control;
};

/* Take len bytes; they are unmasked in place. For each event `on` is called with data that is
 * borrowed for the call; it may say stop by returning false: the rest is then not looked at.
 * max: bytes that a message may have.
 * Returns 0, or the close code that the client's breach of the protocol earns (1002, 1007). */
int cr_wire_read(struct cr_wire *w, uint8_t *data, size_t len, size_t max,
                 bool (*on)(void *ctx, enum cr_wire_event e, uint8_t *data, size_t len), void *ctx);
void cr_wire_clear(struct cr_wire *w);

#endif
