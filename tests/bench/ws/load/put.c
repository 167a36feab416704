/* Puts a document into each path: sends its updates, waits until the server has them all (and, with
 * --saved, has stored them), and keeps the connections for a while. */
#include "load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEADLINE_NS (300 * 1000000000LL)
#define UNSAVED_BYTES (3U << 20) /* the server refuses edits when too many wait */

struct putter {
    struct conn conn;
    size_t at; /* in the updates */
    uint64_t sent, sent_bytes, acked, acked_bytes, clocks;
    uint64_t *ends; /* sent_bytes after each message, while --saved */
    bool started, asked, done;
};

static struct {
    const struct load_options *o;
    struct putter *all;
    size_t opened, done, total;
    struct hist saved;
    int64_t *sent_ns;
} p;

static struct putter *of(struct conn *c)
{
    return &p.all[c->index];
}

static bool may_send(const struct putter *x)
{
    return !p.o->saved ||
           (x->sent - x->acked < p.o->window && x->sent_bytes - x->acked_bytes < UNSAVED_BYTES);
}

static void send_more(struct putter *x)
{
    static const uint8_t nothing[] = {0};
    const uint8_t *data = p.o->updates.data;

    while (x->at < p.o->updates.len && may_send(x) && x->conn.out.len < UNSAVED_BYTES) {
        uint32_t len;

        memcpy(&len, data + x->at, sizeof len);
        conn_send_sync(&x->conn, SYNC_UPDATE, data + x->at + 4, len);
        x->at += 4 + len;
        x->sent_bytes += len;
        if (p.o->saved)
            x->ends[x->sent] = x->sent_bytes;
        x->sent++;
    }
    if (x->at == p.o->updates.len && !x->asked && (!p.o->saved || x->acked == x->sent)) {
        x->asked = true; /* everything that was sent before is in the answer */
        conn_send_sync(&x->conn, SYNC_STEP1, nothing, sizeof nothing);
    }
}

static void finish(struct putter *x, uint64_t bytes)
{
    if (bytes < p.o->expect_bytes || (bytes <= KEEP_MAX && x->clocks < p.o->expect_clocks))
        die("LOST: document %zu has %llu bytes and %llu clocks after it was put", x->conn.index,
            (unsigned long long)bytes, (unsigned long long)x->clocks);
    x->done = true;
    p.done++;
}

static void on_section(void *ctx, uint64_t client, uint64_t from, uint64_t to)
{
    (void)client;
    ((struct putter *)ctx)->clocks += to - from;
}

static void on_message(struct conn *c, struct reader r)
{
    struct putter *x = of(c);
    uint64_t type = read_varint(&r), kind, count;
    struct reader body;

    if (type == MSG_SAVED) {
        count = read_varint(&r);
        x->acked = count < x->sent ? count : x->sent;
        x->acked_bytes = x->acked > 0 ? x->ends[x->acked - 1] : 0;
        send_more(x);
    }
    if (type != MSG_SYNC && type != MSG_SYNC_REPLY)
        return;
    kind = read_varint(&r);
    body = read_blob(&r);
    if (kind == SYNC_STEP2 && !x->started) {
        x->started = true;
        send_more(x);
    } else if (kind == SYNC_STEP2 && x->asked && !x->done) {
        update_walk(body, on_section, x);
        finish(x, (uint64_t)(body.end - body.at));
    }
}

static void on_stream(struct conn *c, struct reader head, uint64_t total, bool complete)
{
    struct putter *x = of(c);

    (void)head;
    if (complete && x->asked && !x->done)
        finish(x, UINT64_MAX);
    else if (!complete && x->asked && total < p.o->expect_bytes)
        die("LOST: document %zu has only %llu bytes", c->index, (unsigned long long)total);
}

static void on_open(struct conn *c)
{
    static const uint8_t auth[] = {MSG_AUTH, 0, 0}, nothing[] = {0};

    if (p.o->dialect == DIALECT_HOCUSPOCUS)
        conn_send(c, auth, sizeof auth);
    conn_send_sync(c, SYNC_STEP1, nothing, sizeof nothing);
}

static void on_closed(struct conn *c)
{
    die("the server closed writer %zu with code %d", c->index, c->close_code);
}

static void open_more(void)
{
    while (p.opened < p.o->path_count && p.opened - p.done < p.o->concurrency) {
        struct putter *x = &p.all[p.opened];

        x->conn.index = p.opened;
        x->conn.path = p.o->paths[p.opened];
        x->conn.doc = x->conn.path + strlen(x->conn.path) + 1;
        if (p.o->saved)
            x->ends = must(calloc(p.total + 1, sizeof *x->ends));
        if (!conn_open(&x->conn))
            return;
        p.opened++;
    }
}

static void put_all(void)
{
    int64_t deadline = now_ns() + DEADLINE_NS;

    while (p.done < p.o->path_count) {
        open_more();
        net_poll(now_ns() + 1000000);
        for (size_t i = 0; i < p.opened; i++)
            if (p.all[i].started && !p.all[i].done)
                send_more(&p.all[i]);
        if (now_ns() > deadline)
            die("LOST: only %zu of %zu documents were put in time", p.done, p.o->path_count);
    }
}

int work_put(const struct load_options *o)
{
    static const struct handler handler = {on_open, on_message, on_stream, on_closed};
    double rss_before, cpu;
    int64_t start, end;

    p.o = o;
    for (size_t at = 0; at < o->updates.len; p.total++) {
        uint32_t len;

        memcpy(&len, o->updates.data + at, sizeof len);
        at += 4 + len;
    }
    p.all = must(calloc(o->path_count, sizeof *p.all));
    net_init(o, &handler);
    if (o->collect)
        pids_collect(&o->pids);
    rss_before = pids_rss_kb(&o->pids);
    cpu = pids_cpu_us(&o->pids);
    start = now_ns();
    put_all();
    cpu = pids_cpu_us(&o->pids) - cpu;
    end = now_ns() + (int64_t)(o->hold_seconds * 1e9);
    printf("{\"wall_ms\":%.2f,\"cpu_us\":%.0f,", (double)(now_ns() - start) / 1e6, cpu);
    while (now_ns() < end)
        net_poll(end);
    if (o->collect)
        pids_collect(&o->pids);
    printf("\"rss_before_kb\":%.0f,\"rss_held_kb\":%.0f}\n", rss_before, pids_rss_kb(&o->pids));
    return 0;
}
