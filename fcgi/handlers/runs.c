#include "base/limits.h"
#include "base/utf.h"
#include "crypt/crypt.h"
#include "fcgi/handlers/base64.h"
#include "fcgi/handlers/common.h"
#include "fcgi/handlers/handlers.h"
#include "proto/run_json.h"

struct list_query {
    char cursor[CR_QUERY_TEXT_MAX];
    int64_t limit;
};
static const struct cr_query_field list_fields[] = {
    {"cursor", CR_QUERY_TEXT, offsetof(struct list_query, cursor), 1, CR_PAGE_CURSOR_SIZE - 1},
    {"limit", CR_QUERY_INT, offsetof(struct list_query, limit), 1, CR_LIMIT_PAGE_ITEMS},
    {NULL}};
static const struct list_query list_defaults = {"", 50};
const struct cr_query_table cr_query_runs = {list_fields, sizeof(struct list_query),
                                             &list_defaults};

static void put_time(struct cr_json_out *w, const char *key, int64_t ms)
{
    if (ms > 0)
        cr_json_put_int(w, key, ms);
    else
        cr_json_put_null(w, key);
}

static void put_run(struct cr_json_out *w, const struct cr_run *r)
{
    cr_json_put_run(w, r);
    put_time(w, "started_at", r->started_ms);
    put_time(w, "finished_at", r->finished_ms);
    if (r->state == CR_RUN_FINISHED)
        cr_json_put_run_result(w, &r->result);
    else
        cr_json_put_null(w, "result");
}

int cr_on_runs(struct cr_app *app, struct cr_request *req, struct cr_response *res,
               struct cr_error *err)
{
    const struct list_query *q = req->query;
    struct cr_run_list list = {0};

    if (cr_store_run_list(app->store, cr_request_param(req, "room"), q->cursor, (int)q->limit,
                          &list, err) < 0) {
        if (strcmp(err->field, "cursor") == 0)
            cr_fail_field(err, CR_ERR_INVALID, "query.cursor", "is not one of ours");
        return -1;
    }
    cr_json_open_object(&res->json, NULL);
    cr_json_open_array(&res->json, "runs");
    for (size_t i = 0; i < list.count; i++) {
        cr_json_open_object(&res->json, NULL);
        put_run(&res->json, &list.items[i]);
        cr_json_close(&res->json);
    }
    cr_json_close(&res->json);
    cr_json_put_str(&res->json, "next_cursor", list.next[0] ? list.next : NULL);
    cr_json_close(&res->json);
    cr_run_list_clear(&list);
    return 0;
}

static void put_piece(struct cr_json_out *w, enum cr_stream stream, const struct cr_buf *bytes)
{
    static const char *const names[] = {"", "stdout", "stderr", "compile"};

    cr_json_open_object(w, NULL);
    cr_json_put_str(w, "stream", names[stream]);
    if (cr_utf8_is_valid(bytes->data, bytes->len)) {
        cr_json_put_strn(w, "data", bytes->data, bytes->len);
    } else {
        cr_auto_free char *text = cr_base64_encode(bytes->data, bytes->len);

        cr_json_put_str(w, "data", text);
        cr_json_put_str(w, "encoding", "base64");
    }
    cr_json_close(w);
}

/* Pieces of one stream that follow each other are one: reads cut characters in two. */
static void put_output(struct cr_json_out *w, const struct cr_output *out)
{
    CR_AUTO_BUF bytes = {0};

    cr_json_open_array(w, "output");
    for (size_t i = 0; i < out->count; i++) {
        const struct cr_output_piece *p = &out->pieces[i];

        cr_buf_append(&bytes, p->data, p->len);
        if (i + 1 < out->count && out->pieces[i + 1].stream == p->stream)
            continue;
        put_piece(w, p->stream, &bytes);
        cr_buf_reset(&bytes);
    }
    cr_json_close(w);
}

int cr_on_run_get(struct cr_app *app, struct cr_request *req, struct cr_response *res,
                  struct cr_error *err)
{
    const char *run_id = cr_request_param(req, "run");
    struct cr_run run = {0};
    struct cr_output out = {0};
    int rc = cr_store_run_get(app->store, cr_request_param(req, "room"), run_id, &run, err);

    if (rc == 0)
        rc = cr_store_run_output(app->store, run_id, &out, err);
    if (rc == 0) {
        cr_json_open_object(&res->json, NULL);
        put_run(&res->json, &run);
        put_output(&res->json, &out);
        cr_json_close(&res->json);
    }
    cr_output_clear(&out);
    cr_run_clear(&run);
    return rc;
}
