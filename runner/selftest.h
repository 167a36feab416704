/* Do this machine's limits really bite? Asked once, before the first job is claimed. */
#ifndef CR_RUNNER_SELFTEST_H
#define CR_RUNNER_SELFTEST_H

#include "runner/pool.h"

/* Run programs in cells that use too much memory, too many processes, too much output, and the
 * network. 0: everything held. Errors: INTERNAL naming the limit that did not hold; UNAVAILABLE
 * when no cell could be made (ask again later). Takes a second or two. */
int cr_selftest_run(const struct cr_cell_env *env, struct cr_cells *cells,
                    const struct cr_lang_set *langs, struct cr_error *err);

#endif
