/* Updates of a megabyte that are made to cost: one of each kind.  For the test of their memory and
 * the benchmark of their time. */
#ifndef YD_TEST_HOSTILE_H
#define YD_TEST_HOSTILE_H

#include "ydoc/ydoc.h"

#define HOSTILE_BYTES ((size_t)1 << 20)

struct hostile {
    const char *name;
    void (*make)(struct yd_buf *out);   /* appends at most HOSTILE_BYTES */
    int decoded;                        /* what the decoder says of it */
    int applied;                        /* what applying it says, once it is decoded */
    void (*before)(struct yd_buf *out); /* an update that comes first and costs little; or NULL */
};

extern const struct hostile hostile_updates[]; /* format v1; the last has no name */
/* v1: many structs at one place, or cuts of one run, on top of an update that makes that possible.
 */
extern const struct hostile hostile_contests[];
extern const struct hostile hostile_v2_updates[]; /* format v2 */
void hostile_state_vector(struct yd_buf *out);
void hostile_awareness(struct yd_buf *out); /* a body with as many clients as fit */

#endif
