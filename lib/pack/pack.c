#include "pack/pack.h"

#include <stdlib.h>
#include <zstd.h>

/* Level 3 packs the state of a long-edited file (311 kB) to a third in 2 ms; higher levels cost far
 * more than they win. */
#define LEVEL 3

void cr_pack(const void *data, size_t len, struct cr_buf *out)
{
    size_t bound = ZSTD_compressBound(len);
    ZSTD_CCtx *ctx = ZSTD_createCCtx();
    uint8_t *at = cr_buf_reserve(out, bound);
    size_t n;

    if (!ctx)
        abort(); /* no memory, as in base/mem */
    ZSTD_CCtx_setParameter(ctx, ZSTD_c_compressionLevel, LEVEL);
    ZSTD_CCtx_setParameter(ctx, ZSTD_c_checksumFlag, 1);
    n = ZSTD_compress2(ctx, at, bound, data, len);
    ZSTD_freeCCtx(ctx);
    if (ZSTD_isError(n))
        abort(); /* the buffer is as large as asked for: only memory can be missing */
    out->len += n;
}

size_t cr_pack_plain_len(const void *packed, size_t len)
{
    unsigned long long n = ZSTD_getFrameContentSize(packed, len);

    if (n == ZSTD_CONTENTSIZE_UNKNOWN || n == ZSTD_CONTENTSIZE_ERROR || n > SIZE_MAX)
        return 0;
    return (size_t)n;
}

int cr_unpack_to(const void *packed, size_t len, void *to, size_t plain_len, struct cr_error *err)
{
    size_t n = ZSTD_decompress(to, plain_len, packed, len);

    if (ZSTD_isError(n))
        return cr_fail(err, CR_ERR_INVALID, "packed data: %s", ZSTD_getErrorName(n));
    if (n != plain_len)
        return cr_fail(err, CR_ERR_INVALID, "packed data of %zu bytes, not %zu", n, plain_len);
    return 0;
}

int cr_unpack(const void *packed, size_t len, size_t max_len, struct cr_buf *out,
              struct cr_error *err)
{
    unsigned long long plain = ZSTD_getFrameContentSize(packed, len);

    if (plain == ZSTD_CONTENTSIZE_UNKNOWN || plain == ZSTD_CONTENTSIZE_ERROR)
        return cr_fail(err, CR_ERR_INVALID, "not packed data");
    if (plain > max_len)
        return cr_fail(err, CR_ERR_INVALID, "packed data of %llu bytes", plain);
    if (cr_unpack_to(packed, len, cr_buf_reserve(out, (size_t)plain), (size_t)plain, err) < 0)
        return -1;
    out->len += (size_t)plain;
    return 0;
}
