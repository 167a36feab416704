/* Joiners: connections that ask for a document, alone or all at once; they stay until the end. */
#include "load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct {
    const struct load_options *o;
    struct conn *conns;
    int64_t *first_ns; /* the first bytes of step 2 */
    uint64_t *clocks, *bytes;
    size_t opened, done;
    struct hist open, first, total;
    uint64_t least_bytes;
} j;

static void finish(struct conn *c)
{
    size_t i = c->index;

    if (j.bytes[i] < j.o->expect_bytes ||
        (j.bytes[i] <= KEEP_MAX && j.clocks[i] < j.o->expect_clocks))
        die("LOST: joiner %zu got %llu bytes and %llu clocks of its document", i,
            (unsigned long long)j.bytes[i], (unsigned long long)j.clocks[i]);
    if (j.done == 0 || j.bytes[i] < j.least_bytes)
        j.least_bytes = j.bytes[i];
    hist_add(&j.open, c->open_ns - c->start_ns);
    hist_add(&j.first, j.first_ns[i] - c->start_ns);
    hist_add(&j.total, now_ns() - c->start_ns);
    j.done++;
}

static void on_section(void *ctx, uint64_t client, uint64_t from, uint64_t to)
{
    const struct conn *c = ctx;

    (void)client;
    j.clocks[c->index] += to - from;
}

static void on_message(struct conn *c, struct reader r)
{
    uint64_t type = read_varint(&r);
    struct reader body;

    if ((type != MSG_SYNC && type != MSG_SYNC_REPLY) || read_varint(&r) != SYNC_STEP2 ||
        j.first_ns[c->index])
        return;
    j.first_ns[c->index] = now_ns();
    body = read_blob(&r);
    j.bytes[c->index] = (uint64_t)(body.end - body.at);
    update_walk(body, on_section, c);
    finish(c);
}

static void on_stream(struct conn *c, struct reader head, uint64_t total, bool complete)
{
    if (complete) {
        finish(c);
        return;
    }
    read_varint(&head);
    if (read_varint(&head) != SYNC_STEP2 || j.first_ns[c->index])
        die("joiner %zu got a message of %llu bytes that is no step 2", c->index,
            (unsigned long long)total);
    j.first_ns[c->index] = now_ns();
    j.bytes[c->index] = total;
}

static void on_open(struct conn *c)
{
    static const uint8_t auth[] = {MSG_AUTH, 0, 0};

    if (j.o->dialect == DIALECT_HOCUSPOCUS)
        conn_send(c, auth, sizeof auth);
    conn_send_sync(c, SYNC_STEP1, j.o->state_vector.data, j.o->state_vector.len);
}

static void on_closed(struct conn *c)
{
    die("the server closed joiner %zu with code %d", c->index, c->close_code);
}

static void open_more(void)
{
    while (j.opened < j.o->clients && j.opened - j.done < j.o->concurrency) {
        struct conn *c = &j.conns[j.opened];

        c->index = j.opened;
        c->path = j.o->paths[j.opened % j.o->path_count];
        c->doc = c->path + strlen(c->path) + 1;
        if (!conn_open(c))
            return;
        j.opened++;
    }
}

static void join_all(void)
{
    int64_t deadline = now_ns() + (int64_t)(j.o->within_seconds * 1e9);

    while (j.done < j.o->clients) {
        open_more();
        net_poll(now_ns() + 1000000);
        if (now_ns() > deadline)
            die("LOST: only %zu of %zu joiners were served within %.0f s", j.done, j.o->clients,
                j.o->within_seconds);
    }
}

static void hold(void)
{
    int64_t end = now_ns() + (int64_t)(j.o->hold_seconds * 1e9);

    while (now_ns() < end)
        net_poll(end);
    if (j.o->collect)
        pids_collect(&j.o->pids);
}

int work_join(const struct load_options *o)
{
    static const struct handler handler = {on_open, on_message, on_stream, on_closed};
    double rss_before, peak, cpu;
    int64_t start;

    j.o = o;
    j.conns = must(calloc(o->clients, sizeof *j.conns));
    j.first_ns = must(calloc(o->clients, sizeof *j.first_ns));
    j.clocks = must(calloc(o->clients, sizeof *j.clocks));
    j.bytes = must(calloc(o->clients, sizeof *j.bytes));
    net_init(o, &handler);
    if (o->collect)
        pids_collect(&o->pids);
    rss_before = pids_rss_kb(&o->pids);
    pids_peak_reset(&o->pids);
    cpu = pids_cpu_us(&o->pids);
    start = now_ns();
    join_all();
    cpu = pids_cpu_us(&o->pids) - cpu;
    peak = pids_peak_kb(&o->pids);
    printf("{");
    hist_print("open", &j.open);
    hist_print("first", &j.first);
    hist_print("total", &j.total);
    printf("\"wall_ms\":%.2f,\"cpu_us\":%.0f,\"bytes\":%llu,", (double)(now_ns() - start) / 1e6,
           cpu, (unsigned long long)j.least_bytes);
    hold();
    printf("\"rss_before_kb\":%.0f,\"rss_peak_kb\":%.0f,\"rss_held_kb\":%.0f}\n", rss_before, peak,
           pids_rss_kb(&o->pids));
    return 0;
}
