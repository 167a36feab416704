#include "base/clock.h"
#include "base/limits.h"
#include "fcgi/handlers/common.h"
#include "fcgi/handlers/handlers.h"
#include "model/tree.h"

#include <string.h>

struct list_query {
    char cursor[CR_QUERY_TEXT_MAX];
    int64_t limit;
};
static const struct cr_query_field list_fields[] = {
    {"cursor", CR_QUERY_TEXT, offsetof(struct list_query, cursor), 1, CR_ID_LEN + 23},
    {"limit", CR_QUERY_INT, offsetof(struct list_query, limit), 1, CR_LIMIT_PAGE_ITEMS},
    {NULL}};
static const struct list_query list_defaults = {"", 50};
const struct cr_query_table cr_query_rooms = {list_fields, sizeof(struct list_query),
                                              &list_defaults};

struct room_body {
    const char *name;
    const char *language;
};
static const struct cr_json_field create_fields[] = {
    CR_JSON_STR("name", struct room_body, name, 1, CR_LIMIT_NAME_CHARS,
                CR_JSON_REQUIRED | CR_JSON_CHARS | CR_JSON_LINE),
    CR_JSON_STR("language", struct room_body, language, 1, 32, CR_JSON_LINE), CR_JSON_END};
static const struct cr_json_field rename_fields[] = {
    CR_JSON_STR("name", struct room_body, name, 1, CR_LIMIT_NAME_CHARS,
                CR_JSON_REQUIRED | CR_JSON_CHARS | CR_JSON_LINE),
    CR_JSON_END};
const struct cr_body_table cr_body_room_create = {create_fields, sizeof(struct room_body), NULL};
const struct cr_body_table cr_body_room_rename = {rename_fields, sizeof(struct room_body), NULL};

int cr_on_rooms(struct cr_app *app, struct cr_request *req, struct cr_response *res,
                struct cr_error *err)
{
    const struct list_query *q = req->query;
    struct cr_room_list list = {0};

    if (cr_store_room_list(app->store, req->user_id, q->cursor, (int)q->limit, &list, err) < 0) {
        if (err->code == CR_ERR_INVALID)
            cr_fail_field(err, CR_ERR_INVALID, "query.cursor", "is not one of ours");
        return -1;
    }
    cr_json_open_object(&res->json, NULL);
    cr_json_open_array(&res->json, "rooms");
    for (size_t i = 0; i < list.count; i++) {
        cr_json_open_object(&res->json, NULL);
        cr_put_room(&res->json, &list.items[i].room, list.items[i].role);
        cr_json_close(&res->json);
    }
    cr_json_close(&res->json);
    cr_json_put_str(&res->json, "next_cursor", list.next[0] ? list.next : NULL);
    cr_json_close(&res->json);
    cr_room_list_clear(&list);
    return 0;
}

static int check_room_count(struct cr_app *app, const char *user_id, struct cr_error *err)
{
    int64_t owned = 0;

    if (cr_store_room_count_owned(app->store, user_id, &owned, err) < 0)
        return -1;
    if (owned >= CR_LIMIT_ROOMS_PER_USER)
        return cr_fail(err, CR_ERR_LIMIT, "one account has at most %d rooms",
                       CR_LIMIT_ROOMS_PER_USER);
    return 0;
}

/* The starter file's text is stored before the room: whoever sees the room sees the text. */
static int add_starter(struct cr_app *app, struct cr_tree *tree, const struct cr_lang *lang,
                       int64_t now_ms, struct cr_error *err)
{
    char file_id[CR_ID_SIZE];

    if (cr_tree_add(tree, lang->default_entry, false, now_ms, file_id, err) < 0)
        return -1;
    return cr_doc_start(app, tree->room_id, file_id, "", lang->template_text, err);
}

static int create(struct cr_app *app, struct cr_room *room, const struct cr_lang *lang,
                  struct cr_error *err)
{
    struct cr_tree tree = {0};
    int rc = 0;

    memcpy(tree.room_id, room->id, CR_ID_SIZE);
    if (lang)
        rc = add_starter(app, &tree, lang, room->created_ms, err);
    if (rc == 0)
        rc = cr_store_room_create(app->store, room, &tree, err);
    cr_tree_clear(&tree);
    return rc;
}

int cr_on_room_create(struct cr_app *app, struct cr_request *req, struct cr_response *res,
                      struct cr_error *err)
{
    const struct room_body *in = req->body;
    const struct cr_lang *lang = in->language ? cr_lang_by_id(&app->languages, in->language) : NULL;
    struct cr_room room = {0};
    int rc;

    if (in->language && !lang)
        return cr_fail_field(err, CR_ERR_INVALID, "language", "is not a language of this server");
    if (check_room_count(app, req->user_id, err) < 0)
        return -1;
    room.name = cr_name_check("name", in->name, err);
    if (!room.name)
        return -1;
    cr_id_new(room.id);
    memcpy(room.owner_id, req->user_id, CR_ID_SIZE);
    room.language = cr_strdup(lang ? lang->id : "");
    room.created_ms = room.updated_ms = cr_wall_ms();
    rc = create(app, &room, lang, err);
    if (rc == 0) {
        res->status = 201;
        cr_json_open_object(&res->json, NULL);
        cr_put_room(&res->json, &room, CR_ROLE_OWNER);
        cr_json_close(&res->json);
    }
    cr_room_clear(&room);
    return rc;
}

int cr_on_room_get(struct cr_app *app, struct cr_request *req, struct cr_response *res,
                   struct cr_error *err)
{
    return cr_answer_room(app, cr_request_param(req, "room"), req->role, res, err);
}

int cr_on_room_rename(struct cr_app *app, struct cr_request *req, struct cr_response *res,
                      struct cr_error *err)
{
    const struct room_body *in = req->body;
    const char *room_id = cr_request_param(req, "room");
    cr_auto_free char *name = cr_name_check("name", in->name, err);

    if (!name || cr_store_room_rename(app->store, room_id, name, cr_wall_ms(), err) < 0)
        return -1;
    cr_doorbell_ring(&app->doorbell, room_id);
    return cr_answer_room(app, room_id, req->role, res, err);
}

int cr_on_room_delete(struct cr_app *app, struct cr_request *req, struct cr_response *res,
                      struct cr_error *err)
{
    const char *room_id = cr_request_param(req, "room");

    if (cr_store_room_delete(app->store, room_id, err) < 0)
        return -1;
    cr_doorbell_ring(&app->doorbell, room_id);
    return cr_answer_done(res);
}
