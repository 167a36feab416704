/* Relative positions: places in a text or array that stay where they are while others edit.  For
 * cursors, comments and protected ranges.
 * A position names the unit that it stands next to, or a whole type for its end (assoc >= 0) or its
 * beginning (assoc < 0).  assoc: >= 0 sticks to the unit on its right, < 0 to the one on its left.
 * Thread: as the document.  Source: Yjs 13, utils/RelativePosition.js; the binary form is its
 * encodeRelativePosition. */
#ifndef YD_RELPOS_H
#define YD_RELPOS_H

#include "ydoc/edit.h"

#pragma GCC visibility push(default)

enum yd_relpos_kind { YD_RELPOS_UNIT = 0, YD_RELPOS_ROOT = 1, YD_RELPOS_TYPE = 2 };

struct yd_relpos {
    enum yd_relpos_kind kind;
    uint64_t client; /* of the unit, or of the type's item */
    uint32_t clock;
    const char *root; /* UTF-8, borrowed; of YD_RELPOS_ROOT */
    size_t root_len;
    int32_t assoc;
};

/* Read the binary form; root is borrowed from p.  Errors: the decoder's. */
int yd_relpos_decode(const uint8_t *p, size_t len, struct yd_relpos *out);
void yd_relpos_encode(const struct yd_relpos *pos, struct yd_buf *out); /* appends */

/* The position of an index (UTF-16 units or elements).  Errors: YD_ERR_TARGET, YD_ERR_INDEX. */
int yd_relpos_at(struct yd_doc *doc, struct yd_target at, uint32_t index, int32_t assoc,
                 struct yd_relpos *out);
/* Where it is now.  type: may be NULL; a root's name is borrowed from the document until its next
 * change.  Errors: YD_ERR_GONE when its unit or type is not in the document (not yet, or not any
 * more). */
int yd_relpos_resolve(struct yd_doc *doc, const struct yd_relpos *pos, struct yd_target *type,
                      uint32_t *index);

#pragma GCC visibility pop

#endif
