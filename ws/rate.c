#include "ws/rate.h"

void cr_rate_init(struct cr_rate *r, int64_t burst, int64_t now_ms)
{
    r->level_milli = burst * 1000;
    r->at_ms = now_ms;
}

static void refill(struct cr_rate *r, int64_t per_second, int64_t burst, int64_t now_ms)
{
    if (now_ms > r->at_ms) {
        r->level_milli += (now_ms - r->at_ms) * per_second;
        r->at_ms = now_ms;
    }
    if (r->level_milli > burst * 1000)
        r->level_milli = burst * 1000;
}

bool cr_rate_take(struct cr_rate *r, int64_t units, int64_t per_second, int64_t burst,
                  int64_t now_ms)
{
    refill(r, per_second, burst, now_ms);
    if (r->level_milli < units * 1000)
        return false;
    r->level_milli -= units * 1000;
    return true;
}

int64_t cr_rate_spend(struct cr_rate *r, int64_t units, int64_t per_second, int64_t burst,
                      int64_t now_ms)
{
    refill(r, per_second, burst, now_ms);
    r->level_milli -= units * 1000;
    return r->level_milli >= 0 ? 0 : -r->level_milli / per_second + 1;
}
