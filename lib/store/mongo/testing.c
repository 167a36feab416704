#include "store/mongo/testing.h"

#include "store/mongo/db.h"

int cr_store_drop_database(struct cr_store *s, struct cr_error *err)
{
    AUTO_BSON command = BSON_INITIALIZER;

    BSON_APPEND_INT32(&command, "dropDatabase", 1);
    return db_command(DB_CALL(s, NULL), &command, err);
}
