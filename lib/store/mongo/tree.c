/* Collection trees: _id (the room), room, rev, write, files: [{id, parent, name, folder,
 * created_ms}]. */
#include "store/mongo/room.h"

static void add_files(bson_t *doc, const struct cr_tree *t)
{
    bson_t files, file;

    BSON_APPEND_ARRAY_BEGIN(doc, "files", &files);
    for (size_t i = 0; i < t->count; i++) {
        const struct cr_file *f = &t->files[i];
        char buf[16];
        const char *index;

        bson_uint32_to_string((uint32_t)i, &index, buf, sizeof(buf));
        BSON_APPEND_DOCUMENT_BEGIN(&files, index, &file);
        BSON_APPEND_UTF8(&file, "id", f->id);
        BSON_APPEND_UTF8(&file, "parent", f->parent);
        BSON_APPEND_UTF8(&file, "name", f->name);
        BSON_APPEND_BOOL(&file, "folder", f->is_folder);
        BSON_APPEND_INT64(&file, "created_ms", f->created_ms);
        bson_append_document_end(&files, &file);
    }
    bson_append_array_end(doc, &files);
}

int tree_insert(struct cr_store *s, const char *room_id, const struct cr_tree *t,
                struct cr_error *err)
{
    AUTO_BSON doc = BSON_INITIALIZER;

    doc_by_id(&doc, room_id);
    BSON_APPEND_UTF8(&doc, "room", room_id);
    BSON_APPEND_INT64(&doc, "rev", 1);
    add_files(&doc, t);
    return db_insert_idempotent(DB_CALL(s, "trees"), &doc, err);
}

static void read_file(void *ctx, const bson_t *doc)
{
    struct cr_tree *t = ctx;

    t->files = list_room(t->files, t->count, sizeof(*t->files));
    struct cr_file *f = &t->files[t->count++];

    doc_id(doc, "id", f->id);
    doc_id(doc, "parent", f->parent);
    f->name = doc_dup(doc, "name");
    f->is_folder = doc_bool(doc, "folder");
    f->created_ms = doc_int(doc, "created_ms");
}

static void read_tree(const bson_t *doc, struct cr_tree *out)
{
    memset(out, 0, sizeof(*out));
    doc_id(doc, "_id", out->room_id);
    out->rev = doc_int(doc, "rev");
    doc_each(doc, "files", read_file, out);
}

int cr_store_tree_get(struct cr_store *s, const char *room_id, struct cr_tree *out,
                      struct cr_error *err)
{
    AUTO_BSON doc;

    if (db_get(DB_CALL(s, "trees"), room_id, NULL, &doc, "room", err) < 0)
        return -1;
    read_tree(&doc, out);
    return 0;
}

/* Why the write matched nothing: the tree is gone, another was faster, or our own first try did it
 * and its answer got lost. */
static int explain(struct cr_store *s, const struct cr_tree *t, const char *write,
                   struct cr_error *err)
{
    AUTO_BSON doc;

    if (db_get(DB_CALL(s, "trees"), t->room_id, NULL, &doc, "room", err) < 0)
        return -1;
    if (!strcmp(doc_str(&doc, "write"), write))
        return 0;
    return cr_fail(err, CR_ERR_CONFLICT, "the files were changed meanwhile");
}

static int write_tree(struct cr_store *s, const struct cr_tree *t, struct cr_error *err)
{
    AUTO_BSON filter = BSON_INITIALIZER, update = BSON_INITIALIZER;
    char write[CR_ID_SIZE];
    int64_t matched = 0;
    bson_t set;

    cr_id_new(write);
    doc_by_id(&filter, t->room_id);
    BSON_APPEND_INT64(&filter, "rev", t->rev);
    BSON_APPEND_DOCUMENT_BEGIN(&update, "$set", &set);
    BSON_APPEND_INT64(&set, "rev", t->rev + 1);
    BSON_APPEND_UTF8(&set, "write", write);
    add_files(&set, t);
    bson_append_document_end(&update, &set);
    if (db_update(DB_CALL(s, "trees"), &filter, &update, &matched, err) < 0)
        return -1;
    return matched ? 0 : explain(s, t, write, err);
}

int cr_store_tree_put(struct cr_store *s, struct cr_tree *t, int64_t now_ms, struct cr_error *err)
{
    if (write_tree(s, t, err) < 0)
        return -1;
    t->rev++;
    return db_room_bump(s, t->room_id, now_ms, err);
}
