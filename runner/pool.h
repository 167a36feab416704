/* Cells ready before they are asked for, and their removal off the click path. */
#ifndef CR_RUNNER_POOL_H
#define CR_RUNNER_POOL_H

#include "runner/cell.h"

struct cr_cells;

/* Remove what an earlier life of this installation left behind, then keep size cells ready for each
 * language. env and langs are borrowed. */
struct cr_cells *cr_cells_start(const struct cr_cell_env *env, const struct cr_lang_set *langs,
                                size_t size, struct cr_error *err);
/* Stop making cells, remove all of them, end the threads. NULL is fine. */
void cr_cells_stop(struct cr_cells *p);

/* A cell for one job: a ready one, else a new one (*warm tells). Blocks while one is made. lang:
 * one of the set that the pool was started with. */
struct cr_cell *cr_cells_take(struct cr_cells *p, const struct cr_lang *lang, bool *warm,
                              struct cr_error *err);
/* Hang up and have it removed in the background. Takes the cell. */
void cr_cells_discard(struct cr_cells *p, struct cr_cell *c);

/* Whether a job of this language has a chance now; without one it had better stay in the queue. */
bool cr_cells_can_run(struct cr_cells *p, const struct cr_lang *lang);

/* Whether cells of every language can be made; why (256 bytes) says what is wrong when not. */
bool cr_cells_healthy(struct cr_cells *p, char *why, size_t size);

#endif
