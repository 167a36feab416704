/* One document's log and states in memory, in the place of the database, whatever file is asked
 * for: the functions of store/store.h that lib/doclog calls. */
#ifndef CR_TEST_DOCLOG_MEMORY_H
#define CR_TEST_DOCLOG_MEMORY_H

#include "proto/doc_batch.h"
#include "store/store.h"

void memory_clear(void);
/* Append what was written as batch seq. */
void memory_add(int64_t seq, struct cr_doc_batch_writer *w);
struct cr_doc_state *memory_head(void); /* to look at, and to damage */
size_t memory_checkpoints(void);
void memory_put_in_pieces(void); /* the head */
size_t memory_ranges(void);      /* calls of cr_store_doc_read_range() */

#endif
