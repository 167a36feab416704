/* Runs as a room sees them: their state, and what they printed so far for those who join late.
 *
 * A run belongs to its live room. What runners say about runs of rooms that are not in memory
 * (after our restart, before anybody is back) is kept in the hub as an orphan until the room opens.
 */
#ifndef CR_WS_RUN_H
#define CR_WS_RUN_H

#include "base/buf.h"
#include "proto/messages.h"
#include "ws/room.h"
#include "ws/service.h"

#define CR_RUN_EARLY_STDIN_BYTES (256 * 1024) /* typed before the run has a runner */
#define CR_RUN_REPLAY_BYTES (1536 * 1024) /* for a late joiner: well below what an outbox takes */

struct cr_output_chunk {
    enum cr_stream stream;
    uint64_t offset;
    struct cr_buf bytes;
};

/* "account:key": 20 characters, a colon, at most 64, and the NUL. */
#define CR_RUN_KEY_SIZE 86

struct cr_live_run {
    struct cr_live_run *next;
    struct cr_run run;         /* without files and standard input */
    bool known;                /* false: only a runner spoke of it yet */
    char key[CR_RUN_KEY_SIZE]; /* asker and key of the request, when it came through us; else "" */
    int64_t position;          /* in the queue, 1 is next; 0: not known */
    enum cr_phase phase;
    int64_t news_ms; /* monotonic: when something was last heard of it */

    struct cr_service *runner; /* who runs it; NULL: nobody that we know */
    struct cr_buf early_stdin; /* for the runner to come */
    bool early_close;

    struct cr_output_chunk *chunks; /* of this attempt */
    size_t chunk_count;
    uint64_t output_end; /* offset behind the last byte */
};

struct cr_live_run *cr_run_find(struct cr_live_room *r, const char *run_id); /* NULL: none */
size_t cr_run_active_count(const struct cr_live_room *r);
/* Make a run known in its room: takes run's content. One that is there already is brought up to
 * date. NULL: it finished long ago and is not kept. */
struct cr_live_run *cr_run_put(struct cr_live_room *r, struct cr_run *run);
void cr_run_adopt(struct cr_live_room *r, struct cr_run_list *list); /* the same for a list */
void cr_run_free_all(struct cr_live_room *r);
void cr_run_orphan(struct cr_live_room *r); /* the room goes: keep what still runs */
void cr_run_orphans_second(struct cr_hub *h, int64_t now_ms);
void cr_run_orphans_clear(struct cr_hub *h);
/* A run's end: drops the output, tells the room. */
void cr_run_finish(struct cr_hub *h, struct cr_live_run *run, int64_t attempt,
                   const struct cr_run_result *result, int64_t finished_ms);
/* Ask the database about runs of which nothing was heard for a while. */
void cr_run_check(struct cr_live_room *r, int64_t now_ms);
/* Tell waiting runs where they stand (run_queue.c). */
void cr_run_queue_second(struct cr_hub *h, int64_t now_ms);

/* The run that a runner speaks of; one that nobody knows is made an orphan. NULL: too many. */
struct cr_live_run *cr_run_by_runner(struct cr_hub *h, const char *room_id, const char *run_id);

/* What a runner says (run_events.c). */
void cr_run_on_running(struct cr_hub *h, struct cr_service *s, const struct cr_msg_job_running *m);
int cr_run_on_finished(struct cr_hub *h, const struct cr_msg_job_finished *m, struct cr_error *err);
void cr_run_on_output(struct cr_hub *h, struct cr_service *s, const struct cr_output_frame *f);
void cr_run_runner_left(struct cr_hub *h, const struct cr_service *s);

/* Output (run_output.c). */
void cr_run_output_clear(struct cr_live_run *run);
/* Keep the new part of a piece and tell the room; what is known already is dropped. */
void cr_run_output_take(struct cr_hub *h, struct cr_live_run *run,
                        const struct cr_output_frame *frame);
/* The same for the stored output of a run whose end is not told yet. */
void cr_run_output_take_stored(struct cr_hub *h, struct cr_live_run *run,
                               const struct cr_output *out);
/* What was printed so far: of all active runs to a late joiner, of one run to everybody. */
void cr_run_replay(struct cr_peer *p);
void cr_run_replay_to_all(struct cr_live_room *r, const struct cr_live_run *run);

/* JSON (run_json.c). */
void cr_json_put_runs(struct cr_json_out *w, const struct cr_live_room *r); /* array items */
void cr_run_tell(struct cr_live_room *r, const struct cr_live_run *run);    /* run.status */

#endif
