#include "base/clock.h"
#include "fcgi/handlers/common.h"
#include "fcgi/handlers/handlers.h"

#include <string.h>

struct role_body {
    int role; /* index into role_names */
};
static const char *const role_names[] = {"viewer", "commenter", "editor", "owner", NULL};
static const struct cr_json_field role_fields[] = {
    CR_JSON_ENUM("role", struct role_body, role, role_names, CR_JSON_REQUIRED), CR_JSON_END};
const struct cr_body_table cr_body_member_role = {role_fields, sizeof(struct role_body), NULL};

static void put_member(struct cr_json_out *w, const struct cr_member *m, bool with_email)
{
    cr_json_open_object(w, NULL);
    cr_json_put_str(w, "user_id", m->user_id);
    cr_json_put_str(w, "name", m->name ? m->name : "");
    if (with_email && m->email)
        cr_json_put_str(w, "email", m->email);
    cr_json_put_str(w, "role", cr_role_name(m->role));
    cr_json_put_int(w, "created_at", m->created_ms);
    cr_json_close(w);
}

int cr_on_members(struct cr_app *app, struct cr_request *req, struct cr_response *res,
                  struct cr_error *err)
{
    struct cr_member_list list = {0};

    if (cr_store_member_list(app->store, cr_request_param(req, "room"), &list, err) < 0)
        return -1;
    cr_json_open_object(&res->json, NULL);
    cr_json_open_array(&res->json, "members");
    for (size_t i = 0; i < list.count; i++)
        put_member(&res->json, &list.items[i], req->role == CR_ROLE_OWNER);
    cr_json_close(&res->json);
    cr_json_close(&res->json);
    cr_member_list_clear(&list);
    return 0;
}

static int count_owners(struct cr_app *app, const char *room_id, size_t *out, struct cr_error *err)
{
    struct cr_member_list list = {0};

    if (cr_store_member_list(app->store, room_id, &list, err) < 0)
        return -1;
    *out = 0;
    for (size_t i = 0; i < list.count; i++)
        *out += list.items[i].role == CR_ROLE_OWNER;
    cr_member_list_clear(&list);
    return 0;
}

/* A room keeps an owner. There are no transactions, so two owners may lower each other at the same
 * moment: each looks again after its own write and takes it back when nobody is left. */
static int keep_owner(struct cr_app *app, const char *room_id, const char *user_id, size_t least,
                      bool restore, struct cr_error *err)
{
    size_t owners;

    if (count_owners(app, room_id, &owners, err) < 0)
        return -1;
    if (owners >= least)
        return 0;
    if (restore && cr_store_member_put(app->store, room_id, user_id, CR_ROLE_OWNER, true,
                                       cr_wall_ms(), err) < 0)
        return -1;
    return cr_fail(err, CR_ERR_CONFLICT,
                   "A room needs an owner: make somebody else owner first, or delete the room.");
}

static int target_role(struct cr_app *app, const char *room_id, const char *user_id,
                       enum cr_role *out, struct cr_error *err)
{
    if (cr_store_member_role(app->store, room_id, user_id, out, err) < 0)
        return -1;
    if (*out == CR_ROLE_NONE)
        return cr_fail(err, CR_ERR_NOT_FOUND, "not a member of this room");
    return 0;
}

static int answer_member(struct cr_app *app, const char *room_id, const char *user_id,
                         struct cr_response *res, struct cr_error *err)
{
    struct cr_member_list list = {0};
    bool found = false;

    if (cr_store_member_list(app->store, room_id, &list, err) < 0)
        return -1;
    for (size_t i = 0; i < list.count && !found; i++) {
        found = strcmp(list.items[i].user_id, user_id) == 0;
        if (found)
            put_member(&res->json, &list.items[i], true);
    }
    cr_member_list_clear(&list);
    return found ? 0 : cr_fail(err, CR_ERR_NOT_FOUND, "left the room meanwhile");
}

int cr_on_member_role(struct cr_app *app, struct cr_request *req, struct cr_response *res,
                      struct cr_error *err)
{
    const struct role_body *in = req->body;
    const char *room_id = cr_request_param(req, "room"), *user_id = cr_request_param(req, "user");
    enum cr_role old, role = cr_role_parse(role_names[in->role]);
    bool lowers_owner;

    if (target_role(app, room_id, user_id, &old, err) < 0)
        return -1;
    lowers_owner = old == CR_ROLE_OWNER && role < CR_ROLE_OWNER;
    if (lowers_owner && keep_owner(app, room_id, user_id, 2, false, err) < 0)
        return -1;
    if (cr_store_member_put(app->store, room_id, user_id, role, false, cr_wall_ms(), err) < 0)
        return -1;
    if (lowers_owner && keep_owner(app, room_id, user_id, 1, true, err) < 0)
        return -1;
    /* Whatever the role was: this may be the repeat of a request that failed right here. */
    if (cr_withdraw_grants(app, room_id, user_id, role, err) < 0)
        return -1;
    cr_doorbell_ring(&app->doorbell, room_id);
    return answer_member(app, room_id, user_id, res, err);
}

int cr_on_member_remove(struct cr_app *app, struct cr_request *req, struct cr_response *res,
                        struct cr_error *err)
{
    const char *room_id = cr_request_param(req, "room"), *user_id = cr_request_param(req, "user");
    enum cr_role old;

    if (req->role < CR_ROLE_OWNER && strcmp(user_id, req->user_id) != 0)
        return cr_fail(err, CR_ERR_FORBIDDEN, "Only an owner may remove others.");
    if (target_role(app, room_id, user_id, &old, err) < 0)
        return -1;
    if (old == CR_ROLE_OWNER && keep_owner(app, room_id, user_id, 2, false, err) < 0)
        return -1;
    /* Before, so that a failure leaves a member whom a repeat can remove; and after, for what he
     * made in between. */
    if (cr_withdraw_grants(app, room_id, user_id, CR_ROLE_NONE, err) < 0 ||
        cr_store_member_remove(app->store, room_id, user_id, err) < 0)
        return -1;
    if (old == CR_ROLE_OWNER && keep_owner(app, room_id, user_id, 1, true, err) < 0)
        return -1;
    if (cr_withdraw_grants(app, room_id, user_id, CR_ROLE_NONE, err) < 0)
        return -1;
    cr_doorbell_ring(&app->doorbell, room_id);
    return cr_answer_done(res);
}
