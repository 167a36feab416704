/* The few calls of the Docker Engine API that the runner makes. Every call blocks; any thread.
 * Errors: UNAVAILABLE when Docker does not answer, INTERNAL with Docker's own message when it
 * refuses, NOT_FOUND when the container or image is gone.
 * Source: https://docs.docker.com/engine/api/ (v1.41). */
#ifndef CR_RUNNER_DOCKER_DOCKER_H
#define CR_RUNNER_DOCKER_DOCKER_H

#include "base/buf.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

#define CR_DOCKER_ID_SIZE 65

struct cr_docker;

/* socket: path of Docker's unix socket. Does not connect. */
struct cr_docker *cr_docker_new(const char *socket);
void cr_docker_free(struct cr_docker *d);

/* Agree on an API version; call before anything else, and again whenever Docker was away. engine:
 * its version for the log, at least 32 bytes. */
int cr_docker_hello(struct cr_docker *d, char *engine, size_t size, struct cr_error *err);

/* spec: JSON of POST /containers/create. */
int cr_docker_create(struct cr_docker *d, const char *name, const void *spec, size_t len,
                     char id[CR_DOCKER_ID_SIZE], struct cr_error *err);
int cr_docker_start(struct cr_docker *d, const char *id, struct cr_error *err);
/* Connect to the streams of a container that has not been started. Returns a socket that the caller
 * owns, or -1. What comes back is multiplexed (demux.h); what is written is its standard input. */
int cr_docker_attach(struct cr_docker *d, const char *id, struct cr_error *err);
/* Kill and delete; one that is gone already is success. */
int cr_docker_remove(struct cr_docker *d, const char *id, struct cr_error *err);

struct cr_docker_end {
    bool running;
    bool oom_killed;
    int exit_code;
    char error[128]; /* the runtime's, "" when none */
};
int cr_docker_inspect(struct cr_docker *d, const char *id, struct cr_docker_end *out,
                      struct cr_error *err);

/* Ids of all containers, running or not, that have both labels ("name=value", or "name" for any
 * value). */
struct cr_docker_list {
    char (*ids)[CR_DOCKER_ID_SIZE];
    size_t count;
};
int cr_docker_list(struct cr_docker *d, const char *label, const char *also,
                   struct cr_docker_list *out, struct cr_error *err);
void cr_docker_list_clear(struct cr_docker_list *l);

int cr_docker_image_check(struct cr_docker *d, const char *image, struct cr_error *err);

#endif
