/* Jobs, for each other's files. For this folder only. */
#ifndef CR_STORE_MONGO_JOB_H
#define CR_STORE_MONGO_JOB_H

#include "store/mongo/db.h"

/* Everything of the job's own document but its input. */
void job_read(const bson_t *doc, struct cr_run *out);
/* {input: 0}: the fields that job_read() wants. */
void job_without_input(bson_t *fields);
void job_add_result(bson_t *set, const struct cr_run_result *r, int64_t attempt, int64_t now_ms);

/* The input, files and standard input: a small one goes into the job's document, which is then made
 * and claimed in one round trip; a large one is stored apart, first. */
int job_input_put(struct cr_store *s, bson_t *job, const struct cr_run *run, struct cr_error *err);
/* Fill files and stdin_data of a job that was just claimed; *found false when they are gone. */
int job_input_get(struct cr_store *s, const bson_t *job, struct cr_run *run, bool *found,
                  struct cr_error *err);
/* Delete what was stored apart. */
int job_input_delete(struct cr_store *s, const char *job_id, struct cr_error *err);

/* Output of one attempt: repeatable, since the key names the piece. */
int output_insert(struct cr_store *s, const char *room_id, const char *job_id, int64_t attempt,
                  const struct cr_output *out, struct cr_error *err);
int output_delete(struct cr_store *s, const char *room_id, const char *job_id, int64_t attempt,
                  struct cr_error *err);

/* {_id, attempt, state: "running"}: the fence. */
void job_by_lease(bson_t *filter, const char *job_id, int64_t attempt);

#endif
