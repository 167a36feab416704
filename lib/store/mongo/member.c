/* Collection members: _id "<room>:<user>", room, user, role, created_ms. */
#include "store/mongo/member.h"
#include "base/limits.h"

void member_key(char out[MEMBER_KEY_SIZE], const char *room_id, const char *user_id)
{
    snprintf(out, MEMBER_KEY_SIZE, "%s:%s", room_id, user_id);
}

int cr_store_member_role(struct cr_store *s, const char *room_id, const char *user_id,
                         enum cr_role *out, struct cr_error *err)
{
    AUTO_BSON filter = BSON_INITIALIZER, fields = BSON_INITIALIZER, doc;
    char key[MEMBER_KEY_SIZE];
    bool found = false;

    member_key(key, room_id, user_id);
    doc_by_id(&filter, key);
    BSON_APPEND_INT32(&fields, "role", 1);
    if (db_find_one(DB_CALL(s, "members"), &filter, &fields, &doc, &found, err) < 0)
        return -1;
    *out = found ? cr_role_parse(doc_str(&doc, "role")) : CR_ROLE_NONE;
    return 0;
}

int member_insert(struct cr_store *s, const char *room_id, const char *user_id, enum cr_role role,
                  int64_t now_ms, bool *duplicate, struct cr_error *err)
{
    AUTO_BSON doc = BSON_INITIALIZER;
    char key[MEMBER_KEY_SIZE];

    member_key(key, room_id, user_id);
    doc_by_id(&doc, key);
    BSON_APPEND_UTF8(&doc, "room", room_id);
    BSON_APPEND_UTF8(&doc, "user", user_id);
    BSON_APPEND_UTF8(&doc, "role", cr_role_name(role));
    BSON_APPEND_INT64(&doc, "created_ms", now_ms);
    return db_insert(DB_CALL(s, "members"), &doc, duplicate, err);
}

/* Change the role of a member; only_raise leaves out who has that role or a higher one. */
static int change_role(struct cr_store *s, const char *key, enum cr_role role, bool only_raise,
                       int64_t *matched, struct cr_error *err)
{
    AUTO_BSON filter = BSON_INITIALIZER, update = BSON_INITIALIZER;
    const char *lower[CR_ROLE_OWNER + 1];
    size_t count = 0;
    bson_t set;

    for (int r = CR_ROLE_VIEWER; r < (int)role; r++)
        lower[count++] = cr_role_name((enum cr_role)r);
    doc_by_id(&filter, key);
    if (only_raise)
        doc_add_in(&filter, "role", lower, count);
    BSON_APPEND_DOCUMENT_BEGIN(&update, "$set", &set);
    BSON_APPEND_UTF8(&set, "role", cr_role_name(role));
    bson_append_document_end(&update, &set);
    return db_update(DB_CALL(s, "members"), &filter, &update, matched, err);
}

static int remove_one(struct cr_store *s, const char *room_id, const char *user_id,
                      int64_t *deleted, struct cr_error *err)
{
    AUTO_BSON filter = BSON_INITIALIZER;
    char key[MEMBER_KEY_SIZE];

    member_key(key, room_id, user_id);
    doc_by_id(&filter, key);
    return db_delete(DB_CALL(s, "members"), &filter, deleted, err);
}

static int count_by(struct cr_store *s, const char *field, const char *id, int64_t *out,
                    struct cr_error *err)
{
    AUTO_BSON filter = BSON_INITIALIZER;

    BSON_APPEND_UTF8(&filter, field, id);
    return db_count(DB_CALL(s, "members"), &filter, out, err);
}

/* more: how many are about to be added. */
static int check_limits(struct cr_store *s, const char *room_id, const char *user_id, int64_t more,
                        struct cr_error *err)
{
    int64_t members = 0, rooms = 0;

    if (count_by(s, "room", room_id, &members, err) < 0 ||
        count_by(s, "user", user_id, &rooms, err) < 0)
        return -1;
    if (members + more > CR_LIMIT_MEMBERS_PER_ROOM)
        return cr_fail(err, CR_ERR_LIMIT, "a room has at most %d members",
                       CR_LIMIT_MEMBERS_PER_ROOM);
    if (rooms + more > CR_LIMIT_MEMBERSHIPS_PER_USER)
        return cr_fail(err, CR_ERR_LIMIT, "a person is in at most %d rooms",
                       CR_LIMIT_MEMBERSHIPS_PER_USER);
    return 0;
}

/* Counted before, for a clean refusal, and after, so that several at once cannot pass the limit
 * together: whoever finds it passed takes itself back. */
static int add(struct cr_store *s, const char *room_id, const char *user_id, enum cr_role role,
               int64_t now_ms, bool *duplicate, struct cr_error *err)
{
    if (check_limits(s, room_id, user_id, 1, err) < 0 ||
        member_insert(s, room_id, user_id, role, now_ms, duplicate, err) < 0)
        return -1;
    if (*duplicate || check_limits(s, room_id, user_id, 0, err) == 0)
        return 0;
    remove_one(s, room_id, user_id, NULL, NULL);
    return -1;
}

static int put(struct cr_store *s, const char *room_id, const char *user_id, enum cr_role role,
               bool only_raise, int64_t now_ms, struct cr_error *err)
{
    char key[MEMBER_KEY_SIZE];

    member_key(key, room_id, user_id);
    /* Twice: a member who appears between the update and the insert is found by the second. */
    for (int i = 0; i < 2; i++) {
        int64_t matched = 0;
        bool duplicate = false;

        if (change_role(s, key, role, only_raise, &matched, err) < 0)
            return -1;
        if (matched)
            return 0;
        if (add(s, room_id, user_id, role, now_ms, &duplicate, err) < 0)
            return -1;
        if (!duplicate)
            return 0;
    }
    return 0; /* only_raise, and the role is high enough */
}

int cr_store_member_put(struct cr_store *s, const char *room_id, const char *user_id,
                        enum cr_role role, bool only_raise, int64_t now_ms, struct cr_error *err)
{
    struct cr_error why = CR_ERROR_INIT;

    if (put(s, room_id, user_id, role, only_raise, now_ms, err) < 0)
        return -1;
    if (db_room_bump(s, room_id, 0, &why) == 0)
        return 0;
    if (why.code == CR_ERR_NOT_FOUND) /* the room was deleted meanwhile */
        remove_one(s, room_id, user_id, NULL, NULL);
    if (err)
        *err = why;
    return -1;
}

int cr_store_member_remove(struct cr_store *s, const char *room_id, const char *user_id,
                           struct cr_error *err)
{
    int64_t deleted = 0;

    /* The bump comes even when nobody was removed: it may be missing from an earlier try. */
    if (remove_one(s, room_id, user_id, &deleted, err) < 0 || db_room_bump(s, room_id, 0, err) < 0)
        return -1;
    return deleted ? 0 : cr_fail(err, CR_ERR_NOT_FOUND, "no such member");
}
