/* One entry of a document's log, from a database that anything may have happened to.  What opens is
 * read to its end, and says the same when it is written again. */
#include "proto/doc_batch.h"
#include "tests/fuzz/support.h"

struct update {
    const uint8_t *p;
    size_t len;
    char author[CR_DOC_AUTHOR_SIZE];
    int64_t time_ms;
};

static bool read_update(struct cr_doc_batch_reader *r, struct update *u)
{
    uint64_t left = r->left;

    if (!cr_doc_batch_next(r, &u->p, &u->len))
        return false;
    demand(r->left == left - 1, "it counts wrongly");
    demand(r->author_len < sizeof(u->author), "an author is too long");
    memcpy(u->author, r->author, r->author_len);
    u->author[r->author_len] = '\0';
    demand(u->time_ms <= r->time_ms, "time goes back");
    u->time_ms = r->time_ms;
    return true;
}

/* Names with a NUL come out shorter. Of a crowd the last place is for "", which may be one name
 * more than was read. */
static bool same_author(const struct cr_doc_batch_reader *again, const struct update *a,
                        const struct update *b)
{
    return strcmp(a->author, b->author) == 0 ||
           (b->author[0] == '\0' && again->author_count == CR_DOC_BATCH_AUTHORS);
}

static void check_written(const struct cr_doc_batch_reader *first, struct cr_buf *written)
{
    struct cr_doc_batch_reader r = *first, again;
    struct update a = {0}, b = {0};

    demand(cr_doc_batch_open(&again, written->data, written->len, NULL) == 0, "its own is refused");
    demand(again.left == r.left, "its own has another number of updates");
    while (read_update(&r, &a)) {
        demand(read_update(&again, &b), "its own ends early");
        demand(a.len == b.len && memcmp(a.p, b.p, a.len) == 0, "an update is another");
        demand(a.time_ms == b.time_ms && same_author(&again, &a, &b),
               "a time or author is another");
    }
    demand(!read_update(&again, &b), "its own goes on");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cr_doc_batch_reader r, rest;
    struct cr_doc_batch_writer w = {0};
    struct update u = {0};
    CR_AUTO_BUF out = {0};

    if (cr_doc_batch_open(&r, data, size, NULL) != 0)
        return 0;
    rest = r;
    while (read_update(&rest, &u)) {
        demand(u.p >= data && u.len <= (size_t)(data + size - u.p), "an update is outside");
        cr_doc_batch_add(&w, u.p, u.len, u.author, u.time_ms);
    }
    demand(rest.left == 0, "it opened, but ends early");
    cr_doc_batch_finish(&w, &out);
    check_written(&r, &out);
    return 0;
}
