/* The handlers and the tables of what they take, for fcgi/routes.c. */
#ifndef CR_FCGI_HANDLERS_H
#define CR_FCGI_HANDLERS_H

#include "fcgi/routes.h"

/* auth.c */
extern const struct cr_body_table cr_body_sign_up, cr_body_sign_in;
cr_handler cr_on_sign_up, cr_on_sign_in, cr_on_refresh, cr_on_sign_out, cr_on_me;

/* rooms.c */
extern const struct cr_query_table cr_query_rooms;
extern const struct cr_body_table cr_body_room_create, cr_body_room_rename;
cr_handler cr_on_rooms, cr_on_room_create, cr_on_room_get, cr_on_room_rename, cr_on_room_delete;

/* members.c */
extern const struct cr_body_table cr_body_member_role;
cr_handler cr_on_members, cr_on_member_role, cr_on_member_remove;

/* invitations.c */
extern const struct cr_body_table cr_body_invitation;
cr_handler cr_on_invitations, cr_on_invitation_create, cr_on_invitation_delete,
    cr_on_invitation_get, cr_on_invitation_accept;

/* tokens.c */
extern const struct cr_body_table cr_body_token;
cr_handler cr_on_ticket, cr_on_tokens, cr_on_token_create, cr_on_token_delete;

/* files.c */
extern const struct cr_body_table cr_body_file_create, cr_body_file_move;
cr_handler cr_on_files, cr_on_file_create, cr_on_file_move, cr_on_file_delete;

/* history.c */
extern const struct cr_query_table cr_query_history, cr_query_moment;
cr_handler cr_on_history, cr_on_history_get;

/* runs.c */
extern const struct cr_query_table cr_query_runs;
cr_handler cr_on_runs, cr_on_run_get;

/* languages.c */
cr_handler cr_on_languages;

#endif
