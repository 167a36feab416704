/* Opening and closing the store: the client pool and its time limits. */
#include "base/limits.h"
#include "log/log.h"
#include "store/mongo/db.h"

#include <pthread.h>

/* The driver's own messages go to our log: they are about connections, never about documents. */
static void on_driver_log(mongoc_log_level_t level, const char *domain, const char *message,
                          void *ctx)
{
    (void)ctx;
    if (level <= MONGOC_LOG_LEVEL_WARNING)
        cr_log(CR_LOG_WARN, "database driver", CR_S("domain", domain), CR_S("text", message));
}

static void init_driver(void)
{
    mongoc_init();
    mongoc_log_set_handler(on_driver_log, NULL);
}

/* How often an idle pool looks whether the database is still there. A call that waits for it looks
 * every 500 ms whatever this is. */
#define HEARTBEAT_MS 5000

static void set_default_bool(mongoc_uri_t *uri, const char *option, bool value)
{
    if (!mongoc_uri_has_option(uri, option))
        mongoc_uri_set_option_as_bool(uri, option, value);
}

/* Time limits are ours; the rest the operator may set in the URI. */
static void set_options(mongoc_uri_t *uri, const struct cr_store_options *o)
{
    mongoc_uri_set_option_as_int32(uri, MONGOC_URI_SERVERSELECTIONTIMEOUTMS, o->timeout_ms);
    mongoc_uri_set_option_as_int32(uri, MONGOC_URI_CONNECTTIMEOUTMS, o->timeout_ms);
    mongoc_uri_set_option_as_int32(uri, MONGOC_URI_SOCKETTIMEOUTMS, o->timeout_ms);
    mongoc_uri_set_option_as_int32(uri, MONGOC_URI_WAITQUEUETIMEOUTMS, o->timeout_ms);
    mongoc_uri_set_option_as_int32(uri, MONGOC_URI_MAXPOOLSIZE, o->pool_size);
    if (!mongoc_uri_has_option(uri, MONGOC_URI_HEARTBEATFREQUENCYMS))
        mongoc_uri_set_option_as_int32(uri, MONGOC_URI_HEARTBEATFREQUENCYMS, HEARTBEAT_MS);
    set_default_bool(uri, MONGOC_URI_RETRYWRITES, true);
    set_default_bool(uri, MONGOC_URI_RETRYREADS, true);
    if (o->app_name)
        mongoc_uri_set_appname(uri, o->app_name);
}

/* Acknowledged means: in the journal of a majority, whatever the URI says. A wait without an end
 * would hold a thread for ever, so it is bounded like the socket. */
static void set_write_concern(mongoc_uri_t *uri, int timeout_ms)
{
    mongoc_write_concern_t *wc = mongoc_write_concern_new();

    mongoc_write_concern_set_wmajority(wc, timeout_ms);
    mongoc_write_concern_set_journal(wc, true);
    mongoc_uri_set_write_concern(uri, wc);
    mongoc_write_concern_destroy(wc);
}

static mongoc_client_pool_t *new_pool(const struct cr_store_options *o, struct cr_error *err)
{
    bson_error_t error;
    mongoc_uri_t *uri = mongoc_uri_new_with_error(o->uri, &error);

    if (!uri) {
        /* The driver's text is about the form of the URI; the URI itself may hold a password. */
        cr_fail(err, CR_ERR_INVALID, "database URI: %s", error.message);
        return NULL;
    }
    set_options(uri, o);
    set_write_concern(uri, o->timeout_ms);
    mongoc_client_pool_t *pool = mongoc_client_pool_new_with_error(uri, &error);

    mongoc_uri_destroy(uri);
    if (!pool) {
        cr_fail(err, CR_ERR_INVALID, "database URI: %s", error.message);
        return NULL;
    }
    mongoc_client_pool_set_error_api(pool, MONGOC_ERROR_API_VERSION_2);
    return pool;
}

struct cr_store *cr_store_open(const struct cr_store_options *o, struct cr_error *err)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, init_driver);
    mongoc_client_pool_t *pool = new_pool(o, err);

    if (!pool)
        return NULL;
    struct cr_store *s = cr_calloc(1, sizeof(*s));

    s->pool = pool;
    s->database = cr_strdup(o->database);
    s->timeout_ms = o->timeout_ms;
    return s;
}

void cr_store_close(struct cr_store *s)
{
    if (!s)
        return;
    mongoc_client_pool_destroy(s->pool);
    free(s->database);
    free(s);
}

int cr_store_ping(struct cr_store *s, struct cr_error *err)
{
    AUTO_BSON command = BSON_INITIALIZER;

    BSON_APPEND_INT32(&command, "ping", 1);
    return db_command(DB_CALL(s, NULL), &command, err);
}
