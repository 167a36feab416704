/* Who owns which room when several coderoom-ws share a database. Each process has a document whose
 * beat it raises four times a second; all watch all. One whose beat stands still is removed, and
 * is dead from then on: its rooms are free, and when it was only asleep it finds out by its next
 * beat. Only durations count: clocks of machines differ. docs/STORE.md, "Who owns a room". Thread:
 * what is named *_work on workers, the rest on the loop, except where it says any. */
#ifndef CR_WS_LEASE_H
#define CR_WS_LEASE_H

#include "store/store.h"
#include "thread/pool.h"

#include <pthread.h>

#define CR_LEASE_SILENT_MS 600 /* then it may be dead: nobody is sent to it */
/* Then it is removed: seven looks, so that a loop may stall for more than a second. Its clients are
 * served again within this, a beat, a look and what the database takes. */
#define CR_LEASE_DEAD_MS 1650
#define CR_LEASE_GAP_MS 1250  /* we did not look for so long: what we know counts anew */
#define CR_LEASE_ROOMS 1024   /* rooms of others that are remembered */
#define CR_LEASE_ROOM_MS 5000 /* for so long */
#define CR_LEASE_TURNS 32     /* rooms are taken so many at a time, and each by one worker */

struct cr_hub;

struct cr_known_process {
    struct cr_process p;
    int64_t changed_ms; /* monotonic: when its beat was first seen */
};

struct cr_lease {
    struct cr_store *store;
    struct cr_pool *pool; /* one thread of its own: beats wait for nobody's work */
    char address[CR_PROCESS_ADDRESS_SIZE];
    /* By the room's hash: of sockets that come to a room at once each would take it from the
     * other, and the last ones would give up. */
    pthread_mutex_t turns[CR_LEASE_TURNS];
    pthread_mutex_t lock; /* for what follows up to rooms */
    char id[CR_ID_SIZE];  /* of this process; another one after it was taken for dead */
    struct cr_known_process *known;
    size_t known_count;
    int64_t read_ms;
    struct cr_lease_room {
        char room_id[CR_ID_SIZE], process[CR_ID_SIZE];
        int64_t until_ms;
    } * rooms; /* of others, by hash */
    int64_t beat;
    uint64_t life; /* grows each time this process was taken for dead */
    bool registered, beating;
    bool released; /* the daemon ends and has given everything up */
};

/* address: copied. pool: outlives the lease; nobody else gives it work. */
void cr_lease_init(struct cr_lease *l, struct cr_store *s, struct cr_pool *pool,
                   const char *address);
void cr_lease_clear(struct cr_lease *l);

/* Four times a second: beat and look at the others. */
void cr_lease_tick(struct cr_hub *h);
/* The daemon ends and everything is stored: give up all rooms. True when that is done. */
bool cr_lease_release_all(struct cr_hub *h);

enum cr_lease_answer {
    CR_LEASE_OURS,
    CR_LEASE_OTHERS, /* *address says whose */
    CR_LEASE_WAIT    /* its owner may be dead: ask again soon */
};
/* On a worker: own the room, or find out who does. since_ms: when it was asked for. *epoch: ours;
 * *fence: see struct cr_owner. Returns an answer, or -1. */
int cr_lease_take(struct cr_lease *l, const char *room_id, int64_t since_ms, int64_t *epoch,
                  bool *fence, char address[CR_PROCESS_ADDRESS_SIZE], struct cr_error *err);
/* On a worker: give a room up. */
void cr_lease_give(struct cr_lease *l, const char *room_id, int64_t epoch);

/* Whether the room was lately found to be another's, who lives; address: whose. Any thread. */
bool cr_lease_is_others(struct cr_lease *l, const char *room_id,
                        char address[CR_PROCESS_ADDRESS_SIZE]);
/* The id of this process. Any thread. */
void cr_lease_id(struct cr_lease *l, char out[CR_ID_SIZE]);

#endif
