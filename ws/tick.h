/* Small timers: things that want to be called in some milliseconds. Inside their owner's struct, so
 * setting one allocates nothing. Thread: loop only. */
#ifndef CR_WS_TICK_H
#define CR_WS_TICK_H

#include <stdbool.h>
#include <stdint.h>

struct cr_tick {
    struct cr_tick *prev, *next;
    int64_t due_ms; /* monotonic; 0: not set */
    void (*fire)(struct cr_tick *t, int64_t now_ms);
};

struct cr_ticks { /* those that are set, in no order; zero-initialised is empty */
    struct cr_tick *first;
    int64_t armed_ms; /* when the loop will call; 0: it was not asked to */
};

/* Fire at due_ms; one that is set already fires at the earlier time.
 * True when the loop has to be asked for an earlier call. */
bool cr_tick_set(struct cr_ticks *all, struct cr_tick *t, int64_t due_ms);
void cr_tick_clear(struct cr_ticks *all, struct cr_tick *t);
/* Call those that are due; they may set themselves and others again, or clear others. Returns when
 * to be called next; -1: nothing is set. */
int64_t cr_ticks_fire(struct cr_ticks *all, int64_t now_ms);

#endif
