/* The reading primitives. */
#include "store/mongo/try.h"

/* Run one cursor; *called: each has seen a document, so that the read may not be repeated. */
static bool run_cursor(struct try *t, const bson_t *filter, const bson_t *opts, db_each each,
                       void *ctx, int *result, bool *called)
{
    const bson_t *doc;
    mongoc_cursor_t *cursor = mongoc_collection_find_with_opts(t->coll, filter, opts, NULL);

    *result = 0;
    while (*result == 0 && mongoc_cursor_next(cursor, &doc)) {
        *called = true;
        *result = each(ctx, doc);
    }
    bool ok = *result != 0 || !mongoc_cursor_error(cursor, &t->error);

    mongoc_cursor_destroy(cursor);
    return ok;
}

int db_find(struct db_call *c, const bson_t *filter, const bson_t *opts, db_each each, void *ctx,
            struct cr_error *err)
{
    AUTO_TRY t;
    bool ok, called = false;
    int result = 0;

    if (!try_begin(&t, c))
        return try_fail(&t, err);
    do {
        ok = run_cursor(&t, filter, opts, each, ctx, &result, &called);
    } while (!ok && !called && try_again(&t));
    return ok ? result : try_fail(&t, err);
}

struct first {
    bson_t *out;
    bool found;
};

static int take_first(void *ctx, const bson_t *doc)
{
    struct first *f = ctx;

    bson_destroy(f->out);
    bson_copy_to(doc, f->out);
    f->found = true;
    return 0;
}

int db_find_one(struct db_call *c, const bson_t *filter, const bson_t *fields, bson_t *out,
                bool *found, struct cr_error *err)
{
    AUTO_BSON opts = BSON_INITIALIZER;
    struct first f = {out, false};

    bson_init(out);
    BSON_APPEND_INT64(&opts, "limit", 1);
    BSON_APPEND_BOOL(&opts, "singleBatch", true);
    if (fields)
        BSON_APPEND_DOCUMENT(&opts, "projection", fields);
    if (db_find(c, filter, &opts, take_first, &f, err) < 0)
        return -1;
    *found = f.found;
    return 0;
}

int db_get(struct db_call *c, const char *id, const bson_t *fields, bson_t *out, const char *what,
           struct cr_error *err)
{
    AUTO_BSON filter = BSON_INITIALIZER;
    bool found;

    doc_by_id(&filter, id);
    if (db_find_one(c, &filter, fields, out, &found, err) < 0)
        return -1;
    return found ? 0 : cr_fail(err, CR_ERR_NOT_FOUND, "no such %s", what);
}

int db_count(struct db_call *c, const bson_t *filter, int64_t *out, struct cr_error *err)
{
    AUTO_TRY t;
    int64_t n;

    if (!try_begin(&t, c))
        return try_fail(&t, err);
    do {
        n = mongoc_collection_count_documents(t.coll, filter, NULL, NULL, NULL, &t.error);
    } while (n < 0 && try_again(&t));
    if (n < 0)
        return try_fail(&t, err);
    *out = n;
    return 0;
}

int db_command(struct db_call *c, const bson_t *command, struct cr_error *err)
{
    AUTO_TRY t;
    bool ok;

    if (!try_begin(&t, c))
        return try_fail(&t, err);
    do {
        ok = mongoc_client_command_simple(t.client, c->store->database, command, NULL, NULL,
                                          &t.error);
    } while (!ok && try_again(&t));
    return ok ? 0 : try_fail(&t, err);
}
