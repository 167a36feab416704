/* Collection rooms: _id, owner, name, language, rev, created_ms, updated_ms. The document is the
 * room: it is written last when a room is made and goes first when one is deleted. */
#include "store/mongo/room.h"

#include "base/limits.h"
#include "store/mongo/member.h"

void room_read(const bson_t *doc, struct cr_room *out)
{
    memset(out, 0, sizeof(*out));
    doc_id(doc, "_id", out->id);
    doc_id(doc, "owner", out->owner_id);
    out->name = doc_dup(doc, "name");
    out->language = doc_dup(doc, "language");
    out->rev = doc_int(doc, "rev");
    out->created_ms = doc_int(doc, "created_ms");
    out->updated_ms = doc_int(doc, "updated_ms");
}

static int insert(struct cr_store *s, const struct cr_room *r, struct cr_error *err)
{
    AUTO_BSON doc = BSON_INITIALIZER;

    doc_by_id(&doc, r->id);
    BSON_APPEND_UTF8(&doc, "owner", r->owner_id);
    BSON_APPEND_UTF8(&doc, "name", r->name);
    BSON_APPEND_UTF8(&doc, "language", r->language ? r->language : "");
    BSON_APPEND_INT64(&doc, "rev", 1);
    BSON_APPEND_INT64(&doc, "created_ms", r->created_ms);
    BSON_APPEND_INT64(&doc, "updated_ms", r->updated_ms);
    return db_insert_idempotent(DB_CALL(s, "rooms"), &doc, err);
}

static int check_limit(struct cr_store *s, const char *user_id, int64_t more, struct cr_error *err)
{
    int64_t count = 0;

    if (cr_store_room_count_owned(s, user_id, &count, err) < 0)
        return -1;
    if (count + more > CR_LIMIT_ROOMS_PER_USER)
        return cr_fail(err, CR_ERR_LIMIT, "a person owns at most %d rooms",
                       CR_LIMIT_ROOMS_PER_USER);
    return 0;
}

int cr_store_room_create(struct cr_store *s, const struct cr_room *r, const struct cr_tree *t,
                         struct cr_error *err)
{
    bool duplicate;

    if (check_limit(s, r->owner_id, 1, err) < 0 || tree_insert(s, r->id, t, err) < 0 ||
        member_insert(s, r->id, r->owner_id, CR_ROLE_OWNER, r->created_ms, &duplicate, err) < 0 ||
        insert(s, r, err) < 0)
        return -1;
    if (check_limit(s, r->owner_id, 0, err) == 0)
        return 0;
    cr_store_room_delete(s, r->id, NULL); /* several at once passed the first check */
    return -1;
}

int cr_store_room_get(struct cr_store *s, const char *room_id, struct cr_room *out,
                      struct cr_error *err)
{
    AUTO_BSON doc;

    if (db_get(DB_CALL(s, "rooms"), room_id, NULL, &doc, "room", err) < 0)
        return -1;
    room_read(&doc, out);
    return 0;
}

/* $set name unless NULL, updated_ms unless 0, and $inc rev. */
static int change(struct cr_store *s, const char *room_id, const char *name, int64_t now_ms,
                  struct cr_error *err)
{
    AUTO_BSON filter = BSON_INITIALIZER, update = BSON_INITIALIZER;
    int64_t matched = 0;
    bson_t sub;

    doc_by_id(&filter, room_id);
    BSON_APPEND_DOCUMENT_BEGIN(&update, "$inc", &sub);
    BSON_APPEND_INT64(&sub, "rev", 1);
    bson_append_document_end(&update, &sub);
    if (now_ms || name) {
        BSON_APPEND_DOCUMENT_BEGIN(&update, "$set", &sub);
        if (now_ms)
            BSON_APPEND_INT64(&sub, "updated_ms", now_ms);
        if (name)
            BSON_APPEND_UTF8(&sub, "name", name);
        bson_append_document_end(&update, &sub);
    }
    if (db_update(DB_CALL(s, "rooms"), &filter, &update, &matched, err) < 0)
        return -1;
    return matched ? 0 : cr_fail(err, CR_ERR_NOT_FOUND, "no such room");
}

int db_room_bump(struct cr_store *s, const char *room_id, int64_t now_ms, struct cr_error *err)
{
    return change(s, room_id, NULL, now_ms, err);
}

int cr_store_room_rename(struct cr_store *s, const char *room_id, const char *name, int64_t now_ms,
                         struct cr_error *err)
{
    return change(s, room_id, name, now_ms, err);
}

int cr_store_room_touch(struct cr_store *s, const char *room_id, int64_t now_ms,
                        struct cr_error *err)
{
    return change(s, room_id, NULL, now_ms, err);
}

int cr_store_room_count_owned(struct cr_store *s, const char *user_id, int64_t *out,
                              struct cr_error *err)
{
    AUTO_BSON filter = BSON_INITIALIZER;

    BSON_APPEND_UTF8(&filter, "owner", user_id);
    return db_count(DB_CALL(s, "rooms"), &filter, out, err);
}
