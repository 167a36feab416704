/* Where waiting runs stand in the queue: asked once a second while any has waited for a second, and
 * told when it changed. One question for all rooms. */
#include "ws/run.h"

#define WAITED_MS 1000  /* most runs are claimed within milliseconds: they have no place to tell */
#define QUEUE_SEEN 1000 /* a place further back is not told */

struct look {
    struct cr_hub *hub;
    char ids[QUEUE_SEEN][CR_ID_SIZE];
    size_t count;
};

static void look_work(void *worker, void *job)
{
    struct look *l = job;
    struct cr_error ignored = CR_ERROR_INIT;

    (void)worker;
    if (cr_store_job_queue(l->hub->store, l->ids, QUEUE_SEEN, &l->count, &ignored) < 0)
        l->count = 0; /* nice to know: the next second asks again */
}

static bool waits(const struct cr_live_run *run)
{
    return run->known && run->run.state == CR_RUN_QUEUED;
}

static int64_t place_of(const struct look *l, const char *run_id)
{
    for (size_t i = 0; i < l->count; i++)
        if (strcmp(l->ids[i], run_id) == 0)
            return (int64_t)i + 1;
    return 0;
}

static void look_done(void *job)
{
    struct look *l = job;
    struct cr_hub *h = l->hub;

    h->asking_queue = false;
    for (size_t i = 0; i < CR_HUB_BUCKETS; i++) {
        for (struct cr_live_room *r = h->rooms[i]; r; r = r->hash_next) {
            for (struct cr_live_run *run = r->runs; run; run = run->next) {
                int64_t place = waits(run) ? place_of(l, run->run.id) : 0;

                if (place == 0 || place == run->position)
                    continue;
                run->position = place;
                cr_run_tell(r, run);
            }
        }
    }
    free(l);
}

static bool any_waits(const struct cr_hub *h, int64_t now_ms)
{
    for (size_t i = 0; i < CR_HUB_BUCKETS; i++)
        for (const struct cr_live_room *r = h->rooms[i]; r; r = r->hash_next)
            for (const struct cr_live_run *run = r->runs; run; run = run->next)
                if (waits(run) && now_ms - run->news_ms >= WAITED_MS)
                    return true;
    return false;
}

void cr_run_queue_second(struct cr_hub *h, int64_t now_ms)
{
    struct look *l;

    if (h->asking_queue || h->draining || !any_waits(h, now_ms))
        return;
    l = cr_calloc(1, sizeof *l);
    l->hub = h;
    h->asking_queue = cr_hub_submit(h, look_work, look_done, l);
    if (!h->asking_queue)
        free(l);
}
