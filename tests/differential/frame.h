/* Programs that a test drives over pipes (peer.mjs).
 * A command on stdin: one letter, 4 bytes length (little endian), that many bytes.  An answer on
 * stdout: 4 bytes status (0 or enum yd_error, two's complement), 4 bytes length, bytes. */
#ifndef CR_TESTS_DIFFERENTIAL_FRAME_H
#define CR_TESTS_DIFFERENTIAL_FRAME_H

#include "ydoc/ydoc.h"

/* Does a command: appends its answer to out (empty) and returns the status. */
typedef int (*peer_run_fn)(char command, const uint8_t *body, size_t len, struct yd_buf *out);

/* Answers until stdin ends.  A command that takes a minute ends the program. */
void peer_serve(peer_run_fn run);

/* Numbers within bodies: 4 bytes, little endian. */
uint32_t peer_get_u32(const uint8_t *p);
void peer_put_u32(struct yd_buf *out, uint32_t v);

#endif
