/* Deleting a room: what it needs several documents for is made repeatable by a note (collection
 * graves: _id, the room) that stays until everything is gone. */
#include "store/mongo/room.h"

/* What belongs to a room, by the field that names it. */
static const char *const belongings[] = {"members",    "invitations", "tokens",      "trees",
                                         "doc_states", "doc_chunks",  "doc_updates", "chat",
                                         "outputs",    "job_inputs",  "jobs"};

static int delete_by(struct cr_store *s, const char *collection, const char *field,
                     const char *room_id, struct cr_error *err)
{
    AUTO_BSON filter = BSON_INITIALIZER;

    BSON_APPEND_UTF8(&filter, field, room_id);
    return db_delete(DB_CALL(s, collection), &filter, NULL, err);
}

/* The room first: from then on it does not exist. */
static int bury(struct cr_store *s, const char *room_id, struct cr_error *err)
{
    if (delete_by(s, "rooms", "_id", room_id, err) < 0)
        return -1;
    for (size_t i = 0; i < sizeof(belongings) / sizeof(belongings[0]); i++)
        if (delete_by(s, belongings[i], "room", room_id, err) < 0)
            return -1;
    if (delete_by(s, "owners", "_id", room_id, err) < 0)
        return -1;
    return delete_by(s, "graves", "_id", room_id, err);
}

int cr_store_room_delete(struct cr_store *s, const char *room_id, struct cr_error *err)
{
    AUTO_BSON doc = BSON_INITIALIZER;

    doc_by_id(&doc, room_id);
    if (db_insert_idempotent(DB_CALL(s, "graves"), &doc, err) < 0)
        return -1;
    return bury(s, room_id, err);
}

struct graves {
    struct grave {
        char room_id[CR_ID_SIZE];
    } * items;
    size_t count;
};

static int add_grave(void *ctx, const bson_t *doc)
{
    struct graves *g = ctx;

    doc_id(doc, "_id", LIST_ADD(g)->room_id);
    return 0;
}

int room_finish_deletions(struct cr_store *s, struct cr_error *err)
{
    AUTO_BSON all = BSON_INITIALIZER;
    struct graves g = {0};
    int rc = db_find(DB_CALL(s, "graves"), &all, NULL, add_grave, &g, err);

    for (size_t i = 0; rc == 0 && i < g.count; i++)
        rc = bury(s, g.items[i].room_id, err);
    free(g.items);
    return rc;
}
