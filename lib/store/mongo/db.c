/* One call on the database: borrow a client, do it, repeat it once when the network failed, name
 * the error. */
#include "store/mongo/db.h"
#include "base/clock.h"
#include "log/log.h"
#include "store/mongo/try.h"

/* FerretDB passes some of PostgreSQL's errors on as they are: an SQLSTATE in five times six bits,
 * of which the first two characters are the class. Source: MAKE_SQLSTATE in PostgreSQL's elog.h. */
#define SQL_CLASS(a, b) ((uint32_t)((a) - '0') | (uint32_t)((b) - '0') << 6)
#define SQL_CODE_LEAST (1U << 18)

static uint32_t sql_class(uint32_t code)
{
    return code >= SQL_CODE_LEAST ? code & 0xfff : 0;
}

/* The server gave this write up for another's sake (a deadlock, a write conflict): it did nothing,
 * and doing it again is right. */
static bool gave_way(const bson_error_t *e)
{
    return e->domain == MONGOC_ERROR_SERVER &&
           (e->code == 112 || sql_class(e->code) == SQL_CLASS('4', '0'));
}

/* A server's failures that pass: it starts, stops, elects, or its own storage is away or full. 1
 * and 8 are what FerretDB says when PostgreSQL is gone. */
static bool passes(uint32_t code)
{
    switch (sql_class(code)) {
    case SQL_CLASS('0', '8'): /* connection */
    case SQL_CLASS('4', '0'): /* rolled back */
    case SQL_CLASS('5', '3'): /* out of resources */
    case SQL_CLASS('5', '7'): /* shut down, cancelled */
    case SQL_CLASS('5', '8'): /* system error */
        return true;
    default:
        break;
    }
    static const uint32_t codes[] = {1,     6,     7,     8,     43,    50,    64,   89,  91,
                                     100,   112,   133,   134,   189,   202,   262,  358, 9001,
                                     10107, 11600, 11602, 13435, 13436, 13388, 14031};

    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
        if (codes[i] == code)
            return true;
    return false;
}

static enum cr_error_code code_of(const bson_error_t *e)
{
    switch (e->domain) {
    case MONGOC_ERROR_STREAM:
    case MONGOC_ERROR_SERVER_SELECTION:
    case MONGOC_ERROR_WRITE_CONCERN:
    case MONGOC_ERROR_PROTOCOL:
    case MONGOC_ERROR_CLIENT:
    case MONGOC_ERROR_POOL:
    case MONGOC_ERROR_SASL:
    case MONGOC_ERROR_SCRAM:
        return CR_ERR_UNAVAILABLE;
    case MONGOC_ERROR_SERVER:
        return passes(e->code) ? CR_ERR_UNAVAILABLE : CR_ERR_INTERNAL;
    default:
        return CR_ERR_INTERNAL;
    }
}

/* Whether the request may have been lost on the way, so that doing it again can help. Selecting a
 * server has its own patience and is not repeated. */
static bool network_failed(const bson_error_t *e)
{
    return e->domain == MONGOC_ERROR_STREAM;
}

bool try_begin(struct try *t, struct db_call *c)
{
    *t = (struct try){.call = c, .started_ms = cr_mono_ms()};
    t->client = mongoc_client_pool_pop(c->store->pool);
    if (!t->client) {
        t->error = (bson_error_t){.domain = MONGOC_ERROR_POOL, .code = 0};
        strcpy(t->error.message, "no client of the pool became free");
        return false;
    }
    if (c->collection)
        t->coll = mongoc_client_get_collection(t->client, c->store->database, c->collection);
    return true;
}

bool try_again(struct try *t)
{
    struct db_call *c = t->call;

    if (cr_mono_ms() - t->started_ms >= c->store->timeout_ms)
        return false;
    if (gave_way(&t->error))
        return true;
    if (c->retried || !network_failed(&t->error))
        return false;
    c->retried = true;
    return true;
}

int try_fail(struct try *t, struct cr_error *err)
{
    const struct db_call *c = t->call;

    cr_log(CR_LOG_WARN, "database call failed", CR_S("call", c->what),
           CR_S("collection", c->collection), CR_I("domain", t->error.domain),
           CR_I("code", t->error.code), CR_S("text", t->error.message));
    return cr_fail(err, code_of(&t->error), "database call %s failed", c->what);
}

void try_end(struct try *t)
{
    if (t->coll)
        mongoc_collection_destroy(t->coll);
    if (t->client)
        mongoc_client_pool_push(t->call->store->pool, t->client);
}
