/* Collection chat: _id, room, user, name, text, created_ms. */
#include "base/limits.h"
#include "store/mongo/db.h"

int cr_store_chat_insert(struct cr_store *s, const struct cr_chat *c, struct cr_error *err)
{
    AUTO_BSON doc = BSON_INITIALIZER;

    doc_by_id(&doc, c->id);
    BSON_APPEND_UTF8(&doc, "room", c->room_id);
    BSON_APPEND_UTF8(&doc, "user", c->user_id);
    BSON_APPEND_UTF8(&doc, "name", c->name);
    BSON_APPEND_UTF8(&doc, "text", c->text);
    BSON_APPEND_INT64(&doc, "created_ms", c->created_ms);
    return db_insert_idempotent(DB_CALL(s, "chat"), &doc, err);
}

static int add_chat(void *ctx, const bson_t *doc)
{
    struct cr_chat_list *l = ctx;
    struct cr_chat *c = LIST_ADD(l);

    doc_id(doc, "_id", c->id);
    doc_id(doc, "room", c->room_id);
    doc_id(doc, "user", c->user_id);
    c->name = doc_dup(doc, "name");
    c->text = doc_dup(doc, "text");
    c->created_ms = doc_int(doc, "created_ms");
    return 0;
}

static void reverse(struct cr_chat_list *l)
{
    for (size_t i = 0; i < l->count / 2; i++) {
        struct cr_chat other = l->items[i];

        l->items[i] = l->items[l->count - 1 - i];
        l->items[l->count - 1 - i] = other;
    }
}

int cr_store_chat_last(struct cr_store *s, const char *room_id, int limit, struct cr_chat_list *out,
                       struct cr_error *err)
{
    AUTO_BSON filter = BSON_INITIALIZER, opts = BSON_INITIALIZER;
    struct cr_chat_list l = {0};
    bson_t sort;

    if (limit < 1 || limit > CR_LIMIT_CHAT_HISTORY)
        return cr_fail_field(err, CR_ERR_INVALID, "limit", "must be 1 to %d",
                             CR_LIMIT_CHAT_HISTORY);
    BSON_APPEND_UTF8(&filter, "room", room_id);
    BSON_APPEND_DOCUMENT_BEGIN(&opts, "sort", &sort);
    BSON_APPEND_INT32(&sort, "created_ms", -1);
    BSON_APPEND_INT32(&sort, "_id", -1);
    bson_append_document_end(&opts, &sort);
    BSON_APPEND_INT64(&opts, "limit", limit);
    if (db_find(DB_CALL(s, "chat"), &filter, &opts, add_chat, &l, err) < 0) {
        cr_chat_list_clear(&l);
        return -1;
    }
    reverse(&l);
    *out = l;
    return 0;
}
