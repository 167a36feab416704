/* Collections sessions: _id (the family), user, token, expires_ms, ended, expire_at; and used:
 * _id (the key), by, expire_at. */
#include "store/mongo/db.h"

static int unauthorized(struct cr_error *err, const char *why)
{
    return cr_fail(err, CR_ERR_UNAUTHORIZED, "sign-in family: %s", why);
}

int cr_store_session_insert(struct cr_store *s, const struct cr_session *se, struct cr_error *err)
{
    AUTO_BSON doc = BSON_INITIALIZER;

    doc_by_id(&doc, se->id);
    BSON_APPEND_UTF8(&doc, "user", se->user_id);
    BSON_APPEND_UTF8(&doc, "token", se->token_hash);
    BSON_APPEND_INT64(&doc, "expires_ms", se->expires_ms);
    BSON_APPEND_BOOL(&doc, "ended", se->ended);
    doc_add_expiry(&doc, se->expires_ms);
    return db_insert_idempotent(DB_CALL(s, "sessions"), &doc, err);
}

static void read_session(const bson_t *doc, struct cr_session *out)
{
    memset(out, 0, sizeof(*out));
    doc_id(doc, "_id", out->id);
    doc_id(doc, "user", out->user_id);
    snprintf(out->token_hash, sizeof(out->token_hash), "%s", doc_str(doc, "token"));
    out->expires_ms = doc_int(doc, "expires_ms");
    out->ended = doc_bool(doc, "ended");
}

/* The swap, in one step: only who names the current token of a living family gets through. */
static int swap(struct cr_store *s, const char *family, const char *old_hash, const char *new_hash,
                int64_t now_ms, int64_t expires_ms, bson_t *doc, bool *found, struct cr_error *err)
{
    AUTO_BSON filter = BSON_INITIALIZER, update = BSON_INITIALIZER;
    bson_t sub;

    doc_by_id(&filter, family);
    BSON_APPEND_UTF8(&filter, "token", old_hash);
    BSON_APPEND_BOOL(&filter, "ended", false);
    BSON_APPEND_DOCUMENT_BEGIN(&filter, "expires_ms", &sub);
    BSON_APPEND_INT64(&sub, "$gt", now_ms);
    bson_append_document_end(&filter, &sub);
    BSON_APPEND_DOCUMENT_BEGIN(&update, "$set", &sub);
    BSON_APPEND_UTF8(&sub, "token", new_hash);
    BSON_APPEND_INT64(&sub, "expires_ms", expires_ms);
    doc_add_expiry(&sub, expires_ms);
    bson_append_document_end(&update, &sub);
    return db_find_modify(DB_CALL(s, "sessions"), &filter, &update, NULL, NULL, doc, found, err);
}

int cr_store_session_end(struct cr_store *s, const char *family, struct cr_error *err)
{
    AUTO_BSON filter = BSON_INITIALIZER, update = BSON_INITIALIZER;
    bson_t set;

    doc_by_id(&filter, family);
    BSON_APPEND_DOCUMENT_BEGIN(&update, "$set", &set);
    BSON_APPEND_BOOL(&set, "ended", true);
    bson_append_document_end(&update, &set);
    return db_update(DB_CALL(s, "sessions"), &filter, &update, NULL, err);
}

/* Why the swap found nothing. */
static int explain(struct cr_store *s, const char *family, const char *new_hash, int64_t now_ms,
                   bool *reused, struct cr_session *out, struct cr_error *err)
{
    AUTO_BSON doc;
    struct cr_error why = CR_ERROR_INIT;
    struct cr_session se;

    if (db_get(DB_CALL(s, "sessions"), family, NULL, &doc, "family", &why) < 0) {
        if (why.code == CR_ERR_NOT_FOUND)
            return unauthorized(err, "unknown");
        if (err)
            *err = why;
        return -1;
    }
    read_session(&doc, &se);
    if (se.ended)
        return unauthorized(err, "ended");
    if (se.expires_ms <= now_ms)
        return unauthorized(err, "expired");
    if (!strcmp(se.token_hash, new_hash)) { /* our own swap, whose answer got lost */
        *out = se;
        return 0;
    }
    if (cr_store_session_end(s, family, err) < 0)
        return -1;
    *reused = true;
    return unauthorized(err, "an old token was used again");
}

int cr_store_session_rotate(struct cr_store *s, const char *family, const char *old_hash,
                            const char *new_hash, int64_t now_ms, int64_t expires_ms, bool *reused,
                            struct cr_session *out, struct cr_error *err)
{
    AUTO_BSON doc;
    bool found = false;

    *reused = false;
    if (swap(s, family, old_hash, new_hash, now_ms, expires_ms, &doc, &found, err) < 0)
        return -1;
    if (!found)
        return explain(s, family, new_hash, now_ms, reused, out, err);
    read_session(&doc, out);
    return 0;
}

/* After a try with unknown outcome: is the entry ours? */
static int check_user_of_key(struct cr_store *s, const char *key, const char *by,
                             struct cr_error *err)
{
    AUTO_BSON doc;

    if (db_get(DB_CALL(s, "used"), key, NULL, &doc, "key", err) < 0)
        return -1;
    return !strcmp(doc_str(&doc, "by"), by) ? 0
                                            : cr_fail(err, CR_ERR_CONFLICT, "it was used before");
}

int cr_store_use_once(struct cr_store *s, const char *key, int64_t expires_ms, struct cr_error *err)
{
    AUTO_BSON doc = BSON_INITIALIZER;
    struct db_call *c = DB_CALL(s, "used");
    char by[CR_ID_SIZE];
    bool duplicate;

    cr_id_new(by);
    doc_by_id(&doc, key);
    BSON_APPEND_UTF8(&doc, "by", by);
    doc_add_expiry(&doc, expires_ms);
    if (db_insert(c, &doc, &duplicate, err) < 0)
        return -1;
    if (!duplicate)
        return 0;
    if (c->retried)
        return check_user_of_key(s, key, by, err);
    return cr_fail(err, CR_ERR_CONFLICT, "it was used before");
}
