/* A connection that was let into a room: a room socket or one of its document sockets. */
#ifndef CR_WS_PEER_H
#define CR_WS_PEER_H

#include "base/limits.h"
#include "model/model.h"
#include "ws/budget.h"
#include "ws/conn.h"
#include "ws/echo.h"
#include "ws/rate.h"

#define CR_PERSON_NAME_SIZE (CR_LIMIT_NAME_CHARS * 4 + 1) /* code points of at most 4 bytes */

enum cr_socket_kind { CR_SOCKET_ROOM, CR_SOCKET_DOC, CR_SOCKET_SERVICE };

/* Who somebody is and what he may do, as the database said when the socket was opened. */
struct cr_access {
    char room_id[CR_ID_SIZE];
    char file_id[CR_ID_SIZE];  /* of a document socket */
    char user_id[CR_ID_SIZE];  /* "" for a room token */
    char grant_id[CR_ID_SIZE]; /* of a room token; "" for a ticket */
    char name[CR_PERSON_NAME_SIZE];
    enum cr_role role;
    int64_t expires_ms; /* wall clock; 0: never (tickets are only for coming in) */
    int64_t rev;        /* the room's revision before the role was read */
    bool want_saved;
    int64_t epoch; /* in which this process owns the room; 0: it was here already */
    bool fence;    /* struct cr_owner */
};

struct cr_live_room;
struct cr_live_doc;

struct cr_peer {
    struct cr_conn *conn;
    enum cr_socket_kind kind;
    struct cr_access access;
    struct cr_live_room *room;
    struct cr_peer *prev, *next; /* of the same kind in the room, or of the document */

    /* room socket */
    struct cr_rate bytes, messages;
    bool welcomed;
    char file[CR_ID_SIZE]; /* which one this person looks at; "" when none */
    int color;

    /* document socket */
    struct cr_budget budget;
    struct cr_live_doc *doc;
    bool greeted;
    uint64_t handled;       /* step 2 and update messages since the start */
    uint64_t handled_taken; /* of these: in the batch that is being stored, or before */
    uint64_t acked;         /* of these: reported as stored */
    struct cr_peer *owed_prev, *owed_next; /* of the document: acked < handled */
    struct cr_echo echo;                   /* edits that are not stored yet (fanout.h) */
    size_t slot;                           /* in the fan-out's list */
    uint32_t wrote_in;                     /* the window in which it wrote last */
    bool lagging;              /* it reads too slowly: left out until it has read what waits */
    unsigned introduced;       /* awareness clients, so far */
    size_t presence_bytes;     /* of the states that it speaks for */
    bool step2_due;            /* it asked meanwhile */
    uint64_t missed_version;   /* of the fan-out, when it was left out … */
    uint64_t missed_presence;  /* … and of the presence; 0: it asked meanwhile */
    struct cr_buf missed_from; /* state vector: what it has when it has read what waits */
};

#endif
