/* Internal: the columns of update v2, run-length coders of lib0.  A reader's errors are sticky, in
 * the reader of its column. */
#ifndef YD_V2_COLUMNS_H
#define YD_V2_COLUMNS_H

#include "ydoc/wire.h"

/* One type for all columns; which of the values it holds depends on the calls. */
struct yd_col_in {
    struct yd_reader r;
    uint64_t count; /* how often the value still comes */
    uint64_t value;
    int64_t diff;
    bool for_ever; /* bytes: the last run has no count */
};
uint8_t yd_col_byte(struct yd_col_in *c);    /* RleDecoder of bytes */
uint64_t yd_col_uint(struct yd_col_in *c);   /* UintOptRleDecoder */
uint32_t yd_col_clock(struct yd_col_in *c);  /* IntDiffOptRleDecoder; 32 bits or YD_ERR_RANGE */
uint32_t yd_col_uint32(struct yd_col_in *c); /* a uint; more than 32 bits: YD_ERR_RANGE */

/* StringDecoder.  Strings are slices of one text by UTF-16 length; where a cut parts a surrogate
 * pair, each side has U+FFFD. */
struct yd_cut_string {
    const uint8_t *p; /* borrowed */
    uint32_t len;
    bool lead, trail; /* U+FFFD before or behind it */
};
struct yd_strings_in {
    struct yd_col_in lens;
    const uint8_t *p, *end; /* the text still to come */
    uint64_t units;         /* its length */
    bool ascii, half;       /* half: p is at a pair whose first half has been given out */
};
void yd_strings_begin(struct yd_strings_in *s, struct yd_slice column);
struct yd_cut_string yd_strings_next(struct yd_strings_in *s);
void yd_buf_put_cut_string(struct yd_buf *out, struct yd_cut_string s); /* with its length */

/* Encoders.  Zero-initialised ({0}) is empty; end them before their bytes are taken. */
struct yd_col_out {
    struct yd_buf b;
    uint64_t count, value;
    int64_t diff;
};
void yd_col_put_byte(struct yd_col_out *c, uint8_t v);
void yd_col_put_uint(struct yd_col_out *c, uint64_t v);
void yd_col_put_clock(struct yd_col_out *c, uint32_t v);
void yd_col_end_uint(struct yd_col_out *c);
void yd_col_end_clock(struct yd_col_out *c);

struct yd_strings_out {
    struct yd_buf text;
    struct yd_col_out lens;
};
void yd_strings_put(struct yd_strings_out *s, struct yd_slice v); /* valid UTF-8 */

#endif
