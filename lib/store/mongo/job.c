/* Asking for a run, stopping it, counting the queue. */
#include "store/mongo/job.h"

#include "crypt/crypt.h"

/* The id of a job with a key is made from the key, so that a repeated request meets the first under
 * the one index that decides such races without waiting: that of _id. */
static void id_of_key(const struct cr_run *run, const char *key, char out[CR_ID_SIZE])
{
    char hex[CR_SHA256_HEX_SIZE];
    cr_auto_free char *text = cr_asprintf("%s:%s:%s", run->room_id, run->user_id, key);

    cr_sha256_hex(text, strlen(text), hex);
    for (size_t i = 0; i < CR_ID_LEN; i++) {
        const char byte[3] = {hex[2 * i], hex[2 * i + 1], '\0'};

        out[i] = "0123456789abcdefghijklmnopqrstuv"[strtoul(byte, NULL, 16) & 31];
    }
    out[CR_ID_LEN] = '\0';
}

/* asked: the id that the caller gave, which tells its own repeats from those of others. */
static void fill(bson_t *doc, const struct cr_run *run, const char *asked)
{
    bson_t args;

    doc_by_id(doc, run->id);
    BSON_APPEND_UTF8(doc, "asked", asked);
    BSON_APPEND_UTF8(doc, "room", run->room_id);
    BSON_APPEND_UTF8(doc, "user", run->user_id);
    BSON_APPEND_UTF8(doc, "user_name", run->user_name ? run->user_name : "");
    BSON_APPEND_UTF8(doc, "request", run->request_id ? run->request_id : "");
    BSON_APPEND_UTF8(doc, "language", run->language);
    BSON_APPEND_UTF8(doc, "entry", run->entry);
    BSON_APPEND_ARRAY_BEGIN(doc, "args", &args);
    for (uint32_t i = 0; run->args && run->args[i]; i++) {
        char buf[16];
        const char *index;

        bson_uint32_to_string(i, &index, buf, sizeof(buf));
        BSON_APPEND_UTF8(&args, index, run->args[i]);
    }
    bson_append_array_end(doc, &args);
    BSON_APPEND_BOOL(doc, "stdin_open", run->stdin_open);
    BSON_APPEND_INT64(doc, "wall_limit_ms", run->wall_limit_ms);
    BSON_APPEND_UTF8(doc, "state", cr_run_state_name(CR_RUN_QUEUED));
    BSON_APPEND_INT64(doc, "attempt", 0);
    BSON_APPEND_INT64(doc, "tries", 0);
    BSON_APPEND_INT64(doc, "lease_until_ms", 0);
    BSON_APPEND_BOOL(doc, "stop", false);
    BSON_APPEND_INT64(doc, "created_ms", run->created_ms);
}

/* The id is taken: by our own first try, or by an earlier request, whose run is given instead. */
static int take_existing(struct cr_store *s, struct cr_run *run, const char *asked, bool *existing,
                         struct cr_error *err)
{
    AUTO_BSON fields = BSON_INITIALIZER, doc = BSON_INITIALIZER;

    job_without_input(&fields);
    if (db_get(DB_CALL(s, "jobs"), run->id, &fields, &doc, "run", err) < 0)
        return -1;
    if (strcmp(doc_str(&doc, "room"), run->room_id))
        return cr_fail(err, CR_ERR_CONFLICT, "job %s is another room's", run->id);
    *existing = strcmp(doc_str(&doc, "asked"), asked) != 0;
    if (!*existing)
        return 0;
    cr_run_clear(run);
    job_read(&doc, run);
    if (run->state == CR_RUN_FINISHED) /* or the files just written would stay for nothing */
        job_input_delete(s, run->id, NULL);
    return 0;
}

static int insert(struct cr_store *s, struct cr_run *run, const char *asked, bool *existing,
                  struct cr_error *err)
{
    AUTO_BSON doc = BSON_INITIALIZER;
    bool duplicate;

    fill(&doc, run, asked);
    /* The input first: a job that can be claimed is whole. */
    if (job_input_put(s, &doc, run, err) < 0 ||
        db_insert(DB_CALL(s, "jobs"), &doc, &duplicate, err) < 0)
        return -1;
    return duplicate ? take_existing(s, run, asked, existing, err) : 0;
}

int cr_store_job_insert(struct cr_store *s, struct cr_run *run, const char *key, bool *existing,
                        struct cr_error *err)
{
    char asked[CR_ID_SIZE];

    *existing = false;
    memcpy(asked, run->id, CR_ID_SIZE);
    if (key && key[0])
        id_of_key(run, key, run->id);
    if (insert(s, run, asked, existing, err) == 0)
        return 0;
    memcpy(run->id, asked, CR_ID_SIZE); /* so that the caller can repeat the very same */
    return -1;
}

struct ids {
    char (*items)[CR_ID_SIZE];
    size_t count;
};

static int add_id(void *ctx, const bson_t *doc)
{
    struct ids *ids = ctx;

    doc_id(doc, "_id", ids->items[ids->count++]);
    return 0;
}

int cr_store_job_queue(struct cr_store *s, char (*ids)[CR_ID_SIZE], size_t max, size_t *count,
                       struct cr_error *err)
{
    AUTO_BSON filter = BSON_INITIALIZER, opts = BSON_INITIALIZER;
    struct ids got = {.items = ids};
    bson_t sub;

    BSON_APPEND_UTF8(&filter, "state", cr_run_state_name(CR_RUN_QUEUED));
    BSON_APPEND_DOCUMENT_BEGIN(&opts, "sort", &sub);
    BSON_APPEND_INT32(&sub, "created_ms", 1); /* as the claim sorts */
    bson_append_document_end(&opts, &sub);
    BSON_APPEND_DOCUMENT_BEGIN(&opts, "projection", &sub);
    BSON_APPEND_INT32(&sub, "_id", 1);
    bson_append_document_end(&opts, &sub);
    BSON_APPEND_INT64(&opts, "limit", (int64_t)max);
    if (db_find(DB_CALL(s, "jobs"), &filter, &opts, add_id, &got, err) < 0)
        return -1;
    *count = got.count;
    return 0;
}

/* Change the job if it is in that state. */
static int change_in_state(struct cr_store *s, const char *room_id, const char *job_id,
                           enum cr_run_state state, const bson_t *set, const bson_t *unset,
                           bool *changed, struct cr_error *err)
{
    AUTO_BSON filter = BSON_INITIALIZER, update = BSON_INITIALIZER;
    int64_t matched = 0;

    doc_by_id(&filter, job_id);
    BSON_APPEND_UTF8(&filter, "room", room_id);
    BSON_APPEND_UTF8(&filter, "state", cr_run_state_name(state));
    BSON_APPEND_DOCUMENT(&update, "$set", set);
    if (unset)
        BSON_APPEND_DOCUMENT(&update, "$unset", unset);
    if (db_update(DB_CALL(s, "jobs"), &filter, &update, &matched, err) < 0)
        return -1;
    *changed = matched > 0;
    return 0;
}

static int stop_queued(struct cr_store *s, const char *room_id, const char *job_id, int64_t now_ms,
                       bool *done, struct cr_error *err)
{
    AUTO_BSON set = BSON_INITIALIZER, unset = BSON_INITIALIZER;
    const struct cr_run_result result = {.verdict = CR_VERDICT_STOPPED};

    BSON_APPEND_BOOL(&set, "stop", true);
    job_add_result(&set, &result, 0, now_ms); /* 0: no attempt's, so nobody's output is shown */
    BSON_APPEND_BOOL(&unset, "input", true);
    return change_in_state(s, room_id, job_id, CR_RUN_QUEUED, &set, &unset, done, err);
}

static int stop_running(struct cr_store *s, const char *room_id, const char *job_id, bool *done,
                        struct cr_error *err)
{
    AUTO_BSON set = BSON_INITIALIZER;

    BSON_APPEND_BOOL(&set, "stop", true);
    return change_in_state(s, room_id, job_id, CR_RUN_RUNNING, &set, NULL, done, err);
}

int cr_store_job_stop(struct cr_store *s, const char *room_id, const char *job_id, int64_t now_ms,
                      bool *finished, struct cr_error *err)
{
    bool done = false;

    *finished = false;
    /* Again when the job was claimed or given back between the looks. */
    for (int i = 0; i < 8; i++) {
        struct cr_run run;

        if (stop_queued(s, room_id, job_id, now_ms, &done, err) < 0)
            return -1;
        if (done) {
            *finished = true;
            job_input_delete(s, job_id, NULL);
            return 0;
        }
        if (stop_running(s, room_id, job_id, &done, err) < 0)
            return -1;
        if (done)
            return 0;
        if (cr_store_run_get(s, room_id, job_id, &run, err) < 0)
            return -1;
        bool is_final = run.state == CR_RUN_FINISHED;

        cr_run_clear(&run);
        if (is_final)
            return 0;
    }
    return cr_fail(err, CR_ERR_UNAVAILABLE, "the job changes hands too fast");
}
