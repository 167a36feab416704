/* A job's input: stdin, files: [{path, data}]. A small one is the job's field `input`. A large one
 * is a document of collection job_inputs (with _id, the job, and room), so that claiming and
 * renewing rewrite a small document, and the queue is sorted without it. Never changed; it goes
 * when the job ends. */
#include "store/mongo/job.h"

/* What most rooms hold fits, and a thousand waiting jobs are still sorted in memory. */
#define SMALL_BYTES (16 * 1024)

/* A server takes 16 MiB a document; the rest is for paths and frames. */
#define INPUT_LIMIT_BYTES (15 * 1024 * 1024)

static int check_size(const struct cr_run *run, size_t *size, struct cr_error *err)
{
    size_t total = run->stdin_len;

    for (size_t i = 0; i < run->file_count; i++) {
        if (run->files[i].len > INPUT_LIMIT_BYTES)
            return cr_fail(err, CR_ERR_TOO_LARGE, "a file of %zu bytes", run->files[i].len);
        total += run->files[i].len + strlen(run->files[i].path);
    }
    if (total > INPUT_LIMIT_BYTES)
        return cr_fail(err, CR_ERR_TOO_LARGE, "files of %zu bytes", total);
    *size = total;
    return 0;
}

static void add_files(bson_t *doc, const struct cr_run *run)
{
    bson_t files, file;

    BSON_APPEND_ARRAY_BEGIN(doc, "files", &files);
    for (size_t i = 0; i < run->file_count; i++) {
        char buf[16];
        const char *index;

        bson_uint32_to_string((uint32_t)i, &index, buf, sizeof(buf));
        BSON_APPEND_DOCUMENT_BEGIN(&files, index, &file);
        BSON_APPEND_UTF8(&file, "path", run->files[i].path);
        doc_add_bin(&file, "data", run->files[i].data, run->files[i].len);
        bson_append_document_end(&files, &file);
    }
    bson_append_array_end(doc, &files);
}

static void add_input(bson_t *doc, const struct cr_run *run)
{
    doc_add_bin(doc, "stdin", run->stdin_data, run->stdin_len);
    add_files(doc, run);
}

static int insert_apart(struct cr_store *s, const struct cr_run *run, struct cr_error *err)
{
    AUTO_BSON doc = BSON_INITIALIZER;

    doc_by_id(&doc, run->id);
    BSON_APPEND_UTF8(&doc, "room", run->room_id);
    add_input(&doc, run);
    return db_insert_idempotent(DB_CALL(s, "job_inputs"), &doc, err);
}

int job_input_put(struct cr_store *s, bson_t *job, const struct cr_run *run, struct cr_error *err)
{
    size_t size = 0;
    bson_t input;

    if (check_size(run, &size, err) < 0)
        return -1;
    if (size > SMALL_BYTES) {
        BSON_APPEND_BOOL(job, "input_apart", true);
        return insert_apart(s, run, err);
    }
    BSON_APPEND_DOCUMENT_BEGIN(job, "input", &input);
    add_input(&input, run);
    bson_append_document_end(job, &input);
    return 0;
}

static void read_file(void *ctx, const bson_t *doc)
{
    struct cr_run *run = ctx;
    const uint8_t *data;

    run->files = list_room(run->files, run->file_count, sizeof(*run->files));
    struct cr_job_file *f = &run->files[run->file_count++];

    f->path = doc_dup(doc, "path");
    doc_bin(doc, "data", &data, &f->len);
    f->data = cr_memdup(data ? data : (const uint8_t *)"", f->len ? f->len : 1);
}

static void read_input(const bson_t *doc, struct cr_run *run)
{
    const uint8_t *data;

    doc_bin(doc, "stdin", &data, &run->stdin_len);
    if (run->stdin_len)
        run->stdin_data = cr_memdup(data, run->stdin_len);
    doc_each(doc, "files", read_file, run);
}

int job_input_get(struct cr_store *s, const bson_t *job, struct cr_run *run, bool *found,
                  struct cr_error *err)
{
    AUTO_BSON filter = BSON_INITIALIZER, doc = BSON_INITIALIZER;
    bson_t input;

    *found = doc_sub(job, "input", &input);
    if (*found) {
        read_input(&input, run);
        return 0;
    }
    doc_by_id(&filter, run->id);
    if (db_find_one(DB_CALL(s, "job_inputs"), &filter, NULL, &doc, found, err) < 0)
        return -1;
    if (*found)
        read_input(&doc, run);
    return 0;
}

int job_input_delete(struct cr_store *s, const char *job_id, struct cr_error *err)
{
    AUTO_BSON filter = BSON_INITIALIZER;

    doc_by_id(&filter, job_id);
    return db_delete(DB_CALL(s, "job_inputs"), &filter, NULL, err);
}
