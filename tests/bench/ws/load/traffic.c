/* Edits and presence, each at its time: the writers' edits are spread evenly over each interval. */
#include "fan.h"

#include <stdio.h>

static int64_t start_ns;

static void note_late(int64_t due, int64_t now)
{
    if (now - due > fan.late_ns && now > fan.warm_ns)
        fan.late_ns = now - due;
}

static void send_edit(size_t writer)
{
    static struct bytes update;

    update.len = 0;
    update_typed(&update, fan.first_client + writer, (uint64_t)fan.sent[writer] * fan.o->chars,
                 fan.o->chars);
    fan.sent_ns[writer][fan.sent[writer]++] = now_ns();
    conn_send_sync(&fan.conns[writer], SYNC_UPDATE, update.data, update.len);
}

static void send_state(size_t who)
{
    static struct bytes body, message;
    uint64_t id = fan.first_present + who;
    uint16_t clock = ++fan.present_clock[who];
    char json[256];
    int len = snprintf(json, sizeof json,
                       "{\"user\":{\"name\":\"Person %zu\",\"color\":\"#30bced\"},\"cursor\":{"
                       "\"anchor\":{\"tname\":\"text\",\"item\":{\"client\":%llu,\"clock\":%u}}}}",
                       who, (unsigned long long)id, clock);

    if (clock > fan.presence_clock)
        fan.presence_clock = clock;
    body.len = message.len = 0;
    bytes_varint(&body, 1);
    bytes_varint(&body, id);
    bytes_varint(&body, clock);
    bytes_blob(&body, json, (size_t)len);
    bytes_varint(&message, MSG_AWARENESS);
    bytes_blob(&message, body.data, body.len);
    fan.presence_ns[who * PRESENCE_RING + clock % PRESENCE_RING] = now_ns();
    conn_send(&fan.conns[who], message.data, message.len);
}

/* Events of one kind: number n of them is due at start + n * gap. */
struct stream {
    double gap_ns;
    uint64_t count, end;
};

static struct stream make_stream(double per_second, double seconds)
{
    struct stream s = {0};

    if (per_second > 0) {
        s.gap_ns = 1e9 / per_second;
        s.end = (uint64_t)(per_second * seconds);
    }
    return s;
}

static int64_t due(const struct stream *s)
{
    return s->count < s->end ? start_ns + (int64_t)((double)s->count * s->gap_ns) : INT64_MAX;
}

static void send_due(struct stream *s, size_t each, void (*send)(size_t))
{
    int64_t now;

    while (due(s) <= (now = now_ns())) {
        note_late(due(s), now);
        send((size_t)(s->count % each));
        s->count++;
    }
}

/* The window of measurement begins: the server's time counts from here. */
static void warm(double *self, int64_t *at)
{
    fan.cpu_warm = pids_cpu_us(&fan.o->pids);
    fan.frames_before = net_frames_in();
    *self = self_cpu_us();
    *at = now_ns();
}

void traffic_run(void)
{
    const struct load_options *o = fan.o;
    double seconds = o->warm_seconds + o->seconds, self = 0, wall_us;
    struct stream edits = make_stream(o->rate * (double)o->writers, seconds);
    struct stream states = make_stream(o->presence_hz * (double)o->clients, seconds);
    int64_t end, warm_at = 0;

    start_ns = now_ns() + 1000000;
    fan.warm_ns = start_ns + (int64_t)(o->warm_seconds * 1e9);
    end = start_ns + (int64_t)(seconds * 1e9);
    while (now_ns() < end) {
        int64_t until = due(&edits) < due(&states) ? due(&edits) : due(&states);

        net_poll(until < end ? until : end);
        send_due(&edits, o->writers, send_edit);
        send_due(&states, o->clients, send_state);
        if (warm_at == 0 && now_ns() >= fan.warm_ns)
            warm(&self, &warm_at);
        fan_sample(now_ns());
    }
    wall_us = (double)(now_ns() - warm_at) / 1000;
    fan.cpu_share = (pids_cpu_us(&o->pids) - fan.cpu_warm) / wall_us;
    fan.client_share = (self_cpu_us() - self) / wall_us;
}
