/* The messages of y-protocols (and our "saved"): one message a frame, parsed to borrowed views.
 * Everything is bounded by the frame's length; strings are checked to be UTF-8, since stock clients
 * throw when they are not.  Payloads (updates, state vectors, awareness bodies) are not looked into
 * here. Thread: any.  Source: y-protocols PROTOCOL.md; docs/PROTOCOL.md for types 100 and 101. */
#ifndef YD_YPROTOCOL_H
#define YD_YPROTOCOL_H

#include "ydoc/ydoc.h"

#pragma GCC visibility push(default)

enum yd_message_type {
    YD_MSG_SYNC_STEP1 = 1,  /* payload: state vector */
    YD_MSG_SYNC_STEP2,      /* payload: update */
    YD_MSG_SYNC_UPDATE,     /* payload: update */
    YD_MSG_AWARENESS,       /* payload: awareness body, see awareness.h */
    YD_MSG_AUTH_DENIED,     /* payload: reason, UTF-8 */
    YD_MSG_QUERY_AWARENESS, /* no payload */
    YD_MSG_SAVED,           /* count, payload: state vector up to which edits are stored */
    YD_MSG_REFUSED,         /* count: which message; payload: reason, UTF-8 */
};

struct yd_message {
    enum yd_message_type type;
    const uint8_t *payload; /* borrowed from the frame; NULL when there is none */
    size_t payload_len;     /* bytes */
    uint64_t count;         /* YD_MSG_SAVED and YD_MSG_REFUSED only */
};

/* Parse one frame.  Errors: YD_ERR_TRUNCATED, _VARINT, _KIND (unknown message), _UTF8, _TRAILING.
 */
int yd_message_parse(const uint8_t *frame, size_t len, struct yd_message *out);

/* Each appends one whole frame. */
void yd_message_sync_step1(struct yd_buf *out, const uint8_t *state_vector, size_t len);
void yd_message_sync_step2(struct yd_buf *out, const uint8_t *update, size_t len);
void yd_message_sync_update(struct yd_buf *out, const uint8_t *update, size_t len);
void yd_message_awareness(struct yd_buf *out, const uint8_t *body, size_t len);
int yd_message_auth_denied(struct yd_buf *out, const char *reason); /* YD_ERR_UTF8 */
void yd_message_query_awareness(struct yd_buf *out);
void yd_message_saved(struct yd_buf *out, uint64_t count, const uint8_t *state_vector, size_t len);
int yd_message_refused(struct yd_buf *out, uint64_t number, const char *reason); /* YD_ERR_UTF8 */

#pragma GCC visibility pop

#endif
