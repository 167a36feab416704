/* Who asks, and what may he do? On a worker. */
#include "base/clock.h"
#include "proto/secret.h"
#include "ws/join_internal.h"

#include <stdio.h>

/* A ticket is remembered as used for longer than any clock would still take it. */
#define TICKET_MEMORY_MS (2 * 60 * 1000 + 2 * CR_TOKEN_SKEW_S * 1000)

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
int join_check(struct join *j)
{
    if (!j->known && know(j) < 0)
        return -1;
    return own_room(j) < 0 ? -1 : use_ticket(j);
}
