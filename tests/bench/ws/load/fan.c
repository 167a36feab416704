/* Fan-out: writers type into documents, everybody reads; presence and readers that stop reading.
 * Each delivery of each edit at each reader is counted and timed; traffic.c makes the traffic. */
#include "fan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DRAIN_NS (15 * 1000000000LL) /* without any progress; then what is missing is lost */
#define CONNECT_NS (120 * 1000000000LL)
#define SAMPLE_NS 50000000

struct fan fan;

/* ---- what comes in ---- */

static void delivered(struct conn *c, size_t writer, uint64_t seq, int64_t now)
{
    int64_t sent = fan.sent_ns[writer][seq];

    fan.progress_ns = now;
    if (sent < fan.warm_ns || c->slow)
        return;
    if (writer == c->index) {
        hist_add(&fan.echoes, now - sent);
    } else {
        hist_add(&fan.edits, now - sent);
        fan.deliveries++;
    }
}

static void on_section(void *ctx, uint64_t client, uint64_t from, uint64_t to)
{
    struct conn *c = ctx;
    size_t writer = (size_t)(client - fan.first_client);
    uint32_t *next;
    int64_t now = now_ns();

    if (client < fan.first_client || writer >= fan.o->writers)
        return; /* what was in the document before */
    next = &fan.next[c->index * fan.o->writers + writer];
    if (writer == c->index && from / fan.o->chars > *next)
        *next = (uint32_t)(from / fan.o->chars); /* one's own need not come back */
    if (from / fan.o->chars > *next)
        die("LOST: reader %zu got edit %llu of writer %zu but never edit %u", c->index,
            (unsigned long long)(from / fan.o->chars), writer, *next);
    if (to / fan.o->chars > fan.sent[writer])
        die("reader %zu got an edit that was not sent", c->index);
    for (; *next < to / fan.o->chars; ++*next)
        delivered(c, writer, *next, now);
}

static void on_awareness(struct conn *c, struct reader r)
{
    uint64_t count = read_varint(&r);
    int64_t now = now_ns();

    while (count-- > 0) {
        size_t who = (size_t)(read_varint(&r) - fan.first_present);
        uint64_t clock = read_varint(&r);
        uint16_t *seen;

        read_blob(&r);
        if (who >= fan.o->clients || clock > fan.presence_clock || who == c->index)
            continue;
        seen = &fan.seen[c->index * fan.o->clients + who];
        if (clock <= *seen)
            continue;
        *seen = (uint16_t)clock;
        if (now >= fan.warm_ns)
            hist_add(&fan.states,
                     now - fan.presence_ns[who * PRESENCE_RING + clock % PRESENCE_RING]);
    }
}

static void on_saved(struct conn *c, struct reader r)
{
    uint64_t count = read_varint(&r);
    int64_t now = now_ns();

    if (c->index >= fan.o->writers)
        return;
    count = count > fan.unasked ? count - fan.unasked : 0; /* our answer to step 1 counts, too */
    for (; fan.acked[c->index] < count && fan.acked[c->index] < fan.sent[c->index];
         fan.acked[c->index]++) {
        int64_t sent = fan.sent_ns[c->index][fan.acked[c->index]];

        fan.progress_ns = now;
        if (sent >= fan.warm_ns)
            hist_add(&fan.saved, now - sent);
    }
}

static void on_message(struct conn *c, struct reader r)
{
    static const uint8_t nothing[] = {0, 0};
    uint64_t type = read_varint(&r), kind;
    struct reader body;

    if (type == MSG_AWARENESS && fan.o->presence_hz > 0)
        on_awareness(c, read_blob(&r));
    if (type == MSG_SAVED)
        on_saved(c, r);
    if (type != MSG_SYNC && type != MSG_SYNC_REPLY)
        return;
    kind = read_varint(&r);
    body = read_blob(&r);
    if (kind == SYNC_STEP1) {
        if (!fan.answered[c->index]) /* as a client that has nothing; later ones only keep it awake
                                      */
            conn_send_sync(c, SYNC_STEP2, nothing, sizeof nothing);
        fan.answered[c->index] = true;
        return;
    }
    update_walk(body, on_section, c);
    if (kind == SYNC_STEP2 && !fan.synced[c->index]) {
        fan.synced[c->index] = true;
        fan.synced_count++;
    }
}

/* Only a reader that stopped reading can be so far behind: it gets everything at once. */
static void on_stream(struct conn *c, struct reader head, uint64_t total, bool complete)
{
    (void)head;
    if (!c->slow)
        die("reader %zu got a message of %llu bytes", c->index, (unsigned long long)total);
    if (complete)
        for (size_t w = 0; w < fan.o->writers; w++)
            fan.next[c->index * fan.o->writers + w] = fan.sent[w];
}

static void send_step1(struct conn *c)
{
    static struct bytes sv;
    uint64_t known = 0;
    const uint32_t *next = fan.next + c->index * fan.o->writers;

    sv.len = 0;
    for (size_t w = 0; w < fan.o->writers; w++)
        known += next[w] > 0;
    bytes_varint(&sv, known);
    for (size_t w = fan.o->writers; w-- > 0;)
        if (next[w] > 0) {
            bytes_varint(&sv, fan.first_client + w);
            bytes_varint(&sv, next[w] * fan.o->chars);
        }
    conn_send_sync(c, SYNC_STEP1, sv.data, sv.len);
}

static void on_open(struct conn *c)
{
    static const uint8_t auth[] = {MSG_AUTH, 0, 0};

    if (fan.o->dialect == DIALECT_HOCUSPOCUS)
        conn_send(c, auth, sizeof auth);
    send_step1(c);
}

static void on_closed(struct conn *c)
{
    if (!c->slow)
        die("the server closed connection %zu with code %d", c->index, c->close_code);
    fan.slow_closed++;
    fan.slow_code = c->close_code;
}

/* ---- the course of it ---- */

static void connect_all(void)
{
    static const uint8_t concurrency = 50;
    int64_t deadline = now_ns() + CONNECT_NS;
    size_t opened = 0;

    while (fan.synced_count < fan.o->clients) {
        while (opened < fan.o->clients && opened - fan.synced_count < concurrency) {
            struct conn *c = &fan.conns[opened];

            c->index = opened;
            c->slow = opened >= fan.o->clients - fan.o->slow;
            c->path = fan.o->paths[opened % fan.o->path_count];
            c->doc = c->path + strlen(c->path) + 1;
            if (!conn_open(c))
                break;
            opened++;
        }
        net_poll(now_ns() + 2000000);
        if (now_ns() > deadline)
            die("only %zu of %zu clients were synchronised in time", fan.synced_count,
                fan.o->clients);
    }
}

/* Edits that some reader of their document still lacks. */
static uint64_t missing(void)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < fan.o->clients; i++)
        for (size_t w = 0; w < fan.o->writers; w++)
            if (i != w && i % fan.o->path_count == w % fan.o->path_count)
                sum += fan.sent[w] - fan.next[i * fan.o->writers + w];
    for (size_t w = 0; fan.o->saved && w < fan.o->writers; w++)
        sum += fan.sent[w] - fan.acked[w];
    return sum;
}

/* A reader that was closed for being slow comes back with what it has, as clients do. */
static void wake_slow(void)
{
    for (size_t i = fan.o->clients - fan.o->slow; i < fan.o->clients; i++) {
        struct conn *c = &fan.conns[i];

        c->paused = false;
        if (c->state == CONN_CLOSED) {
            fan.answered[i] = false;
            conn_open(c);
        } else {
            conn_pause(c, false);
        }
    }
}

static void drain(void)
{
    int64_t sampled = 0;
    uint64_t left = 1;

    fan.progress_ns = now_ns();
    while (left > 0 && now_ns() < fan.progress_ns + DRAIN_NS) {
        net_poll(now_ns() + 2000000);
        for (size_t i = fan.o->clients - fan.o->slow; i < fan.o->clients; i++)
            if (fan.conns[i].state == CONN_CLOSED)
                wake_slow();
        if (now_ns() - sampled > 5000000) {
            left = missing();
            sampled = now_ns();
        }
    }
    fan.lost = left;
}

void fan_sample(int64_t now)
{
    double kb;

    if (now - fan.sampled_ns < SAMPLE_NS || fan.o->pids.count == 0)
        return;
    fan.sampled_ns = now;
    kb = pids_rss_now_kb(&fan.o->pids);
    if (kb > fan.peak_kb)
        fan.peak_kb = kb;
}

static uint64_t stale_states(void)
{
    uint64_t n = 0;

    for (size_t i = 0; fan.o->presence_hz > 0 && i < fan.o->clients; i++)
        for (size_t j = 0; j < fan.o->clients; j++)
            n += i != j && fan.seen[i * fan.o->clients + j] < fan.present_clock[j];
    return n;
}

static void settle(double seconds)
{
    int64_t end = now_ns() + (int64_t)(seconds * 1e9);

    while (now_ns() < end)
        net_poll(end);
}

static void report(double rss_before, double rss_open, double cpu_all)
{
    uint64_t sent = 0;

    for (size_t w = 0; w < fan.o->writers; w++)
        sent += fan.sent[w];
    printf("{");
    hist_print("edits", &fan.edits);
    hist_print("echoes", &fan.echoes);
    hist_print("saved", &fan.saved);
    hist_print("states", &fan.states);
    printf("\"sent\":%llu,\"deliveries\":%llu,\"lost\":%llu,\"stale\":%llu,\"frames\":%llu,",
           (unsigned long long)sent, (unsigned long long)fan.deliveries,
           (unsigned long long)fan.lost, (unsigned long long)stale_states(),
           (unsigned long long)(net_frames_in() - fan.frames_before));
    printf("\"cpu_us\":%.0f,\"cpu_share\":%.4f,\"client_share\":%.4f,", cpu_all, fan.cpu_share,
           fan.client_share);
    printf("\"rss_before_kb\":%.0f,\"rss_open_kb\":%.0f,\"rss_peak_kb\":%.0f,", rss_before,
           rss_open, fan.peak_kb);
    printf("\"late_ms\":%.2f,\"slow_closed\":%zu,\"slow_code\":%d}\n", (double)fan.late_ns / 1e6,
           fan.slow_closed, fan.slow_code);
}

static void fan_alloc(const struct load_options *o)
{
    size_t edits = (size_t)((o->seconds + o->warm_seconds) * o->rate) + 2;

    fan.o = o;
    fan.unasked = 1;
    fan.first_client = 1000000000 + (uint64_t)(now_ns() % 1000000000);
    fan.first_present = fan.first_client + 1000000;
    fan.conns = must(calloc(o->clients, sizeof *fan.conns));
    fan.synced = must(calloc(o->clients, 1));
    fan.answered = must(calloc(o->clients, 1));
    fan.next = must(calloc(o->clients * o->writers + 1, sizeof *fan.next));
    fan.sent = must(calloc(o->writers + 1, sizeof *fan.sent));
    fan.acked = must(calloc(o->writers + 1, sizeof *fan.acked));
    fan.sent_ns = must(calloc(o->writers + 1, sizeof *fan.sent_ns));
    for (size_t w = 0; w < o->writers; w++)
        fan.sent_ns[w] = must(calloc(edits, sizeof **fan.sent_ns));
    if (o->presence_hz > 0) {
        fan.seen = must(calloc(o->clients * o->clients, sizeof *fan.seen));
        fan.presence_ns = must(calloc(o->clients * PRESENCE_RING, sizeof *fan.presence_ns));
        fan.present_clock = must(calloc(o->clients, sizeof *fan.present_clock));
    }
}

int work_fan(const struct load_options *o)
{
    static const struct handler handler = {on_open, on_message, on_stream, on_closed};
    double rss_before = pids_rss_kb(&o->pids), rss_open;

    fan_alloc(o);
    net_init(o, &handler);
    connect_all();
    settle(0.5);
    if (o->collect)
        pids_collect(&o->pids);
    rss_open = pids_rss_kb(&o->pids);
    for (size_t i = o->clients - o->slow; i < o->clients; i++)
        conn_pause(&fan.conns[i], true);
    traffic_run();
    wake_slow();
    drain();
    report(rss_before, rss_open, pids_cpu_us(&o->pids) - fan.cpu_warm);
    return fan.lost > 0 ? 3 : 0;
}
