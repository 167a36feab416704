/* Collection users: _id, email (unique), name, password, created_ms. */
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

static int find_by_email(struct cr_store *s, const char *email, bson_t *doc, bool *found,
                         struct cr_error *err)
{
    AUTO_BSON filter = BSON_INITIALIZER;

    BSON_APPEND_UTF8(&filter, "email", email);
    return db_find_one(DB_CALL(s, "users"), &filter, NULL, doc, found, err);
}

/* A duplicate is our own first try when the e-mail belongs to the id that we inserted. */
static int check_owner(struct cr_store *s, const struct cr_user *u, struct cr_error *err)
{
    AUTO_BSON doc;
    bool found = false;

    if (find_by_email(s, u->email, &doc, &found, err) < 0)
        return -1;
    if (found && !strcmp(doc_str(&doc, "_id"), u->id))
        return 0;
    return cr_fail_field(err, CR_ERR_CONFLICT, "email", "this e-mail address has an account");
}

int cr_store_user_insert(struct cr_store *s, const struct cr_user *u, struct cr_error *err)
{
    AUTO_BSON doc = BSON_INITIALIZER;
    bool duplicate;

    doc_by_id(&doc, u->id);
    BSON_APPEND_UTF8(&doc, "email", u->email);
    BSON_APPEND_UTF8(&doc, "name", u->name);
    BSON_APPEND_UTF8(&doc, "password", u->password_hash);
    BSON_APPEND_INT64(&doc, "created_ms", u->created_ms);
    if (db_insert(DB_CALL(s, "users"), &doc, &duplicate, err) < 0)
        return -1;
    return duplicate ? check_owner(s, u, err) : 0;
}

int cr_store_user_by_email(struct cr_store *s, const char *email_lower, struct cr_user *out,
                           struct cr_error *err)
{
    AUTO_BSON doc;
    bool found = false;

    if (find_by_email(s, email_lower, &doc, &found, err) < 0)
        return -1;
    if (!found)
        return cr_fail(err, CR_ERR_NOT_FOUND, "no such user");
    read_user(&doc, out);
    return 0;
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
