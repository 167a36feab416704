/* Text that others wrote, made safe inside JSON and log lines. */
#ifndef CR_BASE_QUOTE_H
#define CR_BASE_QUOTE_H

#include "base/buf.h"

/* Append a JSON string with its quotes: controls, DEL, U+2028 and U+2029 are escaped; bytes that
 * are not UTF-8 become U+FFFD. */
void cr_quote_json(struct cr_buf *b, const void *s, size_t len);

#endif
