/* From kernel facts to a verdict. Pure. */
#ifndef CR_RUNNER_VERDICT_H
#define CR_RUNNER_VERDICT_H

#include "model/model.h"
#include "runner/agent/protocol.h"

/* Decide how a run ended. The first that holds counts: could not be started, stopped by a person,
 * the compiler failed, memory, output, processor time, wall time, signal, exit status.
 * program: what was to be started, for the message. *out: owned by the caller. */
void cr_verdict_decide(const struct cr_cell_result *facts, const char *program,
                       struct cr_run_result *out);

/* A run that ended by our fault. */
void cr_verdict_internal(struct cr_run_result *out, const char *message);

#endif
