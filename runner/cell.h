/* A cell: a started, empty, locked-down container whose first process, our agent, waits for one
 * job. A cell belongs to one thread at a time. */
#ifndef CR_RUNNER_CELL_H
#define CR_RUNNER_CELL_H

#include "base/buf.h"
#include "config/config.h"
#include "lang/lang.h"
#include "runner/agent/protocol.h"
#include "runner/docker/demux.h"
#include "runner/docker/docker.h"

#define CR_CELL_LABEL_INSTANCE "coderoom.instance"
#define CR_CELL_LABEL_CELL "coderoom.cell"
#define CR_CELL_LABEL_LANGUAGE "coderoom.language"

/* What every cell is made of; borrowed, shared by all threads. */
struct cr_cell_env {
    struct cr_docker *docker;
    const struct cr_config *config;
    const char *seccomp; /* the profile's JSON; NULL: Docker's own */
};

struct cr_cell {
    char id[21];                       /* ours: in the container's name and labels, in the log */
    char container[CR_DOCKER_ID_SIZE]; /* "" when create failed */
    const struct cr_lang *lang;
    int fd; /* the attached stream; -1: closed */
    int uid_slot;
    struct cr_demux demux;
    struct cr_buf frames;  /* bytes of the agent's stream that are not a whole frame yet */
    char stderr_text[256]; /* what the runtime itself complains about */
    size_t stderr_len;
};

/* Make a cell: create, attach, start, wait for READY. Takes 200-400 ms. On an error nothing is left
 * behind that cr_docker_remove() and the sweep would not find. */
int cr_cell_make(const struct cr_cell_env *env, const struct cr_lang *lang, struct cr_cell **out,
                 struct cr_error *err);
/* Close the stream, which ends the agent. The container is still to be removed. */
void cr_cell_hang_up(struct cr_cell *c);
void cr_cell_free(struct cr_cell *c); /* hangs up; NULL is fine */

/* True when the agent is still waiting: nothing came, nobody hung up. */
bool cr_cell_is_fresh(const struct cr_cell *c);

/* Append a frame to buf; data of any length is cut into frames that fit. */
void cr_cell_frame_append(struct cr_buf *buf, uint8_t type, const void *data, size_t len);
/* Send bytes; waits at most 10 s. Errors: UNAVAILABLE. */
int cr_cell_write(struct cr_cell *c, const void *data, size_t len, struct cr_error *err);
/* Read what has come (blocks when nothing has) and call each for every whole frame; it returns
 * non-zero to stop. Returns 1, 0 at the end of the stream, -1 when the stream is malformed. */
int cr_cell_read(struct cr_cell *c, int (*each)(void *ctx, const struct cr_cell_frame *f),
                 void *ctx, struct cr_error *err);

/* spec.c: the JSON of POST /containers/create. */
struct cr_cell_spec {
    const char *cell; /* id */
    const struct cr_lang *lang;
    int uid;
};
void cr_cell_spec_write(const struct cr_cell_env *env, const struct cr_cell_spec *s,
                        struct cr_buf *out);

#endif
