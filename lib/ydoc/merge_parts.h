/* Internal: the structs of many updates as parts that can be sorted and copied. */
#ifndef YD_MERGE_PARTS_H
#define YD_MERGE_PARTS_H

#include "ydoc/update_walk.h"
#include "ydoc/updates.h"

/* A run of structs of one client without a gap. */
struct yd_part {
    uint64_t client;
    const uint8_t *p; /* borrowed */
    uint32_t bytes;
    uint32_t start, end; /* clocks */
    uint32_t count;      /* structs */
    uint32_t last;       /* offset and clock of the last struct */
    uint32_t last_clock;
};

struct yd_parts {
    struct yd_part *v; /* malloc'ed */
    size_t n, cap;
};

/* Make room for n parts in all. */
void yd_parts_reserve(struct yd_parts *parts, size_t n);
/* Check an update and add its parts and its deletes. */
int yd_parts_read(struct yd_parts *parts, struct yd_deletes *deletes,
                  const struct yd_bytes *update);
/* Their indexes in the order of writing: from the highest client, by clock.  malloc'ed. */
uint32_t *yd_parts_sort(const struct yd_parts *parts);

#endif
