/* The difference of two texts by lines. */
#ifndef CR_DOCLOG_LINES_H
#define CR_DOCLOG_LINES_H

#include <stddef.h>

/* Bytes [old_at, old_at + old_len) become bytes [new_at, new_at + new_len) of the other text. */
struct cr_line_change {
    size_t old_at, old_len, new_at, new_len;
};

/* What makes text a text b, in ascending order, never overlapping; at most one change when the
 * texts differ in very many lines. A change of a single line is cut to the part that differs, at
 * borders of UTF-8 characters. *changes: owned by the caller; NULL when there is none. Returns how
 * many. Time: bounded by the texts' length and a constant times the number of lines. Source: E.
 * Myers, An O(ND) Difference Algorithm and Its Variations, 1986. */
size_t cr_line_changes(const char *a, size_t a_len, const char *b, size_t b_len,
                       struct cr_line_change **changes);

#endif
