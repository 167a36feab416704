/* Collection outputs: _id "<job>:<attempt, 10 digits>:<n, 6 digits>", room, job, pieces: [{stream,
 * data}]. Written before the result that names the attempt; an attempt without result is never
 * shown. */
#include "store/mongo/job.h"

#define OUTPUT_KEY_SIZE (CR_ID_SIZE + 40)

/* About what one document holds, and what a piece takes beside its bytes. */
#define PART_BYTES (1024 * 1024)
#define PIECE_OVERHEAD_BYTES 48

static void output_key(char out[OUTPUT_KEY_SIZE], const char *job_id, int64_t attempt, int n)
{
    snprintf(out, OUTPUT_KEY_SIZE, "%s:%010lld:%06d", job_id, (long long)attempt, n);
}

static void add_range(bson_t *filter, const char *room_id, const char *job_id, int64_t attempt)
{
    char from[OUTPUT_KEY_SIZE], to[OUTPUT_KEY_SIZE];
    bson_t sub;

    output_key(from, job_id, attempt, 0);
    output_key(to, job_id, attempt, 999999);
    BSON_APPEND_UTF8(filter, "room", room_id); /* for a sharded cluster */
    BSON_APPEND_DOCUMENT_BEGIN(filter, "_id", &sub);
    BSON_APPEND_UTF8(&sub, "$gte", from);
    BSON_APPEND_UTF8(&sub, "$lte", to);
    bson_append_document_end(filter, &sub);
}

/* Where the next part begins: a piece and a byte of it. */
struct place {
    size_t piece;
    size_t offset;
};

/* Fill the array with as much as one part takes; neighbours stay apart as they were given. */
static void add_pieces(bson_t *array, const struct cr_output *out, struct place *at)
{
    size_t room = PART_BYTES;
    uint32_t count = 0;

    while (at->piece < out->count && room > PIECE_OVERHEAD_BYTES) {
        const struct cr_output_piece *p = &out->pieces[at->piece];
        size_t left = p->len - at->offset, len = left;
        char buf[16];
        const char *index;
        bson_t sub;

        room -= PIECE_OVERHEAD_BYTES;
        if (len > room)
            len = room;
        bson_uint32_to_string(count++, &index, buf, sizeof(buf));
        BSON_APPEND_DOCUMENT_BEGIN(array, index, &sub);
        BSON_APPEND_INT32(&sub, "stream", (int)p->stream);
        doc_add_bin(&sub, "data", p->data ? p->data + at->offset : NULL, len);
        bson_append_document_end(array, &sub);
        room -= len;
        at->offset += len;
        if (len == left)
            *at = (struct place){at->piece + 1, 0};
    }
}

static int insert_part(struct cr_store *s, const char *room_id, const char *job_id, int64_t attempt,
                       int n, const struct cr_output *out, struct place *at, struct cr_error *err)
{
    AUTO_BSON doc = BSON_INITIALIZER;
    char key[OUTPUT_KEY_SIZE];
    bson_t array;

    output_key(key, job_id, attempt, n);
    doc_by_id(&doc, key);
    BSON_APPEND_UTF8(&doc, "room", room_id);
    BSON_APPEND_UTF8(&doc, "job", job_id);
    BSON_APPEND_ARRAY_BEGIN(&doc, "pieces", &array);
    add_pieces(&array, out, at);
    bson_append_array_end(&doc, &array);
    return db_insert_idempotent(DB_CALL(s, "outputs"), &doc, err);
}

int output_insert(struct cr_store *s, const char *room_id, const char *job_id, int64_t attempt,
                  const struct cr_output *out, struct cr_error *err)
{
    struct place at = {0};

    for (int n = 0; at.piece < out->count; n++)
        if (insert_part(s, room_id, job_id, attempt, n, out, &at, err) < 0)
            return -1;
    return 0;
}

int output_delete(struct cr_store *s, const char *room_id, const char *job_id, int64_t attempt,
                  struct cr_error *err)
{
    AUTO_BSON filter = BSON_INITIALIZER;

    add_range(&filter, room_id, job_id, attempt);
    return db_delete(DB_CALL(s, "outputs"), &filter, NULL, err);
}

static void read_piece(void *ctx, const bson_t *doc)
{
    struct cr_output *out = ctx;
    const uint8_t *data;

    out->pieces = list_room(out->pieces, out->count, sizeof(*out->pieces));
    struct cr_output_piece *p = &out->pieces[out->count++];

    p->stream = (enum cr_stream)doc_int(doc, "stream");
    doc_bin(doc, "data", &data, &p->len);
    p->data = cr_memdup(data ? data : (const uint8_t *)"", p->len ? p->len : 1);
}

static int read_part(void *ctx, const bson_t *doc)
{
    doc_each(doc, "pieces", read_piece, ctx);
    return 0;
}

int cr_store_run_output(struct cr_store *s, const char *run_id, struct cr_output *out,
                        struct cr_error *err)
{
    AUTO_BSON job, filter = BSON_INITIALIZER, opts = BSON_INITIALIZER;
    struct cr_output result = {0};
    bson_t sort;

    if (db_get(DB_CALL(s, "jobs"), run_id, NULL, &job, "run", err) < 0)
        return -1;
    if (doc_int(&job, "result_attempt") > 0) {
        add_range(&filter, doc_str(&job, "room"), run_id, doc_int(&job, "result_attempt"));
        BSON_APPEND_DOCUMENT_BEGIN(&opts, "sort", &sort);
        BSON_APPEND_INT32(&sort, "_id", 1);
        bson_append_document_end(&opts, &sort);
        if (db_find(DB_CALL(s, "outputs"), &filter, &opts, read_part, &result, err) < 0) {
            cr_output_clear(&result);
            return -1;
        }
    }
    *out = result;
    return 0;
}
