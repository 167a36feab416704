/* The runners' connections: they tell what runs, and get the doorbell, stops and standard input. */
#ifndef CR_WS_SERVICE_H
#define CR_WS_SERVICE_H

#include "ws/hub.h"

struct cr_service {
    struct cr_service *next;
    struct cr_hub *hub;
    struct cr_conn *conn;
    char runner[65];  /* its name; "" before hello */
    char **languages; /* NULL-terminated; NULL before hello */
};

/* authorization: the header's value. Errors: UNAUTHORIZED. */
int cr_service_attach(struct cr_hub *h, struct cr_conn *c, const char *authorization,
                      struct cr_error *err);
void cr_service_close_all(struct cr_hub *h, enum cr_error_code code, const char *reason);

/* Whether a runner that serves the language is connected. */
bool cr_service_can_run(const struct cr_hub *h, const char *language);
/* Ring all runners that serve the language: there is something to claim. */
void cr_service_ring(struct cr_hub *h, const char *language, const char *run_id);
/* {"type": type, "run": run_id} to one runner, or to all. */
void cr_service_tell(struct cr_service *s, const char *type, const char *run_id);
void cr_service_tell_all(struct cr_hub *h, const char *type, const char *run_id);
void cr_service_stdin(struct cr_service *s, const char *run_id, const void *data, size_t len);

#endif
