#include "ws/join.h"

#include "base/clock.h"
#include "base/limits.h"
#include "log/log.h"
#include "proto/secret.h"
#include "ws/lease.h"
#include "ws/room.h"
#include "ws/service.h"

#include <stdio.h>

/* A ticket is remembered as used for longer than any clock would still take it. */
#define REQUEST_ID_BYTES 64
#define TICKET_MEMORY_MS (2 * 60 * 1000 + 2 * CR_TOKEN_SKEW_S * 1000)

#define OWNER_WAIT_MS 4000 /* a dead owner is known to be dead before */

struct join {
    struct cr_hub *hub;
    struct cr_conn *conn; /* NULL: it went away meanwhile */
    struct cr_store *store;
    const struct cr_token_verifier *verifier;
    enum cr_socket_kind kind;
    bool is_token;
    char *secret; /* owned; small: a crowd may wait here at once */
    char ticket_id[sizeof((struct cr_token_claims *)NULL)->jti];
    struct cr_access access;
    struct cr_lease *lease; /* NULL: the room is here, or this process owns all */
    uint64_t life;          /* of the lease, when it was asked */
    int64_t start_ms;
    bool known; /* who asks and what he may do; asked once */
    bool used;  /* the ticket is */
    bool wait;  /* the room's owner may be dead */
    bool ok;
    struct cr_error err;
};

struct cr_waiting_join {
    struct cr_waiting_join *next;
    struct join *join;
};

static void join_free(struct join *j)
{
    cr_wipe(j->secret, strlen(j->secret));
    free(j->secret);
    free(j);
}

/* ---- on a worker ---- */

static int check_ticket(struct join *j)
{
    struct cr_token_claims claims;

    if (cr_token_verify(j->verifier, CR_TOKEN_AUD_WS, j->secret, cr_wall_ms(), &claims, &j->err) <
        0)
        return -1;
    if (strcmp(claims.room, j->access.room_id) != 0)
        return cr_fail(&j->err, CR_ERR_UNAUTHORIZED, "the ticket is for another room");
    if (!cr_id_is_valid(claims.sub) || claims.jti[0] == '\0')
        return cr_fail(&j->err, CR_ERR_UNAUTHORIZED, "the ticket names nobody");
    memcpy(j->access.user_id, claims.sub, CR_ID_SIZE);
    memcpy(j->ticket_id, claims.jti, sizeof j->ticket_id);
    return 0;
}

/* Without the database: most of what is no ticket or token ends here. */
static int check_secret(struct join *j)
{
    if (!j->is_token)
        return check_ticket(j);
    if (!cr_room_token_is_wellformed(j->secret))
        return cr_fail(&j->err, CR_ERR_UNAUTHORIZED, "that is no room token");
    return 0;
}

static int read_member(struct join *j)
{
    struct cr_user user = {0};

    if (cr_store_member_role(j->store, j->access.room_id, j->access.user_id, &j->access.role,
                             &j->err) < 0)
        return -1;
    if (j->access.role == CR_ROLE_NONE)
        return cr_fail(&j->err, CR_ERR_FORBIDDEN, "you are no member of this room");
    if (cr_store_user_by_id(j->store, j->access.user_id, &user, &j->err) < 0) {
        if (j->err.code == CR_ERR_NOT_FOUND)
            return cr_fail(&j->err, CR_ERR_UNAUTHORIZED, "there is no such account any more");
        return -1;
    }
    snprintf(j->access.name, sizeof j->access.name, "%s", user.name);
    cr_user_clear(&user);
    return 0;
}

static int read_token(struct join *j)
{
    struct cr_grant grant = {0};
    char hash[CR_SHA256_HEX_SIZE];
    int rc = 0;

    cr_secret_hash(j->secret, hash);
    if (cr_store_grant_by_hash(j->store, CR_GRANT_TOKEN, hash, cr_wall_ms(), &grant, &j->err) < 0) {
        if (j->err.code == CR_ERR_NOT_FOUND)
            return cr_fail(&j->err, CR_ERR_UNAUTHORIZED, "the room token is not or no longer good");
        return -1;
    }
    if (strcmp(grant.room_id, j->access.room_id) != 0)
        rc = cr_fail(&j->err, CR_ERR_UNAUTHORIZED, "the room token is for another room");
    memcpy(j->access.grant_id, grant.id, CR_ID_SIZE);
    snprintf(j->access.name, sizeof j->access.name, "%s",
             grant.label && *grant.label ? grant.label : "script");
    j->access.role = grant.role;
    j->access.expires_ms = grant.expires_ms;
    cr_grant_clear(&grant);
    return rc;
}

/* Who asks, and what may he do in a room that there is? */
static int know(struct join *j)
{
    if (check_secret(j) < 0)
        return -1;
    /* Before the role: a change that comes between is then seen by the room's watch. */
    if (cr_store_room_revs(j->store, (const char(*)[CR_ID_SIZE]) & j->access.room_id, 1,
                           &j->access.rev, &j->err) < 0)
        return -1;
    if (j->access.rev == 0)
        return cr_fail(&j->err, CR_ERR_NOT_FOUND, "there is no such room");
    if ((j->is_token ? read_token(j) : read_member(j)) < 0)
        return -1;
    j->known = true;
    return 0;
}

static int own_room(struct join *j)
{
    char address[CR_PROCESS_ADDRESS_SIZE] = "";
    int answer;

    if (!j->lease)
        return 0;
    answer = cr_lease_take(j->lease, j->access.room_id, j->start_ms, &j->access.epoch,
                           &j->access.fence, address, &j->err);
    j->wait = answer == CR_LEASE_WAIT;
    if (answer == CR_LEASE_OTHERS)
        return cr_fail(&j->err, CR_ERR_UNAVAILABLE, "another server has the room");
    return answer == CR_LEASE_OURS ? 0 : -1;
}

static int use_ticket(struct join *j)
{
    if (j->is_token || j->used)
        return 0;
    if (cr_store_use_once(j->store, j->ticket_id, cr_wall_ms() + TICKET_MEMORY_MS, &j->err) < 0) {
        if (j->err.code == CR_ERR_CONFLICT)
            return cr_fail(&j->err, CR_ERR_UNAUTHORIZED, "the ticket was used before");
        return -1;
    }
    j->used = true;
    return 0;
}

/* The room is owned only for who may come in, so nobody else moves rooms or makes owners of rooms
 * that are not there. The ticket is used up last: when the room is elsewhere it is needed again. */
static int check(struct join *j)
{
    if (!j->known && know(j) < 0)
        return -1;
    return own_room(j) < 0 ? -1 : use_ticket(j);
}

static void check_work(void *worker, void *job)
{
    struct join *j = job;

    (void)worker;
    j->ok = check(j) == 0;
}

/* ---- on the loop ---- */

static void refuse(struct cr_conn *c, const struct cr_error *err)
{
    bool is_public = cr_error_is_public(err->code);

    cr_log(is_public ? CR_LOG_INFO : CR_LOG_WARN, "socket refused", CR_S("req", c->request_id),
           CR_S("code", cr_error_wire(err->code)), CR_S("error", err->message));
    if (is_public && err->field[0])
        cr_conn_close(c, err->code, "%s %s", err->field, err->message);
    else
        cr_conn_close(c, err->code, "%s",
                      is_public ? err->message : cr_error_public_text(err->code));
}

static void wait_for_owner(struct join *j)
{
    struct cr_waiting_join *w = cr_malloc(sizeof *w);

    w->join = j;
    w->next = j->hub->waiting_joins;
    j->hub->waiting_joins = w;
}

/* The room was here when the check began, and has been given up since. */
static bool was_given_up(const struct join *j)
{
    return j->hub->lease && !j->lease && !cr_hub_find(j->hub, j->access.room_id);
}

/* This process was taken for dead since: what it was given then is another's by now. */
static bool is_outdated(const struct join *j)
{
    return j->lease && j->life != j->lease->life;
}

static void check_done(void *job)
{
    struct join *j = job;

    if (j->ok && is_outdated(j))
        j->wait = true;
    if (j->wait && j->conn && !j->conn->closing && !j->hub->draining) {
        wait_for_owner(j);
        return;
    }
    if (j->conn && !j->conn->closing) {
        if (j->ok && j->hub->draining)
            j->ok = cr_fail(&j->err, CR_ERR_RESTART, "the server restarts") == 0;
        if (j->ok && was_given_up(j))
            j->ok = cr_fail(&j->err, CR_ERR_UNAVAILABLE, "the room was just closed") == 0;
        if (j->ok)
            cr_room_join(j->hub, j->conn, j->kind, &j->access);
        else
            refuse(j->conn, &j->err);
    }
    if (j->conn && j->conn->ctx == j)
        j->conn->ctx = NULL;
    join_free(j);
}

static void no_message(struct cr_conn *c, bool text, const uint8_t *data, size_t len)
{
    (void)c, (void)text, (void)data, (void)len; /* held, or the connection closes */
}

static void waiting_closed(struct cr_conn *c)
{
    struct join *j = c->ctx;

    if (j)
        j->conn = NULL;
}

static const struct cr_conn_user waiting_user = {no_message, waiting_closed};

static int admit(struct cr_hub *hub, const struct cr_address *a, const struct cr_handshake *h,
                 struct cr_error *err)
{
    if (hub->draining)
        return cr_fail(err, CR_ERR_RESTART, "the server restarts");
    if (a->secret[0] == '\0')
        return cr_fail(err, CR_ERR_UNAUTHORIZED, "a ticket or a room token is needed");
    if (!a->is_token && !cr_origin_is_ours(h->origin, h->host, hub->o.public_origin))
        return cr_fail(err, CR_ERR_FORBIDDEN, "wrong origin");
    return 0;
}

static bool submit(struct join *j)
{
    j->wait = false;
    j->err = (struct cr_error)CR_ERROR_INIT;
    j->lease = cr_hub_find(j->hub, j->access.room_id) ? NULL : j->hub->lease;
    if (j->lease && !j->lease->registered) { /* nobody knows us yet */
        wait_for_owner(j);
        return true;
    }
    j->life = j->lease ? j->lease->life : 0;
    return cr_hub_submit(j->hub, check_work, check_done, j);
}

static int start(struct cr_hub *hub, struct cr_conn *conn, const struct cr_address *a,
                 struct cr_error *err)
{
    struct join *j = cr_calloc(1, sizeof *j);

    j->hub = hub;
    j->start_ms = cr_mono_ms();
    j->conn = conn;
    j->store = hub->store;
    j->verifier = hub->o.verifier;
    j->kind = a->kind;
    j->is_token = a->is_token;
    j->secret = cr_strdup(a->secret);
    memcpy(j->access.room_id, a->room_id, CR_ID_SIZE);
    memcpy(j->access.file_id, a->file_id, CR_ID_SIZE);
    j->access.want_saved = a->want_saved;
    conn->ctx = j;
    if (submit(j))
        return 0;
    conn->ctx = NULL;
    join_free(j);
    return cr_fail(err, CR_ERR_UNAVAILABLE, "too much database work waits");
}

static void join_again(struct join *j)
{
    if (j->conn && !j->conn->closing && !j->hub->draining &&
        cr_mono_ms() - j->start_ms < OWNER_WAIT_MS && submit(j))
        return;
    j->wait = j->ok = false;
    cr_fail(&j->err, CR_ERR_UNAVAILABLE, "the server cannot take the room now");
    check_done(j);
}

void cr_join_retry(struct cr_hub *hub)
{
    struct cr_waiting_join *list = hub->waiting_joins;

    hub->waiting_joins = NULL;
    while (list) {
        struct cr_waiting_join *w = list;

        list = w->next;
        join_again(w->join);
        free(w);
    }
}

bool cr_join_is_elsewhere(struct cr_hub *hub, const char *path,
                          char address[CR_PROCESS_ADDRESS_SIZE])
{
    struct cr_address a;

    address[0] = '\0';
    if (!hub->lease || cr_address_parse(path, "", &a, NULL) < 0 || a.kind == CR_SOCKET_SERVICE)
        return false;
    if (hub->draining)
        return true;
    return !cr_hub_find(hub, a.room_id) && cr_lease_is_others(hub->lease, a.room_id, address);
}

void cr_join(struct cr_hub *hub, struct cr_conn *conn, const struct cr_handshake *h)
{
    struct cr_address a;
    struct cr_error err = CR_ERROR_INIT;

    if (h->request_id[0])
        conn->request_id = cr_strndup(h->request_id, strnlen(h->request_id, REQUEST_ID_BYTES));
    conn->user = &waiting_user;
    conn->ctx = NULL;
    if (cr_address_parse(h->path, h->query, &a, &err) < 0) {
        refuse(conn, &err);
        return;
    }
    if (a.kind == CR_SOCKET_SERVICE) {
        if (cr_service_attach(hub, conn, h->authorization, &err) < 0)
            refuse(conn, &err);
        return;
    }
    cr_conn_hold(conn);
    if (admit(hub, &a, h, &err) < 0 || start(hub, conn, &a, &err) < 0)
        refuse(conn, &err);
}
