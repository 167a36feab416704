#include "store/mongo/doc.h"

void doc_update_key(char out[DOC_KEY_SIZE], const char *room_id, const char *file_id, int64_t seq)
{
    snprintf(out, DOC_KEY_SIZE, "%s:%s:%019lld", room_id, file_id, (long long)seq);
}

void doc_state_key(char out[DOC_KEY_SIZE], const char *room_id, const char *file_id, int64_t seq)
{
    if (seq == 0)
        snprintf(out, DOC_KEY_SIZE, "%s:%s", room_id, file_id);
    else
        doc_update_key(out, room_id, file_id, seq);
}

void doc_key_behind(char out[DOC_KEY_SIZE], const char *room_id, const char *file_id)
{
    snprintf(out, DOC_KEY_SIZE, "%s:%s;", room_id, file_id); /* ';' follows ':' */
}

void doc_key_range(bson_t *filter, const char *from_op, const char *from, const char *to_op,
                   const char *to)
{
    bson_t range;

    BSON_APPEND_DOCUMENT_BEGIN(filter, "_id", &range);
    bson_append_utf8(&range, from_op, -1, from, -1);
    bson_append_utf8(&range, to_op, -1, to, -1);
    bson_append_document_end(filter, &range);
}

void doc_add_file_range(bson_t *filter, const char *room_id, const char *file_id)
{
    char first[DOC_KEY_SIZE], behind[DOC_KEY_SIZE];

    doc_state_key(first, room_id, file_id, 0);
    doc_key_behind(behind, room_id, file_id);
    BSON_APPEND_UTF8(filter, "room", room_id); /* for a sharded cluster */
    doc_key_range(filter, "$gte", first, "$lt", behind);
}
