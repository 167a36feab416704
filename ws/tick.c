#include "ws/tick.h"

#include <stddef.h>

bool cr_tick_set(struct cr_ticks *all, struct cr_tick *t, int64_t due_ms)
{
    if (t->due_ms == 0) {
        t->prev = NULL;
        t->next = all->first;
        if (t->next)
            t->next->prev = t;
        all->first = t;
        t->due_ms = due_ms;
    } else if (due_ms < t->due_ms) {
        t->due_ms = due_ms;
    }
    if (all->armed_ms != 0 && all->armed_ms <= t->due_ms)
        return false;
    all->armed_ms = t->due_ms;
    return true;
}

void cr_tick_clear(struct cr_ticks *all, struct cr_tick *t)
{
    if (t->due_ms == 0)
        return;
    if (t->prev)
        t->prev->next = t->next;
    else
        all->first = t->next;
    if (t->next)
        t->next->prev = t->prev;
    t->due_ms = 0;
}

static struct cr_tick *first_due(const struct cr_ticks *all, int64_t now_ms)
{
    struct cr_tick *t = all->first;

    while (t && t->due_ms > now_ms)
        t = t->next;
    return t;
}

int64_t cr_ticks_fire(struct cr_ticks *all, int64_t now_ms)
{
    int64_t next_ms = -1;
    struct cr_tick *t;

    /* A tick that sets itself again does so for later than now. */
    while ((t = first_due(all, now_ms)) != NULL) {
        cr_tick_clear(all, t);
        t->fire(t, now_ms);
    }
    for (t = all->first; t; t = t->next)
        if (next_ms < 0 || t->due_ms < next_ms)
            next_ms = t->due_ms;
    all->armed_ms = next_ms < 0 ? 0 : next_ms;
    return next_ms;
}
