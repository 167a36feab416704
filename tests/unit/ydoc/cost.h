/* What a call of the library costs: processor time, and the most that it held at a time. The linker
 * has to send the library's calls of malloc and the like here (--wrap, see local.mk). */
#ifndef YD_TEST_COST_H
#define YD_TEST_COST_H

#include <stdbool.h>
#include <stddef.h>

void cost_start(void);
#define COST_BYTES ((size_t)16 << 20)
/* Prints both; returns whether it held more than max_bytes since cost_start(). */
bool cost_is_high(const char *what, size_t max_bytes);

#endif
