/* Everything that is kept. One implementation, on the MongoDB wire protocol (store/mongo/); no
 * header here shows a driver type.
 *
 * Rules (docs/STORE.md): one document is the unit of atomicity, no transactions, no change streams;
 * ids are ours; every write may be repeated; one-time things are inserts under a unique id; expiry
 * is checked on reading, TTL indexes only tidy up.
 *
 * Threads: struct cr_store is shared and holds a client pool; every call borrows a client for its
 * duration. All calls block: never call them on an event loop's thread. Errors: every call may fail
 * with UNAVAILABLE (database away, retryable). Others are named at the call. */
#ifndef CR_STORE_STORE_H
#define CR_STORE_STORE_H

#include "base/buf.h"
#include "base/error.h"
#include "model/model.h"

struct cr_store;

struct cr_store_options {
    const char *uri;
    const char *database;
    int pool_size;
    int timeout_ms; /* server selection and socket */
    const char *app_name;
};

struct cr_store *cr_store_open(const struct cr_store_options *o,
                               struct cr_error *err); /* checks the URI, does not connect */
void cr_store_close(struct cr_store *s);
int cr_store_ping(struct cr_store *s, struct cr_error *err);
/* Create the collections' indexes; safe to repeat and to race. Called by each daemon at start until
 * it succeeds. */
int cr_store_prepare(struct cr_store *s, struct cr_error *err);

/* ---- users ---- */
int cr_store_user_insert(struct cr_store *s, const struct cr_user *u,
                         struct cr_error *err); /* CONFLICT, field "email" */
int cr_store_user_by_email(struct cr_store *s, const char *email_lower, struct cr_user *out,
                           struct cr_error *err); /* NOT_FOUND */
int cr_store_user_by_id(struct cr_store *s, const char *id, struct cr_user *out,
                        struct cr_error *err); /* NOT_FOUND */

/* ---- sign-in families: one refresh token is current; its predecessor ends the family ---- */
struct cr_session {
    char id[CR_ID_SIZE]; /* the family */
    char user_id[CR_ID_SIZE];
    char token_hash[65]; /* SHA-256 hex of the current secret */
    int64_t expires_ms;
    bool ended;
};
int cr_store_session_insert(struct cr_store *s, const struct cr_session *se, struct cr_error *err);
/* Swap old_hash for new_hash in one step. UNAUTHORIZED when the family is unknown, ended or
 * expired; when it exists but old_hash is not the current one, the family is ended first (reuse)
 * and *reused is set. *out is filled on success. */
int cr_store_session_rotate(struct cr_store *s, const char *family, const char *old_hash,
                            const char *new_hash, int64_t now_ms, int64_t expires_ms, bool *reused,
                            struct cr_session *out, struct cr_error *err);
int cr_store_session_end(struct cr_store *s, const char *family, struct cr_error *err);
/* Insert once: CONFLICT when the key was used before. For tickets and other one-use things. */
int cr_store_use_once(struct cr_store *s, const char *key, int64_t expires_ms,
                      struct cr_error *err);

/* ---- rooms and members ---- */
/* Inserts the tree, the owner's membership and the room, in this order: a room is there when its
 * own document is. LIMIT: CR_LIMIT_ROOMS_PER_USER. */
int cr_store_room_create(struct cr_store *s, const struct cr_room *r, const struct cr_tree *t,
                         struct cr_error *err);
int cr_store_room_get(struct cr_store *s, const char *room_id, struct cr_room *out,
                      struct cr_error *err); /* NOT_FOUND */
int cr_store_room_rename(struct cr_store *s, const char *room_id, const char *name, int64_t now_ms,
                         struct cr_error *err);
/* The room first, then all that belongs to it; repeatable, and finished by the next
 * cr_store_prepare() when it was cut short. Success when there is no such room. */
int cr_store_room_delete(struct cr_store *s, const char *room_id, struct cr_error *err);
int cr_store_room_count_owned(struct cr_store *s, const char *user_id, int64_t *out,
                              struct cr_error *err);
struct cr_room_entry {
    struct cr_room room;
    enum cr_role role;
};
struct cr_room_list {
    struct cr_room_entry *items;
    size_t count;
    char next[CR_PAGE_CURSOR_SIZE]; /* cursor of the next page; "" at the end */
};
void cr_room_list_clear(struct cr_room_list *l);
/* Rooms of a user, last changed first. cursor "" for the first page; limit 1 to
 * CR_LIMIT_PAGE_ITEMS. INVALID, field "cursor" or "limit". */
int cr_store_room_list(struct cr_store *s, const char *user_id, const char *cursor, int limit,
                       struct cr_room_list *out, struct cr_error *err);
/* The revisions of many rooms at once (0 for one that is gone), in the order asked. For watching
 * live rooms. */
int cr_store_room_revs(struct cr_store *s, const char (*room_ids)[CR_ID_SIZE], size_t count,
                       int64_t *revs, struct cr_error *err);
int cr_store_room_touch(struct cr_store *s, const char *room_id, int64_t now_ms,
                        struct cr_error *err); /* rev + 1 */

/* Role of a user in a room; CR_ROLE_NONE (and 0) when not a member. */
int cr_store_member_role(struct cr_store *s, const char *room_id, const char *user_id,
                         enum cr_role *out, struct cr_error *err);
int cr_store_member_list(struct cr_store *s, const char *room_id, struct cr_member_list *out,
                         struct cr_error *err); /* with names and e-mails */
/* Add, or change the role of, a member. only_raise: never lowers (used by invitations). LIMIT:
 * members of the room, rooms of the user. NOT_FOUND: no such room. Bumps the room's rev. */
int cr_store_member_put(struct cr_store *s, const char *room_id, const char *user_id,
                        enum cr_role role, bool only_raise, int64_t now_ms, struct cr_error *err);
int cr_store_member_remove(struct cr_store *s, const char *room_id, const char *user_id,
                           struct cr_error *err); /* NOT_FOUND; bumps the room's rev */

/* ---- invitations and room tokens (kind picks the collection) ---- */
enum cr_grant_kind { CR_GRANT_INVITATION, CR_GRANT_TOKEN };
/* LIMIT: CR_LIMIT_INVITATIONS_PER_ROOM or _TOKENS_PER_ROOM that have not expired at created_ms.
 * NOT_FOUND: no such room. Bumps the room's rev. */
int cr_store_grant_insert(struct cr_store *s, enum cr_grant_kind k, const struct cr_grant *g,
                          const char *secret_hash, struct cr_error *err);
/* NOT_FOUND when unknown, withdrawn or expired at now_ms. */
int cr_store_grant_by_hash(struct cr_store *s, enum cr_grant_kind k, const char *secret_hash,
                           int64_t now_ms, struct cr_grant *out, struct cr_error *err);
int cr_store_grant_list(struct cr_store *s, enum cr_grant_kind k, const char *room_id,
                        int64_t now_ms, struct cr_grant_list *out, struct cr_error *err);
int cr_store_grant_delete(struct cr_store *s, enum cr_grant_kind k, const char *room_id,
                          const char *grant_id,
                          struct cr_error *err); /* NOT_FOUND; bumps the room's rev */

/* ---- files ---- */
int cr_store_tree_get(struct cr_store *s, const char *room_id, struct cr_tree *out,
                      struct cr_error *err); /* NOT_FOUND */
/* Write the tree if its stored rev is still t->rev; then rev + 1 and the room's rev + 1. CONFLICT:
 * read again and repeat. */
int cr_store_tree_put(struct cr_store *s, struct cr_tree *t, int64_t now_ms, struct cr_error *err);

/* ---- documents: an append-only log of batches for each file; seq starts at 1 ---- */
/* Append a batch (opaque bytes made by the caller). CONFLICT when seq is taken: another writer owns
 * the document. Repeating the same batch with the same bytes is success. TOO_LARGE above 15 MiB. */
int cr_store_doc_append(struct cr_store *s, const char *room_id, const char *file_id, int64_t seq,
                        const uint8_t *data, size_t len, int64_t now_ms, struct cr_error *err);
/* The same for many documents of one room in one round trip. With 0, each batch's result is NONE,
 * CONFLICT, TOO_LARGE (the others are written all the same) or UNAVAILABLE (repeat that one); with
 * -1 nothing is known: repeat all. No result is NONE before its batch is stored. */
struct cr_doc_batch {
    char file_id[CR_ID_SIZE];
    int64_t seq;
    const uint8_t *data; /* borrowed */
    size_t len;
    enum cr_error_code result;
};
int cr_store_doc_append_many(struct cr_store *s, const char *room_id, struct cr_doc_batch *batches,
                             size_t count, int64_t now_ms, struct cr_error *err);
/* Call each for every batch in order of seq, from after_seq + 1; stops when each returns non-zero
 * (and returns that). */
int cr_store_doc_read(struct cr_store *s, const char *room_id, const char *file_id,
                      int64_t after_seq,
                      int (*each)(void *ctx, int64_t seq, const uint8_t *data, size_t len),
                      void *ctx, struct cr_error *err);
/* The same up to and with upto_seq. */
int cr_store_doc_read_range(struct cr_store *s, const char *room_id, const char *file_id,
                            int64_t after_seq, int64_t upto_seq,
                            int (*each)(void *ctx, int64_t seq, const uint8_t *data, size_t len),
                            void *ctx, struct cr_error *err);
/* *seq: of the last batch; 0: there is none. */
int cr_store_doc_last_seq(struct cr_store *s, const char *room_id, const char *file_id,
                          int64_t *seq, struct cr_error *err);
/* The log and the states. */
int cr_store_doc_delete(struct cr_store *s, const char *room_id, const char *file_id,
                        struct cr_error *err);

/* ---- documents: compacted states, beside the log and made from it ---- */
/* A document as it was after batch seq. The head is the newest state: reading a document is the
 * head and the batches after it. Checkpoints are older states, kept so that any moment can be had
 * fast. */
struct cr_doc_state {
    int64_t seq;          /* 0: there is none */
    int64_t updates;      /* in the log up to seq */
    int64_t log_bytes;    /* of the batches up to seq */
    struct cr_buf vector; /* the state vector; none when some of it waits for other edits */
    struct cr_buf packed; /* the state as the caller packed it */
    int64_t *checkpoints; /* the head's: their seqs, ascending; owned */
    size_t checkpoint_count;
    int64_t checkpoint_updates, checkpoint_log_bytes; /* the head's: as above, up to the last */
    bool unread; /* cr_store_doc_heads(): there is a packed state, in pieces */
};
void cr_doc_state_clear(struct cr_doc_state *st);
/* Longer packed states are stored in pieces of this size: a server takes 16 MiB a document. */
#define CR_DOC_STATE_PIECE ((size_t)8 * 1024 * 1024)
/* *out with seq 0 when there is no head. */
int cr_store_doc_head(struct cr_store *s, const char *room_id, const char *file_id,
                      struct cr_doc_state *out, struct cr_error *err);
/* The same without vector and packed. */
int cr_store_doc_head_brief(struct cr_store *s, const char *room_id, const char *file_id,
                            struct cr_doc_state *out, struct cr_error *err);
/* The same for many files of a room in one round trip, seq and packed only; states in pieces are
 * left out (unread). */
int cr_store_doc_heads(struct cr_store *s, const char *room_id, const char (*file_ids)[CR_ID_SIZE],
                       size_t count, struct cr_doc_state *out, struct cr_error *err);
/* And the logs behind them: each is called for every batch, with the index of its file, for each
 * file in order of seq; what it returns ends the call unless it is 0. */
int cr_store_doc_tails(struct cr_store *s, const char *room_id, const char (*file_ids)[CR_ID_SIZE],
                       const struct cr_doc_state *heads, size_t count,
                       int (*each)(void *ctx, size_t file, int64_t seq, const uint8_t *data,
                                   size_t len),
                       void *ctx, struct cr_error *err);
int cr_store_doc_checkpoint(struct cr_store *s, const char *room_id, const char *file_id,
                            int64_t seq, struct cr_doc_state *out,
                            struct cr_error *err); /* NOT_FOUND */
/* Large states are written in pieces first, so at each instant there is a whole head: the old or
 * the new one. A head that is not newer than the stored one is dropped (and 0). */
int cr_store_doc_head_put(struct cr_store *s, const char *room_id, const char *file_id,
                          const struct cr_doc_state *st, int64_t now_ms, struct cr_error *err);
/* Before the head that lists it. */
int cr_store_doc_checkpoint_put(struct cr_store *s, const char *room_id, const char *file_id,
                                const struct cr_doc_state *st, int64_t now_ms,
                                struct cr_error *err);
/* Remove pieces of states that were never finished, older than an hour. */
int cr_store_doc_sweep(struct cr_store *s, const char *room_id, const char *file_id, int64_t now_ms,
                       struct cr_error *err);

/* ---- who owns a room: docs/STORE.md ---- */
#define CR_PROCESS_ADDRESS_SIZE 256
struct cr_process { /* a coderoom-ws */
    char id[CR_ID_SIZE];
    char address[CR_PROCESS_ADDRESS_SIZE];
    int64_t beat; /* grows while it lives */
};
struct cr_process_list {
    struct cr_process *items;
    size_t count;
};
void cr_process_list_clear(struct cr_process_list *l);
/* Also ends whoever had the same address. */
int cr_store_process_insert(struct cr_store *s, const char *id, const char *address,
                            struct cr_error *err);
int cr_store_process_beat(struct cr_store *s, const char *id, int64_t beat,
                          struct cr_error *err); /* GONE: it was removed */
int cr_store_process_list(struct cr_store *s, struct cr_process_list *out, struct cr_error *err);
int cr_store_process_get(struct cr_store *s, const char *id, struct cr_process *out, bool *found,
                         struct cr_error *err);
/* Remove it if its beat is still that one (-1: in any case): then it is dead for everybody. */
int cr_store_process_remove(struct cr_store *s, const char *id, int64_t beat, struct cr_error *err);

struct cr_owner {
    char process[CR_ID_SIZE]; /* "": nobody */
    int64_t epoch;            /* grows with each owner; 0: the room never had one */
    bool fence; /* the owner before may still write: each document that is read gets a fence */
};
int cr_store_owner_get(struct cr_store *s, const char *room_id, struct cr_owner *out,
                       struct cr_error *err);
/* Make process the owner of the next epoch if the owner is still *from. CONFLICT: it is not; look
 * again. */
int cr_store_owner_put(struct cr_store *s, const char *room_id, const struct cr_owner *from,
                       const char *process, bool fence, struct cr_error *err);
/* Nobody owns the room from now on, if that process still does in that epoch. */
int cr_store_owner_release(struct cr_store *s, const char *room_id, const char *process,
                           int64_t epoch, struct cr_error *err);
int cr_store_owner_release_all(struct cr_store *s, const char *process, struct cr_error *err);

/* ---- chat ---- */
int cr_store_chat_insert(struct cr_store *s, const struct cr_chat *c,
                         struct cr_error *err); /* repeating it is success */
int cr_store_chat_last(struct cr_store *s, const char *room_id, int limit, struct cr_chat_list *out,
                       struct cr_error *err); /* oldest first */

/* ---- jobs: the queue, and the record of runs ---- */
/* key: idempotency key of the requester; NULL or "" for none. With a key, run->id is set to the id
 * that belongs to (room, user, key); when it was used before, *existing is set and *run is refilled
 * with that run (without files and stdin_data). After a failure *run is as it was: repeat with it.
 * TOO_LARGE: files and standard input above 15 MiB together. */
int cr_store_job_insert(struct cr_store *s, struct cr_run *run, const char *key, bool *existing,
                        struct cr_error *err);
/* Claim the oldest queued job, else the oldest whose lease expired at least 2 s ago (clocks
 * differ), and start a lease on it: state running, attempt + 1. attempt only grows: it is the
 * fencing number. languages: NULL-terminated list that this runner serves. *found false with 0:
 * nothing to do. A job that needs no run is finished instead and given in *out with state FINISHED
 * and its result: one that was claimed CR_LIMIT_JOB_ATTEMPTS times without an end (internal_error),
 * and one whose runner was lost after somebody asked for the stop (stopped). */
int cr_store_job_claim(struct cr_store *s, const char *runner_id, const char *const *languages,
                       int64_t now_ms, int64_t lease_ms, bool *found, struct cr_run *out,
                       struct cr_error *err);
/* GONE when the lease was lost (another attempt runs, or the job is finished). *stop tells whether
 * somebody asked for the stop. */
int cr_store_job_renew(struct cr_store *s, const char *job_id, int64_t attempt, int64_t now_ms,
                       int64_t lease_ms, bool *stop, struct cr_error *err);
/* Give a claimed job back to the queue (orderly shutdown) without counting the attempt. GONE when
 * the lease was lost. */
int cr_store_job_release(struct cr_store *s, const char *job_id, int64_t attempt,
                         struct cr_error *err);
/* Store the output under the attempt's number, then result and state in one step. GONE when the
 * lease was lost: nothing of this attempt is shown. Safe to repeat. */
int cr_store_job_finish(struct cr_store *s, const char *job_id, int64_t attempt,
                        const struct cr_run_result *r, const struct cr_output *out, int64_t now_ms,
                        struct cr_error *err);
/* Ask for the stop: a queued job is finished as stopped at once (*finished set), a running one is
 * flagged; one that has finished stays as it is. NOT_FOUND. */
int cr_store_job_stop(struct cr_store *s, const char *room_id, const char *job_id, int64_t now_ms,
                      bool *finished, struct cr_error *err);
/* The ids of the jobs that wait, in the order in which they are claimed: the first max of them. */
int cr_store_job_queue(struct cr_store *s, char (*ids)[CR_ID_SIZE], size_t max, size_t *count,
                       struct cr_error *err);

int cr_store_run_get(struct cr_store *s, const char *room_id, const char *run_id,
                     struct cr_run *out,
                     struct cr_error *err); /* NOT_FOUND; no files, no stdin_data */
/* Newest first; cursor "" for the first page; limit 1 to CR_LIMIT_PAGE_ITEMS. No files, no output.
 * INVALID, field "cursor" or "limit". */
int cr_store_run_list(struct cr_store *s, const char *room_id, const char *cursor, int limit,
                      struct cr_run_list *out, struct cr_error *err);
/* Queued and running ones only. */
int cr_store_run_active(struct cr_store *s, const char *room_id, struct cr_run_list *out,
                        struct cr_error *err);
int cr_store_run_output(struct cr_store *s, const char *run_id, struct cr_output *out,
                        struct cr_error *err); /* NOT_FOUND; empty until finished */

#endif
