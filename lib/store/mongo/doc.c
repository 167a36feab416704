/* Reading and writing the fields of documents. */
#include "store/mongo/db.h"

const char *doc_str(const bson_t *doc, const char *key)
{
    bson_iter_t it;

    if (!bson_iter_init_find(&it, doc, key) || !BSON_ITER_HOLDS_UTF8(&it))
        return "";
    return bson_iter_utf8(&it, NULL);
}

char *doc_dup(const bson_t *doc, const char *key)
{
    return cr_strdup(doc_str(doc, key));
}

void doc_id(const bson_t *doc, const char *key, char out[CR_ID_SIZE])
{
    const char *id = doc_str(doc, key);

    memset(out, 0, CR_ID_SIZE);
    if (strlen(id) == CR_ID_LEN)
        memcpy(out, id, CR_ID_LEN);
}

int64_t doc_int(const bson_t *doc, const char *key)
{
    bson_iter_t it;

    /* Servers may answer with any numeric type. */
    return bson_iter_init_find(&it, doc, key) ? bson_iter_as_int64(&it) : 0;
}

bool doc_bool(const bson_t *doc, const char *key)
{
    bson_iter_t it;

    return bson_iter_init_find(&it, doc, key) && BSON_ITER_HOLDS_BOOL(&it) && bson_iter_bool(&it);
}

bool doc_bin(const bson_t *doc, const char *key, const uint8_t **data, size_t *len)
{
    bson_iter_t it;
    bson_subtype_t subtype;
    uint32_t n = 0;

    *data = NULL;
    *len = 0;
    if (!bson_iter_init_find(&it, doc, key) || !BSON_ITER_HOLDS_BINARY(&it))
        return false;
    bson_iter_binary(&it, &subtype, &n, data);
    *len = n;
    return true;
}

bool doc_sub(const bson_t *doc, const char *key, bson_t *view)
{
    bson_iter_t it;
    const uint8_t *data;
    uint32_t len;

    if (!bson_iter_init_find(&it, doc, key))
        return false;
    if (BSON_ITER_HOLDS_DOCUMENT(&it))
        bson_iter_document(&it, &len, &data);
    else if (BSON_ITER_HOLDS_ARRAY(&it))
        bson_iter_array(&it, &len, &data);
    else
        return false;
    return bson_init_static(view, data, len);
}

void doc_each(const bson_t *doc, const char *key, void (*each)(void *ctx, const bson_t *item),
              void *ctx)
{
    bson_t array, item;
    bson_iter_t it;

    if (!doc_sub(doc, key, &array) || !bson_iter_init(&it, &array))
        return;
    while (bson_iter_next(&it)) {
        const uint8_t *data;
        uint32_t len;

        if (!BSON_ITER_HOLDS_DOCUMENT(&it))
            continue;
        bson_iter_document(&it, &len, &data);
        if (bson_init_static(&item, data, len))
            each(ctx, &item);
    }
}

void doc_add_bin(bson_t *doc, const char *key, const uint8_t *data, size_t len)
{
    /* libbson does not take NULL, even for nothing. */
    bson_append_binary(doc, key, -1, BSON_SUBTYPE_BINARY, data ? data : (const uint8_t *)"",
                       (uint32_t)len);
}

void doc_add_expiry(bson_t *doc, int64_t expires_ms)
{
    BSON_APPEND_DATE_TIME(doc, "expire_at", expires_ms);
}

void doc_by_id(bson_t *doc, const char *id)
{
    BSON_APPEND_UTF8(doc, "_id", id);
}

void doc_add_in(bson_t *doc, const char *key, const char *const *values, size_t count)
{
    bson_t in, array;

    BSON_APPEND_DOCUMENT_BEGIN(doc, key, &in);
    BSON_APPEND_ARRAY_BEGIN(&in, "$in", &array);
    for (size_t i = 0; i < count; i++) {
        char buf[16];
        const char *index;

        bson_uint32_to_string((uint32_t)i, &index, buf, sizeof(buf));
        BSON_APPEND_UTF8(&array, index, values[i]);
    }
    bson_append_array_end(&in, &array);
    bson_append_document_end(doc, &in);
}

void *list_room(void *items, size_t count, size_t size)
{
    /* Grows by doubling: the array is full whenever the count is a power of two. */
    if ((count & (count - 1)) == 0)
        items = cr_realloc(items, (count ? count * 2 : 1) * size);
    memset((char *)items + count * size, 0, size);
    return items;
}
