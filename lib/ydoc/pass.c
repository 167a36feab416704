/* In which order the structs of an update go in, and which have to wait. */
#include "ydoc/pass.h"

#include <stdlib.h>

uint32_t yd_pass_state(const struct yd_pass *p, uint64_t client)
{
    const struct yd_section *s = p->dry ? yd_update_find(p->u, client) : NULL;

    return s ? s->dry_state : yd_state(p->doc, client);
}

static bool is_missing(const struct yd_pass *p, const struct yd_ref *ref, struct yd_id id,
                       struct yd_id *missing)
{
    if (id.client == ref->client || id.clock < yd_pass_state(p, id.client))
        return false;
    *missing = id;
    return true;
}

/* Whether a struct that has to be there first is not. */
static bool find_missing(const struct yd_pass *p, const struct yd_ref *ref, uint32_t state,
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
static uint32_t read_next(struct yd_pass *p, const struct yd_section *s, struct yd_ref *ref)
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
static bool step(struct yd_pass *p, struct yd_section *s, struct yd_id *missing)
{
    struct yd_ref ref;
    uint32_t count = read_next(p, s, &ref),
             state = p->dry ? s->dry_state : yd_state(p->doc, s->client);

    p->known = p->known || (ref.kind != YD_SKIP && ref.clock < state);
    if (ref.kind != YD_SKIP && (ref.clock > state || ref.clock + ref.len > state)) {
        if (find_missing(p, &ref, state, missing))
            return false;
        if (p->pending && ref.kind == YD_TYPE && yd_depth_of(p->doc, &ref) > YD_MAX_DEPTH) {
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

static void push(struct yd_pass *p, struct yd_section *s)
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

static void bury_stack(struct yd_pass *p)
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
static void settle(struct yd_pass *p, struct yd_section *s)
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

void yd_pass_run(struct yd_pass *p)
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
