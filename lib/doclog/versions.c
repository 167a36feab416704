/* The log as people read it: who wrote, from when to when. */
#include "doclog/internal.h"

#include <assert.h>
#include <stdio.h>

#define PAUSE_MS ((int64_t)2 * 60 * 1000)   /* a longer one begins a new version … */
#define LENGTH_MS ((int64_t)15 * 60 * 1000) /* … and so does writing for so long without one */
#define PAGE_BATCHES 2000                   /* of the log that one page looks at */

void cr_doc_version_list_clear(struct cr_doc_version_list *l)
{
    for (size_t i = 0; i < l->count; i++)
        free(l->items[i].authors);
    free(l->items);
    memset(l, 0, sizeof *l);
}

struct building {
    struct cr_doc_version_list list; /* oldest first while it is built */
    int64_t first_seq;               /* of the batches that were read */
    struct cr_error why;
};

static void note_author(struct cr_doc_version *v, const char *name, size_t len)
{
    if (len == 0)
        return;
    for (size_t i = 0; i < v->author_count; i++)
        if (strlen(v->authors[i]) == len && memcmp(v->authors[i], name, len) == 0)
            return;
    if (v->author_count == CR_DOC_BATCH_AUTHORS)
        return; /* a crowd */
    v->authors = cr_realloc(v->authors, (v->author_count + 1) * sizeof *v->authors);
    snprintf(v->authors[v->author_count++], sizeof *v->authors, "%.*s", (int)len, name);
}

static bool belongs(const struct cr_doc_version *v, int64_t time_ms)
{
    return time_ms - v->ended_ms < PAUSE_MS && time_ms - v->started_ms < LENGTH_MS;
}

/* The version that a batch of that time is part of. */
static struct cr_doc_version *version_for(struct building *b, int64_t seq, int64_t time_ms)
{
    struct cr_doc_version_list *l = &b->list;
    struct cr_doc_version *v = l->count > 0 ? &l->items[l->count - 1] : NULL;

    if (v && belongs(v, time_ms))
        return v;
    l->items = cr_realloc(l->items, (l->count + 1) * sizeof *l->items);
    v = &l->items[l->count++];
    *v = (struct cr_doc_version){.from_seq = seq, .started_ms = time_ms, .ended_ms = time_ms};
    return v;
}

static int add_batch(void *ctx, int64_t seq, const uint8_t *data, size_t len)
{
    struct building *b = ctx;
    struct cr_doc_batch_reader r;
    struct cr_doc_version *v = NULL;
    const uint8_t *update;
    size_t update_len;

    if (cr_doc_batch_open(&r, data, len, &b->why) < 0) {
        b->why.code = CR_ERR_INTERNAL;
        return -1;
    }
    if (b->first_seq == 0)
        b->first_seq = seq;
    while (cr_doc_batch_next(&r, &update, &update_len)) {
        if (!v)
            v = version_for(b, seq, r.time_ms);
        v->seq = seq;
        v->updates++;
        if (r.time_ms > v->ended_ms)
            v->ended_ms = r.time_ms;
        note_author(v, r.author, r.author_len);
    }
    return 0;
}

static void reverse(struct cr_doc_version_list *l)
{
    for (size_t i = 0; i < l->count / 2; i++) {
        struct cr_doc_version v = l->items[i];

        l->items[i] = l->items[l->count - 1 - i];
        l->items[l->count - 1 - i] = v;
    }
}

/* Keep the newest; the oldest of a part of the log may have begun before it, so unless it is alone
 * it is left to the next page. */
static void cut(struct building *b, int64_t after_seq, int limit)
{
    struct cr_doc_version_list *l = &b->list;

    reverse(l);
    l->next = after_seq > 0 ? b->first_seq : 0;
    if (after_seq > 0 && l->count > 1 && l->count <= (size_t)limit) {
        free(l->items[--l->count].authors);
        l->next = l->items[l->count - 1].from_seq;
    }
    while (l->count > (size_t)limit) {
        free(l->items[--l->count].authors);
        l->next = l->items[l->count - 1].from_seq;
    }
}

int cr_doclog_versions(struct cr_store *s, const char *room_id, const char *file_id,
                       int64_t before_seq, int limit, struct cr_doc_version_list *out,
                       struct cr_error *err)
{
    struct building b = {.why = CR_ERROR_INIT};
    int64_t upto, after;

    assert(limit >= 1);
    memset(out, 0, sizeof *out);
    if (cr_store_doc_last_seq(s, room_id, file_id, &upto, err) < 0)
        return -1;
    if (before_seq > 0 && before_seq <= upto)
        upto = before_seq - 1;
    after = upto > PAGE_BATCHES ? upto - PAGE_BATCHES : 0;
    if (upto > 0 &&
        cr_store_doc_read_range(s, room_id, file_id, after, upto, add_batch, &b, &b.why) != 0) {
        cr_doc_version_list_clear(&b.list);
        return cr_fail(err, b.why.code, "%s", b.why.message);
    }
    cut(&b, after, limit);
    *out = b.list;
    return 0;
}
