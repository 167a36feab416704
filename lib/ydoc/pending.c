/* What waits for structs that are not there yet. */
#include "ydoc/internal.h"

#include <string.h>

size_t yd_pending_first(const struct yd_doc *doc, uint64_t client)
{
    size_t lo = 0, hi = doc->run_count;

    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (doc->runs[mid].client < client)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

void yd_pending_remove(struct yd_doc *doc, size_t run)
{
    doc->run_bytes -= doc->runs[run].data.len;
    yd_buf_free(&doc->runs[run].data);
    doc->run_count--;
    memmove(&doc->runs[run], &doc->runs[run + 1], (doc->run_count - run) * sizeof(*doc->runs));
}

/* The clock up to which runs that are kept already hold what begins at `clock`. */
static uint32_t kept_until(const struct yd_doc *doc, uint64_t client, uint32_t clock)
{
    for (size_t i = yd_pending_first(doc, client); i < doc->run_count; i++) {
        const struct yd_pending_run *run = &doc->runs[i];
        if (run->client != client || run->start > clock)
            break;
        if (run->end > clock)
            clock = run->end;
    }
    return clock;
}

static struct yd_pending_run *insert_run(struct yd_doc *doc, const struct yd_pending_run *run)
{
    size_t at = yd_pending_first(doc, run->client);

    while (at < doc->run_count && doc->runs[at].client == run->client &&
           doc->runs[at].start <= run->start)
        at++;
    if (at > 0 && doc->runs[at - 1].client == run->client && doc->runs[at - 1].end == run->start)
        return &doc->runs[at - 1]; /* goes on where that one ends */
    if (doc->run_count == doc->run_cap) {
        size_t cap = doc->run_cap ? doc->run_cap * 2 : 4;
        doc->runs =
            yd_resize(doc, doc->runs, doc->run_cap * sizeof(*doc->runs), cap * sizeof(*doc->runs));
        doc->run_cap = cap;
    }
    memmove(&doc->runs[at + 1], &doc->runs[at], (doc->run_count - at) * sizeof(*doc->runs));
    doc->run_count++;
    doc->runs[at] = *run;
    return &doc->runs[at];
}

/* Keep the bytes [run bytes) as `run` describes them. */
static void keep(struct yd_doc *doc, const struct yd_pending_run *run, const uint8_t *p, size_t len)
{
    struct yd_pending_run *to = insert_run(doc, run);

    yd_buf_append(&to->data, p, len);
    if (to->start != run->start) {
        to->count += run->count;
        to->end = run->end;
    } else {
        to->count = run->count;
    }
    doc->run_bytes += len;
}

/* Find the runs of the section that are not kept yet.  take: keeps or counts one. */
static void new_runs(struct yd_doc *doc, const struct yd_section *rest,
                     void (*take)(struct yd_doc *doc, const struct yd_pending_run *run,
                                  const uint8_t *p, size_t len, struct yd_pending_room *room),
                     struct yd_pending_room *room)
{
    struct yd_reader r = yd_reader_of(rest->pos, (size_t)(rest->end - rest->pos));
    struct yd_pending_run run = {.client = rest->client, .wait = rest->wait};
    uint32_t clock = rest->clock, left = rest->left, known = 0;
    const uint8_t *from = NULL;

    while (left > 0 || run.count > 0) {
        struct yd_ref ref = {.kind = YD_SKIP};
        const uint8_t *at = r.p;
        bool wanted = false;
        if (left > 0) {
            yd_ref_read(&r, rest->client, clock, &ref);
            left--;
            if (run.count == 0 && clock >= known)
                known = kept_until(doc, rest->client, clock);
            wanted = ref.kind != YD_SKIP && clock + ref.len > known;
        }
        if (wanted) {
            if (run.count++ == 0) {
                run.start = clock;
                from = at;
            }
            run.end = clock + ref.len;
        } else if (run.count > 0) { /* a gap: what follows waits for its own predecessor */
            take(doc, &run, from, (size_t)(at - from), room);
            run.count = 0;
        }
        clock += ref.len;
        if (run.count == 0 && clock > rest->clock)
            run.wait = (struct yd_id){rest->client, clock - 1};
    }
}

static void count_run(struct yd_doc *doc, const struct yd_pending_run *run, const uint8_t *p,
                      size_t len, struct yd_pending_room *room)
{
    (void)doc, (void)run, (void)p;
    room->bytes += len;
    room->runs++;
}

static void keep_run(struct yd_doc *doc, const struct yd_pending_run *run, const uint8_t *p,
                     size_t len, struct yd_pending_room *room)
{
    keep(doc, run, p, len);
    room->runs++;
}

void yd_pending_count(struct yd_doc *doc, const struct yd_section *rest,
                      struct yd_pending_room *room)
{
    new_runs(doc, rest, count_run, room);
}

bool yd_pending_add(struct yd_doc *doc, const struct yd_section *rest)
{
    struct yd_pending_room room = {0};

    new_runs(doc, rest, keep_run, &room);
    return room.runs > 0;
}

size_t yd_pending_bytes(const struct yd_doc *doc)
{
    return doc->run_bytes + doc->pending_deletes.n * sizeof(struct yd_delete);
}

/* Where the client's deletes begin in a sorted set. */
static size_t first_delete(const struct yd_deletes *d, uint64_t client)
{
    size_t lo = 0, hi = d->n;

    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (d->v[mid].client < client)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

bool yd_delete_is_kept(const struct yd_deletes *d, const struct yd_delete *range)
{
    size_t lo = first_delete(d, range->client), hi = d->n;

    while (lo < hi) { /* the first that ends behind the range's start */
        size_t mid = lo + (hi - lo) / 2;
        if (d->v[mid].client == range->client && d->v[mid].end <= range->clock)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < d->n && d->v[lo].client == range->client && d->v[lo].clock <= range->clock &&
           d->v[lo].end >= range->end;
}

bool yd_apply_deletes(struct yd_doc *doc, const struct yd_deletes *deletes, bool *waits)
{
    struct yd_deletes rest = {0};
    uint32_t slot = YD_NONE;
    bool added;

    for (size_t i = 0; i < deletes->n && !yd_is_costly(doc); i++) {
        struct yd_delete range = deletes->v[i];
        uint32_t state;
        if (i == 0 || deletes->v[i - 1].client != range.client)
            slot = yd_slot_find(doc, range.client);
        state = slot == YD_NONE ? 0 : doc->clients[slot].state;
        if (range.clock < state) {
            uint32_t end = range.end < state ? range.end : state;
            yd_delete_range(doc, slot, range.clock, end);
            range.clock = end;
        }
        *waits = *waits || range.clock < range.end;
        if (range.clock < range.end && !yd_delete_is_kept(&doc->pending_deletes, &range))
            yd_deletes_add(&rest, range.client, range.clock, range.end);
    }
    added = rest.n > 0;
    for (size_t i = 0; i < rest.n; i++)
        yd_deletes_add(&doc->pending_deletes, rest.v[i].client, rest.v[i].clock, rest.v[i].end);
    if (added)
        yd_deletes_normalize(&doc->pending_deletes);
    yd_deletes_clear(&rest);
    return added;
}

/* Those of the client at slot.  Returns whether a range is used up; *deleted is set when something
 * was deleted. */
static bool retry_client(struct yd_doc *doc, uint32_t slot, bool *deleted)
{
    struct yd_deletes *d = &doc->pending_deletes;
    const struct yd_client *c = &doc->clients[slot];
    bool emptied = false;

    for (size_t i = first_delete(d, c->id); i < d->n && d->v[i].client == c->id; i++) {
        struct yd_delete *range = &d->v[i];
        uint32_t end = range->end < c->state ? range->end : c->state;
        if (range->clock >= c->state)
            break;
        if (yd_is_costly(doc)) {
            doc->deletes_due = true;
            break;
        }
        if (range->clock < end)
            *deleted = yd_delete_range(doc, slot, range->clock, end) || *deleted;
        range->clock = end;
        emptied = emptied || end == range->end;
    }
    return emptied;
}

bool yd_pending_deletes_retry(struct yd_doc *doc)
{
    struct yd_deletes *d = &doc->pending_deletes;
    bool all = doc->deletes_due, emptied = false, deleted = false;
    size_t n = 0;

    doc->deletes_due = false;
    for (size_t t = 0; t < doc->touched.n && d->n > 0 && !all; t++)
        emptied = retry_client(doc, doc->touched.v[t], &deleted) || emptied;
    for (size_t i = 0; i < d->n && all; i++) {
        uint32_t slot = YD_NONE;
        if (i == 0 || d->v[i - 1].client != d->v[i].client)
            slot = yd_slot_find(doc, d->v[i].client);
        if (slot != YD_NONE)
            emptied = retry_client(doc, slot, &deleted) || emptied;
    }
    if (!emptied)
        return deleted;
    for (size_t i = 0; i < d->n; i++) {
        if (d->v[i].clock < d->v[i].end)
            d->v[n++] = d->v[i];
    }
    d->n = n;
    if (n == 0)
        yd_deletes_clear(d);
    return deleted;
}
