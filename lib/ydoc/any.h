/* Making `any` values (lib0's binary form): for array elements and map values.  Each call appends
 * one value, or the head of one whose parts the next calls append.  Thread: any. */
#ifndef YD_ANY_H
#define YD_ANY_H

#include "ydoc/ydoc.h"

#pragma GCC visibility push(default)

void yd_any_undefined(struct yd_buf *out);
void yd_any_null(struct yd_buf *out);
void yd_any_bool(struct yd_buf *out, bool v);
void yd_any_number(struct yd_buf *out, double v); /* integers up to 2^31-1 in their short form */
void yd_any_bigint(struct yd_buf *out, int64_t v);
int yd_any_string(struct yd_buf *out, const char *s, size_t len); /* YD_ERR_UTF8 */
void yd_any_bytes(struct yd_buf *out, const void *p, size_t len);
void yd_any_array(struct yd_buf *out, size_t count);             /* count values follow */
void yd_any_object(struct yd_buf *out, size_t count);            /* count times key and value */
int yd_any_key(struct yd_buf *out, const char *key, size_t len); /* YD_ERR_UTF8 */

/* Append the value that JSON text says.  Errors: YD_ERR_UTF8, YD_ERR_JSON, YD_ERR_DEPTH; nothing is
 * appended then.  A lone surrogate in an escape becomes U+FFFD, as Yjs writes it. */
int yd_any_from_json(struct yd_buf *out, const char *json, size_t len);

#pragma GCC visibility pop

#endif
