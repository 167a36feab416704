/* A hub without network, database or threads: the store is a few structs, workers run when told to.
 */
#ifndef CR_TESTS_WS_FAKE_H
#define CR_TESTS_WS_FAKE_H

#include "tests/unit/unit.h"

#include "proto/messages.h"
#include "ws/doc.h"
#include "ws/lease.h"
#include "ws/persist.h"
#include "ws/room.h"
#include "ws/run.h"
#include "ydoc/yprotocol.h"

#define ROOM "room0000000000000000"
#define FILE_A "filea000000000000000"
#define FILE_B "fileb000000000000000"
#define USER_A "usera000000000000000"
#define USER_B "userb000000000000000"
#define RUN_1 "run10000000000000000"

/* What the store holds and how it behaves; set up anew by fake_setup(). */
struct fake {
    struct cr_hub hub;
    bool room_exists;
    int64_t rev, tree_rev;
    bool file_b_exists;
    enum cr_role role_a, role_b;
    enum cr_error_code append_error;   /* the next appends fail and say nothing of their batches */
    enum cr_error_code batch_error[2]; /* what becomes of each file's batches otherwise */
    int appends;                       /* calls of cr_store_doc_append_many */
    size_t batches_in_last;
    struct cr_buf log[2][32]; /* batches of the two files by seq - 1 */
    int64_t log_count[2];
    struct cr_doc_state heads[2];
    struct cr_buf last_bytes; /* of the last batch that was offered */
    int64_t last_seq;
    size_t texts_read;              /* files that a run had read from the store */
    int inserted;                   /* jobs */
    char insert_id[CR_ID_SIZE];     /* the id that the store gives a job; "": the caller's */
    struct cr_run last_job;         /* with its files */
    enum cr_run_state stored_state; /* what cr_store_run_get() says */
    int64_t stored_attempt;
    const char *stored_output; /* NULL: none */
    int queue_before;          /* jobs that wait before RUN_1 */
    int armed;
    bool pool_full; /* the hub's */

    /* Several processes; a hub without a lease (fake_own() gives it one) owns all rooms. */
    struct cr_lease lease; /* has threads of its own, which are never too busy */
    struct cr_process processes[4];
    size_t process_count;
    int removals; /* calls of cr_store_process_remove */
    enum cr_error_code remove_error;
    struct cr_owner owner;  /* of ROOM */
    unsigned owner_wait_us; /* between reading it and giving it to who asked */
    int owner_puts;         /* calls of cr_store_owner_put, for any room */
    bool token_is_good;
};
extern struct fake fake;

int fake_setup(void **state);
int fake_teardown(void **state);

void fake_work(void);       /* run the jobs that wait, and what they submit */
void fake_save(void);       /* the save timer, and its jobs */
void fake_save_start(void); /* the timer only */
void fake_done(void);       /* run one job's work and done */
void fake_half(void);       /* run one job's work; its done comes after the others that wait */
void fake_heal(void);       /* the database answers again, and what waited for it is written */

/* From now on rooms are owned; this process is known to the others. */
void fake_own(void);

struct fake_conn {
    struct cr_conn conn; /* first */
    int64_t paused_ms;
    int held; /* how often it was said that conn.holding changed */
};
struct fake_conn *fake_bare(void); /* that nobody handles yet */
/* The handshake of somebody with a room token. */
struct fake_conn *fake_knock(const char *room_id, const char *token);
/* Let somebody in; run what has to run. */
struct fake_conn *fake_doc(const char *file, const char *user, enum cr_role role, bool saved);
struct fake_conn *fake_room(const char *user, enum cr_role role);
struct fake_conn *fake_open(enum cr_socket_kind kind, const char *file, const char *user,
                            enum cr_role role, bool saved);
/* A runner that takes Python programs. */
struct fake_conn *fake_service(void);
void fake_close(struct fake_conn *c);

void fake_feed(struct fake_conn *c, const void *data, size_t len);
void fake_say(struct fake_conn *c, const char *json);
/* The next frame of the outbox, freed at the next call; NULL: none. */
const struct cr_frame *fake_next(struct fake_conn *c);
void fake_flush(struct fake_conn *c); /* drop what waits */
/* Take frames until a JSON one has the words; fails when none does. */
void fake_expect(struct fake_conn *c, const char *words);

void fake_assert_closed(const struct fake_conn *c, enum cr_error_code code);
/* The next frame, which has to be one of this type; m points into it. */
struct yd_message fake_expect_message(struct fake_conn *c, enum yd_message_type type);
/* Put the next frame's update into doc (NULL: nowhere). Returns its type; 0: there is no frame. */
int fake_take(struct fake_conn *c, struct yd_doc *doc);
/* The count of the newest saved frame; -1 when there is none. Empties the outbox. */
int64_t fake_saved_count(struct fake_conn *c);

/* A frame with an update that inserts text as that client. */
void fake_update(struct yd_buf *out, uint64_t client, const char *text, bool as_step2);
void fake_send_update(struct fake_conn *c, const struct yd_buf *update);
void fake_send_text(struct fake_conn *c, uint64_t client, const char *text);
/* As somebody who has FILE_A as it is now. */
void fake_delete_text(struct fake_conn *c, uint64_t client, uint32_t from, uint32_t len);
/* An owner protects units [first, last] of what client 7 wrote, deleted ones as well. */
void fake_protect(struct fake_conn *owner, uint32_t first, uint32_t last);
/* An awareness message with one state, and what FILE_A's table has of a client ("gone": nothing).
 */
void fake_say_state(struct fake_conn *c, uint64_t client, uint64_t clock, const char *json);
const char *fake_state_of(uint64_t client);
struct cr_live_doc *fake_live(const char *file);
void fake_assert_text(const char *file, const char *text);

#endif
