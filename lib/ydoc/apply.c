/* Applying an update: what came in by it, and what to relay of it. */
#include "ydoc/pass.h"

/* Whether the update's deletes say no more than what was deleted just now.  Ranges of length 0 wait
 * for ever in stock clients; what was deleted before is told again by who comes back, in thousands
 * of ranges.  (A few of those harm nobody.) */
static bool deletes_are_news(const struct yd_doc *doc, const struct yd_update *u,
                             const struct yd_deletes *deletes)
{
    return u->delete_ranges == deletes->n && deletes->n <= doc->deleted.n;
}

/* Returns whether it took too much work: then the rest of it is left out. */
static bool integrate_all(struct yd_doc *doc, struct yd_update *u, size_t len,
                          const struct yd_deletes *deletes, struct yd_result *res)
{
    struct yd_pass p = {.doc = doc, .u = u};
    bool kept = false, waits = false, others = false, tidy, costly;

    yd_work_allow(doc, len);
    yd_update_reserve(doc, u, len);
    doc->altered = false;
    yd_pass_run(&p);
    costly = yd_is_costly(doc);
    for (size_t i = 0; i < u->section_count && p.blocked && !costly; i++) {
        if (u->sections[i].dead)
            kept = yd_pending_add(doc, &u->sections[i]) || kept;
    }
    kept = yd_apply_deletes(doc, deletes, &waits) || kept;
    costly = yd_is_costly(doc);
    tidy = u->skips == 0 && deletes_are_news(doc, u, deletes);
    if (!costly)
        others = yd_pending_retry(doc);
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
    else if (!yd_content_fits(doc, &u, len))
        err = YD_ERR_TOO_BIG;
    else if (!yd_depth_fits(doc, &u))
        err = YD_ERR_DEPTH;
    else if (!yd_pending_fits(doc, &u, &deletes))
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
