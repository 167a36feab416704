/* For the store's own tests; no program calls it. */
#ifndef CR_STORE_MONGO_TESTING_H
#define CR_STORE_MONGO_TESTING_H

#include "store/store.h"

/* Delete the whole database that the store was opened with. */
int cr_store_drop_database(struct cr_store *s, struct cr_error *err);
/* How many documents of a collection belong to a room. */
int cr_store_count_of_room(struct cr_store *s, const char *collection, const char *room_id,
                           int64_t *out, struct cr_error *err);
/* Remove the room's documents of that seq. */
int cr_store_remove_seq(struct cr_store *s, const char *collection, const char *room_id,
                        int64_t seq, struct cr_error *err);
/* The document as it is stored, as JSON: the first of a collection whose field has that text.
 * Returns a text that the caller owns, "" when there is none, NULL on an error. */
char *cr_store_document_text(struct cr_store *s, const char *collection, const char *field,
                             const char *value, struct cr_error *err);

#endif
