#include "proto/doc_batch.h"

#define VARUINT_MAX ((UINT64_C(1) << 53) - 1) /* lib0 numbers are JavaScript's */

static void put_varuint(struct cr_buf *out, uint64_t n)
{
    while (n > 0x7f) {
        cr_buf_append_byte(out, (uint8_t)(0x80 | (n & 0x7f)));
        n >>= 7;
    }
    cr_buf_append_byte(out, (uint8_t)n);
}

static bool get_varuint(const uint8_t **at, const uint8_t *end, uint64_t *n)
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

static bool get_update(const uint8_t **at, const uint8_t *end, const uint8_t **update, size_t *len)
{
    uint64_t n;

    if (!get_varuint(at, end, &n) || n > (uint64_t)(end - *at))
        return false;
    *update = *at;
    *len = (size_t)n;
    *at += n;
    return true;
}

void cr_doc_batch_begin(struct cr_buf *out, size_t count)
{
    put_varuint(out, count);
}

void cr_doc_batch_add(struct cr_buf *out, const uint8_t *update, size_t len)
{
    put_varuint(out, len);
    cr_buf_append(out, update, len);
}

int cr_doc_batch_open(struct cr_doc_batch_reader *r, const uint8_t *data, size_t len,
                      struct cr_error *err)
{
    const uint8_t *at = data, *end = data + len, *update;
    size_t update_len;

    if (!get_varuint(&at, end, &r->left))
        return cr_fail(err, CR_ERR_INVALID, "document batch: no count");
    r->at = at;
    r->end = end;
    for (uint64_t i = 0; i < r->left; i++) {
        if (!get_update(&at, end, &update, &update_len))
            return cr_fail(err, CR_ERR_INVALID, "document batch: cut short in update %llu",
                           (unsigned long long)i);
    }
    if (at != end)
        return cr_fail(err, CR_ERR_INVALID, "document batch: bytes behind the last update");
    return 0;
}

bool cr_doc_batch_next(struct cr_doc_batch_reader *r, const uint8_t **update, size_t *len)
{
    if (r->left == 0)
        return false;
    r->left--;
    return get_update(&r->at, r->end, update, len);
}
