/* Passwords: Argon2id (RFC 9106), with a cap on how many are computed at once, since each takes a
 * core and tens of megabytes. Any thread; calls block. */
#ifndef CR_CRYPT_PASSWORD_H
#define CR_CRYPT_PASSWORD_H

#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

struct cr_hasher;

struct cr_hasher_options {
    int64_t memory_bytes;
    int passes;
    int concurrency; /* hashes at once */
    int max_waiting; /* callers that may wait for a turn; the next is refused */
    int64_t wait_ms; /* how long one waits for its turn */
    /* A file that is locked (flock(2)) during a hash, or NULL: so that programs which answer one
     * request each and end compute one hash at a time, all together. It must be readable, is never
     * written, and the kernel takes the lock from whoever ends. For programs with one thread. */
    const char *lock_path;
};

/* NULL when the options make no valid hash (INVALID) or the file cannot be opened (UNAVAILABLE). */
struct cr_hasher *cr_hasher_new(const struct cr_hasher_options *o, struct cr_error *err);
void cr_hasher_free(struct cr_hasher *h);

/* *out: libsodium's text form ("$argon2id$…"), owned by the caller.
 * Errors of both: RATE (too many wait, or the turn did not come in time; retryable), UNAVAILABLE
 * (no memory, or the file cannot be locked: some network file systems). */
int cr_hasher_hash(struct cr_hasher *h, const char *password, char **out, struct cr_error *err);
/* stored: NULL when there is no such account: takes as long and *ok is false. */
int cr_hasher_verify(struct cr_hasher *h, const char *stored, const char *password, bool *ok,
                     struct cr_error *err);
/* True when the stored hash was made with other memory or passes: hash again on the next sign-in.
 */
bool cr_hasher_is_outdated(const struct cr_hasher *h, const char *stored);

#endif
