/* What the targets share. */
#ifndef CR_TESTS_FUZZ_SUPPORT_H
#define CR_TESTS_FUZZ_SUPPORT_H

#include "tests/unit/ydoc/check.h"
#include "ydoc/updates.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ends the program with words where an assertion would be compiled away. */
static inline void demand(bool ok, const char *what)
{
    if (!ok) {
        fprintf(stderr, "broken: %s\n", what);
        abort();
    }
}

/* Links with tests/unit/ydoc/check.c. */
static inline void demand_sound(const struct yd_doc *doc)
{
    const char *wrong = yd_check_inside(doc);

    demand(!wrong, wrong ? wrong : "");
}

static inline bool same_bytes(const struct yd_buf *a, const struct yd_buf *b)
{
    return a->len == b->len && (a->len == 0 || memcmp(a->data, b->data, a->len) == 0);
}

/* Take the next part of the input: 2 bytes length (little endian), that many bytes.  False when
 * what is left is none. */
static inline bool next_part(const uint8_t **data, size_t *size, struct yd_bytes *part)
{
    size_t len = *size < 2 ? 0 : (*data)[0] | (size_t)(*data)[1] << 8;

    if (*size < 2 || len > *size - 2)
        return false;
    *part = (struct yd_bytes){*data + 2, len};
    *data += 2 + len;
    *size -= 2 + len;
    return true;
}

#endif
