/* What the store's test files share. Every test makes rooms and users of its own, so that their
 * order does not matter. */
#ifndef SUITE_H
#define SUITE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/limits.h"
#include "model/tree.h"
#include "store/store.h"

#define THREADS 8
/* Times of things that expire begin in 2096, so that no TTL index tidies them up during a test. */
#define T0 4000000000000LL

extern struct cr_store *store;     /* opened and prepared by main() */
extern const char *store_uri;      /* as given */
extern const char *store_database; /* of this run; dropped at its end */

int test_accounts(void);
int test_rooms(void);
int test_members(void);
int test_files(void);
int test_states(void);
int test_owners(void);
int test_jobs(void);
int test_leases(void);
int test_races(void);
int test_outages(void);
int test_compaction(void);
int measure(void);
/* The program as the process that is killed: compact one document of that database. */
int compact_once(const char *database, const char *room_id, const char *file_id);

/* The call succeeds, or the test fails with the error's message. */
#define OK(call)                                                                                   \
    do {                                                                                           \
        struct cr_error err = CR_ERROR_INIT;                                                       \
        if ((call) < 0)                                                                            \
            fail_msg("%s: %s (%s)", #call, err.message, cr_error_wire(err.code));                  \
    } while (0)
/* The call fails with that code. */
#define FAILS(want, call)                                                                          \
    do {                                                                                           \
        struct cr_error err = CR_ERROR_INIT;                                                       \
        assert_int_equal((call), -1);                                                              \
        if (err.code != (want))                                                                    \
            fail_msg("%s: %s, not %s: %s", #call, cr_error_wire(err.code), cr_error_wire(want),    \
                     err.message);                                                                 \
    } while (0)

/* "<prefix><fresh id>" in a static buffer of this thread: for e-mails, hashes, keys. */
const char *fresh(const char *prefix);
void new_user(char id[CR_ID_SIZE]);
void new_room(const char *owner, char id[CR_ID_SIZE]);
int64_t room_rev(const char *room_id);

/* A job of one file; language is unique to the test so that claims of others do not meet it. */
void new_job(const char *room_id, const char *language, int64_t created_ms, char id[CR_ID_SIZE]);
bool claim(const char *language, int64_t now_ms, int64_t lease_ms, struct cr_run *out);
void finish_ok(const char *job_id, int64_t attempt, const char *text);

/* A relay to the database, and the URI that leads through it (owned by the caller). */
struct proxy;
char *proxy_uri(struct proxy **proxy);

/* Run fn in THREADS threads at once; fn gets &args[i * size]. */
void in_parallel(void *(*fn)(void *), void *args, size_t size);

#endif
