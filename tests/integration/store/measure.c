/* Medians of the calls that people wait for, printed; nothing is asserted. */
#include "suite.h"

enum { ROUNDS = 300 };

static int compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return x < y ? -1 : x > y;
}

#define MEASURE(name, rounds, call)                                                                \
    do {                                                                                           \
        int64_t us[ROUNDS];                                                                        \
        for (int i = 0; i < (rounds); i++) {                                                       \
            int64_t start = cr_mono_us();                                                          \
            call;                                                                                  \
            us[i] = cr_mono_us() - start;                                                          \
        }                                                                                          \
        qsort(us, (rounds), sizeof(*us), compare);                                                 \
        printf("%-40s median %6.2f ms   p95 %6.2f ms\n", (name), (double)us[(rounds) / 2] / 1000,  \
               (double)us[(rounds)*95 / 100] / 1000);                                              \
    } while (0)

static void append_many(const char *room, size_t count, int64_t seq)
{
    struct cr_doc_batch b[50] = {0};

    for (size_t i = 0; i < count; i++) {
        b[i] = (struct cr_doc_batch){.seq = seq, .data = (const uint8_t *)store_uri, .len = 8};
        snprintf(b[i].file_id, sizeof(b[i].file_id), "%020zu", i);
    }
    OK(cr_store_doc_append_many(store, room, b, count, 1, &err));
}

static int ignore(void *ctx, int64_t seq, const uint8_t *data, size_t len)
{
    (void)ctx, (void)seq, (void)data, (void)len;
    return 0;
}

static void medians(void **state)
{
    char owner[CR_ID_SIZE], room[CR_ID_SIZE], id[CR_ID_SIZE];
    char ids[1][CR_ID_SIZE];
    struct cr_run run;
    enum cr_role role;
    int64_t rev, seq = 0;
    bool stop;

    (void)state;
    new_user(owner);
    new_room(owner, room);
    memcpy(ids[0], room, CR_ID_SIZE);
    MEASURE("user insert", ROUNDS, new_user(id));
    MEASURE("member role", ROUNDS, OK(cr_store_member_role(store, room, owner, &role, &err)));
    MEASURE("room revs (1)", ROUNDS, OK(cr_store_room_revs(store, ids, 1, &rev, &err)));
    MEASURE("doc append_many (1)", ROUNDS, append_many(room, 1, ++seq));
    MEASURE("doc append_many (10)", ROUNDS, append_many(room, 10, ++seq));
    MEASURE("doc append_many (50)", 100, append_many(room, 50, ++seq));
    MEASURE("doc read (700 batches)", 50,
            OK(cr_store_doc_read(store, room, "00000000000000000000", 0, ignore, NULL, &err)));
    MEASURE("job insert", ROUNDS, new_job(room, "measure", i, id));
    MEASURE("job claim + finish", ROUNDS - 50, {
        assert_true(claim("measure", 1000, 1000000, &run));
        finish_ok(run.id, run.attempt, "hello\n");
        cr_run_clear(&run);
    });
    MEASURE("job claim", 49, {
        assert_true(claim("measure", 1000, 1000000, &run));
        memcpy(id, run.id, CR_ID_SIZE);
        cr_run_clear(&run);
    });
    MEASURE("job renew", ROUNDS, OK(cr_store_job_renew(store, id, 1, 1000, 1000000, &stop, &err)));
    MEASURE("job claim (nothing to do)", ROUNDS, claim("nothing", 1000, 1000, &run));
}

int measure(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(medians)};

    return cmocka_run_group_tests_name("medians", tests, NULL, NULL);
}
