/* Applying an update: in which order its structs go in, and what has to wait. */
#include "ydoc/internal.h"

#include <stdlib.h>

#define MIB ((size_t)1 << 20)
#define PIECE 25 /* steps of a scan that take as long, or as much room, as making a struct */

static uint64_t work_done(const struct yd_doc *doc)
{
    return doc->scan_steps + PIECE * doc->pieces;
}

/* Allow as much more work as an update of len bytes may make. */
static void allow_work(struct yd_doc *doc, size_t len)
{
    size_t times = len / MIB + 1, most = doc->limits.max_work;

    doc->max_work = most > SIZE_MAX / 2 / times ? UINT64_MAX : work_done(doc) + most * times;
}

bool yd_is_costly(const struct yd_doc *doc)
{
    return work_done(doc) > doc->max_work;
}

/* One pass over the sections of an update, or a trial of it that only follows the clocks. */
struct pass {
    struct yd_doc *doc;
    struct yd_update *u;
    bool dry;
    bool pending;  /* the sections are runs that waited */
    bool progress; /* something was integrated */
    bool blocked;  /* a section is dead */
    bool known;    /* something of it was there before */
    bool poisoned; /* a type was too deep */
    struct yd_section **stack;
    size_t depth, cap;
    struct yd_reader r; /* stays the same for what it remembers */
};

static uint32_t state_of(const struct pass *p, uint64_t client)
{
    const struct yd_section *s = p->dry ? yd_update_find(p->u, client) : NULL;

    return s ? s->dry_state : yd_state(p->doc, client);
}

static bool is_missing(const struct pass *p, const struct yd_ref *ref, struct yd_id id,
                       struct yd_id *missing)
{
    if (id.client == ref->client || id.clock < state_of(p, id.client))
        return false;
    *missing = id;
    return true;
}

/* Whether a struct that has to be there first is not. */
static bool find_missing(const struct pass *p, const struct yd_ref *ref, uint32_t state,
                         struct yd_id *missing)
{
    if (ref->clock > state) {
        *missing = (struct yd_id){ref->client, ref->clock - 1};
        return true;
    }
    return (ref->has_origin && is_missing(p, ref, ref->origin, missing)) ||
           (ref->has_right && is_missing(p, ref, ref->right, missing)) ||
           (ref->parent == YD_PARENT_ID && is_missing(p, ref, ref->parent_id, missing));
}

/* Read the section's next struct; collected ones that follow each other are one, as they will be in
 * the document.  Returns how many there were. */
static uint32_t read_next(struct pass *p, const struct yd_section *s, struct yd_ref *ref)
{
    uint32_t count = 1;
    struct yd_ref more;

    p->r.p = s->pos;
    p->r.end = s->end;
    yd_ref_read_known(&p->r, s->client, s->clock, ref);
    for (; ref->kind == YD_GC && count < s->left && *p->r.p == YD_GC; count++) {
        yd_ref_read_known(&p->r, s->client, s->clock + ref->len, &more);
        ref->len += more.len;
    }
    return count;
}

/* Integrate the section's next struct; false: *missing has to come first. */
static bool step(struct pass *p, struct yd_section *s, struct yd_id *missing)
{
    struct yd_ref ref;
    uint32_t count = read_next(p, s, &ref),
             state = p->dry ? s->dry_state : yd_state(p->doc, s->client);

    p->known = p->known || (ref.kind != YD_SKIP && ref.clock < state);
    if (ref.kind != YD_SKIP && (ref.clock > state || ref.clock + ref.len > state)) {
        if (find_missing(p, &ref, state, missing))
            return false;
        if (p->pending && ref.kind == YD_TYPE && yd_depth_of(p->doc, &ref) > YD_MAX_DEPTH) {
            p->poisoned = true;
            s->left = 0;
            return true;
        }
        if (p->dry)
            s->dry_state = ref.clock + ref.len;
        else
            yd_integrate(p->doc, &ref, state - ref.clock);
        p->progress = true;
    }
    s->pos = p->r.p;
    s->clock += ref.len;
    s->left -= count;
    return true;
}

static void push(struct pass *p, struct yd_section *s)
{
    if (p->depth == p->cap) {
        p->cap = p->cap ? p->cap * 2 : 16;
        p->stack = realloc(p->stack, p->cap * sizeof(struct yd_section *));
        if (!p->stack)
            abort();
    }
    s->on_stack = true;
    p->stack[p->depth++] = s;
}

static void bury_stack(struct pass *p)
{
    while (p->depth > 0) {
        struct yd_section *s = p->stack[--p->depth];
        s->on_stack = false;
        s->dead = true;
    }
    p->blocked = true;
}

/* Integrate one struct of s, and first what it needs from other sections.  The sections on the
 * stack wait for each other; a section that is needed again while it waits is a circle, which stays
 * pending. */
static void settle(struct pass *p, struct yd_section *s)
{
    push(p, s);
    while (p->depth > 0) {
        struct yd_section *top = p->stack[p->depth - 1], *need;
        if (yd_is_costly(p->doc)) {
            bury_stack(p);
            return;
        }
        if (step(p, top, &top->wait)) {
            top->on_stack = false;
            p->depth--;
            continue;
        }
        need = top->wait.client == top->client ? NULL : yd_update_find(p->u, top->wait.client);
        if (need && need->left > 0 && !need->dead && !need->on_stack)
            push(p, need);
        else
            bury_stack(p);
    }
}

static void run_pass(struct pass *p)
{
    for (size_t i = 0; i < p->u->section_count; i++) {
        struct yd_section *s = &p->u->sections[i];
        while (s->left > 0 && !s->dead && !yd_is_costly(p->doc)) {
            if (!step(p, s, &s->wait))
                settle(p, s);
        }
    }
    free(p->stack);
    p->stack = NULL;
    p->cap = 0;
}

/* ---- what waited ----------------------------------------------------------------------------- */

static bool is_first_run(const struct yd_doc *doc, size_t run)
{
    return run == 0 || doc->runs[run - 1].client != doc->runs[run].client;
}

/* The first waiting run of each client as an update of its own; NULL sections: nothing can go on.
 */
static void take_runs(struct yd_doc *doc, struct yd_update *u)
{
    bool ready = false;

    *u = (struct yd_update){0};
    for (size_t i = 0; i < doc->run_count && !ready; i++) {
        struct yd_id wait = doc->runs[i].wait;
        ready = is_first_run(doc, i) && yd_state(doc, wait.client) > wait.clock;
    }
    if (!ready)
        return;
    u->sections = malloc(doc->run_count * sizeof(*u->sections));
    if (!u->sections)
        abort();
    for (size_t i = doc->run_count; i-- > 0;) {
        const struct yd_pending_run *run = &doc->runs[i];
        if (is_first_run(doc, i))
            u->sections[u->section_count++] =
                (struct yd_section){.client = run->client,
                                    .pos = run->data.data + run->used,
                                    .end = run->data.data + run->data.len,
                                    .clock = run->start,
                                    .left = run->count,
                                    .wait = run->wait};
    }
}

/* What takes too long goes on with the next update.  Returns whether something was integrated. */
static bool retry_runs(struct yd_doc *doc)
{
    bool progress = false;

    while (!yd_is_costly(doc)) {
        struct yd_update u;
        struct pass p = {.doc = doc, .u = &u, .pending = true};
        take_runs(doc, &u);
        if (!u.sections)
            break;
        run_pass(&p);
        progress = progress || p.progress;
        for (size_t i = 0; i < u.section_count; i++) {
            const struct yd_section *s = &u.sections[i];
            size_t at = yd_pending_first(doc, s->client);
            struct yd_pending_run *run = &doc->runs[at];
            run->used = (size_t)(s->pos - run->data.data);
            run->start = s->clock;
            run->count = s->left;
            run->wait = s->wait;
            if (s->left == 0)
                yd_pending_remove(doc, at);
        }
        yd_update_clear(&u);
    }
    return progress;
}

/* ---- limits ---------------------------------------------------------------------------------- */

static bool content_fits(const struct yd_doc *doc, const struct yd_update *u, size_t len)
{
    size_t held = (size_t)doc->bytes_len - doc->bytes_garbage + doc->name_pool_len;

    /* A struct takes two bytes of the update at least and may make three items (itself and two
     * cuts). */
    return len <= doc->limits.max_doc_bytes && held <= doc->limits.max_doc_bytes - len &&
           doc->item_count + (uint64_t)len / 2 * 3 < UINT32_MAX &&
           doc->client_count + u->section_count < YD_MAX_SLOTS;
}

static size_t pending_delete_count(const struct pass *p, const struct yd_deletes *deletes)
{
    size_t n = 0;

    for (size_t i = 0; i < deletes->n; i++)
        n += deletes->v[i].end > state_of(p, deletes->v[i].client);
    return n;
}

/* Whether nothing of it can wait but deletes; the sections then say the state that is reached. */
static bool goes_in_whole(const struct yd_doc *doc, const struct yd_update *u)
{
    bool whole = u->outside == 0 && u->skips == 0;

    for (size_t i = 0; i < u->section_count && whole; i++) {
        struct yd_section *s = &u->sections[i];
        uint32_t state = yd_state(doc, s->client);
        whole = s->clock <= state;
        s->dry_state = s->dry_state > state ? s->dry_state : state;
    }
    return whole;
}

/* Whether what would have to wait fits; only when it could be too much is the update tried out. */
static bool pending_fits(struct yd_doc *doc, const struct yd_update *u,
                         const struct yd_deletes *deletes)
{
    size_t most = u->section_count ? (size_t)(u->deletes - u->sections[0].pos) : 0;
    struct yd_update trial = *u;
    struct pass p = {.doc = doc, .u = &trial, .dry = true};
    size_t bytes = yd_pending_bytes(doc), runs = doc->run_count;

    for (size_t i = 0; i < u->section_count;
         i++) { /* sections were sorted: the first may not come first */
        size_t span = (size_t)(u->deletes - u->sections[i].pos);
        most = span > most ? span : most;
    }
    if (bytes + most + deletes->n * sizeof(struct yd_delete) <= doc->limits.max_pending_bytes &&
        runs + u->section_count + u->skips <= doc->limits.max_pending_runs)
        return true;
    if (goes_in_whole(doc, u)) {
        bytes += pending_delete_count(&p, deletes) * sizeof(struct yd_delete);
        return bytes <= doc->limits.max_pending_bytes && runs <= doc->limits.max_pending_runs;
    }
    trial.sections = malloc((u->section_count + 1) * sizeof(*trial.sections));
    if (!trial.sections)
        abort();
    for (size_t i = 0; i < u->section_count; i++) {
        trial.sections[i] = u->sections[i];
        trial.sections[i].dry_state = yd_state(doc, u->sections[i].client);
    }
    run_pass(&p);
    bytes += pending_delete_count(&p, deletes) * sizeof(struct yd_delete);
    for (size_t i = 0; i < u->section_count; i++) {
        const struct yd_section *s = &trial.sections[i];
        bytes += s->dead ? (size_t)(s->end - s->pos) : 0;
        runs += s->dead;
    }
    runs += p.blocked ? u->skips : 0;
    free(trial.sections);
    return bytes <= doc->limits.max_pending_bytes && runs <= doc->limits.max_pending_runs;
}

#define MANY_STRUCTS 256
#define LEAST_BYTES 4 /* of a struct that does not join the one before it */

/* ---- the whole ------------------------------------------------------------------------------- */

/* Many structs at once: make room for them once.  Only for what is new: neither gaps nor what is
 * known already come in, and some of the rest may have to wait (see yd_items_shrink).  One of each
 * section is not counted: an update of nothing but clients does not come in as a whole. */
static void reserve(struct yd_doc *doc, const struct yd_update *u, size_t len)
{
    uint64_t structs = 0, none = u->joins + u->skips;

    for (size_t i = 0; i < u->section_count; i++) {
        const struct yd_section *s = &u->sections[i];
        uint32_t state = yd_state(doc, s->client);
        uint32_t clocks = s->dry_state > state ? s->dry_state - state : 0;
        if (clocks > 0)
            structs += (s->left < clocks ? s->left : clocks) - 1;
    }
    structs -= none < structs ? none : structs;
    if (structs > len / LEAST_BYTES)
        structs = len / LEAST_BYTES;
    if (structs > MANY_STRUCTS && structs < UINT32_MAX)
        yd_items_reserve(doc, (uint32_t)structs + (uint32_t)structs / 32);
}

/* Whether the update's deletes say no more than what was deleted just now.  Ranges of length 0 wait
 * for ever in stock clients; what was deleted before is told again by who comes back, in thousands
 * of ranges.  (A few of those harm nobody.) */
static bool deletes_are_news(const struct yd_doc *doc, const struct yd_update *u,
                             const struct yd_deletes *deletes)
{
    return u->delete_ranges == deletes->n && deletes->n <= doc->deleted.n;
}

/* What waited, now that something came.  Returns whether some of it was integrated. */
static bool retry(struct yd_doc *doc)
{
    bool progress;

    allow_work(doc, 0);
    progress = retry_runs(doc);
    return yd_pending_deletes_retry(doc) || progress;
}

/* Returns whether it took too much work: then the rest of it is left out. */
static bool integrate_all(struct yd_doc *doc, struct yd_update *u, size_t len,
                          const struct yd_deletes *deletes, struct yd_result *res)
{
    struct pass p = {.doc = doc, .u = u};
    bool kept = false, waits = false, others = false, tidy, costly;

    allow_work(doc, len);
    reserve(doc, u, len);
    doc->altered = false;
    run_pass(&p);
    costly = yd_is_costly(doc);
    for (size_t i = 0; i < u->section_count && p.blocked && !costly; i++) {
        if (u->sections[i].dead)
            kept = yd_pending_add(doc, &u->sections[i]) || kept;
    }
    kept = yd_apply_deletes(doc, deletes, &waits) || kept;
    costly = yd_is_costly(doc);
    tidy = u->skips == 0 && deletes_are_news(doc, u, deletes);
    if (!costly)
        others = retry(doc);
    res->changed = doc->touched.n > 0 || doc->deleted.n > 0;
    res->has_new = res->changed || kept;
    res->complete = !costly && !p.blocked && yd_pending_bytes(doc) == 0;
    res->whole = res->changed && tidy && !costly && !p.blocked && !p.known && !waits && !others &&
                 !doc->altered;
    return costly;
}

/* The end of the transaction; news: where to say what it brought, or NULL. */
static void finish(struct yd_doc *doc, const struct yd_result *res, struct yd_buf *news)
{
    bool tell = news && res->changed && !res->whole;
    struct yd_news what;

    if (res->changed && doc->events)
        yd_events_collect(doc);
    if (tell)
        yd_news_take(doc, &what);
    if (res->changed)
        yd_cleanup(doc);
    yd_items_shrink(doc);
    if (tell) {
        yd_news_write(doc, &what, news);
        yd_news_clear(&what);
    }
}

int yd_apply_update_news(struct yd_doc *doc, const uint8_t *update, size_t len,
                         struct yd_result *res, struct yd_buf *news)
{
    struct yd_result unused;
    struct yd_update u;
    struct yd_deletes deletes = {0};
    int err;

    if (!res)
        res = &unused;
    *res = (struct yd_result){0};
    err = yd_update_read(update, len, &u, &res->error_offset);
    if (err)
        return err;
    yd_update_deletes(&u, &deletes);
    if (doc->editing)
        err = YD_ERR_BUSY;
    else if (!content_fits(doc, &u, len))
        err = YD_ERR_TOO_BIG;
    else if (!yd_depth_fits(doc, &u))
        err = YD_ERR_DEPTH;
    else if (!pending_fits(doc, &u, &deletes))
        err = YD_ERR_PENDING_FULL;
    else if (integrate_all(doc, &u, len, &deletes, res))
        err = YD_ERR_COSTLY;
    yd_deletes_clear(&deletes); /* the rest needs room of its own */
    yd_update_clear(&u);
    if (!err || err == YD_ERR_COSTLY)
        finish(doc, res, news);
    return err;
}

int yd_apply_update(struct yd_doc *doc, const uint8_t *update, size_t len, struct yd_result *res)
{
    return yd_apply_update_news(doc, update, len, res, NULL);
}

int yd_update_is_contained(const struct yd_doc *doc, const uint8_t *update, size_t len,
                           bool *contained)
{
    struct yd_update u;
    struct yd_deletes deletes = {0};
    bool all = true;
    int err = yd_update_read(update, len, &u, NULL);

    *contained = false;
    if (err)
        return err;
    for (size_t i = 0; i < u.section_count && all; i++) {
        struct yd_section *s = &u.sections[i];
        uint32_t state = yd_state(doc, s->client);
        struct yd_reader r = yd_reader_of(s->pos, (size_t)(s->end - s->pos));
        struct yd_ref ref;
        for (uint32_t clock = s->clock; s->left > 0 && all; s->left--, clock += ref.len) {
            yd_ref_read(&r, s->client, clock, &ref);
            all = ref.kind == YD_SKIP || clock + ref.len <= state;
        }
    }
    yd_update_deletes(&u, &deletes);
    for (size_t i = 0; i < deletes.n && all; i++)
        all = yd_is_deleted(doc, &deletes.v[i]);
    *contained = all;
    yd_deletes_clear(&deletes);
    yd_update_clear(&u);
    return 0;
}
