/* A thread that makes the database ready (indexes) until that succeeds, and then looks every few
 * seconds whether it is still there. */
#ifndef CR_FCGI_KEEPER_H
#define CR_FCGI_KEEPER_H

#include "base/error.h"
#include "store/store.h"

#include <stdbool.h>

struct cr_keeper;

struct cr_keeper *cr_keeper_start(struct cr_store *store, struct cr_error *err); /* borrowed */
void cr_keeper_stop(struct cr_keeper *k); /* NULL is fine; joins the thread */
/* NULL when the database is ready, else what is missing; static text. Any thread. */
const char *cr_keeper_missing(struct cr_keeper *k);

#endif
