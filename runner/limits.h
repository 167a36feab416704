/* What a run may use: the request, the language and the installation's settings, in this order. */
#ifndef CR_RUNNER_LIMITS_H
#define CR_RUNNER_LIMITS_H

#include "config/config.h"
#include "lang/lang.h"
#include "runner/agent/protocol.h"

#include <stdint.h>

#define CR_TMP_BYTES                                                                               \
    (32 * 1024 * 1024) /* /tmp of a cell: compilers' temporary files, the program */
#define CR_TMP_INODES 1024
#define CR_SHM_BYTES (16 * 1024 * 1024)
#define CR_STACK_BYTES (64 * 1024 * 1024)
#define CR_COMPILE_OUTPUT_BYTES (64 * 1024)

/* Fixed when the cell is made. */
struct cr_cell_limits {
    int64_t memory_bytes, pids, cpu_percent, work_bytes, work_inodes;
};
void cr_cell_limits_of(const struct cr_config *c, const struct cr_lang *l,
                       struct cr_cell_limits *out);

/* Said to the agent with the job. wall_limit_ms: the request's, 0 for none. */
void cr_cell_start_of(const struct cr_config *c, const struct cr_lang *l, int64_t wall_limit_ms,
                      struct cr_cell_start *out);

#endif
