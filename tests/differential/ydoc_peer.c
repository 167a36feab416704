/* The C engine as a peer that a test drives over pipes (frame.h).  A list is, for each of its
 * values, 4 bytes length and the value.
 *   n  new empty document; with anything in the body one that keeps what is deleted
 *   a  apply the first of a list; answers 5 bytes: changed, has_new, complete, contained before,
 *      whole; 4 bytes: how much waits now; 4 bytes length and the news.  With more in the list, and
 *      if nothing waits: then as A.  (Costly is no error.)
 *   A  everything at once, for a list of names of roots (the first value is not looked at); answers
 *      a list: the state vector, the full state, the text of each root
 *   s  state vector
 *   d  diff to the given state vector (empty: everything)
 *   D  the same in format v2
 *   e  the same as d without what waits
 *   t  text of the root with the given name
 *   c  is each update of a list contained? one byte for each
 * Without the document:
 *   m  merge a list of updates
 *   v  state vector of an update
 *   f  diff of a list: a state vector, an update
 *   1  update v2 to v1
 *   2  update v1 to v2 */
#include "tests/differential/frame.h"
#include "ydoc/updates.h"

#include <stdlib.h>

static struct yd_doc *doc;

/* The next value of a list; false at the end. */
static bool next(const uint8_t *body, size_t len, size_t *at, struct yd_bytes *value)
{
    if (*at == len)
        return false;
    if (len - *at < 4 || peer_get_u32(body + *at) > len - *at - 4)
        abort();
    *value = (struct yd_bytes){body + *at + 4, peer_get_u32(body + *at)};
    *at += 4 + value->len;
    return true;
}

static int merge(const uint8_t *body, size_t len, struct yd_buf *out)
{
    struct yd_bytes *updates = malloc((len / 4 + 1) * sizeof(*updates));
    size_t n = 0, at = 0;
    int err;

    if (!updates)
        abort();
    while (next(body, len, &at, &updates[n]))
        n++;
    err = yd_merge_updates(updates, n, out);
    free(updates);
    return err;
}

static int diff(const uint8_t *body, size_t len, struct yd_buf *out)
{
    struct yd_bytes sv = {0}, update = {0};
    size_t at = 0;

    if (!next(body, len, &at, &sv) || !next(body, len, &at, &update))
        abort();
    return yd_update_diff(update.p, update.len, sv.p, sv.len, out);
}

static void put(struct yd_buf *out, struct yd_buf *value)
{
    peer_put_u32(out, (uint32_t)value->len);
    yd_buf_append(out, value->data, value->len);
    value->len = 0;
}

static int everything(const uint8_t *body, size_t len, struct yd_buf *out)
{
    struct yd_buf one = {0};
    struct yd_bytes root;
    size_t at = 0;
    int err;

    next(body, len, &at, &root);
    yd_encode_state_vector(doc, &one);
    put(out, &one);
    err = yd_encode_diff(doc, NULL, 0, &one);
    put(out, &one);
    while (next(body, len, &at, &root)) {
        yd_text(doc, (const char *)root.p, root.len, &one);
        put(out, &one);
    }
    yd_buf_free(&one);
    return err;
}

static int apply(const uint8_t *body, size_t len, struct yd_buf *out)
{
    struct yd_result res = {0};
    struct yd_bytes update = {0};
    struct yd_buf news = {0};
    bool contained = false;
    size_t at = 0;
    int status;

    next(body, len, &at, &update);
    status = yd_update_is_contained(doc, update.p, update.len, &contained);
    if (status == 0)
        status = yd_apply_update_news(doc, update.p, update.len, &res, &news);
    if (status == YD_ERR_COSTLY)
        status = 0;
    const uint8_t flags[] = {res.changed, res.has_new, res.complete, contained, res.whole};
    yd_buf_append(out, flags, sizeof(flags));
    peer_put_u32(out, (uint32_t)yd_pending_bytes(doc));
    put(out, &news);
    yd_buf_free(&news);
    if (status == 0 && at < len && yd_pending_bytes(doc) == 0)
        status = everything(body, len, out);
    return status;
}

static int contains(const uint8_t *body, size_t len, struct yd_buf *out)
{
    struct yd_bytes update;
    bool contained = false;
    size_t at = 0;
    int err = 0;

    while (!err && next(body, len, &at, &update)) {
        err = yd_update_is_contained(doc, update.p, update.len, &contained);
        yd_buf_append(out, &contained, 1);
    }
    return err;
}

static int run(char command, const uint8_t *body, size_t len, struct yd_buf *out)
{
    const uint8_t *sv = len > 0 ? body : NULL;

    switch (command) {
    case 'n':
        yd_doc_free(doc);
        doc = yd_doc_new(NULL);
        yd_doc_set_gc(doc, len == 0);
        return 0;
    case 'a':
        return apply(body, len, out);
    case 'A':
        return everything(body, len, out);
    case 's':
        yd_encode_state_vector(doc, out);
        return 0;
    case 'd':
        return yd_encode_diff(doc, sv, len, out);
    case 'e':
        return yd_encode_settled(doc, sv, len, out);
    case 'D':
        return yd_encode_diff_v2(doc, sv, len, out);
    case 't':
        yd_text(doc, (const char *)body, len, out);
        return 0;
    case 'c':
        return contains(body, len, out);
    case 'm':
        return merge(body, len, out);
    case 'v':
        return yd_update_state_vector(body, len, out);
    case 'f':
        return diff(body, len, out);
    case '1':
        return yd_update_v2_to_v1(body, len, 64 << 20, out);
    case '2':
        return yd_update_v1_to_v2(body, len, out);
    default:
        return YD_ERR_KIND;
    }
}

int main(void)
{
    doc = yd_doc_new(NULL);
    peer_serve(run);
    yd_doc_free(doc);
    return 0;
}
