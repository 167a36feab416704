/* The indexes, in one table. TTL indexes only tidy up: expiry is checked on reading. What must be
 * unique is an _id: under contention, other unique indexes cost DocumentDB seconds of deadlocks,
 * and sharded clusters do not have them. */
#include "store/mongo/room.h"

#define KEYS_MAX 2

struct index {
    const char *collection;
    const char *name;
    const char *keys[KEYS_MAX]; /* "-created_ms": descending */
    bool ttl;                   /* of the date in its only key */
};

static const struct index indexes[] = {
    {"sessions", "expire_at", {"expire_at"}, .ttl = true},
    {"used", "expire_at", {"expire_at"}, .ttl = true},
    {"rooms", "owner", {"owner"}},
    {"members", "room", {"room", "created_ms"}},
    {"members", "user", {"user"}},
    {"invitations", "room", {"room", "expires_ms"}},
    {"invitations", "expire_at", {"expire_at"}, .ttl = true},
    {"tokens", "room", {"room", "expires_ms"}},
    {"tokens", "expire_at", {"expire_at"}, .ttl = true},
    {"doc_updates", "room", {"room"}},
    {"doc_states", "room", {"room"}},
    {"doc_chunks", "room", {"room"}},
    {"owners", "process", {"process"}},
    {"chat", "room", {"room", "-created_ms"}},
    {"jobs", "queue", {"state", "created_ms"}},
    {"jobs", "room", {"room", "-created_ms"}},
    {"jobs", "active", {"room", "state"}},
    {"job_inputs", "room", {"room"}},
    {"outputs", "room", {"room"}},
};

static void add_keys(bson_t *spec, const struct index *ix)
{
    bson_t key;

    BSON_APPEND_DOCUMENT_BEGIN(spec, "key", &key);
    for (int i = 0; i < KEYS_MAX && ix->keys[i]; i++) {
        bool down = ix->keys[i][0] == '-';

        BSON_APPEND_INT32(&key, ix->keys[i] + down, down ? -1 : 1);
    }
    bson_append_document_end(spec, &key);
}

static int create(struct cr_store *s, const struct index *ix, struct cr_error *err)
{
    AUTO_BSON command = BSON_INITIALIZER;
    bson_t list, spec;

    BSON_APPEND_UTF8(&command, "createIndexes", ix->collection);
    BSON_APPEND_ARRAY_BEGIN(&command, "indexes", &list);
    BSON_APPEND_DOCUMENT_BEGIN(&list, "0", &spec);
    add_keys(&spec, ix);
    BSON_APPEND_UTF8(&spec, "name", ix->name);
    if (ix->ttl)
        BSON_APPEND_INT32(&spec, "expireAfterSeconds", 0);
    bson_append_document_end(&list, &spec);
    bson_append_array_end(&command, &list);
    return db_command(DB_CALL(s, NULL), &command, err);
}

int cr_store_prepare(struct cr_store *s, struct cr_error *err)
{
    for (size_t i = 0; i < sizeof(indexes) / sizeof(indexes[0]); i++)
        if (create(s, &indexes[i], err) < 0)
            return cr_wrap(err, "index %s of %s", indexes[i].name, indexes[i].collection);
    return room_finish_deletions(s, err);
}
