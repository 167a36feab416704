#include "ydoc/awareness.h"
#include "ydoc/wire.h"

#include <stdlib.h>
#include <string.h>

#define DEFAULT_CLIENTS 4096
#define DEFAULT_STATE_BYTES (16 * 1024)
#define DEFAULT_PER_UPDATE 4096
#define DEFAULT_BYTES (4 * 1024 * 1024)

struct entry {
    uint64_t client, clock;
    int64_t updated_ms;
    char *state; /* NULL: away */
    size_t len;
};

struct yd_awareness {
    struct yd_awareness_limits limits;
    struct entry *v; /* by client */
    size_t n, cap;
    size_t present; /* those with a state */
    size_t bytes;   /* of all states */
};

/* One client in a body; the JSON is borrowed and not looked at yet. */
struct news {
    uint64_t client, clock;
    struct yd_slice json;
    bool is_null, is_new; /* is_new: there is no entry for the client */
};

struct yd_awareness *yd_awareness_new(const struct yd_awareness_limits *limits)
{
    struct yd_awareness *a = calloc(1, sizeof(*a));

    if (!a)
        abort();
    if (limits)
        a->limits = *limits;
    if (a->limits.max_clients == 0)
        a->limits.max_clients = DEFAULT_CLIENTS;
    if (a->limits.max_state_bytes == 0)
        a->limits.max_state_bytes = DEFAULT_STATE_BYTES;
    if (a->limits.max_per_update == 0)
        a->limits.max_per_update = DEFAULT_PER_UPDATE;
    if (a->limits.max_bytes == 0)
        a->limits.max_bytes = DEFAULT_BYTES;
    return a;
}

void yd_awareness_free(struct yd_awareness *a)
{
    if (!a)
        return;
    for (size_t i = 0; i < a->n; i++)
        free(a->v[i].state);
    free(a->v);
    free(a);
}

void yd_awareness_result_clear(struct yd_awareness_result *res)
{
    free(res->events);
    *res = (struct yd_awareness_result){0};
}

/* Where the client is, or would be. */
static size_t position(const struct yd_awareness *a, uint64_t client)
{
    size_t lo = 0, hi = a->n;

    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (a->v[mid].client < client)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

static struct entry *find(const struct yd_awareness *a, uint64_t client)
{
    size_t at = position(a, client);

    return at < a->n && a->v[at].client == client ? &a->v[at] : NULL;
}

static int by_client(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;

    return x->client < y->client ? -1 : x->client > y->client;
}

/* Make entries for clients that have none: one is moved into its place, for many all are sorted. */
static void insert(struct yd_awareness *a, const struct news *news, size_t n, size_t unknown)
{
    size_t at;

    if (a->n + unknown > a->cap) {
        a->cap = a->cap * 2 > a->n + unknown ? a->cap * 2 : a->n + unknown;
        a->v = realloc(a->v, a->cap * sizeof(*a->v));
        if (!a->v)
            abort();
    }
    for (size_t i = 0; i < n; i++) {
        if (!news[i].is_new)
            continue;
        at = unknown == 1 ? position(a, news[i].client) : a->n;
        memmove(&a->v[at + 1], &a->v[at], (a->n - at) * sizeof(*a->v));
        a->v[at] = (struct entry){.client = news[i].client};
        a->n++;
    }
    if (unknown < 2)
        return;
    qsort(a->v, a->n, sizeof(*a->v), by_client);
    at = 0;
    for (size_t i = 0; i < a->n; i++) { /* a body may name a client twice */
        if (at == 0 || a->v[at - 1].client != a->v[i].client)
            a->v[at++] = a->v[i];
    }
    a->n = at;
}

static void drop_state(struct yd_awareness *a, struct entry *e)
{
    a->present -= e->state != NULL;
    a->bytes -= e->len;
    free(e->state);
    e->state = NULL;
    e->len = 0;
}

/* ---- applying -------------------------------------------------------------------------------- */

static bool is_space(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static struct yd_slice trim(struct yd_slice s)
{
    while (s.len > 0 && is_space(s.p[0])) {
        s.p++;
        s.len--;
    }
    while (s.len > 0 && is_space(s.p[s.len - 1]))
        s.len--;
    return s;
}

static void look_at_json(struct news *n)
{
    n->json = trim(n->json);
    n->is_null = n->json.len == 4 && memcmp(n->json.p, "null", 4) == 0;
}

/* The clock decides before the JSON is looked at: most of what comes are echoes. */
static bool counts(const struct entry *known, struct news *n)
{
    uint64_t clock = known ? known->clock : 0;

    if (n->clock < clock || (n->clock == clock && !(known && known->state)))
        return false;
    look_at_json(n);
    return clock < n->clock || n->is_null;
}

bool yd_awareness_is_news(const struct yd_awareness *a, uint64_t client, uint64_t clock,
                          const uint8_t *json, size_t json_len)
{
    struct news n = {.client = client, .clock = clock, .json = {json, json_len}};

    return counts(find(a, client), &n);
}

static int check_state(const struct yd_awareness *a, struct yd_slice json)
{
    uint64_t units;
    bool ascii;
    int err = 0;

    if (json.len > a->limits.max_state_bytes)
        return YD_ERR_LIMIT;
    if (!yd_utf8_scan(json.p, json.len, &units, &ascii))
        return YD_ERR_UTF8;
    return yd_json_check(json.p, json.len, &err) ? 0 : err;
}

int yd_awareness_each(const uint8_t *body, size_t len, yd_awareness_entry_fn each, void *ctx)
{
    struct yd_reader r = yd_reader_of(body, len);
    uint64_t count = yd_read_varuint(&r);
    int rc = 0;

    if (count > yd_reader_left(&r) / 3)
        yd_reader_fail(&r, YD_ERR_TRUNCATED);
    for (; count > 0 && !r.err && rc == 0; count--) {
        uint64_t client = yd_read_varuint(&r), clock = yd_read_varuint(&r);
        struct yd_slice json = yd_read_bytes(&r);

        if (!r.err)
            rc = each(ctx, client, clock, json.p, json.len);
    }
    if (rc == 0 && !r.err && r.p != r.end)
        return YD_ERR_TRAILING;
    return rc != 0 ? rc : r.err;
}

/* What a body brings; nothing is changed yet. */
struct gathered {
    const struct yd_awareness *a;
    struct news few[4], *v; /* entries that count */
    size_t n, cap;
    size_t seen;    /* all entries */
    size_t unknown; /* clients that are new */
    size_t grown;   /* bytes of states */
};

static struct news *room_for_one(struct gathered *g)
{
    if (g->n == g->cap) {
        struct news *old = g->v == g->few ? NULL : g->v;

        g->cap *= 2;
        g->v = realloc(old, g->cap * sizeof(*g->v));
        if (!g->v)
            abort();
        if (!old)
            memcpy(g->v, g->few, g->n * sizeof(*g->v));
    }
    return &g->v[g->n];
}

static int gather(void *ctx, uint64_t client, uint64_t clock, const uint8_t *json, size_t len)
{
    struct gathered *g = ctx;
    const struct entry *known = find(g->a, client);
    struct news *at = room_for_one(g);
    int err;

    *at = (struct news){.client = client, .clock = clock, .json = {json, len}, .is_new = !known};
    if (++g->seen > g->a->limits.max_per_update)
        return YD_ERR_LIMIT;
    if (!counts(known, at))
        return 0;
    err = check_state(g->a, at->json);
    g->grown += !known ? at->json.len : at->json.len > known->len ? at->json.len - known->len : 0;
    g->unknown += !known;
    g->n++;
    return err;
}

static bool has_room(const struct gathered *g)
{
    const struct yd_awareness *a = g->a;

    return (g->unknown == 0 || a->n + g->unknown <= a->limits.max_clients) &&
           (g->grown == 0 || a->bytes + g->grown <= a->limits.max_bytes);
}

static void take_state(struct yd_awareness *a, struct entry *e, struct yd_slice json)
{
    char *copy = malloc(json.len + 1);

    if (!copy)
        abort();
    memcpy(copy, json.p, json.len);
    copy[json.len] = '\0';
    drop_state(a, e);
    e->state = copy;
    e->len = json.len;
    a->present++;
    a->bytes += json.len;
}

/* Returns what became of the client, or 0 when nobody needs to know. */
static int take_news(struct yd_awareness *a, const struct news *n, int64_t now_ms)
{
    /* Who leaves without having been here has an entry, too: an older state may still come. */
    struct entry *e = find(a, n->client);
    bool was_there = e->state;

    e->clock = n->clock;
    e->updated_ms = now_ms;
    if (n->is_null) {
        drop_state(a, e);
        return was_there ? YD_AWARENESS_REMOVED : 0;
    }
    if (was_there && e->len == n->json.len && memcmp(e->state, n->json.p, e->len) == 0)
        return YD_AWARENESS_RENEWED;
    take_state(a, e, n->json);
    return was_there ? YD_AWARENESS_UPDATED : YD_AWARENESS_ADDED;
}

static void take_all(struct yd_awareness *a, struct news *news, size_t n, int64_t now_ms,
                     struct yd_awareness_result *res)
{
    for (size_t i = 0; i < n; i++) {
        int change;
        if (!counts(find(a, news[i].client), &news[i])) { /* named twice */
            res->echoes++;
            continue;
        }
        change = take_news(a, &news[i], now_ms);
        if (change == 0)
            continue;
        if (!res->events && !(res->events = malloc(n * sizeof(*res->events))))
            abort();
        res->events[res->count++] =
            (struct yd_awareness_event){news[i].client, (enum yd_awareness_change)change};
    }
}

int yd_awareness_apply(struct yd_awareness *a, const uint8_t *body, size_t len, int64_t now_ms,
                       struct yd_awareness_result *res)
{
    struct gathered g = {.a = a, .cap = sizeof(g.few) / sizeof(*g.few)};
    int err;

    *res = (struct yd_awareness_result){0};
    g.v = g.few;
    err = yd_awareness_each(body, len, gather, &g);
    if (err == 0 && !has_room(&g))
        err = YD_ERR_LIMIT;
    if (err == 0) {
        if (g.unknown > 0)
            insert(a, g.v, g.n, g.unknown);
        take_all(a, g.v, g.n, now_ms, res);
        res->echoes += g.seen - g.n;
    }
    if (g.v != g.few)
        free(g.v);
    return err;
}

/* ---- telling --------------------------------------------------------------------------------- */

size_t yd_awareness_count(const struct yd_awareness *a)
{
    return a->present;
}

const char *yd_awareness_state(const struct yd_awareness *a, uint64_t client, size_t *len)
{
    const struct entry *e = find(a, client);

    if (len)
        *len = e ? e->len : 0;
    return e ? e->state : NULL;
}

static void put_entry(struct yd_buf *out, const struct entry *e)
{
    yd_buf_put_varuint(out, e->client);
    yd_buf_put_varuint(out, e->clock);
    if (e->state)
        yd_buf_put_bytes(out, e->state, e->len);
    else
        yd_buf_put_bytes(out, "null", 4);
}

void yd_awareness_encode_all(const struct yd_awareness *a, struct yd_buf *out)
{
    yd_buf_put_varuint(out, a->present);
    for (size_t i = 0; i < a->n; i++) {
        if (a->v[i].state)
            put_entry(out, &a->v[i]);
    }
}

void yd_awareness_encode(const struct yd_awareness *a, const uint64_t *clients, size_t count,
                         struct yd_buf *out)
{
    size_t known = 0;

    for (size_t i = 0; i < count; i++)
        known += find(a, clients[i]) != NULL;
    yd_buf_put_varuint(out, known);
    for (size_t i = 0; i < count; i++) {
        const struct entry *e = find(a, clients[i]);
        if (e)
            put_entry(out, e);
    }
}

/* ---- leaving --------------------------------------------------------------------------------- */

static void put_goners(struct yd_buf *out, size_t count, struct yd_buf *goners)
{
    if (count > 0) {
        yd_buf_put_varuint(out, count);
        yd_buf_append(out, goners->data, goners->len);
    }
    yd_buf_free(goners);
}

size_t yd_awareness_remove(struct yd_awareness *a, const uint64_t *clients, size_t count,
                           struct yd_buf *out)
{
    struct yd_buf goners = {0};
    size_t gone = 0;

    for (size_t i = 0; i < count; i++) {
        struct entry *e = find(a, clients[i]);
        if (!e || !e->state)
            continue;
        drop_state(a, e);
        put_entry(&goners, e);
        gone++;
    }
    put_goners(out, gone, &goners);
    return gone;
}

size_t yd_awareness_expire(struct yd_awareness *a, int64_t now_ms, int64_t timeout_ms,
                           struct yd_buf *out)
{
    struct yd_buf goners = {0};
    size_t gone = 0, kept = 0;

    for (size_t i = 0; i < a->n; i++) {
        struct entry *e = &a->v[i];
        if (now_ms - e->updated_ms >= timeout_ms) {
            if (!e->state)
                continue; /* away for as long: forgotten */
            drop_state(a, e);
            put_entry(&goners, e);
            e->updated_ms = now_ms;
            gone++;
        }
        a->v[kept++] = *e;
    }
    a->n = kept;
    put_goners(out, gone, &goners);
    return gone;
}
