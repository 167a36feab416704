/* Keeps the leases of live jobs: a thread that renews each in a third of its time, and hears that a
 * job was lost or is to be stopped. */
#ifndef CR_RUNNER_LEASE_H
#define CR_RUNNER_LEASE_H

#include "runner/live.h"
#include "store/store.h"

struct cr_leases;

/* Everything is borrowed. lease_ms: as given to cr_store_job_claim(). */
struct cr_leases *cr_leases_start(struct cr_store *store, struct cr_lives *lives, int64_t lease_ms,
                                  struct cr_error *err);
void cr_leases_stop(struct cr_leases *l); /* NULL is fine */

#endif
