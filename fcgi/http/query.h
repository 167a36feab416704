/* Query parameters, checked by a table like JSON bodies. */
#ifndef CR_FCGI_HTTP_QUERY_H
#define CR_FCGI_HTTP_QUERY_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CR_QUERY_TEXT_MAX 64 /* bytes of a text parameter with its NUL */

enum cr_query_kind { CR_QUERY_INT, CR_QUERY_TEXT };

struct cr_query_field {
    const char *name; /* NULL ends the table */
    enum cr_query_kind kind;
    size_t offset;    /* INT: int64_t; TEXT: char[CR_QUERY_TEXT_MAX] */
    int64_t min, max; /* INT: value; TEXT: bytes, max below CR_QUERY_TEXT_MAX */
};

/* Check text ("limit=10&cursor=…") against fields and fill the struct at dst; what is absent stays
 * as it was. Errors: INVALID (unknown, twice, out of range), field "query.<name>". */
int cr_query_bind(const char *text, const struct cr_query_field *fields, void *dst,
                  struct cr_error *err);

/* Decode %XX (and + as a blank when plus is set) to NUL-terminated text. -1: malformed, holds NUL
 * or invalid UTF-8, or does not fit. */
int cr_percent_decode(const char *s, size_t len, bool plus, char *out, size_t size);

#endif
