/* Collection processes: _id, address, beat, updated_ms. Collection owners: _id (room), process ("":
 * nobody), epoch, fence. The rules are in docs/STORE.md, "Who owns a room". */
#include "base/clock.h"
#include "store/mongo/db.h"

void cr_process_list_clear(struct cr_process_list *l)
{
    free(l->items);
    memset(l, 0, sizeof(*l));
}

/* ---- processes ---- */

int cr_store_process_insert(struct cr_store *s, const char *id, const char *address,
                            struct cr_error *err)
{
    AUTO_BSON old = BSON_INITIALIZER, doc = BSON_INITIALIZER;
    bson_t sub;

    BSON_APPEND_UTF8(&old, "address", address);
    BSON_APPEND_DOCUMENT_BEGIN(&old, "_id", &sub);
    BSON_APPEND_UTF8(&sub, "$ne", id);
    bson_append_document_end(&old, &sub);
    if (db_delete(DB_CALL(s, "processes"), &old, NULL, err) < 0)
        return -1;
    doc_by_id(&doc, id);
    BSON_APPEND_UTF8(&doc, "address", address);
    BSON_APPEND_INT64(&doc, "beat", 0);
    BSON_APPEND_INT64(&doc, "updated_ms", cr_wall_ms());
    return db_insert_idempotent(DB_CALL(s, "processes"), &doc, err);
}

int cr_store_process_beat(struct cr_store *s, const char *id, int64_t beat, struct cr_error *err)
{
    AUTO_BSON filter = BSON_INITIALIZER, update = BSON_INITIALIZER;
    int64_t matched = 0;
    bson_t set;

    doc_by_id(&filter, id);
    BSON_APPEND_DOCUMENT_BEGIN(&update, "$set", &set);
    BSON_APPEND_INT64(&set, "beat", beat);
    BSON_APPEND_INT64(&set, "updated_ms", cr_wall_ms());
    bson_append_document_end(&update, &set);
    if (db_update(DB_CALL(s, "processes"), &filter, &update, &matched, err) < 0)
        return -1;
    return matched > 0 ? 0 : cr_fail(err, CR_ERR_GONE, "this process was taken for dead");
}

static void read_process(const bson_t *doc, struct cr_process *p)
{
    doc_id(doc, "_id", p->id);
    snprintf(p->address, sizeof(p->address), "%s", doc_str(doc, "address"));
    p->beat = doc_int(doc, "beat");
}

static int add_process(void *ctx, const bson_t *doc)
{
    struct cr_process_list *l = ctx;

    read_process(doc, LIST_ADD(l));
    return 0;
}

int cr_store_process_list(struct cr_store *s, struct cr_process_list *out, struct cr_error *err)
{
    AUTO_BSON all = BSON_INITIALIZER;
    struct cr_process_list l = {0};

    if (db_find(DB_CALL(s, "processes"), &all, NULL, add_process, &l, err) < 0) {
        cr_process_list_clear(&l);
        return -1;
    }
    *out = l;
    return 0;
}

int cr_store_process_get(struct cr_store *s, const char *id, struct cr_process *out, bool *found,
                         struct cr_error *err)
{
    AUTO_BSON filter = BSON_INITIALIZER, doc;

    doc_by_id(&filter, id);
    memset(out, 0, sizeof(*out));
    if (db_find_one(DB_CALL(s, "processes"), &filter, NULL, &doc, found, err) < 0)
        return -1;
    if (*found)
        read_process(&doc, out);
    return 0;
}

int cr_store_process_remove(struct cr_store *s, const char *id, int64_t beat, struct cr_error *err)
{
    AUTO_BSON filter = BSON_INITIALIZER;

    doc_by_id(&filter, id);
    if (beat >= 0)
        BSON_APPEND_INT64(&filter, "beat", beat);
    return db_delete(DB_CALL(s, "processes"), &filter, NULL, err);
}

/* ---- owners ---- */

int cr_store_owner_get(struct cr_store *s, const char *room_id, struct cr_owner *out,
                       struct cr_error *err)
{
    AUTO_BSON filter = BSON_INITIALIZER, doc;
    bool found = false;

    doc_by_id(&filter, room_id);
    memset(out, 0, sizeof(*out));
    if (db_find_one(DB_CALL(s, "owners"), &filter, NULL, &doc, &found, err) < 0)
        return -1;
    if (found) {
        doc_id(&doc, "process", out->process);
        out->epoch = doc_int(&doc, "epoch");
        out->fence = doc_bool(&doc, "fence");
    }
    return 0;
}

static int insert_owner(struct cr_store *s, const char *room_id, const char *process,
                        struct cr_error *err)
{
    AUTO_BSON doc = BSON_INITIALIZER;
    bool duplicate = false;

    doc_by_id(&doc, room_id);
    BSON_APPEND_UTF8(&doc, "process", process);
    BSON_APPEND_INT64(&doc, "epoch", 1);
    BSON_APPEND_BOOL(&doc, "fence", false);
    if (db_insert(DB_CALL(s, "owners"), &doc, &duplicate, err) < 0)
        return -1;
    return duplicate ? cr_fail(err, CR_ERR_CONFLICT, "somebody else took the room") : 0;
}

/* A repeat after a lost answer finds a newer epoch and is a CONFLICT: then one looks again. */
static int change_owner(struct cr_store *s, const char *room_id, const struct cr_owner *from,
                        const char *process, int64_t epoch, bool fence, struct cr_error *err)
{
    AUTO_BSON filter = BSON_INITIALIZER, update = BSON_INITIALIZER;
    int64_t matched = 0;
    bson_t set;

    doc_by_id(&filter, room_id);
    BSON_APPEND_UTF8(&filter, "process", from->process);
    BSON_APPEND_INT64(&filter, "epoch", from->epoch);
    BSON_APPEND_DOCUMENT_BEGIN(&update, "$set", &set);
    BSON_APPEND_UTF8(&set, "process", process);
    BSON_APPEND_INT64(&set, "epoch", epoch);
    BSON_APPEND_BOOL(&set, "fence", fence);
    bson_append_document_end(&update, &set);
    if (db_update(DB_CALL(s, "owners"), &filter, &update, &matched, err) < 0)
        return -1;
    return matched > 0 ? 0 : cr_fail(err, CR_ERR_CONFLICT, "somebody else took the room");
}

int cr_store_owner_put(struct cr_store *s, const char *room_id, const struct cr_owner *from,
                       const char *process, bool fence, struct cr_error *err)
{
    if (from->epoch == 0)
        return insert_owner(s, room_id, process, err);
    return change_owner(s, room_id, from, process, from->epoch + 1, fence, err);
}

int cr_store_owner_release(struct cr_store *s, const char *room_id, const char *process,
                           int64_t epoch, struct cr_error *err)
{
    struct cr_owner from = {.epoch = epoch};
    struct cr_error why = CR_ERROR_INIT;

    snprintf(from.process, sizeof(from.process), "%s", process);
    if (change_owner(s, room_id, &from, "", epoch, false, &why) == 0 ||
        why.code == CR_ERR_CONFLICT) /* not ours any more */
        return 0;
    return cr_fail(err, why.code, "%s", why.message);
}

int cr_store_owner_release_all(struct cr_store *s, const char *process, struct cr_error *err)
{
    AUTO_BSON filter = BSON_INITIALIZER, update = BSON_INITIALIZER;
    bson_t set;

    BSON_APPEND_UTF8(&filter, "process", process);
    BSON_APPEND_DOCUMENT_BEGIN(&update, "$set", &set);
    BSON_APPEND_UTF8(&set, "process", "");
    BSON_APPEND_BOOL(&set, "fence", false);
    bson_append_document_end(&update, &set);
    return db_update_many(DB_CALL(s, "owners"), &filter, &update, err);
}
