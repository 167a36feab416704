#include "store/mongo/testing.h"

#include "store/mongo/db.h"

int cr_store_drop_database(struct cr_store *s, struct cr_error *err)
{
    AUTO_BSON command = BSON_INITIALIZER;

    BSON_APPEND_INT32(&command, "dropDatabase", 1);
    return db_command(DB_CALL(s, NULL), &command, err);
}

int cr_store_count_of_room(struct cr_store *s, const char *collection, const char *room_id,
                           int64_t *out, struct cr_error *err)
{
    AUTO_BSON filter = BSON_INITIALIZER;

    BSON_APPEND_UTF8(&filter, "room", room_id);
    return db_count(DB_CALL(s, collection), &filter, out, err);
}

int cr_store_remove_seq(struct cr_store *s, const char *collection, const char *room_id,
                        int64_t seq, struct cr_error *err)
{
    AUTO_BSON filter = BSON_INITIALIZER;

    BSON_APPEND_UTF8(&filter, "room", room_id);
    BSON_APPEND_INT64(&filter, "seq", seq);
    return db_delete(DB_CALL(s, collection), &filter, NULL, err);
}

char *cr_store_document_text(struct cr_store *s, const char *collection, const char *field,
                             const char *value, struct cr_error *err)
{
    AUTO_BSON filter = BSON_INITIALIZER, doc = BSON_INITIALIZER;
    bool found = false;

    BSON_APPEND_UTF8(&filter, field, value);
    if (db_find_one(DB_CALL(s, collection), &filter, NULL, &doc, &found, err) < 0)
        return NULL;
    char *json = found ? bson_as_relaxed_extended_json(&doc, NULL) : NULL;
    char *out = cr_strdup(json ? json : "");
    bson_free(json);
    return out;
}
