/* The record of runs: jobs from the room's side. */
#include "base/limits.h"
#include "store/mongo/job.h"
#include "store/mongo/page.h"

int cr_store_run_get(struct cr_store *s, const char *room_id, const char *run_id,
                     struct cr_run *out, struct cr_error *err)
{
    AUTO_BSON filter = BSON_INITIALIZER, fields = BSON_INITIALIZER, doc;
    bool found = false;

    doc_by_id(&filter, run_id);
    BSON_APPEND_UTF8(&filter, "room", room_id);
    job_without_input(&fields);
    if (db_find_one(DB_CALL(s, "jobs"), &filter, &fields, &doc, &found, err) < 0)
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

static int find(struct cr_store *s, const bson_t *filter, bson_t *opts, struct cr_run_list *out,
                struct cr_error *err)
{
    struct cr_run_list l = {0};
    bson_t fields;

    BSON_APPEND_DOCUMENT_BEGIN(opts, "projection", &fields);
    job_without_input(&fields);
    bson_append_document_end(opts, &fields);
    if (db_find(DB_CALL(s, "jobs"), filter, opts, add_run, &l, err) < 0) {
        cr_run_list_clear(&l);
        return -1;
    }
    *out = l;
    return 0;
}

int cr_store_run_list(struct cr_store *s, const char *room_id, const char *cursor, int limit,
                      struct cr_run_list *out, struct cr_error *err)
{
    AUTO_BSON filter = BSON_INITIALIZER, opts = BSON_INITIALIZER;

    BSON_APPEND_UTF8(&filter, "room", room_id);
    if (page_open(&filter, &opts, "created_ms", cursor, limit, err) < 0 ||
        find(s, &filter, &opts, out, err) < 0)
        return -1;
    if (out->count > (size_t)limit) {
        const struct cr_run *last = &out->items[limit - 1];

        page_cursor(out->next, last->created_ms, last->id);
        cr_run_clear(&out->items[--out->count]);
    }
    return 0;
}

int cr_store_run_active(struct cr_store *s, const char *room_id, struct cr_run_list *out,
                        struct cr_error *err)
{
    AUTO_BSON filter = BSON_INITIALIZER, opts = BSON_INITIALIZER;
    const char *const states[] = {cr_run_state_name(CR_RUN_QUEUED),
                                  cr_run_state_name(CR_RUN_RUNNING)};
    bson_t sort;

    BSON_APPEND_UTF8(&filter, "room", room_id);
    doc_add_in(&filter, "state", states, 2);
    BSON_APPEND_DOCUMENT_BEGIN(&opts, "sort", &sort);
    BSON_APPEND_INT32(&sort, "created_ms", 1);
    BSON_APPEND_INT32(&sort, "_id", 1);
    bson_append_document_end(&opts, &sort);
    BSON_APPEND_INT64(&opts, "limit", CR_LIMIT_PAGE_ITEMS);
    return find(s, &filter, &opts, out, err);
}
