/* What waited is tried again. */
#include "ydoc/pass.h"

#include <stdlib.h>

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
        struct yd_pass p = {.doc = doc, .u = &u, .pending = true};
        take_runs(doc, &u);
        if (!u.sections)
            break;
        yd_pass_run(&p);
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

bool yd_pending_retry(struct yd_doc *doc)
{
    bool progress;

    yd_work_allow(doc, 0);
    progress = retry_runs(doc);
    return yd_pending_deletes_retry(doc) || progress;
}
