/* What several handlers share. */
#ifndef CR_FCGI_HANDLERS_COMMON_H
#define CR_FCGI_HANDLERS_COMMON_H

#include "fcgi/routes.h"

/* Stored form of a name for people: NFC, no blanks at its ends. Owned by the caller; NULL with the
 * field named when nothing is left of it or it is too long. */
char *cr_name_check(const char *field, const char *name, struct cr_error *err);

void cr_put_room(struct cr_json_out *w, const struct cr_room *r, enum cr_role role);
/* Read the room and answer it with the caller's role. */
int cr_answer_room(struct cr_app *app, const char *room_id, enum cr_role role,
                   struct cr_response *res, struct cr_error *err);
int cr_answer_done(struct cr_response *res); /* 204; returns 0 */

/* Withdraw the links and tokens that somebody made and may no longer give: all of them when role is
 * CR_ROLE_NONE, else those above role; invitations stay with owners only. */
int cr_withdraw_grants(struct cr_app *app, const char *room_id, const char *user_id,
                       enum cr_role role, struct cr_error *err);

/* Answer {name: [grants]} of the room, each written by put; visible (NULL: all are) chooses. */
int cr_answer_grants(struct cr_app *app, const struct cr_request *req, enum cr_grant_kind kind,
                     const char *name,
                     bool (*visible)(const struct cr_request *req, const struct cr_grant *g),
                     void (*put)(struct cr_json_out *w, const struct cr_grant *g),
                     struct cr_response *res, struct cr_error *err);
/* LIMIT when the room has most of them: the store's own words name no kind. */
int cr_check_grant_count(struct cr_app *app, const char *room_id, enum cr_grant_kind kind,
                         size_t most, const char *kind_name, struct cr_error *err);

/* Roles that a link or token can give, for CR_JSON_ENUM. */
extern const char *const cr_grant_role_names[];
enum cr_role cr_grant_role(int index);

/* Write text as the first batch of a new document. author: a user's id, or "" when nobody wrote it.
 * Errors: INVALID (field "content"). */
int cr_doc_start(struct cr_app *app, const char *room_id, const char *file_id, const char *author,
                 const char *text, struct cr_error *err);

#endif
