/* Time. Wall-clock times are milliseconds since 1970 UTC and go to the database; durations and
 * deadlines use the monotonic clock and never leave the process. */
#ifndef CR_BASE_CLOCK_H
#define CR_BASE_CLOCK_H

#include <stddef.h>
#include <stdint.h>

int64_t cr_wall_ms(void);
int64_t cr_mono_ms(void);
int64_t cr_mono_us(void);
/* "2026-01-31T12:00:00.123Z" (RFC 3339); out holds at least 25 bytes. */
void cr_wall_format(int64_t wall_ms, char *out, size_t size);

#endif
