/* Rooms and trees, for each other's files. For this folder only. */
#ifndef CR_STORE_MONGO_ROOM_H
#define CR_STORE_MONGO_ROOM_H

#include "store/mongo/db.h"

void room_read(const bson_t *doc, struct cr_room *out);
/* The first tree of a room that is being made; repeating it is success. */
int tree_insert(struct cr_store *s, const char *room_id, const struct cr_tree *t,
                struct cr_error *err);
/* Finish the deletions that a killed process left half-done. */
int room_finish_deletions(struct cr_store *s, struct cr_error *err);

#endif
