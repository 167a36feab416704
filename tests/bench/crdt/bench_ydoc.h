/* What bench_ydoc and bench_answer share: inputs, clocks, the start of a line of output
 * (bench_input.c). */
#ifndef BENCH_YDOC_H
#define BENCH_YDOC_H

#include <stddef.h>
#include <stdint.h>
#include <time.h>

struct bytes {
    uint8_t *p;
    size_t len;
};
/* The whole file; the program ends when it cannot be read. Owned by the caller. */
struct bytes read_file(const char *folder, const char *name);
/* Take a varUint, or what is behind one that says how long it is, off the start. */
size_t read_number(struct bytes *b);
struct bytes read_blob(struct bytes *b);

double now_ms(clockid_t clock);
/* Processor time, so that what else runs on the machine counts less. */
double cpu_ms(void);
/* "ydoc <measure> <input> <unit>"; stem: so much of the input's name. */
void head(const char *measure, const char *input, size_t stem, const char *unit);

/* bench_typing.c: the engine as an author. Each edit by index is a transaction, whose update is
 * made. */
void measure_typing(const char *folder, const char *file, size_t stem);

#endif
