/* What fan.c and traffic.c share: the state of a fan-out. */
#ifndef BENCH_FAN_H
#define BENCH_FAN_H

#include "load.h"

#define PRESENCE_RING 64 /* the last states of a client whose times are known */

struct fan {
    const struct load_options *o;
    struct conn *conns;
    uint64_t first_client, first_present; /* Yjs client ids of writers and of presence */
    uint64_t unasked;                     /* messages of a writer before its first edit */
    uint8_t *synced, *answered;           /* each connection */
    size_t synced_count;

    uint32_t *next;         /* [connection][writer]: the edit that is to come next */
    uint32_t *sent, *acked; /* [writer] edits */
    int64_t **sent_ns;      /* [writer][edit] */

    uint16_t *seen;          /* [connection][client] newest state */
    int64_t *presence_ns;    /* [client][clock in the ring] */
    uint16_t *present_clock; /* [client] */
    uint16_t presence_clock; /* the newest of any */

    int64_t warm_ns; /* what was sent before is not counted */
    int64_t progress_ns, late_ns, sampled_ns;
    struct hist edits, echoes, saved, states;
    uint64_t deliveries, lost, frames_before;
    double cpu_warm, cpu_share, client_share, peak_kb;
    size_t slow_closed;
    int slow_code;
};

extern struct fan fan;

/* Send edits and presence at their rates; measures the server's share of a core meanwhile. */
void traffic_run(void);
void fan_sample(int64_t now); /* the server's memory, now and then */

#endif
