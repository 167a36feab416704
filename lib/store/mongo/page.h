/* Pages of a list that is sorted by a time and the id, newest first. The cursor is "<ms>:<id>" of
 * the last item of the page before: two items of the same millisecond are not confused. For this
 * folder only. */
#ifndef CR_STORE_MONGO_PAGE_H
#define CR_STORE_MONGO_PAGE_H

#include "store/mongo/db.h"

/* Add to the filter what follows the cursor ("" for the first page), to opts the order and limit:
 * one item more than asked for, which tells whether there is a next page. INVALID, field "cursor"
 * or "limit". */
int page_open(bson_t *filter, bson_t *opts, const char *time_field, const char *cursor, int limit,
              struct cr_error *err);
void page_cursor(char out[CR_PAGE_CURSOR_SIZE], int64_t ms, const char *id);

#endif
