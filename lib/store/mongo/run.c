/* The record of runs: jobs from the room's side. */
#include "base/limits.h"
#include "store/mongo/job.h"

int cr_store_run_get(struct cr_store *s, const char *room_id, const char *run_id,
                     struct cr_run *out, struct cr_error *err)
{
    AUTO_BSON filter = BSON_INITIALIZER, doc;
    bool found = false;

    doc_by_id(&filter, run_id);
    BSON_APPEND_UTF8(&filter, "room", room_id);
    if (db_find_one(DB_CALL(s, "jobs"), &filter, NULL, &doc, &found, err) < 0)
        return -1;
    if (!found)
        return cr_fail(err, CR_ERR_NOT_FOUND, "no such run");
    job_read(&doc, out);
    return 0;
}

static int add_run(void *ctx, const bson_t *doc)
{
    struct cr_run_list *l = ctx;

    job_read(doc, LIST_ADD(l));
    return 0;
}

/* order: 1 oldest first, -1 newest first. */
static int list(struct cr_store *s, const bson_t *filter, int order, int limit,
                struct cr_run_list *out, struct cr_error *err)
{
    AUTO_BSON opts = BSON_INITIALIZER;
    struct cr_run_list l = {0};
    bson_t sort;

    BSON_APPEND_DOCUMENT_BEGIN(&opts, "sort", &sort);
    BSON_APPEND_INT32(&sort, "created_ms", order);
    BSON_APPEND_INT32(&sort, "_id", order);
    bson_append_document_end(&opts, &sort);
    BSON_APPEND_INT64(&opts, "limit", limit);
    if (db_find(DB_CALL(s, "jobs"), filter, &opts, add_run, &l, err) < 0) {
        cr_run_list_clear(&l);
        return -1;
    }
    *out = l;
    return 0;
}

int cr_store_run_list(struct cr_store *s, const char *room_id, int64_t before_ms, int limit,
                      struct cr_run_list *out, struct cr_error *err)
{
    AUTO_BSON filter = BSON_INITIALIZER;
    bson_t sub;

    if (limit < 1 || limit > CR_LIMIT_PAGE_ITEMS)
        return cr_fail_field(err, CR_ERR_INVALID, "limit", "must be 1 to %d", CR_LIMIT_PAGE_ITEMS);
    BSON_APPEND_UTF8(&filter, "room", room_id);
    if (before_ms) {
        BSON_APPEND_DOCUMENT_BEGIN(&filter, "created_ms", &sub);
        BSON_APPEND_INT64(&sub, "$lt", before_ms);
        bson_append_document_end(&filter, &sub);
    }
    return list(s, &filter, -1, limit, out, err);
}

int cr_store_run_active(struct cr_store *s, const char *room_id, struct cr_run_list *out,
                        struct cr_error *err)
{
    AUTO_BSON filter = BSON_INITIALIZER;
    const char *const states[] = {cr_run_state_name(CR_RUN_QUEUED),
                                  cr_run_state_name(CR_RUN_RUNNING)};

    BSON_APPEND_UTF8(&filter, "room", room_id);
    doc_add_in(&filter, "state", states, 2);
    return list(s, &filter, 1, CR_LIMIT_PAGE_ITEMS, out, err);
}
