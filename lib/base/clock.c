#include "base/clock.h"

#include <stdio.h>
#include <time.h>

static int64_t clock_us(clockid_t id)
{
    struct timespec t;

    clock_gettime(id, &t); /* cannot fail for these two clocks */
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

int64_t cr_wall_ms(void)
{
    return clock_us(CLOCK_REALTIME) / 1000;
}

int64_t cr_mono_ms(void)
{
    return clock_us(CLOCK_MONOTONIC) / 1000;
}

int64_t cr_mono_us(void)
{
    return clock_us(CLOCK_MONOTONIC);
}

void cr_wall_format(int64_t wall_ms, char *out, size_t size)
{
    int64_t ms = wall_ms % 1000;
    int64_t s = wall_ms / 1000;
    struct tm tm;
    char seconds[64];

    if (ms < 0) { /* before 1970 the remainder is negative */
        ms += 1000;
        s--;
    }
    time_t t = (time_t)s;
    if (!gmtime_r(&t, &tm)) /* a year that no struct tm holds */
        tm = (struct tm){.tm_mday = 1, .tm_year = 70};
    strftime(seconds, sizeof seconds, "%Y-%m-%dT%H:%M:%S", &tm);
    snprintf(out, size, "%s.%03dZ", seconds, (int)ms);
}
