/* What a transaction has brought, as an update: for those who had the document's state before it.
 * It is written after the cleanup, so that it says what the document holds now: what became a GC
 * struct here is one everywhere, and a struct that was cut refers to the part before it. */
#include "ydoc/internal.h"

#include <stdlib.h>

static int by_client_descending(const void *a, const void *b)
{
    uint64_t x = ((const struct yd_touched *)a)->client;
    uint64_t y = ((const struct yd_touched *)b)->client;

    return x < y ? 1 : x > y ? -1 : 0;
}

void yd_news_take(const struct yd_doc *doc, struct yd_news *news)
{
    *news = (struct yd_news){.touched = malloc((doc->touched.n + 1) * sizeof(*news->touched))};
    if (!news->touched)
        abort();
    for (size_t i = 0; i < doc->touched.n; i++) {
        uint32_t slot = doc->touched.v[i];
        const struct yd_client *c = &doc->clients[slot];
        news->touched[news->n++] = (struct yd_touched){c->id, slot, c->before};
    }
    if (news->n > 1)
        qsort(news->touched, news->n, sizeof(*news->touched), by_client_descending);
    for (size_t i = 0; i < doc->deleted.n; i++) {
        const struct yd_range *r = &doc->deleted.v[i];
        yd_deletes_add(&news->deletes, doc->clients[r->slot].id, r->clock, r->clock + r->len);
    }
    yd_deletes_normalize(&news->deletes);
}

void yd_news_write(const struct yd_doc *doc, const struct yd_news *news, struct yd_buf *out)
{
    yd_buf_put_varuint(out, news->n);
    for (size_t i = 0; i < news->n; i++) {
        const struct yd_touched *t = &news->touched[i];
        yd_buf_put_varuint(out, yd_count_structs(doc, t->slot, t->before));
        yd_buf_put_varuint(out, t->client);
        yd_buf_put_varuint(out, t->before);
        yd_write_structs(doc, out, t->slot, t->before);
    }
    yd_deletes_write(&news->deletes, out);
}

void yd_news_clear(struct yd_news *news)
{
    free(news->touched);
    yd_deletes_clear(&news->deletes);
    *news = (struct yd_news){0};
}
