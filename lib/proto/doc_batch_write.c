/* Writing batches. */
#include "base/mem.h"
#include "proto/doc_batch_internal.h"

#include <assert.h>
#include <stdio.h>

#define HEAD_BYTES 32 /* marks, time and counts */

static void put_varuint(struct cr_buf *out, uint64_t n)
{
    while (n > 0x7f) {
        cr_buf_append_byte(out, (uint8_t)(0x80 | (n & 0x7f)));
        n >>= 7;
    }
    cr_buf_append_byte(out, (uint8_t)n);
}

static void put_bytes(struct cr_buf *out, const void *p, size_t len)
{
    put_varuint(out, len);
    cr_buf_append(out, p, len);
}

static size_t find_author(const struct cr_doc_batch_writer *w, const char *author)
{
    size_t i = 0;

    while (i < w->author_count && strcmp(w->names[i], author) != 0)
        i++;
    return i;
}

static size_t author_index(struct cr_doc_batch_writer *w, const char *author)
{
    size_t i = find_author(w, author);

    if (i < w->author_count)
        return i;
    if (i >= CR_DOC_BATCH_AUTHORS - 1 && author[0])
        return author_index(w, ""); /* a crowd: who it was is not kept */
    w->names = cr_realloc(w->names, (i + 1) * sizeof *w->names);
    snprintf(w->names[i], sizeof w->names[i], "%s", author);
    put_bytes(&w->authors, w->names[i], strlen(w->names[i]));
    w->author_count++;
    return i;
}

/* The index is always written here, and left out in the end when there is one author: then each
 * update begins with a 0 that finish skips. */
void cr_doc_batch_add(struct cr_doc_batch_writer *w, const uint8_t *update, size_t len,
                      const char *author, int64_t now_ms)
{
    if (w->count == 0)
        w->first_ms = w->last_ms = now_ms < 0 ? 0 : now_ms;
    if (now_ms < w->last_ms)
        now_ms = w->last_ms; /* the clock was set back */
    put_varuint(&w->updates, author_index(w, author));
    put_varuint(&w->updates, (uint64_t)(now_ms - w->last_ms));
    put_bytes(&w->updates, update, len);
    w->last_ms = now_ms;
    w->count++;
}

size_t cr_doc_batch_size(const struct cr_doc_batch_writer *w)
{
    return w->count == 0 ? 0 : HEAD_BYTES + w->authors.len + w->updates.len;
}

/* Everybody's index is 0: nobody needs it. */
static void put_without_index(const struct cr_buf *updates, struct cr_buf *out)
{
    const uint8_t *at = updates->data, *end = at + updates->len, *update;

    while (at < end) {
        const uint8_t *start = ++at;
        uint64_t delta_ms;
        size_t len;
        bool whole =
            batch_get_varuint(&at, end, &delta_ms) && batch_get_bytes(&at, end, &update, &len);

        assert(whole); /* cr_doc_batch_add() wrote it */
        (void)whole;
        cr_buf_append(out, start, (size_t)(at - start));
    }
}

void cr_doc_batch_finish(struct cr_doc_batch_writer *w, struct cr_buf *out)
{
    put_varuint(out, 0);
    put_varuint(out, CR_DOC_BATCH_EDITS);
    put_varuint(out, (uint64_t)w->first_ms);
    put_varuint(out, w->author_count);
    cr_buf_append(out, w->authors.data, w->authors.len);
    put_varuint(out, w->count);
    if (w->author_count > 1)
        cr_buf_append(out, w->updates.data, w->updates.len);
    else if (w->count > 0)
        put_without_index(&w->updates, out);
    cr_doc_batch_writer_clear(w);
}

void cr_doc_batch_writer_clear(struct cr_doc_batch_writer *w)
{
    cr_buf_clear(&w->authors);
    cr_buf_clear(&w->updates);
    free(w->names);
    memset(w, 0, sizeof *w);
}

void cr_doc_batch_fence(struct cr_buf *out, int64_t epoch, const char *process)
{
    put_varuint(out, 0);
    put_varuint(out, CR_DOC_BATCH_FENCE);
    put_varuint(out, (uint64_t)epoch);
    put_bytes(out, process, strlen(process));
}
