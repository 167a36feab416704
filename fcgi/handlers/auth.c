#include "base/clock.h"
#include "base/limits.h"
#include "crypt/crypt.h"
#include "fcgi/credentials.h"
#include "fcgi/handlers/common.h"
#include "fcgi/handlers/handlers.h"
#include "fcgi/http/cookie.h"
#include "monitor/metric.h"
#include "proto/secret.h"

#include <string.h>

struct sign_up {
    const char *email;
    const char *name;
    const char *password;
};

static const struct cr_json_field sign_up_fields[] = {
    CR_JSON_STR("email", struct sign_up, email, 3, CR_LIMIT_EMAIL_BYTES,
                CR_JSON_REQUIRED | CR_JSON_LINE),
    CR_JSON_STR("name", struct sign_up, name, 1, CR_LIMIT_NAME_CHARS,
                CR_JSON_REQUIRED | CR_JSON_CHARS | CR_JSON_LINE),
    CR_JSON_STR("password", struct sign_up, password, 1, CR_LIMIT_PASSWORD_MAX_BYTES,
                CR_JSON_REQUIRED),
    CR_JSON_END};

static const struct cr_json_field sign_in_fields[] = {
    CR_JSON_STR("email", struct sign_up, email, 3, CR_LIMIT_EMAIL_BYTES,
                CR_JSON_REQUIRED | CR_JSON_LINE),
    CR_JSON_STR("password", struct sign_up, password, 1, CR_LIMIT_PASSWORD_MAX_BYTES,
                CR_JSON_REQUIRED),
    CR_JSON_END};

const struct cr_body_table cr_body_sign_up = {sign_up_fields, sizeof(struct sign_up), NULL};
const struct cr_body_table cr_body_sign_in = {sign_in_fields, sizeof(struct sign_up), NULL};

static void put_user(struct cr_json_out *w, const struct cr_user *u)
{
    cr_json_open_object(w, "user");
    cr_json_put_str(w, "id", u->id);
    cr_json_put_str(w, "email", u->email);
    cr_json_put_str(w, "name", u->name);
    cr_json_put_int(w, "created_at", u->created_ms);
    cr_json_close(w);
}

static void set_cookie(struct cr_response *res, const struct cr_refresh_token *t, int64_t ttl_ms)
{
    char value[CR_REFRESH_COOKIE_MAX];

    cr_cookie_format(t, ttl_ms / 1000, value);
    cr_response_header(res, "Set-Cookie", value);
}

/* The answer of everything that signs somebody in; from here on the request is that person's. */
static int answer_signed_in(struct cr_app *app, struct cr_request *req, const struct cr_user *u,
                            const struct cr_refresh_token *t, struct cr_response *res,
                            struct cr_error *err)
{
    struct cr_token_claims claims = {0};
    int64_t ttl_ms = app->config->auth_access_ttl_ms;
    cr_auto_free char *token = NULL;

    memcpy(req->user_id, u->id, CR_ID_SIZE);
    memcpy(claims.sub, u->id, CR_ID_SIZE);
    token = cr_token_sign(app->signer, CR_TOKEN_AUD_API, &claims, ttl_ms, err);
    if (!token)
        return -1;
    set_cookie(res, t, app->config->auth_refresh_ttl_ms);
    cr_json_open_object(&res->json, NULL);
    put_user(&res->json, u);
    cr_json_put_str(&res->json, "access_token", token);
    cr_json_put_int(&res->json, "expires_in", ttl_ms / 1000);
    cr_json_close(&res->json);
    return 0;
}

static int start_session(struct cr_app *app, struct cr_request *req, const struct cr_user *u,
                         struct cr_response *res, struct cr_error *err)
{
    struct cr_refresh_token t;
    struct cr_session se = {0};

    cr_id_new(t.family);
    cr_random_secret(t.secret);
    memcpy(se.id, t.family, CR_ID_SIZE);
    memcpy(se.user_id, u->id, CR_ID_SIZE);
    cr_secret_hash(t.secret, se.token_hash);
    se.expires_ms = cr_wall_ms() + app->config->auth_refresh_ttl_ms;
    if (cr_store_session_insert(app->store, &se, err) < 0)
        return -1;
    return answer_signed_in(app, req, u, &t, res, err);
}

static struct cr_metric *hashing(void)
{
    return cr_metric_gauge("coderoom_api_password_hashes",
                           "Passwords being hashed or waiting for their turn.", "");
}

static int insert_user(struct cr_app *app, struct cr_user *u, const char *password,
                       struct cr_error *err)
{
    int rc;

    cr_metric_add(hashing(), 1);
    rc = cr_hasher_hash(app->hasher, password, &u->password_hash, err);
    cr_metric_add(hashing(), -1);
    if (rc < 0)
        return -1;
    cr_id_new(u->id);
    u->created_ms = cr_wall_ms();
    if (cr_store_user_insert(app->store, u, err) == 0)
        return 0;
    if (err->code == CR_ERR_CONFLICT)
        cr_fail_field(err, CR_ERR_CONFLICT, "email", "there is an account with this address");
    return -1;
}

int cr_on_sign_up(struct cr_app *app, struct cr_request *req, struct cr_response *res,
                  struct cr_error *err)
{
    const struct sign_up *in = req->body;
    cr_auto_free char *password = cr_password_normal(in->password);
    struct cr_user u = {0};
    int rc = -1;

    u.email = cr_email_check(in->email, err);
    u.name = u.email ? cr_name_check("name", in->name, err) : NULL;
    if (u.name && password && cr_password_check(password, u.email, u.name, err) == 0 &&
        insert_user(app, &u, password, err) == 0)
        rc = start_session(app, req, &u, res, err);
    if (rc == 0)
        res->status = 201;
    cr_user_clear(&u);
    if (password)
        cr_wipe(password, strlen(password));
    return rc;
}

/* Unknown address and wrong password: the same answer after the same work. */
static int find_user(struct cr_app *app, const char *email, const char *password,
                     struct cr_user *out, struct cr_error *err)
{
    struct cr_error missing = CR_ERROR_INIT;
    bool ok = false;
    int rc;

    if (cr_store_user_by_email(app->store, email, out, &missing) < 0 &&
        missing.code != CR_ERR_NOT_FOUND) {
        *err = missing;
        return -1;
    }
    cr_metric_add(hashing(), 1);
    rc = cr_hasher_verify(app->hasher, out->password_hash, password, &ok, err);
    cr_metric_add(hashing(), -1);
    if (rc < 0)
        return -1;
    if (!ok)
        return cr_fail(err, CR_ERR_UNAUTHORIZED, "The e-mail address or the password is wrong.");
    return 0;
}

int cr_on_sign_in(struct cr_app *app, struct cr_request *req, struct cr_response *res,
                  struct cr_error *err)
{
    const struct sign_up *in = req->body;
    cr_auto_free char *email = cr_email_check(in->email, err);
    cr_auto_free char *password = cr_password_normal(in->password);
    struct cr_user u = {0};
    int rc = -1;

    if (!email || !password)
        return -1;
    if (!cr_rate_take(app->rate, "account", email, app->config->limits_signins_per_minute,
                      cr_mono_ms(), &req->retry_after_s))
        return cr_fail(err, CR_ERR_RATE, "Too many attempts for this address: wait a little.");
    if (find_user(app, email, password, &u, err) == 0)
        rc = start_session(app, req, &u, res, err);
    cr_user_clear(&u);
    cr_wipe(password, strlen(password));
    return rc;
}

int cr_on_refresh(struct cr_app *app, struct cr_request *req, struct cr_response *res,
                  struct cr_error *err)
{
    struct cr_refresh_token old, next;
    struct cr_session se = {0};
    struct cr_user u = {0};
    char old_hash[CR_SHA256_HEX_SIZE], next_hash[CR_SHA256_HEX_SIZE];
    int64_t now_ms = cr_wall_ms();
    bool reused = false;
    int rc;

    if (cr_cookie_parse(req->cookie, &old, err) < 0)
        return -1;
    memcpy(next.family, old.family, sizeof(next.family));
    cr_random_secret(next.secret);
    cr_secret_hash(old.secret, old_hash);
    cr_secret_hash(next.secret, next_hash);
    if (cr_store_session_rotate(app->store, old.family, old_hash, next_hash, now_ms,
                                now_ms + app->config->auth_refresh_ttl_ms, &reused, &se, err) < 0) {
        if (reused)
            return cr_fail(err, CR_ERR_UNAUTHORIZED,
                           "This sign-in was used twice and has been ended: sign in again.");
        return -1;
    }
    rc = cr_store_user_by_id(app->store, se.user_id, &u, err);
    if (rc == 0)
        rc = answer_signed_in(app, req, &u, &next, res, err);
    else if (err->code == CR_ERR_NOT_FOUND)
        cr_fail(err, CR_ERR_UNAUTHORIZED, "the account is gone");
    cr_user_clear(&u);
    return rc;
}

/* Only who holds the secret may end the family: rotating it away proves that, and a copy that was
 * used before ends the family as well. */
int cr_on_sign_out(struct cr_app *app, struct cr_request *req, struct cr_response *res,
                   struct cr_error *err)
{
    struct cr_refresh_token t;
    struct cr_session se = {0};
    struct cr_error odd = CR_ERROR_INIT;
    char old_hash[CR_SHA256_HEX_SIZE], next_hash[CR_SHA256_HEX_SIZE], next[CR_SECRET_SIZE];
    int64_t now_ms = cr_wall_ms();
    bool reused = false;

    if (cr_cookie_parse(req->cookie, &t, &odd) == 0) {
        cr_random_secret(next);
        cr_secret_hash(t.secret, old_hash);
        cr_secret_hash(next, next_hash);
        if (cr_store_session_rotate(app->store, t.family, old_hash, next_hash, now_ms,
                                    now_ms + 1000, &reused, &se, &odd) == 0) {
            if (cr_store_session_end(app->store, t.family, err) < 0)
                return -1;
        } else if (odd.code != CR_ERR_UNAUTHORIZED) {
            *err = odd;
            return -1;
        }
    }
    set_cookie(res, NULL, 0);
    return cr_answer_done(res);
}

int cr_on_me(struct cr_app *app, struct cr_request *req, struct cr_response *res,
             struct cr_error *err)
{
    struct cr_user u = {0};

    if (cr_store_user_by_id(app->store, req->user_id, &u, err) < 0) {
        if (err->code == CR_ERR_NOT_FOUND)
            cr_fail(err, CR_ERR_UNAUTHORIZED, "the account is gone");
        return -1;
    }
    cr_json_open_object(&res->json, NULL);
    put_user(&res->json, &u);
    cr_json_close(&res->json);
    cr_user_clear(&u);
    return 0;
}
