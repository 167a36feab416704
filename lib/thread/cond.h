/* Waiting on a condition for a while, by the monotonic clock: setting the time wakes nobody. */
#ifndef CR_THREAD_COND_H
#define CR_THREAD_COND_H

#include <pthread.h>
#include <stdint.h>

/* Use it instead of pthread_cond_init(). */
void cr_cond_init(pthread_cond_t *cond);
/* As pthread_cond_timedwait(), in ms from now: 0 when it was woken, ETIMEDOUT. */
int cr_cond_wait_ms(pthread_cond_t *cond, pthread_mutex_t *lock, int64_t ms);

#endif
