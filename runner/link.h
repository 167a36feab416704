/* What the runner tells every ws daemon about its live jobs, and what it hears from them
 * (docs/PROTOCOL.md, "Service socket").
 *
 * Nothing is queued for a connection: it has a cursor in each live job and is told whatever lies
 * behind it. So a slow or absent daemon costs nothing, and one that comes back is told everything
 * again from the start.
 *
 * All hear that a job runs and how it ended. Its output goes to who rang for it and to who asked,
 * as a daemon does when the room is at it; as long as there is nobody of the kind, to all.
 *
 * The functions with a conn belong to the thread of runner/net. */
#ifndef CR_RUNNER_LINK_H
#define CR_RUNNER_LINK_H

#include "base/buf.h"
#include "lang/lang.h"
#include "runner/live.h"

struct cr_link;

struct cr_link_options {
    struct cr_lives *lives;
    const struct cr_lang_set *langs;
    const char *runner_id;
    size_t conns;            /* ws daemons, at most CR_LINKS_MAX */
    void (*ring)(void *ctx); /* there is something to claim */
    void *ctx;
};

struct cr_link *cr_link_new(const struct cr_link_options *o);
void cr_link_free(struct cr_link *l);

void cr_link_opened(struct cr_link *l, size_t conn);
void cr_link_closed(struct cr_link *l, size_t conn);
/* The next message for a connection: true and *out (reset first) holds it; *binary tells its kind.
 * False: nothing to say. */
bool cr_link_next(struct cr_link *l, size_t conn, struct cr_buf *out, bool *binary);
/* A message came. One that is not understood is logged and ignored. */
void cr_link_message(struct cr_link *l, size_t conn, const uint8_t *data, size_t len, bool binary);
/* Let go of the jobs that everybody has been told about. Call now and then. */
void cr_link_tidy(struct cr_link *l);

#endif
