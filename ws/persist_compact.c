/* When a document's log has grown behind its head, a worker writes a new head; sooner when nobody
 * is left, since then the next open costs nothing. */
#include "base/clock.h"
#include "doclog/doclog.h"
#include "log/log.h"
#include "ws/metrics.h"
#include "ws/persist.h"

/* What an entry of the log takes in the database beside its bytes: ids, sequence, index. */
#define ENTRY_BYTES 256
/* A new head is due when the log behind the old one takes so much, or twice what the head takes:
 * then large heads cost at most half of what the log costs, and those of a long paper an eighth, so
 * that with the log and the checkpoints 1.4 of the edits is written. Reading so much takes some ms
 * more than a head alone, and only where the last one to leave did not have it compacted. */
#define TAIL_BYTES (640 * 1024)
#define TAIL_BATCHES 16000 /* reading so many takes 200 ms, whatever the head's size */
/* When nobody is left, so much: what the next one opens need not be decoded then. */
#define TAIL_IDLE_BATCHES 16
#define TAIL_IDLE_BYTES (16 * 1024) /* and a quarter of the head */
#define RETRY_MS 30000
#define AT_ONCE 2 /* of the workers; the others save */
/* When many documents are left at once, so long each may wait for its turn. Beyond, it goes as it
 * is: it would take memory, and whoever opens it next decodes it. */
#define TURN_MS 60000

struct compaction {
    struct cr_live_doc *doc;
    struct cr_store *store;
    char room_id[CR_ID_SIZE], file_id[CR_ID_SIZE];
    int64_t tail_bytes; /* when it began */
    int64_t seq;
    size_t head_bytes;
    bool ok;
    struct cr_error err;
};

static void compact_work(void *worker, void *job)
{
    struct compaction *c = job;

    (void)worker;
    c->ok = cr_doclog_compact(c->store, c->room_id, c->file_id, cr_wall_ms(), &c->seq,
                              &c->head_bytes, &c->err) == 0;
}

static void compact_done(void *job)
{
    struct compaction *c = job;
    struct cr_live_doc *d = c->doc;
    struct cr_live_room *r = d->room;

    d->compacting = false;
    r->hub->compacting--;
    if (c->ok) {
        d->tail_batches = d->seq > c->seq ? d->seq - c->seq : 0;
        d->tail_bytes -= c->tail_bytes;
        d->head_bytes = c->head_bytes;
        cr_metric_add(cr_ws_metrics.compactions, 1);
    } else {
        d->compact_retry_ms = cr_mono_ms() + RETRY_MS;
        cr_log(CR_LOG_WARN, "document cannot be compacted", CR_S("room", c->room_id),
               CR_S("file", c->file_id), CR_S("error", c->err.message));
    }
    free(c);
    cr_doc_release(d);
    cr_room_job_done(r);
}

static bool start(struct cr_live_doc *d)
{
    struct cr_hub *h = d->room->hub;
    struct compaction *c;

    if (h->compacting >= AT_ONCE || cr_mono_ms() < d->compact_retry_ms)
        return false;
    c = cr_calloc(1, sizeof *c);
    c->doc = d;
    c->store = h->store;
    memcpy(c->room_id, d->room->id, CR_ID_SIZE);
    memcpy(c->file_id, d->id, CR_ID_SIZE);
    c->tail_bytes = d->tail_bytes;
    if (!cr_hub_submit(h, compact_work, compact_done, c)) {
        free(c);
        return false;
    }
    d->compacting = true;
    h->compacting++;
    d->room->jobs++;
    return true;
}

static bool is_due(const struct cr_live_doc *d)
{
    int64_t stored = d->tail_bytes + d->tail_batches * ENTRY_BYTES;
    int64_t wanted = (int64_t)d->head_bytes * 2;

    return stored >= (wanted > TAIL_BYTES ? wanted : TAIL_BYTES) || d->tail_batches >= TAIL_BATCHES;
}

void cr_persist_compact(struct cr_live_doc *d)
{
    if (!d->compacting && !d->dead && is_due(d))
        start(d);
}

static bool is_due_when_idle(const struct cr_live_doc *d)
{
    int64_t wanted = (int64_t)d->head_bytes / 4;

    return d->tail_batches >= TAIL_IDLE_BATCHES ||
           d->tail_bytes >= (wanted > TAIL_IDLE_BYTES ? wanted : TAIL_IDLE_BYTES);
}

bool cr_persist_compact_idle(struct cr_live_doc *d, int64_t now_ms)
{
    if (d->compacting)
        return true;
    if (!is_due_when_idle(d) || now_ms < d->compact_retry_ms)
        return false;
    return start(d) || now_ms - d->idle_since_ms < CR_ROOM_GRACE_MS + TURN_MS;
}
