/* Limits by account and by address: token buckets in a table of fixed size, shared by the threads
 * of this process. When the table is full, the bucket that is fullest goes: it says least. */
#ifndef CR_FCGI_RATE_H
#define CR_FCGI_RATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cr_rate;

/* capacity: buckets, rounded up to a power of two; 16 bytes each. */
struct cr_rate *cr_rate_new(size_t capacity);
void cr_rate_free(struct cr_rate *r);

/* Take one from the bucket of (kind, key); it holds per_minute at most and refills at that pace.
 * now_ms: monotonic. False: it is empty; *wait_s is then when the next one is there (at least 1).
 * Any thread. */
bool cr_rate_take(struct cr_rate *r, const char *kind, const char *key, int64_t per_minute,
                  int64_t now_ms, int64_t *wait_s);

#endif
