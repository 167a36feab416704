/* What the files of ws/presence.h share. */
#ifndef CR_WS_PRESENCE_INTERNAL_H
#define CR_WS_PRESENCE_INTERNAL_H

#include "ws/presence.h"

/* NULL: nobody spoke for it yet. Borrowed until the next client comes or goes. */
struct cr_presence_client *presence_client(const struct cr_presence *r, uint64_t client);

/* ---- presence_send.c ---- */

void presence_add_id(struct cr_presence_ids *l, uint64_t id);
/* Something is in d's list of changes: send it, now or with the next tick. */
void presence_tell_changes(struct cr_live_doc *d);
void presence_send_clear(struct cr_live_doc *d);

#endif
