/* The members of a room with the names and e-mails that their accounts have now. */
#include "base/limits.h"
#include "store/mongo/member.h"

static int add_member(void *ctx, const bson_t *doc)
{
    struct cr_member_list *l = ctx;
    struct cr_member *m = LIST_ADD(l);

    doc_id(doc, "room", m->room_id);
    doc_id(doc, "user", m->user_id);
    m->role = cr_role_parse(doc_str(doc, "role"));
    m->created_ms = doc_int(doc, "created_ms");
    return 0;
}

static int add_names(void *ctx, const bson_t *doc)
{
    struct cr_member_list *l = ctx;

    for (size_t i = 0; i < l->count; i++)
        if (!l->items[i].name && !strcmp(l->items[i].user_id, doc_str(doc, "_id"))) {
            l->items[i].name = doc_dup(doc, "name");
            l->items[i].email = doc_dup(doc, "email");
        }
    return 0;
}

static int read_members(struct cr_store *s, const char *room_id, struct cr_member_list *l,
                        struct cr_error *err)
{
    AUTO_BSON filter = BSON_INITIALIZER, opts = BSON_INITIALIZER;
    bson_t sort;

    BSON_APPEND_UTF8(&filter, "room", room_id);
    BSON_APPEND_DOCUMENT_BEGIN(&opts, "sort", &sort);
    BSON_APPEND_INT32(&sort, "created_ms", 1);
    BSON_APPEND_INT32(&sort, "_id", 1);
    bson_append_document_end(&opts, &sort);
    BSON_APPEND_INT64(&opts, "limit", 2 * CR_LIMIT_MEMBERS_PER_ROOM);
    return db_find(DB_CALL(s, "members"), &filter, &opts, add_member, l, err);
}

static int read_names(struct cr_store *s, struct cr_member_list *l, struct cr_error *err)
{
    AUTO_BSON filter = BSON_INITIALIZER, opts = BSON_INITIALIZER;
    cr_auto_free const char **ids = cr_calloc(l->count + 1, sizeof(*ids));
    bson_t fields;

    for (size_t i = 0; i < l->count; i++)
        ids[i] = l->items[i].user_id;
    doc_add_in(&filter, "_id", ids, l->count);
    BSON_APPEND_DOCUMENT_BEGIN(&opts, "projection", &fields);
    BSON_APPEND_INT32(&fields, "name", 1);
    BSON_APPEND_INT32(&fields, "email", 1);
    bson_append_document_end(&opts, &fields);
    return db_find(DB_CALL(s, "users"), &filter, &opts, add_names, l, err);
}

int cr_store_member_list(struct cr_store *s, const char *room_id, struct cr_member_list *out,
                         struct cr_error *err)
{
    struct cr_member_list l = {0};

    if (read_members(s, room_id, &l, err) < 0 || read_names(s, &l, err) < 0) {
        cr_member_list_clear(&l);
        return -1;
    }
    for (size_t i = 0; i < l.count; i++)
        if (!l.items[i].name) /* the account is gone */
            l.items[i].name = cr_strdup("");
    *out = l;
    return 0;
}
