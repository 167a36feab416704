/* The C engine as a peer that a test drives over pipes.
 * A command on stdin: one letter, 4 bytes length (little endian), that many bytes.  An answer on
 * stdout: 4 bytes status (0 or enum yd_error, two's complement), 4 bytes length, bytes. n  new
 * empty document a  apply an update; answers 4 bytes: changed, has_new, complete, contained before
 *   s  state vector
 *   d  diff to the given state vector (empty: everything)
 *   t  text of the root with the given name
 *   p  pending bytes, 8 bytes little endian
 *   c  is the update contained? one byte
 * Without the document:
 *   m  merge updates; each with 4 bytes length in front
 *   v  state vector of an update
 *   f  diff: a state vector with 4 bytes length in front, then an update
 *   1  update v2 to v1
 *   2  update v1 to v2
 * and, with it, D: as d, in format v2 */
#include "ydoc/updates.h"

#include <stdio.h>
#include <stdlib.h>

static bool read_all(void *p, size_t len)
{
    return fread(p, 1, len, stdin) == len;
}

static void put_u32(uint8_t *p, uint32_t v)
{
    for (int i = 0; i < 4; i++)
        p[i] = (uint8_t)(v >> (8 * i));
}

static void answer(int status, const void *p, size_t len)
{
    uint8_t head[8];

    put_u32(head, (uint32_t)status);
    put_u32(head + 4, (uint32_t)len);
    fwrite(head, 1, sizeof(head), stdout);
    fwrite(p ? p : "", 1, len, stdout);
    fflush(stdout);
}

static void apply(struct yd_doc *doc, const uint8_t *body, size_t len)
{
    struct yd_result res;
    bool contained = false;
    uint8_t out[4];
    int status = yd_update_is_contained(doc, body, len, &contained);

    if (status == 0)
        status = yd_apply_update(doc, body, len, &res);
    else
        res = (struct yd_result){0};
    out[0] = res.changed;
    out[1] = res.has_new;
    out[2] = res.complete;
    out[3] = contained;
    answer(status, out, sizeof(out));
}

static uint32_t get_u32(const uint8_t *p)
{
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static int merge(const uint8_t *body, size_t len, struct yd_buf *out)
{
    struct yd_bytes *updates = malloc((len / 4 + 1) * sizeof(*updates));
    size_t n = 0;
    int err;

    if (!updates)
        abort();
    for (size_t at = 0; at < len; at += 4 + updates[n++].len)
        updates[n] = (struct yd_bytes){body + at + 4, get_u32(body + at)};
    err = yd_merge_updates(updates, n, out);
    free(updates);
    return err;
}

static void run(struct yd_doc **doc, char command, const uint8_t *body, size_t len)
{
    struct yd_buf out = {0};
    uint8_t small[8] = {0};
    bool contained = false;
    int status = 0;

    switch (command) {
    case 'n':
        yd_doc_free(*doc);
        *doc = yd_doc_new(NULL);
        break;
    case 'a':
        apply(*doc, body, len);
        return;
    case 's':
        yd_encode_state_vector(*doc, &out);
        break;
    case 'd':
        status = yd_encode_diff(*doc, len ? body : NULL, len, &out);
        break;
    case 't':
        yd_text(*doc, (const char *)body, len, &out);
        break;
    case 'p':
        put_u32(small, (uint32_t)yd_pending_bytes(*doc));
        answer(0, small, sizeof(small));
        return;
    case 'c':
        status = yd_update_is_contained(*doc, body, len, &contained);
        small[0] = contained;
        answer(status, small, 1);
        return;
    case 'm':
        status = merge(body, len, &out);
        break;
    case 'v':
        status = yd_update_state_vector(body, len, &out);
        break;
    case '1':
        status = yd_update_v2_to_v1(body, len, 64 << 20, &out);
        break;
    case '2':
        status = yd_update_v1_to_v2(body, len, &out);
        break;
    case 'D':
        status = yd_encode_diff_v2(*doc, len ? body : NULL, len, &out);
        break;
    case 'f': {
        size_t sv = get_u32(body);
        status = yd_update_diff(body + 4 + sv, len - 4 - sv, body + 4, sv, &out);
        break;
    }
    default:
        status = YD_ERR_KIND;
    }
    answer(status, out.data, out.len);
    yd_buf_free(&out);
}

int main(void)
{
    struct yd_doc *doc = yd_doc_new(NULL);
    uint8_t head[5];

    while (read_all(head, sizeof(head))) {
        uint32_t len = get_u32(head + 1);
        uint8_t *body = malloc(len + 1);
        if (!body || !read_all(body, len))
            abort();
        run(&doc, (char)head[0], body, len);
        free(body);
    }
    yd_doc_free(doc);
    return 0;
}
