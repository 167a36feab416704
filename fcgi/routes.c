#include "fcgi/routes.h"

#include "fcgi/handlers/handlers.h"
#include "fcgi/http/router.h"

/* clang-format off */
const struct cr_route cr_routes[] = {
    /* method    path                                          name                access            limits           query           body                     handler */
    {CR_POST,   "/auth/sign-up",                              "signUp",           CR_ACCESS_ANYONE, CR_RATE_SIGN_IN, NULL,           &cr_body_sign_up,        cr_on_sign_up},
    {CR_POST,   "/auth/sign-in",                              "signIn",           CR_ACCESS_ANYONE, CR_RATE_SIGN_IN, NULL,           &cr_body_sign_in,        cr_on_sign_in},
    {CR_POST,   "/auth/refresh",                              "refresh",          CR_ACCESS_COOKIE, CR_RATE_ACCOUNT, NULL,           NULL,                    cr_on_refresh},
    {CR_POST,   "/auth/sign-out",                             "signOut",          CR_ACCESS_COOKIE, CR_RATE_ACCOUNT, NULL,           NULL,                    cr_on_sign_out},
    {CR_GET,    "/auth/me",                                   "me",               CR_ACCESS_USER,   CR_RATE_ACCOUNT, NULL,           NULL,                    cr_on_me},

    {CR_GET,    "/rooms",                                     "listRooms",        CR_ACCESS_USER,   CR_RATE_ACCOUNT, &cr_query_rooms, NULL,                   cr_on_rooms},
    {CR_POST,   "/rooms",                                     "createRoom",       CR_ACCESS_USER,   CR_RATE_ACCOUNT, NULL,           &cr_body_room_create,    cr_on_room_create},
    {CR_GET,    "/rooms/{room:id}",                           "getRoom",          CR_ACCESS_VIEWER, CR_RATE_ACCOUNT, NULL,           NULL,                    cr_on_room_get},
    {CR_PATCH,  "/rooms/{room:id}",                           "renameRoom",       CR_ACCESS_OWNER,  CR_RATE_ACCOUNT, NULL,           &cr_body_room_rename,    cr_on_room_rename},
    {CR_DELETE, "/rooms/{room:id}",                           "deleteRoom",       CR_ACCESS_OWNER,  CR_RATE_ACCOUNT, NULL,           NULL,                    cr_on_room_delete},

    {CR_GET,    "/rooms/{room:id}/members",                   "listMembers",      CR_ACCESS_VIEWER, CR_RATE_ACCOUNT, NULL,           NULL,                    cr_on_members},
    {CR_PATCH,  "/rooms/{room:id}/members/{user:id}",         "setMemberRole",    CR_ACCESS_OWNER,  CR_RATE_ACCOUNT, NULL,           &cr_body_member_role,    cr_on_member_role},
    {CR_DELETE, "/rooms/{room:id}/members/{user:id}",         "removeMember",     CR_ACCESS_VIEWER, CR_RATE_ACCOUNT, NULL,           NULL,                    cr_on_member_remove},

    {CR_GET,    "/rooms/{room:id}/invitations",               "listInvitations",  CR_ACCESS_OWNER,  CR_RATE_ACCOUNT, NULL,           NULL,                    cr_on_invitations},
    {CR_POST,   "/rooms/{room:id}/invitations",               "createInvitation", CR_ACCESS_OWNER,  CR_RATE_ACCOUNT, NULL,           &cr_body_invitation,     cr_on_invitation_create},
    {CR_DELETE, "/rooms/{room:id}/invitations/{invitation:id}", "deleteInvitation", CR_ACCESS_OWNER, CR_RATE_ACCOUNT, NULL,          NULL,                    cr_on_invitation_delete},
    {CR_GET,    "/invitations/{token:secret}",                "getInvitation",    CR_ACCESS_ANYONE, CR_RATE_ACCOUNT, NULL,           NULL,                    cr_on_invitation_get},
    {CR_POST,   "/invitations/{token:secret}/accept",         "acceptInvitation", CR_ACCESS_USER,   CR_RATE_ACCOUNT, NULL,           NULL,                    cr_on_invitation_accept},

    {CR_POST,   "/rooms/{room:id}/ticket",                    "createTicket",     CR_ACCESS_VIEWER, CR_RATE_ACCOUNT, NULL,           NULL,                    cr_on_ticket},
    {CR_GET,    "/rooms/{room:id}/tokens",                    "listRoomTokens",   CR_ACCESS_EDITOR, CR_RATE_ACCOUNT, NULL,           NULL,                    cr_on_tokens},
    {CR_POST,   "/rooms/{room:id}/tokens",                    "createRoomToken",  CR_ACCESS_EDITOR, CR_RATE_ACCOUNT, NULL,           &cr_body_token,          cr_on_token_create},
    {CR_DELETE, "/rooms/{room:id}/tokens/{token:id}",         "deleteRoomToken",  CR_ACCESS_EDITOR, CR_RATE_ACCOUNT, NULL,           NULL,                    cr_on_token_delete},

    {CR_GET,    "/rooms/{room:id}/files",                     "listFiles",        CR_ACCESS_VIEWER, CR_RATE_ACCOUNT, NULL,           NULL,                    cr_on_files},
    {CR_POST,   "/rooms/{room:id}/files",                     "createFile",       CR_ACCESS_EDITOR, CR_RATE_ACCOUNT, NULL,           &cr_body_file_create,    cr_on_file_create},
    {CR_PATCH,  "/rooms/{room:id}/files/{file:id}",           "moveFile",         CR_ACCESS_EDITOR, CR_RATE_ACCOUNT, NULL,           &cr_body_file_move,      cr_on_file_move},
    {CR_DELETE, "/rooms/{room:id}/files/{file:id}",           "deleteFile",       CR_ACCESS_EDITOR, CR_RATE_ACCOUNT, NULL,           NULL,                    cr_on_file_delete},

    {CR_GET,    "/rooms/{room:id}/files/{file:id}/history",   "listHistory",      CR_ACCESS_VIEWER, CR_RATE_ACCOUNT, &cr_query_history, NULL,                 cr_on_history},
    {CR_GET,    "/rooms/{room:id}/files/{file:id}/history/{seq:number}", "getMoment", CR_ACCESS_VIEWER, CR_RATE_ACCOUNT, &cr_query_moment, NULL,               cr_on_history_get},

    {CR_GET,    "/rooms/{room:id}/runs",                      "listRuns",         CR_ACCESS_VIEWER, CR_RATE_ACCOUNT, &cr_query_runs, NULL,                    cr_on_runs},
    {CR_GET,    "/rooms/{room:id}/runs/{run:id}",             "getRun",           CR_ACCESS_VIEWER, CR_RATE_ACCOUNT, NULL,           NULL,                    cr_on_run_get},

    {CR_GET,    "/languages",                                 "listLanguages",    CR_ACCESS_ANYONE, CR_RATE_ACCOUNT, NULL,           NULL,                    cr_on_languages},
};
/* clang-format on */

const size_t cr_route_count = sizeof(cr_routes) / sizeof(*cr_routes);

void cr_routes_print(FILE *out)
{
    for (size_t i = 0; i < cr_route_count; i++) {
        CR_AUTO_BUF path = {0};

        cr_router_describe(cr_routes[i].pattern, &path);
        fprintf(out, "%s %s %s\n", cr_method_name(cr_routes[i].method), cr_buf_cstr(&path),
                cr_routes[i].name);
    }
}
