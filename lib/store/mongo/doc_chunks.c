#include "store/mongo/doc.h"

#define CHUNK_KEY_SIZE (3 * CR_ID_SIZE + 16)

static void chunk_key(char out[CHUNK_KEY_SIZE], const char *room_id, const char *file_id,
                      const char *state_id, int64_t n)
{
    snprintf(out, CHUNK_KEY_SIZE, "%s:%s:%s:%06d", room_id, file_id, state_id, (int)n);
}

static int write_one(struct cr_store *s, const char *room_id, const char *file_id,
                     const char *state_id, int64_t n, const uint8_t *data, size_t len,
                     int64_t now_ms, struct cr_error *err)
{
    AUTO_BSON doc = BSON_INITIALIZER;
    char key[CHUNK_KEY_SIZE];

    chunk_key(key, room_id, file_id, state_id, n);
    doc_by_id(&doc, key);
    BSON_APPEND_UTF8(&doc, "room", room_id);
    BSON_APPEND_UTF8(&doc, "file", file_id);
    BSON_APPEND_UTF8(&doc, "state", state_id);
    doc_add_bin(&doc, "data", data, len);
    BSON_APPEND_INT64(&doc, "created_ms", now_ms);
    return db_insert_idempotent(DB_CALL(s, "doc_chunks"), &doc, err);
}

int doc_chunks_write(struct cr_store *s, const char *room_id, const char *file_id,
                     const struct cr_buf *data, int64_t now_ms, char state_id[CR_ID_SIZE],
                     int64_t *count, struct cr_error *err)
{
    cr_id_new(state_id);
    *count = 0;
    for (size_t at = 0; at < data->len; at += CR_DOC_STATE_PIECE) {
        size_t len = data->len - at < CR_DOC_STATE_PIECE ? data->len - at : CR_DOC_STATE_PIECE;

        if (write_one(s, room_id, file_id, state_id, *count, data->data + at, len, now_ms, err) < 0)
            return -1;
        ++*count;
    }
    return 0;
}

struct gathering {
    struct cr_buf *out;
    int64_t count;
};

static int gather(void *ctx, const bson_t *doc)
{
    struct gathering *g = ctx;
    const uint8_t *data;
    size_t len;

    doc_bin(doc, "data", &data, &len);
    cr_buf_append(g->out, data, len);
    g->count++;
    return 0;
}

static void add_state_range(bson_t *filter, const char *room_id, const char *file_id,
                            const char *state_id)
{
    char first[CHUNK_KEY_SIZE], last[CHUNK_KEY_SIZE];

    chunk_key(first, room_id, file_id, state_id, 0);
    chunk_key(last, room_id, file_id, state_id, 999999);
    BSON_APPEND_UTF8(filter, "room", room_id); /* for a sharded cluster */
    doc_key_range(filter, "$gte", first, "$lte", last);
}

int doc_chunks_read(struct cr_store *s, const char *room_id, const char *file_id,
                    const char *state_id, int64_t count, struct cr_buf *out, struct cr_error *err)
{
    AUTO_BSON filter = BSON_INITIALIZER, opts = BSON_INITIALIZER;
    struct gathering g = {out, 0};
    bson_t sort;

    add_state_range(&filter, room_id, file_id, state_id);
    BSON_APPEND_DOCUMENT_BEGIN(&opts, "sort", &sort);
    BSON_APPEND_INT32(&sort, "_id", 1);
    bson_append_document_end(&opts, &sort);
    if (db_find(DB_CALL(s, "doc_chunks"), &filter, &opts, gather, &g, err) < 0)
        return -1;
    return g.count == count ? 0
                            : cr_fail(err, CR_ERR_GONE, "a state was removed while it was read");
}

int doc_chunks_delete(struct cr_store *s, const char *room_id, const char *file_id,
                      const char *state_id, struct cr_error *err)
{
    AUTO_BSON filter = BSON_INITIALIZER;

    add_state_range(&filter, room_id, file_id, state_id);
    return db_delete(DB_CALL(s, "doc_chunks"), &filter, NULL, err);
}

int doc_chunks_sweep(struct cr_store *s, const char *room_id, const char *file_id,
                     const char *const *state_ids, size_t count, int64_t before_ms,
                     struct cr_error *err)
{
    AUTO_BSON filter = BSON_INITIALIZER;
    bson_t sub, not_in;

    doc_add_file_range(&filter, room_id, file_id);
    BSON_APPEND_DOCUMENT_BEGIN(&filter, "created_ms", &sub);
    BSON_APPEND_INT64(&sub, "$lt", before_ms);
    bson_append_document_end(&filter, &sub);
    BSON_APPEND_DOCUMENT_BEGIN(&filter, "state", &sub);
    BSON_APPEND_ARRAY_BEGIN(&sub, "$nin", &not_in);
    for (size_t i = 0; i < count; i++) {
        char buf[16];
        const char *index;

        bson_uint32_to_string((uint32_t)i, &index, buf, sizeof(buf));
        BSON_APPEND_UTF8(&not_in, index, state_ids[i]);
    }
    bson_append_array_end(&sub, &not_in);
    bson_append_document_end(&filter, &sub);
    return db_delete(DB_CALL(s, "doc_chunks"), &filter, NULL, err);
}
