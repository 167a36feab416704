/* Collections invitations and tokens: _id (hash of the secret), id, room, by, label, role,
 * created_ms, expires_ms, expire_at. */
#include "base/limits.h"
#include "store/mongo/db.h"

static const char *collection(enum cr_grant_kind k)
{
    return k == CR_GRANT_TOKEN ? "tokens" : "invitations";
}

static int limit_of(enum cr_grant_kind k)
{
    return k == CR_GRANT_TOKEN ? CR_LIMIT_TOKENS_PER_ROOM : CR_LIMIT_INVITATIONS_PER_ROOM;
}

static void add_alive(bson_t *filter, int64_t now_ms)
{
    bson_t sub;

    BSON_APPEND_DOCUMENT_BEGIN(filter, "expires_ms", &sub);
    BSON_APPEND_INT64(&sub, "$gt", now_ms);
    bson_append_document_end(filter, &sub);
}

/* more: how many are about to be added. */
static int check_limit(struct cr_store *s, enum cr_grant_kind k, const struct cr_grant *g,
                       int64_t more, struct cr_error *err)
{
    AUTO_BSON filter = BSON_INITIALIZER;
    int64_t count = 0;

    BSON_APPEND_UTF8(&filter, "room", g->room_id);
    add_alive(&filter, g->created_ms);
    if (db_count(DB_CALL(s, collection(k)), &filter, &count, err) < 0)
        return -1;
    if (count + more > limit_of(k))
        return cr_fail(err, CR_ERR_LIMIT, "a room has at most %d %s at once", limit_of(k),
                       collection(k));
    return 0;
}

static int insert(struct cr_store *s, enum cr_grant_kind k, const struct cr_grant *g,
                  const char *secret_hash, struct cr_error *err)
{
    AUTO_BSON doc = BSON_INITIALIZER;

    doc_by_id(&doc, secret_hash);
    BSON_APPEND_UTF8(&doc, "id", g->id);
    BSON_APPEND_UTF8(&doc, "room", g->room_id);
    BSON_APPEND_UTF8(&doc, "by", g->created_by);
    BSON_APPEND_UTF8(&doc, "label", g->label ? g->label : "");
    BSON_APPEND_UTF8(&doc, "role", cr_role_name(g->role));
    BSON_APPEND_INT64(&doc, "created_ms", g->created_ms);
    BSON_APPEND_INT64(&doc, "expires_ms", g->expires_ms);
    doc_add_expiry(&doc, g->expires_ms);
    return db_insert_idempotent(DB_CALL(s, collection(k)), &doc, err);
}

static int remove_one(struct cr_store *s, enum cr_grant_kind k, const char *room_id,
                      const char *grant_id, int64_t *deleted, struct cr_error *err)
{
    AUTO_BSON filter = BSON_INITIALIZER;

    BSON_APPEND_UTF8(&filter, "room", room_id);
    BSON_APPEND_UTF8(&filter, "id", grant_id);
    return db_delete(DB_CALL(s, collection(k)), &filter, deleted, err);
}

int cr_store_grant_insert(struct cr_store *s, enum cr_grant_kind k, const struct cr_grant *g,
                          const char *secret_hash, struct cr_error *err)
{
    if (check_limit(s, k, g, 1, err) < 0 || insert(s, k, g, secret_hash, err) < 0)
        return -1;
    /* Counted again, and the bump refuses a room that is gone: either way nothing stays. */
    if (check_limit(s, k, g, 0, err) == 0 && db_room_bump(s, g->room_id, 0, err) == 0)
        return 0;
    remove_one(s, k, g->room_id, g->id, NULL, NULL);
    return -1;
}

static void read_grant(const bson_t *doc, struct cr_grant *out)
{
    memset(out, 0, sizeof(*out));
    doc_id(doc, "id", out->id);
    doc_id(doc, "room", out->room_id);
    doc_id(doc, "by", out->created_by);
    out->label = doc_dup(doc, "label");
    out->role = cr_role_parse(doc_str(doc, "role"));
    out->created_ms = doc_int(doc, "created_ms");
    out->expires_ms = doc_int(doc, "expires_ms");
}

int cr_store_grant_by_hash(struct cr_store *s, enum cr_grant_kind k, const char *secret_hash,
                           int64_t now_ms, struct cr_grant *out, struct cr_error *err)
{
    AUTO_BSON doc;

    if (db_get(DB_CALL(s, collection(k)), secret_hash, NULL, &doc, "grant", err) < 0)
        return -1;
    if (doc_int(&doc, "expires_ms") <= now_ms)
        return cr_fail(err, CR_ERR_NOT_FOUND, "the grant has expired");
    read_grant(&doc, out);
    return 0;
}

static int add_grant(void *ctx, const bson_t *doc)
{
    struct cr_grant_list *l = ctx;

    read_grant(doc, LIST_ADD(l));
    return 0;
}

int cr_store_grant_list(struct cr_store *s, enum cr_grant_kind k, const char *room_id,
                        int64_t now_ms, struct cr_grant_list *out, struct cr_error *err)
{
    AUTO_BSON filter = BSON_INITIALIZER, opts = BSON_INITIALIZER;
    struct cr_grant_list l = {0};
    bson_t sort;

    BSON_APPEND_UTF8(&filter, "room", room_id);
    add_alive(&filter, now_ms);
    BSON_APPEND_DOCUMENT_BEGIN(&opts, "sort", &sort);
    BSON_APPEND_INT32(&sort, "created_ms", 1);
    BSON_APPEND_INT32(&sort, "_id", 1);
    bson_append_document_end(&opts, &sort);
    BSON_APPEND_INT64(&opts, "limit", 2 * limit_of(k));
    if (db_find(DB_CALL(s, collection(k)), &filter, &opts, add_grant, &l, err) < 0) {
        cr_grant_list_clear(&l);
        return -1;
    }
    *out = l;
    return 0;
}

int cr_store_grant_delete(struct cr_store *s, enum cr_grant_kind k, const char *room_id,
                          const char *grant_id, struct cr_error *err)
{
    int64_t deleted = 0;

    /* The bump comes even when nothing was deleted: it may be missing from an earlier try. */
    if (remove_one(s, k, room_id, grant_id, &deleted, err) < 0 ||
        db_room_bump(s, room_id, 0, err) < 0)
        return -1;
    return deleted ? 0 : cr_fail(err, CR_ERR_NOT_FOUND, "no such grant");
}
