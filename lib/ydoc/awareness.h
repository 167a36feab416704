/* The awareness table of one document: who is there, with a clock and a JSON state for each client
 * id. A body is: varUint count, then for each client varUint id, varUint clock, varString JSON.
 * Thread: any, one at a time.  Source: y-protocols awareness.js. */
#ifndef YD_AWARENESS_H
#define YD_AWARENESS_H

#include "ydoc/ydoc.h"

#pragma GCC visibility push(default)

struct yd_awareness;

struct yd_awareness_limits {
    size_t max_clients;     /* ids remembered, with and without a state; default 4,096 */
    size_t max_state_bytes; /* JSON of one client; default 16 KiB */
    size_t max_per_update;  /* clients in one body; default 4,096 */
    size_t max_bytes;       /* JSON of all clients together; default 4 MiB */
};

struct yd_awareness *
yd_awareness_new(const struct yd_awareness_limits *limits); /* NULL: defaults */
void yd_awareness_free(struct yd_awareness *a);

enum yd_awareness_change {
    YD_AWARENESS_ADDED = 1, /* a state where there was none */
    YD_AWARENESS_UPDATED,   /* another state */
    YD_AWARENESS_RENEWED,   /* newer clock, same bytes: the client says that it lives */
    YD_AWARENESS_REMOVED,   /* null where there was a state */
};

struct yd_awareness_event {
    uint64_t client;
    enum yd_awareness_change change;
};

/* What an update did; free with yd_awareness_result_clear. */
struct yd_awareness_result {
    struct yd_awareness_event *events; /* malloc'ed; NULL when count is 0 */
    size_t count;
    size_t echoes; /* entries dropped by (client, clock) without looking at their JSON */
};
void yd_awareness_result_clear(struct yd_awareness_result *res);

/* Apply a body.  An entry counts when its clock is newer than the known one, or equal with null for
 * a client that has a state.  All or nothing: on an error the table is as before. now_ms: any
 * monotonic clock; kept for yd_awareness_expire.  res: filled on success. Errors: the decoder's,
 * YD_ERR_UTF8, YD_ERR_JSON, YD_ERR_LIMIT. */
int yd_awareness_apply(struct yd_awareness *a, const uint8_t *body, size_t len, int64_t now_ms,
                       struct yd_awareness_result *res);

/* Called for an entry of a body, with its JSON as it came: nobody looked at it. Returns 0 to go on;
 * what else ends the call. */
typedef int (*yd_awareness_entry_fn)(void *ctx, uint64_t client, uint64_t clock,
                                     const uint8_t *json, size_t json_len);
/* Look through a body without a table, as yd_awareness_apply does. Returns 0, what each returned,
 * or an error of the decoder (YD_ERR_TRUNCATED, YD_ERR_VARINT, YD_ERR_TRAILING): each may have been
 * called for entries before the place of the error. */
int yd_awareness_each(const uint8_t *body, size_t len, yd_awareness_entry_fn each, void *ctx);

/* Whether yd_awareness_apply would take this entry of a body: its clock is newer than what is
 * known, or it is the null that ends a state.  Does not look into the JSON. */
bool yd_awareness_is_news(const struct yd_awareness *a, uint64_t client, uint64_t clock,
                          const uint8_t *json, size_t json_len);

size_t yd_awareness_count(const struct yd_awareness *a); /* clients that have a state */

/* Append a body with all states; "count 0" when there are none. */
void yd_awareness_encode_all(const struct yd_awareness *a, struct yd_buf *out);
/* Append a body with these clients; null for those without a state, unknown ids are left out. */
void yd_awareness_encode(const struct yd_awareness *a, const uint64_t *clients, size_t count,
                         struct yd_buf *out);

/* A connection ended: take away the states of its clients and append the body to broadcast (null
 * with the clock they had, as y-protocols does).  Returns how many had a state; at 0 nothing is
 * appended. */
size_t yd_awareness_remove(struct yd_awareness *a, const uint64_t *clients, size_t count,
                           struct yd_buf *out);

/* Remove the states not renewed for timeout_ms (y-protocols: 30,000) and append the body to
 * broadcast; forget ids that have been without a state for as long.  Returns how many states went;
 * at 0 nothing is appended. */
size_t yd_awareness_expire(struct yd_awareness *a, int64_t now_ms, int64_t timeout_ms,
                           struct yd_buf *out);

/* The state's JSON, borrowed until the next change; NULL when there is none. */
const char *yd_awareness_state(const struct yd_awareness *a, uint64_t client, size_t *len);

#pragma GCC visibility pop

#endif
