#include "base/clock.h"
#include "base/limits.h"
#include "fcgi/handlers/common.h"
#include "fcgi/handlers/handlers.h"
#include "proto/secret.h"

#include <stdio.h>
#include <string.h>

#define TICKET_TTL_S 30 /* time to open a socket, with a slow network and a retry */

struct token_body {
    const char *label;
    int role; /* index into cr_grant_role_names */
    int64_t expires_in;
};
static const struct cr_json_field fields[] = {
    CR_JSON_STR("label", struct token_body, label, 1, CR_LIMIT_NAME_CHARS,
                CR_JSON_REQUIRED | CR_JSON_CHARS | CR_JSON_LINE),
    CR_JSON_ENUM("role", struct token_body, role, cr_grant_role_names, CR_JSON_REQUIRED),
    CR_JSON_INT("expires_in", struct token_body, expires_in, 300, 604800, 0), CR_JSON_END};
static const struct token_body defaults = {NULL, 0, 28800};
const struct cr_body_table cr_body_token = {fields, sizeof(struct token_body), &defaults};

int cr_on_ticket(struct cr_app *app, struct cr_request *req, struct cr_response *res,
                 struct cr_error *err)
{
    struct cr_token_claims claims = {0};
    cr_auto_free char *ticket = NULL;

    memcpy(claims.sub, req->user_id, CR_ID_SIZE);
    memcpy(claims.room, cr_request_param(req, "room"), CR_ID_SIZE);
    ticket = cr_token_sign(app->signer, CR_TOKEN_AUD_WS, &claims, TICKET_TTL_S * 1000, err);
    if (!ticket)
        return -1;
    cr_json_open_object(&res->json, NULL);
    cr_json_put_str(&res->json, "ticket", ticket);
    cr_json_put_int(&res->json, "expires_in", TICKET_TTL_S);
    cr_json_close(&res->json);
    return 0;
}

static void put_token(struct cr_json_out *w, const struct cr_grant *g)
{
    cr_json_put_str(w, "id", g->id);
    cr_json_put_str(w, "label", g->label ? g->label : "");
    cr_json_put_str(w, "role", cr_role_name(g->role));
    cr_json_put_str(w, "created_by", g->created_by);
    cr_json_put_int(w, "created_at", g->created_ms);
    cr_json_put_int(w, "expires_at", g->expires_ms);
}

/* Owners see every token of the room, others their own. */
static bool is_visible(const struct cr_request *req, const struct cr_grant *g)
{
    return req->role == CR_ROLE_OWNER || strcmp(g->created_by, req->user_id) == 0;
}

int cr_on_tokens(struct cr_app *app, struct cr_request *req, struct cr_response *res,
                 struct cr_error *err)
{
    return cr_answer_grants(app, req, CR_GRANT_TOKEN, "tokens", is_visible, put_token, res, err);
}

static int insert_token(struct cr_app *app, const struct cr_request *req, struct cr_grant *g,
                        const char *token, struct cr_error *err)
{
    const struct token_body *in = req->body;
    char hash[CR_SHA256_HEX_SIZE];

    g->label = cr_name_check("label", in->label, err);
    if (!g->label)
        return -1;
    cr_id_new(g->id);
    memcpy(g->room_id, cr_request_param(req, "room"), CR_ID_SIZE);
    memcpy(g->created_by, req->user_id, CR_ID_SIZE);
    g->role = cr_grant_role(in->role);
    g->created_ms = cr_wall_ms();
    g->expires_ms = g->created_ms + in->expires_in * 1000;
    cr_secret_hash(token, hash);
    return cr_store_grant_insert(app->store, CR_GRANT_TOKEN, g, hash, err);
}

int cr_on_token_create(struct cr_app *app, struct cr_request *req, struct cr_response *res,
                       struct cr_error *err)
{
    struct cr_grant g = {0};
    char secret[CR_SECRET_SIZE], token[CR_ROOM_TOKEN_SIZE];
    int rc;

    if (cr_check_grant_count(app, cr_request_param(req, "room"), CR_GRANT_TOKEN,
                             CR_LIMIT_TOKENS_PER_ROOM, "tokens", err) < 0)
        return -1;
    cr_random_secret(secret);
    snprintf(token, sizeof(token), CR_ROOM_TOKEN_PREFIX "%s", secret);
    rc = insert_token(app, req, &g, token, err);
    if (rc == 0) {
        res->status = 201;
        cr_json_open_object(&res->json, NULL);
        put_token(&res->json, &g);
        cr_json_put_str(&res->json, "token", token);
        cr_json_close(&res->json);
    }
    cr_grant_clear(&g);
    return rc;
}

/* An editor's eyes end at his own tokens. */
static int check_visible(struct cr_app *app, const struct cr_request *req, struct cr_error *err)
{
    struct cr_grant_list list = {0};
    const char *id = cr_request_param(req, "token");
    bool found = false;

    if (cr_store_grant_list(app->store, CR_GRANT_TOKEN, cr_request_param(req, "room"), cr_wall_ms(),
                            &list, err) < 0)
        return -1;
    for (size_t i = 0; i < list.count; i++)
        found = found || (strcmp(list.items[i].id, id) == 0 && is_visible(req, &list.items[i]));
    cr_grant_list_clear(&list);
    return found ? 0 : cr_fail(err, CR_ERR_NOT_FOUND, "no such token");
}

int cr_on_token_delete(struct cr_app *app, struct cr_request *req, struct cr_response *res,
                       struct cr_error *err)
{
    const char *room_id = cr_request_param(req, "room");

    if (check_visible(app, req, err) < 0 ||
        cr_store_grant_delete(app->store, CR_GRANT_TOKEN, room_id, cr_request_param(req, "token"),
                              err) < 0)
        return -1;
    cr_doorbell_ring(&app->doorbell, room_id);
    return cr_answer_done(res);
}
