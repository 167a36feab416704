#include "base/clock.h"
#include "base/limits.h"
#include "fcgi/handlers/common.h"
#include "fcgi/handlers/handlers.h"
#include "proto/secret.h"

#include <string.h>

struct invitation_body {
    int role; /* index into cr_grant_role_names */
    int64_t expires_in;
};
static const struct cr_json_field fields[] = {
    CR_JSON_ENUM("role", struct invitation_body, role, cr_grant_role_names, CR_JSON_REQUIRED),
    CR_JSON_INT("expires_in", struct invitation_body, expires_in, 300, 2592000, 0), CR_JSON_END};
static const struct invitation_body defaults = {0, 604800};
const struct cr_body_table cr_body_invitation = {fields, sizeof(struct invitation_body), &defaults};

static void put_invitation(struct cr_json_out *w, const struct cr_grant *g)
{
    cr_json_put_str(w, "id", g->id);
    cr_json_put_str(w, "role", cr_role_name(g->role));
    cr_json_put_str(w, "created_by", g->created_by);
    cr_json_put_int(w, "created_at", g->created_ms);
    cr_json_put_int(w, "expires_at", g->expires_ms);
}

int cr_on_invitations(struct cr_app *app, struct cr_request *req, struct cr_response *res,
                      struct cr_error *err)
{
    return cr_answer_grants(app, req, CR_GRANT_INVITATION, "invitations", NULL, put_invitation, res,
                            err);
}

static char *join_url(const struct cr_config *c, const char *secret)
{
    size_t len = strlen(c->http_public_url);

    while (len > 0 && c->http_public_url[len - 1] == '/')
        len--;
    return cr_asprintf("%.*s%sjoin/%s", (int)len, c->http_public_url, c->http_base_path, secret);
}

int cr_on_invitation_create(struct cr_app *app, struct cr_request *req, struct cr_response *res,
                            struct cr_error *err)
{
    const struct invitation_body *in = req->body;
    const char *room_id = cr_request_param(req, "room");
    struct cr_grant g = {.label = (char[]){""}}; /* borrowed, never cleared */
    char secret[CR_SECRET_SIZE], hash[CR_SHA256_HEX_SIZE];
    cr_auto_free char *url = NULL;

    if (cr_check_grant_count(app, room_id, CR_GRANT_INVITATION, CR_LIMIT_INVITATIONS_PER_ROOM,
                             "links", err) < 0)
        return -1;
    cr_id_new(g.id);
    memcpy(g.room_id, room_id, CR_ID_SIZE);
    memcpy(g.created_by, req->user_id, CR_ID_SIZE);
    g.role = cr_grant_role(in->role);
    g.created_ms = cr_wall_ms();
    g.expires_ms = g.created_ms + in->expires_in * 1000;
    cr_random_secret(secret);
    cr_secret_hash(secret, hash);
    if (cr_store_grant_insert(app->store, CR_GRANT_INVITATION, &g, hash, err) < 0)
        return -1;
    url = join_url(app->config, secret);
    res->status = 201;
    cr_json_open_object(&res->json, NULL);
    put_invitation(&res->json, &g);
    cr_json_put_str(&res->json, "url", url);
    cr_json_put_str(&res->json, "token", secret);
    cr_json_close(&res->json);
    return 0;
}

int cr_on_invitation_delete(struct cr_app *app, struct cr_request *req, struct cr_response *res,
                            struct cr_error *err)
{
    if (cr_store_grant_delete(app->store, CR_GRANT_INVITATION, cr_request_param(req, "room"),
                              cr_request_param(req, "invitation"), err) < 0)
        return -1;
    return cr_answer_done(res);
}

static int find(struct cr_app *app, const struct cr_request *req, struct cr_grant *out,
                struct cr_error *err)
{
    char hash[CR_SHA256_HEX_SIZE];

    cr_secret_hash(cr_request_param(req, "token"), hash);
    if (cr_store_grant_by_hash(app->store, CR_GRANT_INVITATION, hash, cr_wall_ms(), out, err) == 0)
        return 0;
    if (err->code == CR_ERR_NOT_FOUND)
        cr_fail(err, CR_ERR_NOT_FOUND, "This link has expired or was withdrawn.");
    return -1;
}

/* The name of who made the link; "" when the account is gone. */
static int inviter_name(struct cr_app *app, const char *user_id, char **out, struct cr_error *err)
{
    struct cr_user u = {0};
    struct cr_error gone = CR_ERROR_INIT;

    if (cr_store_user_by_id(app->store, user_id, &u, &gone) < 0 && gone.code != CR_ERR_NOT_FOUND) {
        *err = gone;
        return -1;
    }
    *out = cr_strdup(u.name ? u.name : "");
    cr_user_clear(&u);
    return 0;
}

int cr_on_invitation_get(struct cr_app *app, struct cr_request *req, struct cr_response *res,
                         struct cr_error *err)
{
    struct cr_grant g = {0};
    struct cr_room room = {0};
    cr_auto_free char *inviter = NULL;
    int rc = find(app, req, &g, err);

    if (rc == 0)
        rc = cr_store_room_get(app->store, g.room_id, &room, err);
    if (rc == 0)
        rc = inviter_name(app, g.created_by, &inviter, err);
    if (rc == 0) {
        cr_json_open_object(&res->json, NULL);
        cr_json_put_str(&res->json, "room_name", room.name);
        cr_json_put_str(&res->json, "role", cr_role_name(g.role));
        cr_json_put_str(&res->json, "invited_by", inviter);
        cr_json_put_int(&res->json, "expires_at", g.expires_ms);
        cr_json_close(&res->json);
    }
    cr_room_clear(&room);
    cr_grant_clear(&g);
    return rc;
}

static int accept_grant(struct cr_app *app, const struct cr_grant *g, const char *user_id,
                        struct cr_response *res, struct cr_error *err)
{
    enum cr_role role;

    if (cr_store_member_put(app->store, g->room_id, user_id, g->role, true, cr_wall_ms(), err) < 0)
        return -1;
    cr_doorbell_ring(&app->doorbell, g->room_id);
    if (cr_store_member_role(app->store, g->room_id, user_id, &role, err) < 0)
        return -1;
    return cr_answer_room(app, g->room_id, role, res, err);
}

int cr_on_invitation_accept(struct cr_app *app, struct cr_request *req, struct cr_response *res,
                            struct cr_error *err)
{
    struct cr_grant g = {0};
    struct cr_room room = {0};
    int rc = find(app, req, &g, err);

    /* The room first: a membership of a room that is gone would stay for ever. */
    if (rc == 0)
        rc = cr_store_room_get(app->store, g.room_id, &room, err);
    if (rc == 0)
        rc = accept_grant(app, &g, req->user_id, res, err);
    cr_room_clear(&room);
    cr_grant_clear(&g);
    return rc;
}
