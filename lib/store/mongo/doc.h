/* What the files about documents share. For this folder only. */
#ifndef CR_STORE_MONGO_DOC_H
#define CR_STORE_MONGO_DOC_H

#include "store/mongo/db.h"

/* ---- _ids (doc_keys.c): "<room>:<file>" of a head, "<room>:<file>:<seq, 19 digits>" of a
 * checkpoint or batch, so that they sort by seq ---- */

#define DOC_KEY_SIZE (2 * CR_ID_SIZE + 24)
void doc_update_key(char out[DOC_KEY_SIZE], const char *room_id, const char *file_id, int64_t seq);
/* seq 0: of the head. */
void doc_state_key(char out[DOC_KEY_SIZE], const char *room_id, const char *file_id, int64_t seq);
/* Behind all that begin with "<room>:<file>". */
void doc_key_behind(char out[DOC_KEY_SIZE], const char *room_id, const char *file_id);
/* The _id is between the two; the operators: $gt or $gte, $lt or $lte. */
void doc_key_range(bson_t *filter, const char *from_op, const char *from, const char *to_op,
                   const char *to);
/* room, and _id: everything that begins with "<room>:<file>". */
void doc_add_file_range(bson_t *filter, const char *room_id, const char *file_id);

/* Remove a file's states and their pieces. */
int doc_states_delete(struct cr_store *s, const char *room_id, const char *file_id,
                      struct cr_error *err);

/* ---- pieces of large states (doc_chunks.c) ----
 * Collection doc_chunks: _id "<room>:<file>:<state>:<n, 6 digits>", room, file, state, data,
 * created_ms. state: an id of its own for each time a state is written, so that two writers never
 * mix their pieces. */

/* Write the pieces of data under a new id; *count of them. */
int doc_chunks_write(struct cr_store *s, const char *room_id, const char *file_id,
                     const struct cr_buf *data, int64_t now_ms, char state_id[CR_ID_SIZE],
                     int64_t *count, struct cr_error *err);
/* Append the pieces to out. GONE: not all of them are there (any more). */
int doc_chunks_read(struct cr_store *s, const char *room_id, const char *file_id,
                    const char *state_id, int64_t count, struct cr_buf *out, struct cr_error *err);
/* Remove the pieces of one state. */
int doc_chunks_delete(struct cr_store *s, const char *room_id, const char *file_id,
                      const char *state_id, struct cr_error *err);
/* Remove those of all states that are not among the ids and older than before_ms. */
int doc_chunks_sweep(struct cr_store *s, const char *room_id, const char *file_id,
                     const char *const *state_ids, size_t count, int64_t before_ms,
                     struct cr_error *err);

#endif
