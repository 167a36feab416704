#include "tests/unit/unit.h"

#include "base/clock.h"
#include "base/mem.h"
#include "crypt/crypt.h"
#include "crypt/password.h"

#include <pthread.h>
#include <sched.h>
#include <sys/file.h>
#include <unistd.h>

#define SMALL (64 * 1024) /* quick: what is tested is not Argon2 */

static struct cr_hasher *make(int64_t memory_bytes, int passes, int concurrency, int max_waiting,
                              int64_t wait_ms)
{
    struct cr_hasher_options o = {memory_bytes, passes, concurrency, max_waiting, wait_ms, NULL};
    struct cr_error e = CR_ERROR_INIT;
    struct cr_hasher *h = cr_hasher_new(&o, &e);

    if (!h)
        fail_msg("%s", e.message);
    return h;
}

static int start(void **state)
{
    (void)state;
    return cr_crypt_init(NULL);
}

static void the_right_password_fits_its_hash(void **state)
{
    struct cr_hasher *h = make(SMALL, 1, 1, 1, 1000);
    cr_auto_free char *stored = NULL;
    bool ok = false;

    (void)state;
    assert_int_equal(cr_hasher_hash(h, "correct horse", &stored, NULL), 0);
    assert_int_equal(strncmp(stored, "$argon2id$", 10), 0);
    assert_int_equal(cr_hasher_verify(h, stored, "correct horse", &ok, NULL), 0);
    assert_true(ok);
    assert_int_equal(cr_hasher_verify(h, stored, "correct hors", &ok, NULL), 0);
    assert_false(ok);
    cr_hasher_free(h);
}

static void no_account_never_fits(void **state)
{
    struct cr_hasher *h = make(SMALL, 1, 1, 1, 1000);
    bool ok = true;

    (void)state;
    assert_int_equal(cr_hasher_verify(h, NULL, "anything", &ok, NULL), 0);
    assert_false(ok);
    cr_hasher_free(h);
}

static int64_t time_of_ms(struct cr_hasher *h, const char *stored)
{
    int64_t begin_ms = cr_mono_ms();
    bool ok = true;

    assert_int_equal(cr_hasher_verify(h, stored, "anything", &ok, NULL), 0);
    assert_false(ok);
    return cr_mono_ms() - begin_ms;
}

/* Else the time would tell who has an account. */
static void no_account_takes_as_long_as_one(void **state)
{
    struct cr_hasher *h = make(32 << 20, 4, 1, 1, 1000);
    cr_auto_free char *stored = NULL;
    int64_t known_ms = 0, unknown_ms = 0;

    (void)state;
    assert_int_equal(cr_hasher_hash(h, "something", &stored, NULL), 0);
    for (int i = 0; i < 3; i++) {
        known_ms += time_of_ms(h, stored);
        unknown_ms += time_of_ms(h, NULL);
    }
    if (unknown_ms < known_ms / 2 || unknown_ms > known_ms * 2)
        fail_msg("%lld ms, %lld ms", (long long)known_ms, (long long)unknown_ms);
    cr_hasher_free(h);
}

static void two_hashes_of_one_password_differ(void **state)
{
    struct cr_hasher *h = make(SMALL, 1, 1, 1, 1000);
    cr_auto_free char *a = NULL, *b = NULL;

    (void)state;
    assert_int_equal(cr_hasher_hash(h, "same", &a, NULL), 0);
    assert_int_equal(cr_hasher_hash(h, "same", &b, NULL), 0);
    assert_string_not_equal(a, b);
    cr_hasher_free(h);
}

static void a_hash_with_other_costs_is_outdated(void **state)
{
    struct cr_hasher *weak = make(SMALL, 1, 1, 1, 1000);
    struct cr_hasher *strong = make(2 * SMALL, 2, 1, 1, 1000);
    cr_auto_free char *stored = NULL;

    (void)state;
    assert_int_equal(cr_hasher_hash(weak, "x", &stored, NULL), 0);
    assert_false(cr_hasher_is_outdated(weak, stored));
    assert_true(cr_hasher_is_outdated(strong, stored));
    cr_hasher_free(weak);
    cr_hasher_free(strong);
}

static void impossible_options_are_refused(void **state)
{
    struct cr_hasher_options o = {100, 1, 1, 1, 1000, NULL};
    struct cr_error e = CR_ERROR_INIT;

    (void)state;
    assert_null(cr_hasher_new(&o, &e));
    assert_int_equal(e.code, CR_ERR_INVALID);
}

static void *hash_slowly(void *arg)
{
    char *stored = NULL;

    /* The caller's own quick tries may be in the way of the first ones. */
    while (cr_hasher_hash(arg, "slow", &stored, NULL) < 0)
        sched_yield();
    free(stored);
    return NULL;
}

/* Try until the slow hash holds the only turn, then say how the caller was refused. */
static enum cr_error_code refusal_while_busy(struct cr_hasher *h)
{
    enum cr_error_code code = CR_ERR_NONE;
    int64_t deadline_ms = cr_mono_ms() + 20000;
    pthread_t busy;

    pthread_create(&busy, NULL, hash_slowly, h);
    while (code == CR_ERR_NONE && cr_mono_ms() < deadline_ms) {
        struct cr_error e = CR_ERROR_INIT;
        bool ok;
        if (cr_hasher_verify(h, "$argon2id$v=19$m=8,t=1,p=1$AAAAAAAAAAA$AAAAAAAAAAA", "x", &ok,
                             &e) < 0)
            code = e.code;
        else
            usleep(2000); /* or the slow one never gets in where threads take turns (valgrind) */
    }
    pthread_join(busy, NULL);
    return code;
}

static void who_finds_too_many_waiting_is_refused(void **state)
{
    struct cr_hasher *h = make(32 << 20, 8, 1, 0, 10000);

    (void)state;
    assert_int_equal(refusal_while_busy(h), CR_ERR_RATE);
    cr_hasher_free(h);
}

static void who_waits_too_long_is_refused(void **state)
{
    struct cr_hasher *h = make(32 << 20, 8, 1, 10, 5);

    (void)state;
    assert_int_equal(refusal_while_busy(h), CR_ERR_RATE);
    cr_hasher_free(h);
}

static void who_waits_gets_a_turn(void **state)
{
    struct cr_hasher *h = make(1 << 20, 1, 1, 8, 60000);
    pthread_t threads[6];

    (void)state;
    for (size_t i = 0; i < CR_COUNT(threads); i++)
        pthread_create(&threads[i], NULL, hash_slowly, h);
    for (size_t i = 0; i < CR_COUNT(threads); i++)
        pthread_join(threads[i], NULL);
    cr_hasher_free(h);
}

/* Two hashers are two processes here: a lock belongs to who opened the file. */
static void programs_with_one_file_take_turns(void **state)
{
    char path[] = "/tmp/cr-test-lock-XXXXXX";
    int fd = mkstemp(path);
    struct cr_hasher_options o = {SMALL, 1, 4, 4, 50, path};
    struct cr_error e = CR_ERROR_INIT;
    struct cr_hasher *h = cr_hasher_new(&o, &e);
    char *stored = NULL;

    (void)state;
    assert_non_null(h);
    assert_int_equal(flock(fd, LOCK_EX), 0);
    assert_int_equal(cr_hasher_hash(h, "x", &stored, &e), -1);
    assert_int_equal(e.code, CR_ERR_RATE);
    assert_int_equal(flock(fd, LOCK_UN), 0);
    assert_int_equal(cr_hasher_hash(h, "x", &stored, NULL), 0);
    assert_int_equal(flock(fd, LOCK_EX | LOCK_NB), 0); /* it has let go */
    close(fd);
    unlink(path);
    free(stored);
    cr_hasher_free(h);
    assert_null(cr_hasher_new(&o, &e)); /* the file is gone */
    assert_int_equal(e.code, CR_ERR_UNAVAILABLE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_right_password_fits_its_hash),
        cmocka_unit_test(no_account_never_fits),
        cmocka_unit_test(no_account_takes_as_long_as_one),
        cmocka_unit_test(two_hashes_of_one_password_differ),
        cmocka_unit_test(a_hash_with_other_costs_is_outdated),
        cmocka_unit_test(impossible_options_are_refused),
        cmocka_unit_test(who_finds_too_many_waiting_is_refused),
        cmocka_unit_test(who_waits_too_long_is_refused),
        cmocka_unit_test(who_waits_gets_a_turn),
        cmocka_unit_test(programs_with_one_file_take_turns),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
