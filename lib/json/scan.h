/* The strict look at a JSON text before cJSON, which is lenient, builds the tree. Internal. */
#ifndef CR_JSON_SCAN_H
#define CR_JSON_SCAN_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

/* Exactly one value by RFC 8259's grammar, valid UTF-8, no NUL or lone surrogate in a string, at
 * most CR_LIMIT_JSON_DEPTH levels. Errors: INVALID with the position in bytes. */
int cr_json_scan(const uint8_t *data, size_t len, struct cr_error *err);

#endif
