/* Collections users: _id, email, name, password, created_ms; and emails: _id (the address), user.
 */
#include "store/mongo/db.h"

static void read_user(const bson_t *doc, struct cr_user *out)
{
    memset(out, 0, sizeof(*out));
    doc_id(doc, "_id", out->id);
    out->email = doc_dup(doc, "email");
    out->name = doc_dup(doc, "name");
    out->password_hash = doc_dup(doc, "password");
    out->created_ms = doc_int(doc, "created_ms");
}

static int insert_user(struct cr_store *s, const struct cr_user *u, struct cr_error *err)
{
    AUTO_BSON doc = BSON_INITIALIZER;

    doc_by_id(&doc, u->id);
    BSON_APPEND_UTF8(&doc, "email", u->email);
    BSON_APPEND_UTF8(&doc, "name", u->name);
    BSON_APPEND_UTF8(&doc, "password", u->password_hash);
    BSON_APPEND_INT64(&doc, "created_ms", u->created_ms);
    return db_insert_idempotent(DB_CALL(s, "users"), &doc, err);
}

static int insert_email(struct cr_store *s, const struct cr_user *u, bool *duplicate,
                        struct cr_error *err)
{
    AUTO_BSON doc = BSON_INITIALIZER;

    doc_by_id(&doc, u->email);
    BSON_APPEND_UTF8(&doc, "user", u->id);
    return db_insert(DB_CALL(s, "emails"), &doc, duplicate, err);
}

/* The address is taken: by our own first try, or by somebody else. */
static int check_owner(struct cr_store *s, const struct cr_user *u, struct cr_error *err)
{
    AUTO_BSON doc, filter = BSON_INITIALIZER;

    if (db_get(DB_CALL(s, "emails"), u->email, NULL, &doc, "e-mail address", err) < 0)
        return -1;
    if (!strcmp(doc_str(&doc, "user"), u->id))
        return 0;
    doc_by_id(&filter, u->id);
    db_delete(DB_CALL(s, "users"), &filter, NULL, NULL); /* tidying: nobody can find it */
    return cr_fail_field(err, CR_ERR_CONFLICT, "email", "this e-mail address has an account");
}

int cr_store_user_insert(struct cr_store *s, const struct cr_user *u, struct cr_error *err)
{
    bool duplicate;

    /* The address last: it must never lead to a user who is not there. */
    if (insert_user(s, u, err) < 0 || insert_email(s, u, &duplicate, err) < 0)
        return -1;
    return duplicate ? check_owner(s, u, err) : 0;
}

int cr_store_user_by_email(struct cr_store *s, const char *email_lower, struct cr_user *out,
                           struct cr_error *err)
{
    AUTO_BSON doc;

    if (db_get(DB_CALL(s, "emails"), email_lower, NULL, &doc, "user", err) < 0)
        return -1;
    return cr_store_user_by_id(s, doc_str(&doc, "user"), out, err);
}

int cr_store_user_by_id(struct cr_store *s, const char *id, struct cr_user *out,
                        struct cr_error *err)
{
    AUTO_BSON doc;

    if (db_get(DB_CALL(s, "users"), id, NULL, &doc, "user", err) < 0)
        return -1;
    read_user(&doc, out);
    return 0;
}
