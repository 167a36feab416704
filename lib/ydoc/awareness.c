#include "ydoc/awareness.h"
#include "ydoc/wire.h"

#include <stdlib.h>
#include <string.h>

#define DEFAULT_CLIENTS 4096
#define DEFAULT_STATE_BYTES (16 * 1024)
#define DEFAULT_PER_UPDATE 4096

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
};

/* One client in a body; the JSON is borrowed and not looked at yet. */
struct news {
    uint64_t client, clock;
    struct yd_slice json;
    bool is_null;
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

static struct entry *insert(struct yd_awareness *a, uint64_t client)
{
    size_t at = position(a, client);

    if (a->n == a->cap) {
        a->cap = a->cap ? a->cap * 2 : 4;
        a->v = realloc(a->v, a->cap * sizeof(*a->v));
        if (!a->v)
            abort();
    }
    memmove(&a->v[at + 1], &a->v[at], (a->n - at) * sizeof(*a->v));
    a->n++;
    a->v[at] = (struct entry){.client = client};
    return &a->v[at];
}

static void drop_state(struct yd_awareness *a, struct entry *e)
{
    a->present -= e->state != NULL;
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

static struct news read_news(struct yd_reader *r)
{
    struct news n = {.client = yd_read_varuint(r), .clock = yd_read_varuint(r)};

    n.json = trim(yd_read_bytes(r));
    n.is_null = n.json.len == 4 && memcmp(n.json.p, "null", 4) == 0;
    return n;
}

static bool counts(const struct entry *known, const struct news *n)
{
    uint64_t clock = known ? known->clock : 0;

    return clock < n->clock || (clock == n->clock && n->is_null && known && known->state);
}

bool yd_awareness_is_news(const struct yd_awareness *a, uint64_t client, uint64_t clock,
                          const uint8_t *json, size_t json_len)
{
    struct yd_slice state = trim((struct yd_slice){json, json_len});
    struct news n = {client, clock, state, state.len == 4 && memcmp(state.p, "null", 4) == 0};

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

/* Look through the body; nothing changes. */
static int check_body(const struct yd_awareness *a, struct yd_reader r)
{
    uint64_t count = yd_read_varuint(&r);
    size_t added = 0;

    if (count > yd_reader_left(&r) / 3)
        yd_reader_fail(&r, YD_ERR_TRUNCATED);
    if (count > a->limits.max_per_update)
        yd_reader_fail(&r, YD_ERR_LIMIT);
    for (; count > 0 && !r.err; count--) {
        struct news n = read_news(&r);
        const struct entry *known = r.err ? NULL : find(a, n.client);
        if (r.err || !counts(known, &n))
            continue;
        r.err = check_state(a, n.json);
        added += !known;
    }
    if (!r.err && r.p != r.end)
        r.err = YD_ERR_TRAILING;
    if (!r.err && added > 0 && a->n + added > a->limits.max_clients)
        r.err = YD_ERR_LIMIT;
    return r.err;
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
}

/* Returns what became of the client, or 0 when nobody needs to know. */
static int take_news(struct yd_awareness *a, const struct news *n, int64_t now_ms)
{
    struct entry *e = find(a, n->client);
    bool was_there = e && e->state;

    /* Who leaves without having been here is remembered, too: an older state may still come. */
    if (!e)
        e = insert(a, n->client);
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

int yd_awareness_apply(struct yd_awareness *a, const uint8_t *body, size_t len, int64_t now_ms,
                       struct yd_awareness_result *res)
{
    struct yd_reader r = yd_reader_of(body, len);
    int err = check_body(a, r);
    uint64_t count;

    *res = (struct yd_awareness_result){0};
    if (err)
        return err;
    count = yd_read_varuint(&r);
    for (uint64_t i = 0; i < count; i++) {
        struct news n = read_news(&r);
        int change;
        if (!counts(find(a, n.client), &n)) {
            res->echoes++;
            continue;
        }
        change = take_news(a, &n, now_ms);
        if (change == 0)
            continue;
        if (!res->events) {
            res->events = malloc((size_t)count * sizeof(*res->events));
            if (!res->events)
                abort();
        }
        res->events[res->count++] =
            (struct yd_awareness_event){n.client, (enum yd_awareness_change)change};
    }
    return 0;
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
