/* A stock client's own edits, kept until they are stored and then sent back: that is how it learns
 * that they are (docs/PROTOCOL.md, "Saved"). Thread: loop only. */
#ifndef CR_WS_ECHO_H
#define CR_WS_ECHO_H

#include "ws/frame.h"

struct cr_echo_edit {
    struct cr_frame *frame; /* an update message, shared with those whom it was sent to */
    size_t update_len;      /* of the update at its end */
    uint64_t number;        /* of the message among the client's */
};

struct cr_echo { /* zero-initialised is empty */
    struct cr_echo_edit *edits;
    size_t count, cap;
};

void cr_echo_add(struct cr_echo *e, struct cr_frame *f, size_t update_len, uint64_t number);
/* The edits up to that number as one update message, owned by the caller; NULL: there are none. */
struct cr_frame *cr_echo_take(struct cr_echo *e, uint64_t number);
void cr_echo_clear(struct cr_echo *e);

#endif
