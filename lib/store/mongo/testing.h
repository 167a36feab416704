/* For the store's own tests; no program calls it. */
#ifndef CR_STORE_MONGO_TESTING_H
#define CR_STORE_MONGO_TESTING_H

#include "store/store.h"

/* Delete the whole database that the store was opened with. */
int cr_store_drop_database(struct cr_store *s, struct cr_error *err);

#endif
