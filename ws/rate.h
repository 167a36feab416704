/* A token bucket: `rate` units a second, up to `burst` saved up. */
#ifndef CR_WS_RATE_H
#define CR_WS_RATE_H

#include <stdbool.h>
#include <stdint.h>

struct cr_rate {
    int64_t level_milli; /* thousandths of a unit that may be taken */
    int64_t at_ms;
};

/* Starts full. */
void cr_rate_init(struct cr_rate *r, int64_t burst, int64_t now_ms);
/* Take units; false when there are not enough (then nothing is taken). now_ms: monotonic. */
bool cr_rate_take(struct cr_rate *r, int64_t units, int64_t per_second, int64_t burst,
                  int64_t now_ms);

/* Take units in any case, beyond what is there as a debt. Returns the ms after which it is paid; 0:
 * there was enough. */
int64_t cr_rate_spend(struct cr_rate *r, int64_t units, int64_t per_second, int64_t burst,
                      int64_t now_ms);

#endif
