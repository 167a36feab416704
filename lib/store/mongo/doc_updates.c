/* Collection doc_updates: _id "<room>:<file>:<seq, 19 digits>", room, file, seq, data, created_ms.
 * The _id sorts by seq, so its own index serves the reads. */
#include "store/mongo/doc.h"

/* A server takes 16 MiB a document; the rest is for the other fields. */
#define BATCH_LIMIT_BYTES (15 * 1024 * 1024)

/* Batches a round trip when a log is read; the server's own default is 101. An answer is at most
 * 16 MiB whatever this is. */
#define READ_AT_ONCE 1000

static void fill(bson_t *doc, const char *room_id, const struct cr_doc_batch *b, int64_t now_ms)
{
    char key[DOC_KEY_SIZE];

    doc_update_key(key, room_id, b->file_id, b->seq);
    doc_by_id(doc, key);
    BSON_APPEND_UTF8(doc, "room", room_id);
    BSON_APPEND_UTF8(doc, "file", b->file_id);
    BSON_APPEND_INT64(doc, "seq", b->seq);
    doc_add_bin(doc, "data", b->data, b->len);
    BSON_APPEND_INT64(doc, "created_ms", now_ms);
}

/* The seq is taken: by this very batch (a repeated write) or by another writer's? */
static int compare(struct cr_store *s, const char *room_id, const struct cr_doc_batch *b,
                   struct cr_error *err)
{
    AUTO_BSON doc;
    char key[DOC_KEY_SIZE];
    const uint8_t *data;
    size_t len;

    doc_update_key(key, room_id, b->file_id, b->seq);
    if (db_get(DB_CALL(s, "doc_updates"), key, NULL, &doc, "batch", err) < 0)
        return -1;
    doc_bin(&doc, "data", &data, &len);
    if (len == b->len && (len == 0 || !memcmp(data, b->data, len)))
        return 0;
    return cr_fail(err, CR_ERR_CONFLICT, "batch %lld is another writer's", (long long)b->seq);
}

int cr_store_doc_append(struct cr_store *s, const char *room_id, const char *file_id, int64_t seq,
                        const uint8_t *data, size_t len, int64_t now_ms, struct cr_error *err)
{
    struct cr_doc_batch b = {.seq = seq, .data = data, .len = len};

    snprintf(b.file_id, sizeof(b.file_id), "%s", file_id);
    if (cr_store_doc_append_many(s, room_id, &b, 1, now_ms, err) < 0)
        return -1;
    if (b.result == CR_ERR_NONE)
        return 0;
    return cr_fail(err, b.result, "append batch %lld of file %s", (long long)seq, file_id);
}

/* What became of batch b, for which the server answered with code. */
static enum cr_error_code judge(struct cr_store *s, const char *room_id,
                                const struct cr_doc_batch *b, int code)
{
    struct cr_error err = CR_ERROR_INIT;

    if (code == 0)
        return CR_ERR_NONE;
    if (code != MONGOC_ERROR_DUPLICATE_KEY)
        return CR_ERR_UNAVAILABLE; /* not stored, and nothing is wrong with it: try again */
    return compare(s, room_id, b, &err) == 0 ? CR_ERR_NONE : err.code;
}

/* Inserts those that may be stored; codes: for each of these. */
static int insert_batches(struct cr_store *s, const char *room_id,
                          const struct cr_doc_batch *batches, size_t count, int *codes,
                          int64_t now_ms, struct cr_error *err)
{
    bson_t *docs = cr_calloc(count, sizeof(*docs));
    const bson_t **list = cr_calloc(count, sizeof(*list));
    size_t n = 0;

    for (size_t i = 0; i < count; i++) {
        if (batches[i].result == CR_ERR_TOO_LARGE)
            continue;
        bson_init(&docs[n]);
        fill(&docs[n], room_id, &batches[i], now_ms);
        list[n] = &docs[n];
        n++;
    }
    int rc = n > 0 ? db_insert_many(DB_CALL(s, "doc_updates"), list, n, codes, err) : 0;

    for (size_t i = 0; i < n; i++)
        bson_destroy(&docs[i]);
    free(docs);
    free(list);
    return rc;
}

int cr_store_doc_append_many(struct cr_store *s, const char *room_id, struct cr_doc_batch *batches,
                             size_t count, int64_t now_ms, struct cr_error *err)
{
    cr_auto_free int *codes = cr_calloc(count + 1, sizeof(*codes));
    size_t n = 0;

    for (size_t i = 0; i < count; i++) /* before anything can fail: 0 would mean stored */
        batches[i].result =
            batches[i].len > BATCH_LIMIT_BYTES ? CR_ERR_TOO_LARGE : CR_ERR_UNAVAILABLE;
    if (count == 0)
        return 0;
    if (insert_batches(s, room_id, batches, count, codes, now_ms, err) < 0)
        return -1;
    for (size_t i = 0; i < count; i++)
        if (batches[i].result != CR_ERR_TOO_LARGE)
            batches[i].result = judge(s, room_id, &batches[i], codes[n++]);
    return 0;
}

struct reading {
    int (*each)(void *ctx, int64_t seq, const uint8_t *data, size_t len);
    void *ctx;
};

static int read_batch(void *ctx, const bson_t *doc)
{
    const struct reading *r = ctx;
    const uint8_t *data;
    size_t len;

    doc_bin(doc, "data", &data, &len);
    return r->each(r->ctx, doc_int(doc, "seq"), data, len);
}

static int note_seq(void *ctx, const bson_t *doc)
{
    *(int64_t *)ctx = doc_int(doc, "seq");
    return 0;
}

/* room, and _id above that of after_seq and up to that of upto_seq. */
static void add_range(bson_t *filter, const char *room_id, const char *file_id, int64_t after_seq,
                      int64_t upto_seq)
{
    char above[DOC_KEY_SIZE], upto[DOC_KEY_SIZE];

    doc_update_key(above, room_id, file_id, after_seq);
    doc_update_key(upto, room_id, file_id, upto_seq);
    BSON_APPEND_UTF8(filter, "room", room_id); /* for a sharded cluster */
    doc_key_range(filter, "$gt", above, "$lte", upto);
}

int cr_store_doc_read_range(struct cr_store *s, const char *room_id, const char *file_id,
                            int64_t after_seq, int64_t upto_seq,
                            int (*each)(void *ctx, int64_t seq, const uint8_t *data, size_t len),
                            void *ctx, struct cr_error *err)
{
    AUTO_BSON filter = BSON_INITIALIZER, opts = BSON_INITIALIZER;
    struct reading r = {each, ctx};
    bson_t sort;

    add_range(&filter, room_id, file_id, after_seq, upto_seq);
    BSON_APPEND_DOCUMENT_BEGIN(&opts, "sort", &sort);
    BSON_APPEND_INT32(&sort, "_id", 1);
    bson_append_document_end(&opts, &sort);
    BSON_APPEND_INT32(&opts, "batchSize", READ_AT_ONCE);
    return db_find(DB_CALL(s, "doc_updates"), &filter, &opts, read_batch, &r, err);
}

int cr_store_doc_read(struct cr_store *s, const char *room_id, const char *file_id,
                      int64_t after_seq,
                      int (*each)(void *ctx, int64_t seq, const uint8_t *data, size_t len),
                      void *ctx, struct cr_error *err)
{
    return cr_store_doc_read_range(s, room_id, file_id, after_seq, INT64_MAX, each, ctx, err);
}

int cr_store_doc_last_seq(struct cr_store *s, const char *room_id, const char *file_id,
                          int64_t *seq, struct cr_error *err)
{
    AUTO_BSON filter = BSON_INITIALIZER, opts = BSON_INITIALIZER;
    bson_t sub;

    *seq = 0;
    add_range(&filter, room_id, file_id, 0, INT64_MAX);
    BSON_APPEND_DOCUMENT_BEGIN(&opts, "sort", &sub);
    BSON_APPEND_INT32(&sub, "_id", -1);
    bson_append_document_end(&opts, &sub);
    BSON_APPEND_DOCUMENT_BEGIN(&opts, "projection", &sub);
    BSON_APPEND_INT32(&sub, "seq", 1);
    bson_append_document_end(&opts, &sub);
    BSON_APPEND_INT64(&opts, "limit", 1);
    return db_find(DB_CALL(s, "doc_updates"), &filter, &opts, note_seq, seq, err);
}

int cr_store_doc_delete(struct cr_store *s, const char *room_id, const char *file_id,
                        struct cr_error *err)
{
    AUTO_BSON filter = BSON_INITIALIZER;

    add_range(&filter, room_id, file_id, 0, INT64_MAX);
    /* The states first: without them the log is still the document. */
    if (doc_states_delete(s, room_id, file_id, err) < 0)
        return -1;
    return db_delete(DB_CALL(s, "doc_updates"), &filter, NULL, err);
}
