/* Reading batches. */
#include "proto/doc_batch_internal.h"

#include <string.h>

#define VARUINT_MAX ((UINT64_C(1) << 53) - 1) /* lib0 numbers are JavaScript's */

bool batch_get_varuint(const uint8_t **at, const uint8_t *end, uint64_t *n)
{
    uint64_t value = 0;

    for (unsigned shift = 0; shift < 56 && *at < end; shift += 7) {
        uint8_t byte = *(*at)++;

        value |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80) {
            *n = value;
            return value <= VARUINT_MAX;
        }
    }
    return false;
}

bool batch_get_bytes(const uint8_t **at, const uint8_t *end, const uint8_t **bytes, size_t *len)
{
    uint64_t n;

    if (!batch_get_varuint(at, end, &n) || n > (uint64_t)(end - *at))
        return false;
    *bytes = *at;
    *len = (size_t)n;
    *at += n;
    return true;
}

static void find_author(struct cr_doc_batch_reader *r, uint64_t index)
{
    const uint8_t *at = r->authors + r->author_at[index], *name = NULL;

    batch_get_bytes(&at, r->end, &name, &r->author_len);
    r->author = (const char *)name;
}

static bool get_update(struct cr_doc_batch_reader *r, const uint8_t **update, size_t *len)
{
    uint64_t author = 0, delta_ms;

    if (r->plain)
        return batch_get_bytes(&r->at, r->end, update, len);
    if (r->author_count > 1 &&
        (!batch_get_varuint(&r->at, r->end, &author) || author >= r->author_count))
        return false;
    if (!batch_get_varuint(&r->at, r->end, &delta_ms) ||
        !batch_get_bytes(&r->at, r->end, update, len) ||
        delta_ms > VARUINT_MAX - (uint64_t)r->time_ms)
        return false;
    if (r->author_count > 0)
        find_author(r, author);
    r->time_ms += (int64_t)delta_ms;
    return true;
}

static bool read_authors(struct cr_doc_batch_reader *r)
{
    const uint8_t *name;
    size_t len;

    if (!batch_get_varuint(&r->at, r->end, &r->author_count) ||
        r->author_count > CR_DOC_BATCH_AUTHORS)
        return false;
    r->authors = r->at;
    for (uint64_t i = 0; i < r->author_count; i++) {
        r->author_at[i] = (uint16_t)(r->at - r->authors); /* 256 names of 40 bytes at most */
        if (!batch_get_bytes(&r->at, r->end, &name, &len) || len >= CR_DOC_AUTHOR_SIZE)
            return false;
    }
    return true;
}

static bool read_fence(struct cr_doc_batch_reader *r)
{
    const uint8_t *process;
    uint64_t epoch;
    size_t len;

    r->left = 0;
    return batch_get_varuint(&r->at, r->end, &epoch) &&
           batch_get_bytes(&r->at, r->end, &process, &len);
}

static bool read_head(struct cr_doc_batch_reader *r)
{
    uint64_t form, first_ms;

    if (!batch_get_varuint(&r->at, r->end, &r->left))
        return false;
    r->plain = r->left > 0;
    if (r->plain || r->at == r->end) /* a plain batch without updates is a single 0 */
        return true;
    if (!batch_get_varuint(&r->at, r->end, &form))
        return false;
    if (form == CR_DOC_BATCH_FENCE)
        return read_fence(r);
    if (form != CR_DOC_BATCH_EDITS || !batch_get_varuint(&r->at, r->end, &first_ms) ||
        !read_authors(r))
        return false;
    r->time_ms = (int64_t)first_ms;
    return batch_get_varuint(&r->at, r->end, &r->left);
}

int cr_doc_batch_open(struct cr_doc_batch_reader *r, const uint8_t *data, size_t len,
                      struct cr_error *err)
{
    struct cr_doc_batch_reader check;
    const uint8_t *update;
    size_t update_len;

    memset(r, 0, sizeof *r);
    r->at = data;
    r->end = data + len;
    r->author = "";
    if (!read_head(r))
        return cr_fail(err, CR_ERR_INVALID, "document batch: malformed head");
    check = *r;
    for (; check.left > 0; check.left--)
        if (!get_update(&check, &update, &update_len))
            return cr_fail(err, CR_ERR_INVALID, "document batch: cut short, %llu updates are left",
                           (unsigned long long)check.left);
    if (check.at != check.end)
        return cr_fail(err, CR_ERR_INVALID, "document batch: bytes behind the last update");
    return 0;
}

bool cr_doc_batch_next(struct cr_doc_batch_reader *r, const uint8_t **update, size_t *len)
{
    if (r->left == 0)
        return false;
    r->left--;
    return get_update(r, update, len);
}
