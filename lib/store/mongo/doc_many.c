/* Heads and logs of many files in one round trip each: what a run of a whole room reads. */
#include "store/mongo/doc.h"

struct reading {
    const char (*file_ids)[CR_ID_SIZE];
    size_t count;
    struct cr_doc_state *heads;
    int (*each)(void *ctx, size_t file, int64_t seq, const uint8_t *data, size_t len);
    void *ctx;
};

/* The file that a document is of; count when it is of none. */
static size_t file_of(const struct reading *r, const bson_t *doc)
{
    const char *id = doc_str(doc, "file");
    size_t i = 0;

    while (i < r->count && strcmp(r->file_ids[i], id) != 0)
        i++;
    return i;
}

static int take_head(void *ctx, const bson_t *doc)
{
    struct reading *r = ctx;
    size_t i = file_of(r, doc), len;
    const uint8_t *data;

    if (i == r->count)
        return 0;
    r->heads[i].seq = doc_int(doc, "seq");
    r->heads[i].unread = doc_int(doc, "chunks") > 0;
    if (doc_bin(doc, "data", &data, &len))
        cr_buf_append(&r->heads[i].packed, data, len);
    return 0;
}

static int find_heads(struct cr_store *s, const char *room_id, struct reading *r,
                      struct cr_error *err)
{
    AUTO_BSON filter = BSON_INITIALIZER;
    char(*keys)[DOC_KEY_SIZE] = cr_calloc(r->count, sizeof(*keys));
    const char **list = cr_calloc(r->count, sizeof(*list));
    int rc;

    for (size_t i = 0; i < r->count; i++) {
        doc_state_key(keys[i], room_id, r->file_ids[i], 0);
        list[i] = keys[i];
    }
    BSON_APPEND_UTF8(&filter, "room", room_id); /* for a sharded cluster */
    doc_add_in(&filter, "_id", list, r->count);
    rc = db_find(DB_CALL(s, "doc_states"), &filter, NULL, take_head, r, err);
    free(list);
    free(keys);
    return rc;
}

int cr_store_doc_heads(struct cr_store *s, const char *room_id, const char (*file_ids)[CR_ID_SIZE],
                       size_t count, struct cr_doc_state *out, struct cr_error *err)
{
    struct reading r = {.file_ids = file_ids, .count = count, .heads = out};
    int rc;

    memset(out, 0, count * sizeof(*out));
    if (count == 0)
        return 0;
    rc = find_heads(s, room_id, &r, err);
    for (size_t i = 0; i < count && rc < 0; i++)
        cr_doc_state_clear(&out[i]);
    return rc;
}

static int take_batch(void *ctx, const bson_t *doc)
{
    const struct reading *r = ctx;
    size_t i = file_of(r, doc), len;
    const uint8_t *data;

    doc_bin(doc, "data", &data, &len);
    return i < r->count ? r->each(r->ctx, i, doc_int(doc, "seq"), data, len) : 0;
}

static void add_tail(bson_t *list, size_t i, const char *room_id, const char *file_id,
                     int64_t after_seq)
{
    char above[DOC_KEY_SIZE], behind[DOC_KEY_SIZE], buf[16];
    const char *index;
    bson_t item;

    doc_update_key(above, room_id, file_id, after_seq);
    doc_key_behind(behind, room_id, file_id);
    bson_uint32_to_string((uint32_t)i, &index, buf, sizeof(buf));
    BSON_APPEND_DOCUMENT_BEGIN(list, index, &item);
    doc_key_range(&item, "$gt", above, "$lt", behind);
    bson_append_document_end(list, &item);
}

int cr_store_doc_tails(struct cr_store *s, const char *room_id, const char (*file_ids)[CR_ID_SIZE],
                       const struct cr_doc_state *heads, size_t count,
                       int (*each)(void *ctx, size_t file, int64_t seq, const uint8_t *data,
                                   size_t len),
                       void *ctx, struct cr_error *err)
{
    AUTO_BSON filter = BSON_INITIALIZER, opts = BSON_INITIALIZER;
    struct reading r = {.file_ids = file_ids, .count = count, .each = each, .ctx = ctx};
    bson_t sub;

    if (count == 0)
        return 0;
    BSON_APPEND_UTF8(&filter, "room", room_id);
    BSON_APPEND_ARRAY_BEGIN(&filter, "$or", &sub);
    for (size_t i = 0; i < count; i++)
        add_tail(&sub, i, room_id, file_ids[i], heads[i].seq);
    bson_append_array_end(&filter, &sub);
    BSON_APPEND_DOCUMENT_BEGIN(&opts, "sort", &sub);
    BSON_APPEND_INT32(&sub, "_id", 1);
    bson_append_document_end(&opts, &sub);
    return db_find(DB_CALL(s, "doc_updates"), &filter, &opts, take_batch, &r, err);
}
