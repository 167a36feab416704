/* Packed bytes from a database that anything may have happened to: never more comes out than was
 * allowed, and packing it again and back gives the same. */
#include "pack/pack.h"
#include "tests/fuzz/support.h"

#define MAX_PLAIN 65536

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cr_error err = CR_ERROR_INIT;
    CR_AUTO_BUF plain = {0}, packed = {0}, again = {0};
    size_t told = cr_pack_plain_len(data, size);

    if (cr_unpack(data, size, MAX_PLAIN, &plain, &err) < 0) {
        demand(plain.len == 0, "an error wrote something");
        demand(err.code == CR_ERR_INVALID, "an error of another kind");
        return 0;
    }
    demand(plain.len <= MAX_PLAIN && plain.cap <= 2 * MAX_PLAIN, "more than was allowed");
    demand(plain.len == told, "its length was told otherwise");
    cr_pack(plain.data, plain.len, &packed);
    demand(cr_unpack(packed.data, packed.len, plain.len, &again, NULL) == 0, "its own is refused");
    demand(again.len == plain.len &&
               (plain.len == 0 || memcmp(again.data, plain.data, plain.len) == 0),
           "other bytes come back");
    return 0;
}
