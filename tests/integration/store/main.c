/* The store's conformance and probe suite. Runs against whatever the URI names, in a database of
 * its own that is dropped at the end:  test_store URI [--measure] */
#include "suite.h"

#include "log/log.h"
#include "store/mongo/testing.h"

struct cr_store *store;
const char *store_uri;
const char *store_database;

static int run_all(void)
{
    return test_accounts() + test_rooms() + test_members() + test_files() + test_states() +
           test_owners() + test_jobs() + test_leases() + test_races() + test_outages() +
           test_compaction();
}

int main(int argc, char **argv)
{
    struct cr_error err = CR_ERROR_INIT;
    bool measuring = argc > 2 && !strcmp(argv[2], "--measure");
    char database[64];

    if (argc < 2) {
        fprintf(stderr, "usage: test_store URI [--measure]\n");
        return 2;
    }
    cr_log_init("test_store", CR_LOG_ERROR);
    store_uri = argv[1];
    if (argc == 6 && !strcmp(argv[2], "--compact"))
        return compact_once(argv[3], argv[4], argv[5]);
    snprintf(database, sizeof(database), "test_%s", fresh(""));
    store_database = database;
    store = cr_store_open(
        &(struct cr_store_options){store_uri, database, 2 * THREADS, 30000, "store-test"}, &err);
    if (!store || cr_store_prepare(store, &err) < 0) {
        fprintf(stderr, "test_store: %s\n", err.message);
        return 2;
    }
    int failed = measuring ? measure() : run_all();

    if (cr_store_drop_database(store, &err) < 0)
        fprintf(stderr, "test_store: the database %s stays: %s\n", database, err.message);
    cr_store_close(store);
    return failed ? 1 : 0;
}
