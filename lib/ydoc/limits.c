/* What an update may cost: work, content, waiting structs. */
#include "ydoc/pass.h"

#include <stdlib.h>

#define MIB ((size_t)1 << 20)
#define PIECE 25 /* steps of a scan that take as long, or as much room, as making a struct */

static uint64_t work_done(const struct yd_doc *doc)
{
    return doc->scan_steps + PIECE * doc->pieces;
}

void yd_work_allow(struct yd_doc *doc, size_t len)
{
    size_t times = len / MIB + 1, most = doc->limits.max_work;

    doc->max_work = most > SIZE_MAX / 2 / times ? UINT64_MAX : work_done(doc) + most * times;
}

bool yd_is_costly(const struct yd_doc *doc)
{
    return work_done(doc) > doc->max_work;
}

bool yd_content_fits(const struct yd_doc *doc, const struct yd_update *u, size_t len)
{
    size_t held = (size_t)doc->bytes_len - doc->bytes_garbage + doc->name_pool_len;

    /* A struct takes two bytes of the update at least and may make three items (itself and two
     * cuts). */
    return len <= doc->limits.max_doc_bytes && held <= doc->limits.max_doc_bytes - len &&
           doc->item_count + (uint64_t)len / 2 * 3 < UINT32_MAX &&
           doc->client_count + u->section_count < YD_MAX_SLOTS;
}

/* The deletes that would wait, and do not yet. */
static size_t pending_delete_count(const struct yd_pass *p, const struct yd_deletes *deletes)
{
    size_t n = 0;

    for (size_t i = 0; i < deletes->n; i++) {
        struct yd_delete rest = deletes->v[i];
        uint32_t state = yd_pass_state(p, rest.client);
        rest.clock = rest.clock < state ? state : rest.clock;
        n += rest.clock < rest.end && !yd_delete_is_kept(&p->doc->pending_deletes, &rest);
    }
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

bool yd_pending_fits(struct yd_doc *doc, const struct yd_update *u,
                     const struct yd_deletes *deletes)
{
    size_t most = u->section_count ? (size_t)(u->deletes - u->sections[0].pos) : 0;
    struct yd_update trial = *u;
    struct yd_pass p = {.doc = doc, .u = &trial, .dry = true};
    struct yd_pending_room room = {yd_pending_bytes(doc), doc->run_count};

    for (size_t i = 0; i < u->section_count;
         i++) { /* sections were sorted: the first may not come first */
        size_t span = (size_t)(u->deletes - u->sections[i].pos);
        most = span > most ? span : most;
    }
    if (room.bytes + most + deletes->n * sizeof(struct yd_delete) <=
            doc->limits.max_pending_bytes &&
        room.runs + u->section_count + u->skips <= doc->limits.max_pending_runs)
        return true;
    if (goes_in_whole(doc, u)) {
        room.bytes += pending_delete_count(&p, deletes) * sizeof(struct yd_delete);
        return room.bytes <= doc->limits.max_pending_bytes &&
               room.runs <= doc->limits.max_pending_runs;
    }
    trial.sections = malloc((u->section_count + 1) * sizeof(*trial.sections));
    if (!trial.sections)
        abort();
    for (size_t i = 0; i < u->section_count; i++) {
        trial.sections[i] = u->sections[i];
        trial.sections[i].dry_state = yd_state(doc, u->sections[i].client);
    }
    yd_pass_run(&p);
    room.bytes += pending_delete_count(&p, deletes) * sizeof(struct yd_delete);
    for (size_t i = 0; i < u->section_count; i++) {
        if (trial.sections[i].dead)
            yd_pending_count(doc, &trial.sections[i], &room);
    }
    free(trial.sections);
    return room.bytes <= doc->limits.max_pending_bytes && room.runs <= doc->limits.max_pending_runs;
}

#define MANY_STRUCTS 256
#define LEAST_BYTES 4 /* of a struct that does not join the one before it */

/* Room for many structs at once, so that tables grow in one step. Only for what is new: neither
 * gaps nor what is known already come in, and some of the rest may have to wait (see
 * yd_items_shrink). One of each section is not counted: an update of nothing but clients does not
 * come in as a whole. */
void yd_update_reserve(struct yd_doc *doc, const struct yd_update *u, size_t len)
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
