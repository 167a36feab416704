/* Rooms of a user, and the revisions of many rooms. */
#include "store/mongo/page.h"
#include "store/mongo/room.h"

/* A user's memberships: bounded by CR_LIMIT_MEMBERSHIPS_PER_USER. */
struct roles {
    struct role {
        char room_id[CR_ID_SIZE];
        enum cr_role role;
    } * items;
    size_t count;
};

static int add_role(void *ctx, const bson_t *doc)
{
    struct roles *l = ctx;
    struct role *r = LIST_ADD(l);

    doc_id(doc, "room", r->room_id);
    r->role = cr_role_parse(doc_str(doc, "role"));
    return 0;
}

static int read_roles(struct cr_store *s, const char *user_id, struct roles *out,
                      struct cr_error *err)
{
    AUTO_BSON filter = BSON_INITIALIZER;

    BSON_APPEND_UTF8(&filter, "user", user_id);
    return db_find(DB_CALL(s, "members"), &filter, NULL, add_role, out, err);
}

static int add_room(void *ctx, const bson_t *doc)
{
    struct cr_room_list *l = ctx;

    room_read(doc, &LIST_ADD(l)->room);
    return 0;
}

static int read_page(struct cr_store *s, const struct roles *roles, const char *cursor, int limit,
                     struct cr_room_list *out, struct cr_error *err)
{
    AUTO_BSON filter = BSON_INITIALIZER, opts = BSON_INITIALIZER;
    cr_auto_free const char **ids = cr_calloc(roles->count + 1, sizeof(*ids));

    for (size_t i = 0; i < roles->count; i++)
        ids[i] = roles->items[i].room_id;
    doc_add_in(&filter, "_id", ids, roles->count);
    if (page_open(&filter, &opts, "updated_ms", cursor, limit, err) < 0)
        return -1;
    return roles->count ? db_find(DB_CALL(s, "rooms"), &filter, &opts, add_room, out, err) : 0;
}

static enum cr_role role_in(const struct roles *roles, const char *room_id)
{
    for (size_t i = 0; i < roles->count; i++)
        if (!strcmp(roles->items[i].room_id, room_id))
            return roles->items[i].role;
    return CR_ROLE_NONE;
}

static void finish_page(struct cr_room_list *l, const struct roles *roles, int limit)
{
    if (l->count > (size_t)limit) {
        const struct cr_room *last = &l->items[limit - 1].room;

        page_cursor(l->next, last->updated_ms, last->id);
        cr_room_clear(&l->items[--l->count].room);
    }
    for (size_t i = 0; i < l->count; i++)
        l->items[i].role = role_in(roles, l->items[i].room.id);
}

int cr_store_room_list(struct cr_store *s, const char *user_id, const char *cursor, int limit,
                       struct cr_room_list *out, struct cr_error *err)
{
    struct roles roles = {0};
    struct cr_room_list l = {0};
    int rc = read_roles(s, user_id, &roles, err);

    if (rc == 0)
        rc = read_page(s, &roles, cursor, limit, &l, err);
    if (rc == 0)
        finish_page(&l, &roles, limit);
    else
        cr_room_list_clear(&l);
    free(roles.items);
    *out = l;
    return rc;
}

void cr_room_list_clear(struct cr_room_list *l)
{
    for (size_t i = 0; i < l->count; i++)
        cr_room_clear(&l->items[i].room);
    free(l->items);
    memset(l, 0, sizeof(*l));
}

/* How many rooms one query asks for. */
#define REVS_AT_ONCE 256

struct revs {
    const char (*ids)[CR_ID_SIZE];
    size_t count;
    int64_t *revs;
};

static int note_rev(void *ctx, const bson_t *doc)
{
    const struct revs *r = ctx;
    const char *id = doc_str(doc, "_id");

    for (size_t i = 0; i < r->count; i++)
        if (!strcmp(r->ids[i], id))
            r->revs[i] = doc_int(doc, "rev");
    return 0;
}

static int read_revs(struct cr_store *s, struct revs *r, struct cr_error *err)
{
    AUTO_BSON filter = BSON_INITIALIZER, opts = BSON_INITIALIZER;
    const char *ids[REVS_AT_ONCE];
    bson_t fields;

    for (size_t i = 0; i < r->count; i++)
        ids[i] = r->ids[i];
    doc_add_in(&filter, "_id", ids, r->count);
    BSON_APPEND_DOCUMENT_BEGIN(&opts, "projection", &fields);
    BSON_APPEND_INT32(&fields, "rev", 1);
    bson_append_document_end(&opts, &fields);
    return db_find(DB_CALL(s, "rooms"), &filter, &opts, note_rev, r, err);
}

int cr_store_room_revs(struct cr_store *s, const char (*room_ids)[CR_ID_SIZE], size_t count,
                       int64_t *revs, struct cr_error *err)
{
    memset(revs, 0, count * sizeof(*revs));
    for (size_t at = 0; at < count; at += REVS_AT_ONCE) {
        size_t n = count - at < REVS_AT_ONCE ? count - at : REVS_AT_ONCE;
        struct revs part = {room_ids + at, n, revs + at};

        if (read_revs(s, &part, err) < 0)
            return -1;
    }
    return 0;
}
