/* The jobs that this runner holds, as its threads share them: the worker runs it, the lease thread
 * renews it, the link shows it to the ws daemons and brings Stop and standard input.
 *
 * A live job is in the registry from its claim until every ws daemon has been told its end.
 * Everything below "locked" is read and written under its lock. */
#ifndef CR_RUNNER_LIVE_H
#define CR_RUNNER_LIVE_H

#include "model/model.h"
#include "proto/messages.h"
#include "runner/output.h"

#include <pthread.h>
#include <stdbool.h>

#define CR_LINKS_MAX 64             /* ws daemons of one runner */
#define CR_LIVE_STDIN_MAX (1 << 20) /* typed and not yet taken; more is dropped */
#define CR_LIVE_LINGER_MS 60000     /* how long an end waits for a ws daemon that is away */

enum cr_live_wish {
    CR_LIVE_STOP = 1,     /* a person pressed Stop */
    CR_LIVE_LOST = 2,     /* another runner has it: leave it alone */
    CR_LIVE_SHUTDOWN = 4, /* this runner ends: give it back */
};

/* What one ws daemon has been told; only the link's thread uses it. */
struct cr_live_cursor {
    enum cr_phase phase;
    size_t offset;
    bool finished;
    bool watches; /* its room's output goes there */
};

struct cr_live {
    struct cr_run run; /* constant while it lives; its files are the worker's */
    int wake_fd;       /* eventfd: something below changed for the worker */
    struct cr_live_cursor cursors[CR_LINKS_MAX];

    pthread_mutex_t lock;
    /* locked: */
    int refs;
    unsigned wishes; /* enum cr_live_wish */
    enum cr_phase phase;
    struct cr_output_log output;
    struct cr_buf input; /* standard input that the worker has not taken yet */
    bool input_eof;
    bool over;      /* the worker is done with it: no lease to renew */
    bool finished;  /* the result is stored: result and finished_ms are set */
    bool discarded; /* nobody is to be told anything more */
    struct cr_run_result result;
    int64_t finished_ms;
    int64_t over_mono_ms;
};

struct cr_lives;
struct cr_lives *cr_lives_new(void);
void cr_lives_free(struct cr_lives *l);

/* Takes *run over (and clears it). The caller owns a reference; the registry has its own. */
struct cr_live *cr_lives_add(struct cr_lives *l, struct cr_run *run);
/* A reference, or NULL. */
struct cr_live *cr_lives_find(struct cr_lives *l, const char *run_id);
void cr_live_unref(struct cr_live *v); /* NULL is fine */
/* References to all of them, oldest first; *out is the caller's, each to be given back. */
size_t cr_lives_all(struct cr_lives *l, struct cr_live ***out);
size_t cr_lives_running(struct cr_lives *l);               /* those that are not over */
void cr_lives_drop(struct cr_lives *l, struct cr_live *v); /* the registry's reference */

void cr_live_wish(struct cr_live *v, enum cr_live_wish wish);
void cr_live_input(struct cr_live *v, const void *data, size_t len, bool eof);

#endif
