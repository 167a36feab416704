/* What a run has printed so far, in the order it was read, kept for the result and for ws daemons
 * that come late. Bounded by the output limit, which the agent keeps. Not thread-safe. */
#ifndef CR_RUNNER_OUTPUT_H
#define CR_RUNNER_OUTPUT_H

#include "base/buf.h"
#include "model/model.h"

struct cr_output_span {
    enum cr_stream stream;
    size_t start, len; /* in data */
};

struct cr_output_log {
    struct cr_buf data; /* all streams together: an offset here is the offset on the wire */
    struct cr_output_span *spans;
    size_t count, cap;
};

void cr_output_log_clear(struct cr_output_log *l);
void cr_output_log_append(struct cr_output_log *l, enum cr_stream stream, const void *data,
                          size_t len);
/* The bytes at offset that belong to one stream, at most max. Returns their number, 0 at the end;
 * *data is borrowed until the next append. */
size_t cr_output_log_at(const struct cr_output_log *l, size_t offset, size_t max,
                        enum cr_stream *stream, const uint8_t **data);
/* A copy for the store; release with cr_output_clear(). */
void cr_output_log_copy(const struct cr_output_log *l, struct cr_output *out);

#endif
