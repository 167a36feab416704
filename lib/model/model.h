/* The things Coderoom keeps, as plain C. Strings are NUL-terminated UTF-8, owned by the struct;
 * times are wall-clock ms. A list type has items and count and one _clear that frees everything. */
#ifndef CR_MODEL_MODEL_H
#define CR_MODEL_MODEL_H

#include "base/id.h"
#include "base/mem.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum cr_role {
    CR_ROLE_NONE,
    CR_ROLE_VIEWER,
    CR_ROLE_COMMENTER,
    CR_ROLE_EDITOR,
    CR_ROLE_OWNER
}; /* ordered: each may what the ones before may */
const char *
cr_role_name(enum cr_role role); /* "viewer", "commenter", "editor", "owner"; "" for NONE */
enum cr_role cr_role_parse(const char *name); /* CR_ROLE_NONE when unknown */

struct cr_user {
    char id[CR_ID_SIZE];
    char *email; /* lower case; unique */
    char *name;
    char *password_hash; /* argon2id, libsodium's text form; never leaves the server */
    int64_t created_ms;
};
void cr_user_clear(struct cr_user *u);

struct cr_room {
    char id[CR_ID_SIZE];
    char owner_id[CR_ID_SIZE];
    char *name;
    char *language; /* id of the language it was made with; "" when none */
    int64_t rev; /* grows with every change of the room, its members or its tree: what ws watches */
    int64_t created_ms;
    int64_t updated_ms;
};
void cr_room_clear(struct cr_room *r);

struct cr_member {
    char room_id[CR_ID_SIZE];
    char user_id[CR_ID_SIZE];
    char *name;  /* the user's name when it was read */
    char *email; /* NULL unless asked for */
    enum cr_role role;
    int64_t created_ms;
};
void cr_member_clear(struct cr_member *m);

struct cr_member_list {
    struct cr_member *items;
    size_t count;
};
void cr_member_list_clear(struct cr_member_list *l);

/* An invitation link or a room token: a secret of which only the hash is stored. */
struct cr_grant {
    char id[CR_ID_SIZE];
    char room_id[CR_ID_SIZE];
    char created_by[CR_ID_SIZE];
    char *label; /* tokens: what the person called it; invitations: "" */
    enum cr_role role;
    int64_t created_ms;
    int64_t expires_ms;
};
void cr_grant_clear(struct cr_grant *g);

struct cr_grant_list {
    struct cr_grant *items;
    size_t count;
};
void cr_grant_list_clear(struct cr_grant_list *l);

/* The files of a room are one tree in one document: every change is atomic and limits are easy to
 * keep. */
struct cr_file {
    char id[CR_ID_SIZE];     /* names the Yjs document; survives rename and move */
    char parent[CR_ID_SIZE]; /* "" at the top */
    char *name;              /* NFC, checked by cr_file_name_check() */
    bool is_folder;
    int64_t created_ms;
};

struct cr_tree {
    char room_id[CR_ID_SIZE];
    int64_t rev; /* version of this document: a write names the one it read */
    struct cr_file *files;
    size_t count;
};
void cr_tree_clear(struct cr_tree *t);

struct cr_chat {
    char id[CR_ID_SIZE];
    char room_id[CR_ID_SIZE];
    char user_id[CR_ID_SIZE]; /* "" for a room token */
    char *name;
    char *text;
    int64_t created_ms;
};
void cr_chat_clear(struct cr_chat *c);

struct cr_chat_list {
    struct cr_chat *items;
    size_t count;
};
void cr_chat_list_clear(struct cr_chat_list *l);

enum cr_run_state { CR_RUN_QUEUED, CR_RUN_RUNNING, CR_RUN_FINISHED };
const char *cr_run_state_name(enum cr_run_state s); /* "queued", "running", "finished" */
int cr_run_state_parse(const char *s, enum cr_run_state *out);

/* How a run ended; exactly one, decided from kernel facts. The names go to clients and to the
 * database. */
enum cr_verdict {
    CR_VERDICT_NONE,   /* not finished */
    CR_VERDICT_OK,     /* exit status 0 */
    CR_VERDICT_EXIT,   /* non-zero exit status */
    CR_VERDICT_SIGNAL, /* killed by a signal that it got by its own doing */
    CR_VERDICT_WALL_TIME,
    CR_VERDICT_CPU_TIME,
    CR_VERDICT_MEMORY,
    CR_VERDICT_OUTPUT, /* wrote more than allowed */
    CR_VERDICT_COMPILE_ERROR,
    CR_VERDICT_STOPPED,        /* somebody pressed Stop */
    CR_VERDICT_INTERNAL_ERROR, /* our fault; the message says what */
};
const char *
cr_verdict_name(enum cr_verdict v); /* "ok", "exit", "signal", "wall_time", … ; "" for NONE */
int cr_verdict_parse(const char *s, enum cr_verdict *out);

struct cr_job_file {
    char *path; /* "src/main.py": checked, relative, no "." or ".." */
    uint8_t *data;
    size_t len;
};

struct cr_run_result {
    enum cr_verdict verdict;
    int exit_code;        /* with CR_VERDICT_EXIT and COMPILE_ERROR, else 0 */
    int signal;           /* with CR_VERDICT_SIGNAL, else 0 */
    int64_t wall_ms;      /* from start of the program (or compiler) to its end */
    int64_t cpu_ms;       /* user + system of everything in the cell */
    int64_t compile_ms;   /* 0 when nothing was compiled */
    int64_t memory_bytes; /* peak, 0 when the kernel does not tell */
    int64_t stdout_bytes; /* written by the program, kept or not */
    int64_t stderr_bytes;
    bool truncated; /* output was cut at the limit */
    char *message;  /* one sentence more, for internal_error above all; may be NULL */
};
void cr_run_result_clear(struct cr_run_result *r);

/* A run from the room's side and a job from the queue's: one document. */
struct cr_run {
    char id[CR_ID_SIZE];
    char room_id[CR_ID_SIZE];
    char user_id[CR_ID_SIZE]; /* who pressed Run; "" for a room token */
    char *user_name;
    char *request_id;    /* goes from nginx's log to the cell, in every log line about the run */
    char *language;      /* id of conf/languages/<id>.json */
    char *entry;         /* path of the file that is run */
    char **args;         /* NULL-terminated; may be NULL */
    uint8_t *stdin_data; /* given with the run; may be NULL */
    size_t stdin_len;
    bool stdin_open;           /* more may be typed; false: end of file after stdin_data */
    struct cr_job_file *files; /* only filled when the job is claimed */
    size_t file_count;
    int64_t wall_limit_ms; /* 0: the runner's default */
    enum cr_run_state state;
    int64_t attempt; /* fencing number: 0 until claimed */
    bool stop_requested;
    int64_t created_ms, started_ms, finished_ms; /* 0 until then */
    struct cr_run_result result;
};
void cr_run_clear(struct cr_run *r);

/* The cursor of a page: a time in ms, a colon, an id, and the NUL. */
#define CR_PAGE_CURSOR_SIZE (20 + 1 + CR_ID_SIZE)

struct cr_run_list {
    struct cr_run *items;
    size_t count;
    char next[CR_PAGE_CURSOR_SIZE]; /* cursor of the next page; "" at the end */
};
void cr_run_list_clear(struct cr_run_list *l);

/* A piece of a run's output in the order it was read. */
enum cr_stream { CR_STREAM_STDOUT = 1, CR_STREAM_STDERR = 2, CR_STREAM_COMPILE = 3 };
struct cr_output_piece {
    enum cr_stream stream;
    uint8_t *data;
    size_t len;
};
struct cr_output {
    struct cr_output_piece *pieces;
    size_t count;
};
void cr_output_clear(struct cr_output *o);

#endif
