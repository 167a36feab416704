/* A file's history, from the log of its document. */
#include "base/limits.h"
#include "doclog/doclog.h"
#include "fcgi/handlers/handlers.h"
#include "model/tree.h"

#define TEXT_MAX_BYTES ((uint64_t)8 * 1024 * 1024) /* of an answer */
#define SEQ_MAX ((INT64_C(1) << 53) - 1)           /* JavaScript's numbers */

struct list_query {
    int64_t before, limit;
};
static const struct cr_query_field list_fields[] = {
    {"before", CR_QUERY_INT, offsetof(struct list_query, before), 1, SEQ_MAX},
    {"limit", CR_QUERY_INT, offsetof(struct list_query, limit), 1, CR_LIMIT_PAGE_ITEMS},
    {NULL}};
static const struct list_query list_defaults = {0, 50};
const struct cr_query_table cr_query_history = {list_fields, sizeof(struct list_query),
                                                &list_defaults};

struct moment_query {
    int64_t index;
};
static const struct cr_query_field moment_fields[] = {
    {"index", CR_QUERY_INT, offsetof(struct moment_query, index), 0, SEQ_MAX}, {NULL}};
static const struct moment_query moment_defaults = {-1};
const struct cr_query_table cr_query_moment = {moment_fields, sizeof(struct moment_query),
                                               &moment_defaults};

static int check_file(struct cr_app *app, const struct cr_request *req, struct cr_error *err)
{
    struct cr_tree tree = {0};
    const struct cr_file *f;
    int rc = 0;

    if (cr_store_tree_get(app->store, cr_request_param(req, "room"), &tree, err) < 0)
        return -1;
    f = cr_tree_find(&tree, cr_request_param(req, "file"));
    if (!f || f->is_folder)
        rc = cr_fail(err, CR_ERR_NOT_FOUND, "there is no such file");
    cr_tree_clear(&tree);
    return rc;
}

static void put_time(struct cr_json_out *w, const char *key, int64_t ms)
{
    if (ms > 0)
        cr_json_put_int(w, key, ms);
    else
        cr_json_put_null(w, key);
}

/* Of people; edits by room tokens have nobody's id. */
static void put_authors(struct cr_json_out *w, const struct cr_doc_version *v)
{
    cr_json_open_array(w, "authors");
    for (size_t i = 0; i < v->author_count; i++)
        cr_json_put_str(w, NULL, v->authors[i]);
    cr_json_close(w);
}

static void put_version(struct cr_json_out *w, const struct cr_doc_version *v)
{
    cr_json_open_object(w, NULL);
    cr_json_put_int(w, "seq", v->seq);
    cr_json_put_int(w, "from_seq", v->from_seq);
    put_time(w, "started_at", v->started_ms);
    put_time(w, "ended_at", v->ended_ms);
    cr_json_put_int(w, "updates", v->updates);
    put_authors(w, v);
    cr_json_close(w);
}

int cr_on_history(struct cr_app *app, struct cr_request *req, struct cr_response *res,
                  struct cr_error *err)
{
    const struct list_query *q = req->query;
    struct cr_doc_version_list list;

    if (check_file(app, req, err) < 0 ||
        cr_doclog_versions(app->store, cr_request_param(req, "room"), cr_request_param(req, "file"),
                           q->before, (int)q->limit, &list, err) < 0)
        return -1;
    cr_json_open_object(&res->json, NULL);
    cr_json_open_array(&res->json, "versions");
    for (size_t i = 0; i < list.count; i++)
        put_version(&res->json, &list.items[i]);
    cr_json_close(&res->json);
    put_time(&res->json, "next_before", list.next);
    cr_json_close(&res->json);
    cr_doc_version_list_clear(&list);
    return 0;
}

int cr_on_history_get(struct cr_app *app, struct cr_request *req, struct cr_response *res,
                      struct cr_error *err)
{
    const struct moment_query *q = req->query;
    int64_t seq = strtoll(cr_request_param(req, "seq"), NULL, 10);
    struct yd_doc *doc = NULL;
    struct yd_buf text = {0};

    if (check_file(app, req, err) < 0 ||
        cr_doclog_moment(app->store, cr_request_param(req, "room"), cr_request_param(req, "file"),
                         seq, q->index, &doc, err) < 0)
        return -1;
    if (yd_text_len_utf8(doc, CR_DOC_TEXT_ROOT, strlen(CR_DOC_TEXT_ROOT)) > TEXT_MAX_BYTES) {
        yd_doc_free(doc);
        return cr_fail(err, CR_ERR_TOO_LARGE, "the text has more than 8 MiB");
    }
    yd_text(doc, CR_DOC_TEXT_ROOT, strlen(CR_DOC_TEXT_ROOT), &text);
    yd_doc_free(doc);
    cr_json_open_object(&res->json, NULL);
    cr_json_put_int(&res->json, "seq", seq);
    cr_json_put_strn(&res->json, "text", text.data ? text.data : (const uint8_t *)"", text.len);
    cr_json_close(&res->json);
    yd_buf_free(&text);
    return 0;
}
