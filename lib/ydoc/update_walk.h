/* Internal: an update from front to back, struct by struct, without memory.  Errors are sticky in
 * r.err, as with the reader: every step then says that nothing follows. */
#ifndef YD_UPDATE_WALK_H
#define YD_UPDATE_WALK_H

#include "ydoc/update.h"

struct yd_walk {
    struct yd_reader r;
    uint64_t sections; /* still to come */
    uint64_t client;   /* of the section we are in */
    uint64_t left;     /* its structs still to come */
    uint32_t clock;    /* of the next one */
};

void yd_walk_begin(struct yd_walk *w, const uint8_t *update, size_t len);
bool yd_walk_section(struct yd_walk *w); /* the structs of the one before must have been read */
bool yd_walk_struct(struct yd_walk *w, struct yd_ref *ref);
/* After the sections: add the deletes to out (not sorted) and check that nothing follows. */
void yd_walk_deletes(struct yd_walk *w, struct yd_deletes *out);
/* Check the whole update.  deletes: where the delete set begins; may be NULL. */
int yd_walk_check(const uint8_t *update, size_t len, const uint8_t **deletes);
/* Sections that come from the highest client to the lowest cannot name one twice.  Of a good update
 * whose sections do not: whether they do, YD_ERR_DUPLICATE. */
int yd_walk_check_clients(const uint8_t *update, size_t len);

/* Put a number in front of what was written from offset `at` on. */
void yd_buf_put_in_front(struct yd_buf *out, size_t at, uint64_t number);

#endif
