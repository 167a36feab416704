/* Updates from anybody to be merged: [2 bytes length, little endian][update] again and again; what
 * is left says where the merged update is cut. */
#include "tests/fuzz/support.h"
#include "ydoc/wire.h"

#define MAX_UPDATES 32

/* Merging what was merged changes nothing more. */
static void check_settles(const struct yd_buf *merged)
{
    struct yd_buf second = {0}, third = {0};
    const struct yd_bytes a[] = {{merged->data, merged->len}, {merged->data, merged->len}};

    demand(yd_merge_updates(a, 2, &second) == 0, "the merged update is refused");
    demand(second.len <= merged->len, "it grows");
    const struct yd_bytes b[] = {{second.data, second.len}, {second.data, second.len}};
    demand(yd_merge_updates(b, 2, &third) == 0, "refused the second time");
    demand(same_bytes(&second, &third), "it does not settle");
    yd_buf_free(&second);
    yd_buf_free(&third);
}

/* All of the update from `clock` on, for each client that it tells of. */
static void cut(const struct yd_buf *update, uint8_t clock, struct yd_buf *out)
{
    struct yd_buf sv = {0}, known = {0};
    struct yd_reader r;

    demand(yd_update_state_vector(update->data, update->len, &sv) == 0, "no state vector");
    r = yd_reader_of(sv.data, sv.len);
    yd_buf_put_varuint(&known, yd_read_varuint(&r));
    while (yd_reader_left(&r) > 0) {
        yd_buf_put_varuint(&known, yd_read_varuint(&r));
        yd_read_varuint(&r); /* its clock becomes ours */
        yd_buf_put_varuint(&known, clock);
    }
    demand(!r.err, "the state vector is malformed");
    demand(yd_update_diff(update->data, update->len, known.data, known.len, out) == 0, "no diff");
    demand(yd_update_check(out->data, out->len, NULL) == 0, "the diff is malformed");
    yd_buf_free(&sv);
    yd_buf_free(&known);
}

static bool apply(struct yd_doc *doc, const struct yd_bytes *u)
{
    struct yd_result res;
    bool ok = yd_apply_update(doc, u->p, u->len, &res) == 0;

    demand_sound(doc);
    return ok && res.complete;
}

static void check_same_document(const struct yd_doc *a, const struct yd_doc *b)
{
    struct yd_buf x = {0}, y = {0};

    yd_encode_state_vector(a, &x);
    yd_encode_state_vector(b, &y);
    demand(same_bytes(&x, &y), "state vectors differ");
    x.len = y.len = 0;
    yd_text(a, "text", 4, &x);
    yd_text(b, "text", 4, &y);
    demand(same_bytes(&x, &y), "texts differ");
    yd_buf_free(&x);
    yd_buf_free(&y);
}

/* Pieces of one update, one by one or merged again, make the same document. */
static void check_pieces(const struct yd_buf *whole, const uint8_t *data, size_t size)
{
    struct yd_doc *one = yd_doc_new(NULL), *other = yd_doc_new(NULL);
    struct yd_buf cuts[3] = {{0}}, merged = {0};
    struct yd_bytes pieces[4];
    bool complete = false;

    for (size_t i = 0; i < 3; i++) {
        cut(whole, i < size ? data[i] : (uint8_t)i, &cuts[i]);
        pieces[i] = (struct yd_bytes){cuts[i].data, cuts[i].len};
    }
    pieces[3] = (struct yd_bytes){whole->data, whole->len};
    demand(yd_merge_updates(pieces, 4, &merged) == 0, "pieces do not merge");
    for (size_t i = 0; i < 4; i++)
        complete = apply(one, &pieces[i]);
    if (complete) {
        const struct yd_bytes all = {merged.data, merged.len};
        demand(apply(other, &all), "the merged pieces do not integrate");
        check_same_document(one, other);
    }
    for (size_t i = 0; i < 3; i++)
        yd_buf_free(&cuts[i]);
    yd_buf_free(&merged);
    yd_doc_free(one);
    yd_doc_free(other);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct yd_bytes updates[MAX_UPDATES] = {{0}};
    struct yd_buf merged = {0};
    bool all_ok = true;
    size_t n = 0;

    while (n < MAX_UPDATES && next_part(&data, &size, &updates[n])) {
        all_ok = all_ok && yd_update_check(updates[n].p, updates[n].len, NULL) == 0;
        n++;
    }
    demand((yd_merge_updates(updates, n, &merged) == 0) == all_ok, "two opinions about an update");
    if (all_ok) {
        demand(yd_update_check(merged.data, merged.len, NULL) == 0,
               "merged to something malformed");
        check_settles(&merged);
        check_pieces(&merged, data, size);
    } else {
        demand(merged.len == 0, "an error wrote something");
    }
    yd_buf_free(&merged);
    return 0;
}
