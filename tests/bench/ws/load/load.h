/* What the parts of the load client share. One process, one thread, one epoll; times are
 * nanoseconds of CLOCK_MONOTONIC. It ends with a message and status 1 where anything is not as it
 * should be. */
#ifndef BENCH_LOAD_H
#define BENCH_LOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

void die(const char *fmt, ...) __attribute__((format(printf, 1, 2), noreturn));
void *must(void *p); /* p, unless memory ran out */
int64_t now_ns(void);

/* ---- times, to 1.6 % (hist.c) ---- */

#define HIST_BUCKETS 2048
struct hist {
    uint64_t count, bucket[HIST_BUCKETS];
    int64_t max_ns;
};
void hist_add(struct hist *h, int64_t ns);
double hist_ms(const struct hist *h, double quantile);
void hist_print(const char *name, const struct hist *h); /* "name":{…}, */

/* ---- the server's processes (proc.c) ---- */

#define PIDS_MAX 32
struct pids {
    pid_t pid[PIDS_MAX];
    size_t count;
};
void pids_parse(struct pids *p, const char *list); /* comma separated */
double pids_cpu_us(const struct pids *p);          /* of all their threads, since they started */
double pids_rss_kb(const struct pids *p);          /* exact; walks their memory */
double pids_rss_now_kb(const struct pids *p);      /* cheap; wrong by some hundred kB */
double pids_peak_kb(const struct pids *p);         /* since pids_peak_reset() */
void pids_peak_reset(const struct pids *p);
void pids_collect(const struct pids *p); /* ask Node to collect its garbage, and give it the time */
double self_cpu_us(void);

/* ---- y-protocols (wire.c) ---- */

struct bytes {
    uint8_t *data;
    size_t len, cap;
};
void bytes_add(struct bytes *b, const void *data, size_t len);
void bytes_varint(struct bytes *b, uint64_t value);
void bytes_blob(struct bytes *b, const void *data, size_t len); /* with its length before it */

struct reader {
    const uint8_t *at, *end;
};
uint64_t read_varint(struct reader *r);
struct reader read_blob(struct reader *r);

/* An update of one string item: `len` letters by `client` from `clock` on, after its own last one.
 */
void update_typed(struct bytes *b, uint64_t client, uint64_t clock, size_t len);
/* Calls back for each client section of an update: its clocks [from, to). */
void update_walk(struct reader r, void (*section)(void *, uint64_t, uint64_t, uint64_t), void *ctx);

/* ---- connections (net.c, frame.c) ---- */

enum dialect { DIALECT_YWS, DIALECT_HOCUSPOCUS };
enum { MSG_SYNC = 0, MSG_AWARENESS = 1, MSG_AUTH = 2, MSG_SYNC_REPLY = 4, MSG_SAVED = 100 };
enum { SYNC_STEP1 = 0, SYNC_STEP2 = 1, SYNC_UPDATE = 2 };

enum conn_state { CONN_NONE, CONN_CONNECTING, CONN_HANDSHAKE, CONN_OPEN, CONN_CLOSED };

struct conn {
    size_t index;
    int fd;
    enum conn_state state;
    bool paused; /* nothing is read */
    bool slow;   /* asks for a small receive buffer */
    bool writing;
    int close_code; /* of the server's close frame; 0: none came */
    const char *path, *doc;
    struct bytes in, out; /* a part of a frame; what the socket did not take yet */
    uint64_t stream_left; /* of a frame that is too large to keep */
    int64_t start_ns, open_ns;
};

struct load_options {
    const char *connect; /* unix:/path or tcp:host:port */
    enum dialect dialect;
    struct pids pids;
    size_t clients, writers, slow, window, chars, concurrency;
    double rate, presence_hz, seconds, warm_seconds, hold_seconds;
    double within_seconds; /* joiners are served, or it is an error */
    uint64_t expect_clocks, expect_bytes;
    bool saved, collect;
    char **paths; /* "address<TAB>document" for each document */
    size_t path_count;
    struct bytes state_vector; /* of joiners; empty document: one zero byte */
    struct bytes updates;      /* to put: each with 4 bytes of length before it */
};

/* Large frames are not kept: their first bytes and their length must do. */
#define KEEP_MAX (4U << 20)

struct handler {
    void (*open)(struct conn *c);
    /* One y-protocols message, without Hocuspocus's document name. */
    void (*message)(struct conn *c, struct reader r);
    /* The first bytes of a frame that is larger than KEEP_MAX; then all of it was taken. */
    void (*stream)(struct conn *c, struct reader head, uint64_t total, bool complete);
    void (*closed)(struct conn *c);
};

void net_init(const struct load_options *o, const struct handler *h);
/* False: the server's queue is full, try again. */
bool conn_open(struct conn *c);
void conn_send(struct conn *c, const void *payload, size_t len);
void conn_send_sync(struct conn *c, unsigned kind, const void *body, size_t len);
void conn_pause(struct conn *c, bool paused);
void conn_close(struct conn *c);
/* Wait until something comes, at most until the time, and deal with up to 64 sockets. */
void net_poll(int64_t until_ns);
uint64_t net_bytes_in(void);
uint64_t net_frames_in(void);

/* Between net.c and frame.c. */
void frame_received(struct conn *c, const uint8_t *data, size_t len);
void frame_message(struct conn *c, const uint8_t *data, size_t len);
void frame_write(struct conn *c, unsigned opcode, const void *payload, size_t len);
void conn_write(struct conn *c, const void *data, size_t len);
void conn_lost(struct conn *c);
extern const struct load_options *net_options;
extern const struct handler *net_handler;

/* ---- kinds of work; each prints one JSON object ---- */

int work_fan(const struct load_options *o);
int work_join(const struct load_options *o);
int work_put(const struct load_options *o);

#endif
