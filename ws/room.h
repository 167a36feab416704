/* A live room: its sockets, documents, chat and runs. In memory from the first connection until a
 * minute after the last. */
#ifndef CR_WS_ROOM_H
#define CR_WS_ROOM_H

#include "ws/hub.h"
#include "ws/peer.h"
#include "json/write.h"

#define CR_COLORS 12               /* of the client's palette */
#define CR_ROOM_RUNS_KEPT 20       /* finished runs that welcome lists */
#define CR_ROOM_RESTORES 2         /* earlier texts that are brought back at a time */
#define CR_ROOM_GRACE_MS 60000     /* a room or document without sockets stays so long */
#define CR_ROOM_MESSAGES_PER_S 50  /* of one room socket … */
#define CR_ROOM_MESSAGES_BURST 250 /* … for 5 s */
#define CR_ROOM_BYTES_PER_S (1024 * 1024)
#define CR_ROOM_BYTES_BURST (8 * 1024 * 1024)

/* What is read from the database about a room, whole. */
struct cr_room_data {
    struct cr_room room;
    struct cr_tree tree;
    struct cr_member_list members;
    struct cr_grant_list tokens;
};
void cr_room_data_clear(struct cr_room_data *d);
/* On a worker. The revision is read before the rest. Errors: NOT_FOUND (deleted), UNAVAILABLE. */
int cr_room_data_read(struct cr_store *s, const char *room_id, struct cr_room_data *out,
                      struct cr_error *err);

struct cr_live_room {
    struct cr_hub *hub;
    struct cr_live_room *hash_next;
    char id[CR_ID_SIZE];
    bool loaded; /* data, chat and runs are here; until then sockets wait */
    bool gone;   /* deleted, or could not be loaded: out of the hub, freed with its last socket */
    struct cr_room_data data;
    struct cr_chat_list chat; /* the last CR_LIMIT_CHAT_HISTORY, oldest first */
    struct cr_live_run *runs; /* newest first: active ones and the last finished */
    struct cr_peer *peers;    /* room sockets */
    struct cr_live_doc *docs;
    size_t socket_count;   /* room and document sockets */
    int64_t idle_since_ms; /* when the last socket went */
    int jobs;              /* on workers, that come back to this room */

    bool refreshing, refresh_again;
    int64_t runs_checked_ms;
    bool checking_runs;
    size_t starting_runs; /* on their way into the queue */
    size_t restores;      /* earlier texts on their way into documents */

    int64_t epoch;      /* in which this process owns it; 0: ownership does not matter */
    bool fence;         /* who owned it before may still write: struct cr_owner */
    bool saving;        /* batches are being written */
    int64_t retry_ms;   /* back-off: do not write before */
    int64_t backoff_ms; /* 0 when the last write succeeded */
};

/* Put a room into the hub that begins to load; NULL: too much work waits. */
struct cr_live_room *cr_room_open(struct cr_hub *h, const char *room_id);
/* The room is there: say to p what it holds, and take what it sent. */
void cr_room_welcome(struct cr_peer *p);
/* Let a connection in; the room is loaded when it is not live. Takes over conn->user. */
void cr_room_join(struct cr_hub *h, struct cr_conn *conn, enum cr_socket_kind kind,
                  const struct cr_access *access);

/* Read the room again and let sockets follow what changed. */
void cr_room_refresh(struct cr_live_room *r);
/* The role that somebody with that access has by now, also without a socket; NONE: he is out. */
enum cr_role cr_room_role(const struct cr_live_room *r, const struct cr_access *a);
/* Documents begin to load when the tree has their file, and end when it has not - unless a socket
 * came in at a newer revision, which may have it. */
void cr_room_follow_files(struct cr_live_room *r);

/* Close all its sockets and take it out of the hub. */
void cr_room_end(struct cr_live_room *r, enum cr_error_code code, const char *reason);
/* Another process has it: the same, without giving it up; runs go on. */
void cr_room_lose(struct cr_live_room *r, enum cr_error_code code, const char *reason);
/* Work came back: frees the room when it is gone and nothing refers to it any more. */
void cr_room_job_done(struct cr_live_room *r);
void cr_room_second(struct cr_live_room *r, int64_t now_ms);
/* Free it when it has been without sockets for the grace and all is saved; true when it was. */
bool cr_room_unload_idle(struct cr_live_room *r, int64_t now_ms);

/* Send to all room sockets that had their welcome (not to except; NULL: to all). */
void cr_room_broadcast(struct cr_live_room *r, struct cr_frame *f, const struct cr_peer *except);
/* The same for a JSON text that was just written. */
void cr_room_broadcast_json(struct cr_live_room *r, const struct cr_json_out *w,
                            const struct cr_peer *except);

/* A file (not a folder) of the tree; NULL: there is none. */
const struct cr_file *cr_room_file(const struct cr_live_room *r, const char *file_id);

#endif
