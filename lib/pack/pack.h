/* Bytes made smaller (zstd), for what is stored or kept for long. Any thread. */
#ifndef CR_PACK_PACK_H
#define CR_PACK_PACK_H

#include "base/buf.h"
#include "base/error.h"

/* Append the packed form of data to out. It holds its unpacked length and a checksum. */
void cr_pack(const void *data, size_t len, struct cr_buf *out);

/* The unpacked length of what cr_pack() made; 0 when that cannot be told. */
size_t cr_pack_plain_len(const void *packed, size_t len);

/* Append the unpacked bytes to out. Errors: INVALID (no such form, damaged, or more than max_len
 * bytes). */
int cr_unpack(const void *packed, size_t len, size_t max_len, struct cr_buf *out,
              struct cr_error *err);

/* The same into memory of the caller: exactly cr_pack_plain_len() bytes. */
int cr_unpack_to(const void *packed, size_t len, void *to, size_t plain_len, struct cr_error *err);

#endif
