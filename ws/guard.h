/* Protected ranges of a file's text (docs/PROTOCOL.md, "Protected ranges"): the document's root map
 * `protected` names them, and only owners may change it. Whatever a client sends is integrated, so
 * that its copy and everybody's stay the same; what it changed where it may not is mended by an
 * edit of the server that goes out together with it. Thread: as the document. */
#ifndef CR_WS_GUARD_H
#define CR_WS_GUARD_H

#include "ydoc/relpos.h"
#include "ydoc/updates.h"
#include "ydoc/ydoc.h"
#include "json/json.h"

#define CR_GUARD_ROOT "protected"
#define CR_GUARD_RANGES 64 /* of a document; more are not looked at */
/* Of text in all ranges together: what one edit deletes is put back in one batch beside it. */
#define CR_GUARD_BYTES ((size_t)1024 * 1024)

struct cr_guarded {
    const struct cr_json_node *value; /* in the map */
    struct yd_relpos start, end;      /* its first and its last unit */
    char *text;                       /* UTF-8 */
    size_t len;                       /* bytes */
    uint32_t units;                   /* of the text, UTF-16 */
    uint32_t things;                  /* in between that are no text: embeds, shared types */
};

/* What is protected, as it was before an edit. */
struct cr_guard {
    bool free;             /* an owner's edit: whatever becomes of the map is his doing */
    struct cr_json *map;   /* NULL: there is none */
    struct cr_json *meant; /* what his edit alone makes of it; NULL: nothing, or it is free */
    struct cr_guarded *ranges;
    size_t count;
    size_t bytes; /* of their texts */
};

bool cr_guard_is_used(const struct yd_doc *doc); /* something is protected */
/* That the update has nothing to do with the map can be seen at a glance (nobody ever protected
 * anything). False: look. */
bool cr_guard_is_remote(const struct yd_doc *doc, const uint8_t *update, size_t len);
/* Look before an edit; by_owner: an owner's (NULL: somebody else's). What waits in the document may
 * be anybody's: what of it comes in with an owner's edit may do no more than others may. */
void cr_guard_take(struct cr_guard *g, struct yd_doc *doc, const struct yd_bytes *by_owner);
/* Look after it, and put back what was not to be changed. The update that does so is appended to
 * *mend (nothing: there was no need). Returns whether the edit did what it may not. */
bool cr_guard_mend(struct cr_guard *g, struct yd_doc *doc, struct yd_buf *mend);
void cr_guard_clear(struct cr_guard *g);

#endif
