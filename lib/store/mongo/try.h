/* The frame of a database call:
 *
 *   AUTO_TRY t;
 *   if (!try_begin(&t, c)) return try_fail(&t, err);
 *   do { ok = …the driver's call, with &t.error… } while (!ok && try_again(&t));
 *   return ok ? 0 : try_fail(&t, err);
 *
 * For this folder only. */
#ifndef CR_STORE_MONGO_TRY_H
#define CR_STORE_MONGO_TRY_H

#include "store/mongo/db.h"

struct
try {
    struct db_call *call;
    mongoc_client_t *client;   /* borrowed from the pool */
    mongoc_collection_t *coll; /* NULL for a command on the database */
    bson_error_t error;
    int64_t started_ms;
};

#define AUTO_TRY __attribute__((cleanup(try_end))) struct try

bool try_begin(struct try *t, struct db_call *c);
/* True when it should be done again, within the time limit: once after a network failure (then
 * call->retried is set, for the outcome is unknown), and whenever the server gave way to another
 * write. */
bool try_again(struct try *t);
/* Log what the database said and give our error; returns -1. */
int try_fail(struct try *t, struct cr_error *err);
void try_end(struct try *t);

#endif
