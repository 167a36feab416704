/* Internal: a pass over an update, which integrates its structs in an order in which each finds
 * what it builds on; and what an update may cost. */
#ifndef YD_PASS_H
#define YD_PASS_H

#include "ydoc/internal.h"

/* One pass over the sections of an update, or a trial of it that only follows the clocks. */
struct yd_pass {
    struct yd_doc *doc;
    struct yd_update *u;
    bool dry;
    bool pending;  /* the sections are runs that waited */
    bool progress; /* something was integrated */
    bool blocked;  /* a section is dead */
    bool known;    /* something of it was there before */
    struct yd_section **stack;
    size_t depth, cap;
    struct yd_reader r; /* stays the same for what it remembers */
};

/* Until nothing of u can go on, or the work that is allowed is done. */
void yd_pass_run(struct yd_pass *p);
/* Of the document, or of the trial. */
uint32_t yd_pass_state(const struct yd_pass *p, uint64_t client);

/* ---- limits.c -------------------------------------------------------------------------------- */

/* Allow as much more work as an update of len bytes may make. */
void yd_work_allow(struct yd_doc *doc, size_t len);
bool yd_content_fits(const struct yd_doc *doc, const struct yd_update *u, size_t len);
/* Whether what would have to wait fits; only when it could be too much is the update tried out. */
bool yd_pending_fits(struct yd_doc *doc, const struct yd_update *u,
                     const struct yd_deletes *deletes);
/* Many structs at once: make room for them once. */
void yd_update_reserve(struct yd_doc *doc, const struct yd_update *u, size_t len);

/* ---- retry.c --------------------------------------------------------------------------------- */

/* What waited, now that something came.  Returns whether some of it was integrated. */
bool yd_pending_retry(struct yd_doc *doc);

#endif
