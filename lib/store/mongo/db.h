/* The database's primitives: what every file of this folder is written with. Each call borrows a
 * client from the pool for its duration, is repeated as try.h says, and turns the driver's errors
 * into ours. For this folder only. */
#ifndef CR_STORE_MONGO_DB_H
#define CR_STORE_MONGO_DB_H

#include "store/store.h"

#include <mongoc/mongoc.h>

struct cr_store {
    mongoc_client_pool_t *pool;
    char *database;
    int timeout_ms;
};

/* A document on the stack: AUTO_BSON doc = BSON_INITIALIZER; */
#define AUTO_BSON __attribute__((cleanup(bson_destroy))) bson_t

/* One call: the collection, the words for the log, and whether an earlier try has an unknown
 * outcome (then a duplicate or a missing match may be our own work). */
struct db_call {
    struct cr_store *store;
    const char *collection;
    const char *what;
    bool retried;
};
#define DB_CALL(s, coll) (&(struct db_call){.store = (s), .collection = (coll), .what = __func__})

/* Insert; *duplicate is set (with 0) when a unique key is taken. */
int db_insert(struct db_call *c, const bson_t *doc, bool *duplicate, struct cr_error *err);
/* Insert, and succeed when a document with that _id is already there: for repeatable writes whose
 * _id stands for their content. */
int db_insert_idempotent(struct db_call *c, const bson_t *doc, struct cr_error *err);
/* Insert many in one round trip, unordered; codes[i] is 0 or the server's code of document i
 * (11000: duplicate). */
int db_insert_many(struct db_call *c, const bson_t **docs, size_t count, int *codes,
                   struct cr_error *err);
/* Update one document; *matched: how many the filter found (0 or 1). matched may be NULL. */
int db_update(struct db_call *c, const bson_t *filter, const bson_t *update, int64_t *matched,
              struct cr_error *err);
/* Update every match. */
int db_update_many(struct db_call *c, const bson_t *filter, const bson_t *update,
                   struct cr_error *err);
/* Delete every match; deleted may be NULL. */
int db_delete(struct db_call *c, const bson_t *filter, int64_t *deleted, struct cr_error *err);
/* The first match into *out (initialised by the call in every case; destroy it); fields may be
 * NULL for all. */
int db_find_one(struct db_call *c, const bson_t *filter, const bson_t *fields, bson_t *out,
                bool *found, struct cr_error *err);
/* Call each for every match; it returns 0 to go on, and anything else ends the call with that
 * value. opts: sort, limit, projection; may be NULL. */
typedef int (*db_each)(void *ctx, const bson_t *doc);
int db_find(struct db_call *c, const bson_t *filter, const bson_t *opts, db_each each, void *ctx,
            struct cr_error *err);
/* findAndModify giving the document after the change; sort and fields may be NULL. */
int db_find_modify(struct db_call *c, const bson_t *filter, const bson_t *update,
                   const bson_t *sort, const bson_t *fields, bson_t *out, bool *found,
                   struct cr_error *err);
int db_count(struct db_call *c, const bson_t *filter, int64_t *out, struct cr_error *err);
/* A command on the database. */
int db_command(struct db_call *c, const bson_t *command, struct cr_error *err);

/* One document is fetched by its _id; NOT_FOUND (named what) when there is none. */
int db_get(struct db_call *c, const char *id, const bson_t *fields, bson_t *out, const char *what,
           struct cr_error *err);

/* ---- reading fields; a missing or mistyped one reads as "", 0, false or empty ---- */
const char *doc_str(const bson_t *doc, const char *key); /* borrowed from doc */
char *doc_dup(const bson_t *doc, const char *key);       /* owned */
void doc_id(const bson_t *doc, const char *key, char out[CR_ID_SIZE]);
int64_t doc_int(const bson_t *doc, const char *key);
bool doc_bool(const bson_t *doc, const char *key);
bool doc_bin(const bson_t *doc, const char *key, const uint8_t **data, size_t *len); /* borrowed */
/* A sub-document or array as a read-only view, valid as long as doc; false when there is none. */
bool doc_sub(const bson_t *doc, const char *key, bson_t *view);
/* Call each for every document of an array; nothing when there is none. */
void doc_each(const bson_t *doc, const char *key, void (*each)(void *ctx, const bson_t *item),
              void *ctx);

/* ---- writing fields beyond BSON_APPEND_… ---- */
void doc_add_bin(bson_t *doc, const char *key, const uint8_t *data, size_t len);
/* The date that a TTL index tidies by. */
void doc_add_expiry(bson_t *doc, int64_t expires_ms);
/* {_id: id} */
void doc_by_id(bson_t *doc, const char *id);
/* key: {"$in": [values]} */
void doc_add_in(bson_t *doc, const char *key, const char *const *values, size_t count);

/* Add a zeroed item to one of the model's list types and return it. */
void *list_room(void *items, size_t count, size_t size);
#define LIST_ADD(list)                                                                             \
    ((list)->items = list_room((list)->items, (list)->count, sizeof(*(list)->items)),              \
     &(list)->items[(list)->count++])

/* rev + 1 of a room, and updated_ms unless now_ms is 0. NOT_FOUND. Always after the change that it
 * announces. */
int db_room_bump(struct cr_store *s, const char *room_id, int64_t now_ms, struct cr_error *err);

#endif
