/* Internal: `any` values as the JSON text that JSON.stringify makes of them. */
#ifndef YD_ANY_JSON_H
#define YD_ANY_JSON_H

#include "ydoc/wire.h"

/* A value without its members: its tag, its count, and what else is said to belong to the tag. */
struct yd_any {
    uint8_t tag;           /* enum yd_any_tag */
    double number;         /* INTEGER, FLOAT32, FLOAT64 */
    int64_t bigint;        /* BIGINT */
    struct yd_slice bytes; /* BYTES, STRING: borrowed */
    uint64_t count;        /* ARRAY: members that follow; OBJECT: keys and members; else 0 */
};
/* Read one value, checked before, up to its members. */
void yd_any_head(struct yd_reader *r, struct yd_any *out);

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
