#include "store/mongo/page.h"

#include "base/limits.h"

#include <errno.h>
#include <stdio.h>

static int parse(const char *text, int64_t *ms, const char **id, struct cr_error *err)
{
    char *end = NULL;

    errno = 0;
    *ms = strtoll(text, &end, 10);
    if (errno || end == text || *end != ':' || !cr_id_is_valid(end + 1) || *ms < 0)
        return cr_fail_field(err, CR_ERR_INVALID, "cursor", "not a cursor of this list");
    *id = end + 1;
    return 0;
}

/* field: {$lte: ms}, $or: [{field: {$lt: ms}}, {_id: {$lt: id}}]: the first is for the index. */
static void add_after(bson_t *filter, const char *field, int64_t ms, const char *id)
{
    bson_t any, one, sub;

    bson_append_document_begin(filter, field, -1, &sub);
    BSON_APPEND_INT64(&sub, "$lte", ms);
    bson_append_document_end(filter, &sub);
    BSON_APPEND_ARRAY_BEGIN(filter, "$or", &any);
    BSON_APPEND_DOCUMENT_BEGIN(&any, "0", &one);
    bson_append_document_begin(&one, field, -1, &sub);
    BSON_APPEND_INT64(&sub, "$lt", ms);
    bson_append_document_end(&one, &sub);
    bson_append_document_end(&any, &one);
    BSON_APPEND_DOCUMENT_BEGIN(&any, "1", &one);
    BSON_APPEND_DOCUMENT_BEGIN(&one, "_id", &sub);
    BSON_APPEND_UTF8(&sub, "$lt", id);
    bson_append_document_end(&one, &sub);
    bson_append_document_end(&any, &one);
    bson_append_array_end(filter, &any);
}

int page_open(bson_t *filter, bson_t *opts, const char *time_field, const char *cursor, int limit,
              struct cr_error *err)
{
    const char *id = "";
    int64_t ms = 0;
    bson_t sort;

    if (limit < 1 || limit > CR_LIMIT_PAGE_ITEMS)
        return cr_fail_field(err, CR_ERR_INVALID, "limit", "must be 1 to %d", CR_LIMIT_PAGE_ITEMS);
    if (cursor[0] && parse(cursor, &ms, &id, err) < 0)
        return -1;
    if (cursor[0])
        add_after(filter, time_field, ms, id);
    BSON_APPEND_DOCUMENT_BEGIN(opts, "sort", &sort);
    BSON_APPEND_INT32(&sort, time_field, -1);
    BSON_APPEND_INT32(&sort, "_id", -1);
    bson_append_document_end(opts, &sort);
    BSON_APPEND_INT64(opts, "limit", limit + 1);
    return 0;
}

void page_cursor(char out[CR_PAGE_CURSOR_SIZE], int64_t ms, const char *id)
{
    snprintf(out, CR_PAGE_CURSOR_SIZE, "%lld:%s", (long long)ms, id);
}
