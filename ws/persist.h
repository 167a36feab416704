/* Storing documents: every save interval one write holds a batch of each dirty document of a room
 * (group commit); at most one write a room is on its way. */
#ifndef CR_WS_PERSIST_H
#define CR_WS_PERSIST_H

#include "ws/doc.h"

/* Whether len more bytes may wait to be stored. */
bool cr_persist_has_room(const struct cr_live_doc *d, size_t len);
/* Queue an update that was applied; by: who wrote it. */
void cr_persist_add(struct cr_live_doc *d, const struct cr_access *by, const uint8_t *update,
                    size_t len);
/* Another message of p was handled: it is told when it is stored. */
void cr_persist_handled(struct cr_peer *p);
/* p leaves the document: nothing is told any more. */
void cr_persist_forget(struct cr_peer *p);
/* A message was handled and there is nothing new to store: tell its sender soon. */
void cr_persist_ack(struct cr_live_doc *d);

/* Write what waits in the room, unless a write is on its way or the back-off holds.
 * Returns the ms until it wants to be called again; -1: nothing waits. */
int64_t cr_persist_room(struct cr_live_room *r, int64_t now_ms);

/* Write a new head when the log behind the old one is long. */
void cr_persist_compact(struct cr_live_doc *d);
/* Nobody is left: the same when it is worth while. True: wait, one is being written, or will be. */
bool cr_persist_compact_idle(struct cr_live_doc *d, int64_t now_ms);

void cr_persist_clear(struct cr_live_doc *d); /* it ends: nothing of it is written any more */

#endif
