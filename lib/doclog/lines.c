#include "doclog/lines.h"

#include "base/mem.h"

#include <stdbool.h>
#include <stdint.h>

#define EDITS_MAX                                                                                  \
    400 /* deleted and inserted lines that are looked for; beyond, one change is made */

struct line {
    size_t at, len; /* with its line end */
};

struct text {
    const char *p;
    struct line *lines;
    size_t count;
};

static void split(struct text *t, const char *p, size_t from, size_t to)
{
    t->p = p;
    while (from < to) {
        const char *end = memchr(p + from, '\n', to - from);
        size_t len = end ? (size_t)(end - p) + 1 - from : to - from;

        if ((t->count & (t->count - 1)) == 0)
            t->lines = cr_realloc(t->lines, (t->count ? t->count * 2 : 1) * sizeof *t->lines);
        t->lines[t->count++] = (struct line){from, len};
        from += len;
    }
}

static bool same_line(const struct text *a, size_t i, const struct text *b, size_t j)
{
    return a->lines[i].len == b->lines[j].len &&
           memcmp(a->p + a->lines[i].at, b->p + b->lines[j].at, a->lines[i].len) == 0;
}

/* ---- the shortest way from a to b ---- */

/* v[d * WIDTH + k + EDITS_MAX]: how far in a the way with d edits on diagonal k came. */
#define WIDTH (2 * EDITS_MAX + 1)

static int32_t step(const int32_t *before, int d, int k)
{
    const int32_t *v = before + EDITS_MAX;

    if (d == 0)
        return 0;
    if (k == -d || (k != d && v[k - 1] < v[k + 1]))
        return v[k + 1];
    return v[k - 1] + 1;
}

/* The number of edits; -1: more than EDITS_MAX. */
static int search(const struct text *a, const struct text *b, int32_t *v)
{
    for (int d = 0; d <= EDITS_MAX; d++) {
        int32_t *now = v + (size_t)d * WIDTH;

        for (int k = -d; k <= d; k += 2) {
            int32_t x = step(d > 0 ? now - WIDTH : now, d, k), y = x - k;

            while (x >= 0 && y >= 0 && (size_t)x < a->count && (size_t)y < b->count &&
                   same_line(a, (size_t)x, b, (size_t)y))
                x++, y++;
            now[k + EDITS_MAX] = x;
            if (x >= 0 && y >= 0 && (size_t)x >= a->count && (size_t)y >= b->count)
                return d;
        }
    }
    return -1;
}

/* Mark the lines that were deleted from a and inserted into b. */
static void backtrack(const struct text *a, const struct text *b, const int32_t *v, int edits,
                      bool *deleted, bool *inserted)
{
    int k = (int)((int64_t)a->count - (int64_t)b->count);

    for (int d = edits; d > 0; d--) {
        const int32_t *before = v + (size_t)(d - 1) * WIDTH + EDITS_MAX;
        bool down = k == -d || (k != d && before[k - 1] < before[k + 1]);

        if (down) {
            k++;
            inserted[before[k] - k] = true;
        } else {
            k--;
            deleted[before[k]] = true;
        }
    }
}

/* ---- changes ---- */

struct out {
    struct cr_line_change *items;
    size_t count;
};

/* Cut what is equal at both ends, at borders of characters. */
static void trim(struct cr_line_change *c, const char *a, const char *b)
{
    size_t n = 0;

    while (n < c->old_len && n < c->new_len && a[c->old_at + n] == b[c->new_at + n])
        n++;
    while (n > 0 && ((n < c->old_len && (a[c->old_at + n] & 0xC0) == 0x80) ||
                     (n < c->new_len && (b[c->new_at + n] & 0xC0) == 0x80)))
        n--;
    c->old_at += n, c->old_len -= n, c->new_at += n, c->new_len -= n;
    n = 0;
    while (n < c->old_len && n < c->new_len &&
           a[c->old_at + c->old_len - n - 1] == b[c->new_at + c->new_len - n - 1])
        n++;
    while (n > 0 && (a[c->old_at + c->old_len - n] & 0xC0) == 0x80)
        n--;
    c->old_len -= n, c->new_len -= n;
}

static void add(struct out *o, struct cr_line_change c, const char *a, const char *b)
{
    trim(&c, a, b);
    if (c.old_len == 0 && c.new_len == 0)
        return;
    o->items = cr_realloc(o->items, (o->count + 1) * sizeof *o->items);
    o->items[o->count++] = c;
}

static size_t start_of(const struct text *t, size_t i, size_t end)
{
    return i < t->count ? t->lines[i].at : end;
}

static void collect(const struct text *a, size_t a_end, const struct text *b, size_t b_end,
                    const bool *deleted, const bool *inserted, struct out *o)
{
    size_t i = 0, j = 0;

    while (i < a->count || j < b->count) {
        size_t i0 = i, j0 = j;
        struct cr_line_change c;

        while (i < a->count && deleted[i])
            i++;
        while (j < b->count && inserted[j])
            j++;
        c.old_at = start_of(a, i0, a_end);
        c.old_len = start_of(a, i, a_end) - c.old_at;
        c.new_at = start_of(b, j0, b_end);
        c.new_len = start_of(b, j, b_end) - c.new_at;
        if (i > i0 || j > j0)
            add(o, c, a->p, b->p);
        else
            i++, j++; /* the same line */
    }
}

static size_t line_start(const char *p, size_t at)
{
    while (at > 0 && p[at - 1] != '\n')
        at--;
    return at;
}

size_t cr_line_changes(const char *a, size_t a_len, const char *b, size_t b_len,
                       struct cr_line_change **changes)
{
    struct text ta = {0}, tb = {0};
    struct out o = {0};
    size_t head = 0;
    int32_t *v = cr_malloc((size_t)(EDITS_MAX + 1) * WIDTH * sizeof *v);
    int edits;

    while (head < a_len && head < b_len && a[head] == b[head])
        head++;
    head = line_start(a ? a : "", head);
    split(&ta, a, head, a_len);
    split(&tb, b, head, b_len);
    edits = search(&ta, &tb, v);
    if (edits < 0) {
        add(&o, (struct cr_line_change){head, a_len - head, head, b_len - head}, a, b);
    } else {
        bool *deleted = cr_calloc(ta.count + 1, sizeof *deleted);
        bool *inserted = cr_calloc(tb.count + 1, sizeof *inserted);

        backtrack(&ta, &tb, v, edits, deleted, inserted);
        collect(&ta, a_len, &tb, b_len, deleted, inserted, &o);
        free(deleted);
        free(inserted);
    }
    free(v);
    free(ta.lines);
    free(tb.lines);
    *changes = o.items;
    return o.count;
}
