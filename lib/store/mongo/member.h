/* Members, for the files about rooms. For this folder only. */
#ifndef CR_STORE_MONGO_MEMBER_H
#define CR_STORE_MONGO_MEMBER_H

#include "store/mongo/db.h"

#define MEMBER_KEY_SIZE (2 * CR_ID_SIZE + 1)
void member_key(char out[MEMBER_KEY_SIZE], const char *room_id, const char *user_id);
int member_insert(struct cr_store *s, const char *room_id, const char *user_id, enum cr_role role,
                  int64_t now_ms, bool *duplicate, struct cr_error *err);

#endif
