/* Internal: writing JSON, besides the strings and numbers of any_json.h. */
#ifndef YD_JSON_OUT_H
#define YD_JSON_OUT_H

#include "ydoc/any_json.h"

void yd_json_put(struct yd_buf *out, const char *text);             /* as it is */
void yd_json_put_uint(struct yd_buf *out, uint64_t v);              /* all digits */
void yd_json_put_base64(struct yd_buf *out, struct yd_slice bytes); /* as a string */
/* One `any` value, checked before.  undefined: null; within an object its key is left out. bytes:
 * base64; bigint: all digits. */
void yd_json_put_any(struct yd_buf *out, struct yd_reader *r);

#endif
