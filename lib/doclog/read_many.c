/* The documents of many files. */
#include "doclog/internal.h"

#define AT_ONCE 16 /* whose states are in memory together */

struct part {
    struct cr_doc_state heads[AT_ONCE];
    struct doclog_replay tails[AT_ONCE];
    size_t failed; /* file */
};

static int take_batch(void *ctx, size_t file, int64_t seq, const uint8_t *data, size_t len)
{
    struct part *p = ctx;

    p->failed = file;
    return doclog_take_batch(&p->tails[file], seq, data, len);
}

static int read_part(struct cr_store *s, const char *room_id, const char (*file_ids)[CR_ID_SIZE],
                     size_t count, struct part *p, struct cr_error *err)
{
    struct cr_error why = CR_ERROR_INIT;

    if (cr_store_doc_heads(s, room_id, file_ids, count, p->heads, err) < 0)
        return -1;
    for (size_t i = 0; i < count; i++)
        p->tails[i] = (struct doclog_replay){.packed = &p->heads[i].packed,
                                             .seq = p->heads[i].seq,
                                             .stop_index = -1,
                                             .why = CR_ERROR_INIT};
    if (cr_store_doc_tails(s, room_id, file_ids, p->heads, count, take_batch, p, &why) == 0)
        return 0;
    if (why.code == CR_ERR_NONE) /* it was a batch */
        why = p->tails[p->failed].why;
    return cr_fail(err, why.code, "%s", why.message);
}

static int give(struct part *p, size_t i, size_t file, cr_doclog_each each, void *ctx,
                struct cr_error *err)
{
    struct doclog_replay *r = &p->tails[i];

    if (!r->doc && cr_doclog_unpack(&p->heads[i].packed, &r->doc, err) < 0)
        return -1;
    return each(ctx, file, r->doc, err);
}

int cr_doclog_read_many(struct cr_store *s, const char *room_id, const char (*file_ids)[CR_ID_SIZE],
                        size_t count, cr_doclog_each each, void *ctx, struct cr_error *err)
{
    int rc = 0;

    for (size_t from = 0; from < count && rc == 0; from += AT_ONCE) {
        size_t n = count - from < AT_ONCE ? count - from : AT_ONCE;
        struct part p = {0};

        rc = read_part(s, room_id, file_ids + from, n, &p, err);
        for (size_t i = 0; i < n; i++) {
            if (rc == 0)
                rc = give(&p, i, from + i, each, ctx, err);
            yd_doc_free(p.tails[i].doc);
            cr_doc_state_clear(&p.heads[i]);
        }
    }
    return rc;
}
