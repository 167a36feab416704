/* On the loop: who comes is let in, closed with a reason, or waits for what is asked. */
#include "base/clock.h"
#include "crypt/crypt.h"
#include "log/log.h"
#include "ws/join_internal.h"
#include "ws/room.h"
#include "ws/service.h"

#define REQUEST_ID_BYTES 64
#define OWNER_WAIT_MS 4000 /* a dead owner is known to be dead before */

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

static void check_work(void *worker, void *job)
{
    struct join *j = job;

    (void)worker;
    j->ok = join_check(j) == 0;
}

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
