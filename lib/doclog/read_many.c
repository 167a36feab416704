/* The documents of many files. */
#include "doclog/internal.h"

#include "pack/pack.h"

#define AT_ONCE 16 /* whose states are in memory together … */
/* … if their heads, unpacked, and their logs have no more bytes than this: else one by one, since
 * decoded documents take a multiple. */
#define AT_ONCE_BYTES ((size_t)8 * 1024 * 1024)

struct part {
    const char *room_id;
    const char (*file_ids)[CR_ID_SIZE];
    size_t count;
    struct cr_doc_state heads[AT_ONCE];
    struct doclog_replay tails[AT_ONCE];
    size_t bytes;  /* of what was read */
    bool much;     /* it is too much: read one by one */
    size_t failed; /* file */
};

static void part_clear(struct part *p)
{
    for (size_t i = 0; i < p->count; i++) {
        doclog_replay_clear(&p->tails[i]);
        yd_doc_free(p->tails[i].doc);
        p->tails[i].doc = NULL;
        cr_doc_state_clear(&p->heads[i]);
    }
}

static void count_bytes(struct part *p, size_t len)
{
    p->much = p->much || len > AT_ONCE_BYTES - p->bytes;
    if (!p->much)
        p->bytes += len;
}

static int take_batch(void *ctx, size_t file, int64_t seq, const uint8_t *data, size_t len)
{
    struct part *p = ctx;

    p->failed = file;
    count_bytes(p, len);
    return p->much ? -1 : doclog_take_batch(&p->tails[file], seq, data, len);
}

static int read_tails(struct cr_store *s, struct part *p, struct cr_error *err)
{
    struct cr_error why = CR_ERROR_INIT;

    for (size_t i = 0; i < p->count; i++)
        p->tails[i] = (struct doclog_replay){.packed = &p->heads[i].packed,
                                             .seq = p->heads[i].seq,
                                             .stop_index = -1,
                                             .why = CR_ERROR_INIT};
    if (cr_store_doc_tails(s, p->room_id, p->file_ids, p->heads, p->count, take_batch, p, &why) ==
        0) {
        for (p->failed = 0; p->failed < p->count; p->failed++) {
            if (doclog_settle(&p->tails[p->failed]) < 0)
                break;
        }
        if (p->failed == p->count)
            return 0;
    }
    if (p->much)
        return 0;
    if (why.code == CR_ERR_NONE) /* it was a batch */
        why = p->tails[p->failed].why;
    return cr_fail(err, why.code, "%s", why.message);
}

static int read_part(struct cr_store *s, struct part *p, struct cr_error *err)
{
    int rc = 0;

    if (cr_store_doc_heads(s, p->room_id, p->file_ids, p->count, p->heads, err) < 0)
        return -1;
    for (size_t i = 0; i < p->count; i++) {
        const struct cr_buf *packed = &p->heads[i].packed;

        count_bytes(p,
                    p->heads[i].unread ? SIZE_MAX : cr_pack_plain_len(packed->data, packed->len));
    }
    if (!p->much)
        rc = read_tails(s, p, err);
    if (p->much)
        part_clear(p);
    return rc;
}

static int take_doc(struct cr_store *s, struct part *p, size_t i, struct yd_doc **doc,
                    struct cr_error *err)
{
    int64_t seq;

    if (p->much)
        return cr_doclog_read_doc(s, p->room_id, p->file_ids[i], doc, &seq, err);
    *doc = cr_take(&p->tails[i].doc);
    return *doc ? 0 : cr_doclog_unpack(&p->heads[i].packed, doc, err);
}

int cr_doclog_read_many(struct cr_store *s, const char *room_id, const char (*file_ids)[CR_ID_SIZE],
                        size_t count, cr_doclog_each each, void *ctx, struct cr_error *err)
{
    int rc = 0;

    for (size_t from = 0; from < count && rc == 0; from += AT_ONCE) {
        struct part p = {.room_id = room_id, .file_ids = file_ids + from};

        p.count = count - from < AT_ONCE ? count - from : AT_ONCE;
        rc = read_part(s, &p, err);
        for (size_t i = 0; i < p.count && rc == 0; i++) {
            struct yd_doc *doc = NULL;

            rc = take_doc(s, &p, i, &doc, err);
            if (rc == 0)
                rc = each(ctx, from + i, doc, err);
            yd_doc_free(doc);
        }
        part_clear(&p);
    }
    return rc;
}
