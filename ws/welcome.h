/* What the room socket says about people, files and the room, as JSON (docs/PROTOCOL.md). */
#ifndef CR_WS_WELCOME_H
#define CR_WS_WELCOME_H

#include "ws/room.h"

/* The members `room`, `files` and a chat message's of an open object. */
void cr_json_put_room(struct cr_json_out *w, const struct cr_live_room *r);
void cr_json_put_files(struct cr_json_out *w, const struct cr_live_room *r);
void cr_json_put_chat(struct cr_json_out *w, const struct cr_chat *c);

void cr_welcome_send(struct cr_peer *p);     /* tells the others, too */
void cr_presence_changed(struct cr_peer *p); /* to everybody */

#endif
