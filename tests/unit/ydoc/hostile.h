/* Updates of a megabyte that are made to cost: one of each kind.  For the test of their memory and
 * the benchmark of their time. */
#ifndef YD_TEST_HOSTILE_H
#define YD_TEST_HOSTILE_H

#include "ydoc/ydoc.h"

#define HOSTILE_BYTES ((size_t)1 << 20)

struct hostile {
    const char *name;
    void (*make)(struct yd_buf *out); /* appends at most HOSTILE_BYTES */
};

extern const struct hostile hostile_updates[];    /* format v1; the last has no name */
extern const struct hostile hostile_v2_updates[]; /* format v2 */
void hostile_state_vector(struct yd_buf *out);

#endif
