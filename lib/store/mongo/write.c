/* The writing primitives. */
#include "store/mongo/try.h"

static bool is_duplicate(const bson_error_t *e)
{
    return e->domain == MONGOC_ERROR_SERVER && e->code == MONGOC_ERROR_DUPLICATE_KEY;
}

int db_insert(struct db_call *c, const bson_t *doc, bool *duplicate, struct cr_error *err)
{
    AUTO_TRY t;
    bool ok;

    if (!try_begin(&t, c))
        return try_fail(&t, err);
    do {
        ok = mongoc_collection_insert_one(t.coll, doc, NULL, NULL, &t.error);
    } while (!ok && try_again(&t));
    *duplicate = !ok && is_duplicate(&t.error);
    return ok || *duplicate ? 0 : try_fail(&t, err);
}

int db_insert_idempotent(struct db_call *c, const bson_t *doc, struct cr_error *err)
{
    bool duplicate;

    return db_insert(c, doc, &duplicate, err);
}

struct write_errors {
    int *codes;
    size_t count;
    bool any;
};

static void note_write_error(void *ctx, const bson_t *e)
{
    struct write_errors *w = ctx;
    int64_t index = doc_int(e, "index");

    if (index >= 0 && (size_t)index < w->count)
        w->codes[index] = (int)doc_int(e, "code");
    w->any = true;
}

/* True when the reply accounts for every document: each is stored or has its own write error. */
static bool read_write_errors(const bson_t *reply, int *codes, size_t count)
{
    struct write_errors w = {codes, count, false};
    bson_t concern;

    if (doc_sub(reply, "writeConcernErrors", &concern) && bson_count_keys(&concern) > 0)
        return false;
    doc_each(reply, "writeErrors", note_write_error, &w);
    return w.any;
}

int db_insert_many(struct db_call *c, const bson_t **docs, size_t count, int *codes,
                   struct cr_error *err)
{
    AUTO_TRY t;
    AUTO_BSON opts = BSON_INITIALIZER;
    bool ok;

    BSON_APPEND_BOOL(&opts, "ordered", false);
    if (!try_begin(&t, c))
        return try_fail(&t, err);
    do {
        AUTO_BSON reply;

        memset(codes, 0, count * sizeof(*codes));
        ok = mongoc_collection_insert_many(t.coll, docs, count, &opts, &reply, &t.error) ||
             (t.error.domain == MONGOC_ERROR_SERVER && read_write_errors(&reply, codes, count));
    } while (!ok && try_again(&t));
    return ok ? 0 : try_fail(&t, err);
}

int db_update(struct db_call *c, const bson_t *filter, const bson_t *update, int64_t *matched,
              struct cr_error *err)
{
    AUTO_TRY t;
    bool ok;

    if (!try_begin(&t, c))
        return try_fail(&t, err);
    do {
        AUTO_BSON reply;

        ok = mongoc_collection_update_one(t.coll, filter, update, NULL, &reply, &t.error);
        if (ok && matched)
            *matched = doc_int(&reply, "matchedCount");
    } while (!ok && try_again(&t));
    return ok ? 0 : try_fail(&t, err);
}

int db_update_many(struct db_call *c, const bson_t *filter, const bson_t *update,
                   struct cr_error *err)
{
    AUTO_TRY t;
    bool ok;

    if (!try_begin(&t, c))
        return try_fail(&t, err);
    do {
        ok = mongoc_collection_update_many(t.coll, filter, update, NULL, NULL, &t.error);
    } while (!ok && try_again(&t));
    return ok ? 0 : try_fail(&t, err);
}

int db_delete(struct db_call *c, const bson_t *filter, int64_t *deleted, struct cr_error *err)
{
    AUTO_TRY t;
    bool ok;

    if (!try_begin(&t, c))
        return try_fail(&t, err);
    do {
        AUTO_BSON reply;

        ok = mongoc_collection_delete_many(t.coll, filter, NULL, &reply, &t.error);
        if (ok && deleted)
            *deleted = doc_int(&reply, "deletedCount");
    } while (!ok && try_again(&t));
    return ok ? 0 : try_fail(&t, err);
}

/* The reply's "value" is the document, or null when nothing matched. */
static bool copy_value(const bson_t *reply, bson_t *out)
{
    bson_t value;

    if (!doc_sub(reply, "value", &value))
        return false;
    bson_destroy(out);
    bson_copy_to(&value, out);
    return true;
}

static mongoc_find_and_modify_opts_t *modify_opts(const bson_t *update, const bson_t *sort,
                                                  const bson_t *fields)
{
    mongoc_find_and_modify_opts_t *opts = mongoc_find_and_modify_opts_new();

    mongoc_find_and_modify_opts_set_update(opts, update);
    mongoc_find_and_modify_opts_set_flags(opts, MONGOC_FIND_AND_MODIFY_RETURN_NEW);
    if (sort)
        mongoc_find_and_modify_opts_set_sort(opts, sort);
    if (fields)
        mongoc_find_and_modify_opts_set_fields(opts, fields);
    return opts;
}

int db_find_modify(struct db_call *c, const bson_t *filter, const bson_t *update,
                   const bson_t *sort, const bson_t *fields, bson_t *out, bool *found,
                   struct cr_error *err)
{
    AUTO_TRY t;
    bool ok;

    bson_init(out);
    if (!try_begin(&t, c))
        return try_fail(&t, err);
    mongoc_find_and_modify_opts_t *opts = modify_opts(update, sort, fields);

    do {
        AUTO_BSON reply;

        ok = mongoc_collection_find_and_modify_with_opts(t.coll, filter, opts, &reply, &t.error);
        if (ok)
            *found = copy_value(&reply, out);
    } while (!ok && try_again(&t));
    mongoc_find_and_modify_opts_destroy(opts);
    return ok ? 0 : try_fail(&t, err);
}
