/* Internal: `any` values as the JSON text that JSON.stringify makes of them. */
#ifndef YD_ANY_JSON_H
#define YD_ANY_JSON_H

#include "ydoc/wire.h"

/* Read one value and append its JSON: numbers in JavaScript's shortest form, bytes as an object of
 * numbers, undefined left out of objects and null in arrays.  Keys stay in the order they come in.
 * Errors, in r, with nothing appended: those of yd_read_any; YD_ERR_JSON for what JSON.stringify
 * refuses (a bigint, or undefined by itself); YD_ERR_TOO_BIG for more than max bytes. */
void yd_any_to_json(struct yd_reader *r, size_t max, struct yd_buf *out);
/* Append a number as JavaScript writes it; NaN and infinities as null. */
void yd_json_number(struct yd_buf *out, double v);
/* Append a string (valid UTF-8) with its quotes. */
void yd_json_string(struct yd_buf *out, struct yd_slice s);

#endif
