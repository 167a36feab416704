#include "ydoc/update.h"

#include "ydoc/sort.h"

#include <stdlib.h>
#include <string.h>

static struct yd_id read_id(struct yd_reader *r, uint64_t client, uint32_t clock)
{
    const uint8_t *at = r->p;
    struct yd_id id;

    id.client = yd_read_client(r);
    id.clock = yd_read_u32(r);
    if (!r->err && id.client == client && id.clock >= clock) {
        r->p = at;
        r->err = YD_ERR_REFERENCE;
    }
    return id;
}

static void read_type(struct yd_reader *r, struct yd_ref *ref)
{
    const uint8_t *at = r->p;
    uint64_t type = yd_read_varuint(r);

    if (type > 6) {
        r->p = at;
        yd_reader_fail(r, YD_ERR_KIND);
        return;
    }
    ref->type_ref = (uint8_t)type;
    ref->type_named = type == 3 || type == 5;
    if (ref->type_named)
        ref->type_name = yd_read_string(r);
}

static void read_elements(struct yd_reader *r, struct yd_ref *ref)
{
    uint32_t count = yd_read_u32(r);

    ref->content.p = r->p;
    if (count > yd_reader_left(r))
        yd_reader_fail(r, YD_ERR_TRUNCATED);
    for (uint32_t i = 0; i < count && !r->err; i++) {
        if (ref->kind == YD_ANY)
            yd_read_any(r);
        else
            yd_read_json(r, true);
    }
    ref->len = count;
}

static void read_text(struct yd_reader *r, struct yd_ref *ref)
{
    const uint8_t *at = r->p;
    struct yd_slice s = yd_read_bytes(r);
    uint64_t units = 0;

    if (!r->err && !yd_utf8_scan(s.p, s.len, &units, &ref->ascii)) {
        r->p = at;
        r->err = YD_ERR_UTF8;
    }
    if (units > UINT32_MAX)
        yd_reader_fail(r, YD_ERR_RANGE);
    ref->content = s;
    ref->len = (uint32_t)units;
}

/* The options of a subdocument: stock clients read fields of them, so they must be an object; a
 * second guid in them would take the place of the first, and a client that cannot write it again no
 * longer syncs. */
static void read_doc_options(struct yd_reader *r)
{
    const uint8_t *at = r->p;
    bool bad = yd_read_byte(r) != YD_TAG_OBJECT;

    for (uint64_t n = bad ? 0 : yd_read_varuint(r); n > 0 && !r->err; n--) {
        struct yd_slice key = yd_read_string(r);
        bad = bad || (!r->err && key.len == 4 && memcmp(key.p, "guid", 4) == 0);
        yd_read_any(r);
    }
    if (bad && !r->err) {
        r->p = at;
        r->err = YD_ERR_KIND;
    }
}

static void read_content(struct yd_reader *r, struct yd_ref *ref)
{
    const uint8_t *at = r->p;

    ref->len = 1;
    switch (ref->kind) {
    case YD_DELETED:
        ref->len = yd_read_u32(r);
        return;
    case YD_STRING:
        read_text(r, ref);
        return;
    case YD_JSON:
    case YD_ANY:
        read_elements(r, ref);
        at = ref->content.p;
        break;
    case YD_BINARY:
        yd_read_bytes(r);
        break;
    case YD_EMBED:
        yd_read_json(r, false);
        break;
    case YD_FORMAT:
        yd_read_string(r);
        yd_read_json(r, false);
        break;
    case YD_TYPE:
        read_type(r, ref);
        return;
    case YD_DOC:
        yd_read_string(r);
        read_doc_options(r);
        break;
    default:
        yd_reader_fail(r, YD_ERR_KIND);
    }
    ref->content = (struct yd_slice){at, (size_t)(r->p - at)};
}

static void read_parent(struct yd_reader *r, struct yd_ref *ref, uint8_t info)
{
    if (yd_read_varuint(r) == 1) {
        ref->parent = YD_PARENT_ROOT;
        ref->root = yd_read_string(r);
    } else {
        ref->parent = YD_PARENT_ID;
        ref->parent_id = read_id(r, ref->client, ref->clock);
    }
    ref->has_sub = (info & YD_INFO_SUB) != 0;
    if (ref->has_sub)
        ref->sub = yd_read_string(r);
}

void yd_ref_read(struct yd_reader *r, uint64_t client, uint32_t clock, struct yd_ref *ref)
{
    const uint8_t *at = r->p;
    uint8_t info = yd_read_byte(r);

    yd_ref_begin(ref, client, clock, info & YD_INFO_KIND);
    if (ref->kind == YD_GC || ref->kind == YD_SKIP) {
        ref->len = yd_read_u32(r);
    } else {
        ref->has_origin = (info & YD_INFO_ORIGIN) != 0;
        ref->has_right = (info & YD_INFO_RIGHT) != 0;
        if (ref->has_origin)
            ref->origin = read_id(r, client, clock);
        if (ref->has_right)
            ref->right = read_id(r, client, clock);
        if (!ref->has_origin && !ref->has_right)
            read_parent(r, ref, info);
        read_content(r, ref);
    }
    if (r->err)
        return;
    if (ref->len == 0)
        r->err = YD_ERR_EMPTY;
    else if (ref->len > UINT32_MAX - clock)
        r->err = YD_ERR_RANGE;
    if (r->err)
        r->p = at;
}

/* Whether the struct names another client's: that one has to be there first. */
static bool leads_outside(const struct yd_ref *ref)
{
    return (ref->has_origin && ref->origin.client != ref->client) ||
           (ref->has_right && ref->right.client != ref->client) ||
           (ref->parent == YD_PARENT_ID && ref->parent_id.client != ref->client);
}

static void read_section(struct yd_reader *r, struct yd_update *u, struct yd_section *s)
{
    uint64_t count = yd_read_varuint(r);
    uint8_t before = YD_SKIP;
    struct yd_ref ref;

    *s = (struct yd_section){.client = yd_read_varuint(r), .clock = yd_read_u32(r)};
    if (count > yd_reader_left(r) / 2)
        yd_reader_fail(r, YD_ERR_TRUNCATED);
    if (count > UINT32_MAX)
        yd_reader_fail(r, YD_ERR_RANGE);
    s->left = (uint32_t)count;
    s->pos = r->p;
    for (uint32_t clock = s->clock; count > 0 && !r->err; count--, clock += ref.len) {
        yd_ref_read(r, s->client, clock, &ref);
        u->skips += ref.kind == YD_SKIP;
        u->types += ref.kind == YD_TYPE;
        u->joins += ref.kind == YD_GC && before == YD_GC;
        u->outside += leads_outside(&ref);
        before = ref.kind;
        s->dry_state = clock + ref.len;
    }
    s->end = r->p;
}

static void read_sections(struct yd_reader *r, struct yd_update *u)
{
    uint64_t count = yd_read_varuint(r);
    size_t cap = 0;

    if (count > yd_reader_left(r) / 3)
        yd_reader_fail(r, YD_ERR_TRUNCATED);
    for (; u->section_count < count && !r->err; u->section_count++) {
        if (u->section_count == cap) { /* never more than there are: there may be many */
            cap += cap / 2 + 4;
            cap = cap > count ? (size_t)count : cap;
            u->sections = realloc(u->sections, cap * sizeof(*u->sections));
            if (!u->sections)
                abort();
        }
        read_section(r, u, &u->sections[u->section_count]);
    }
}

static uint64_t key_of(const void *v, uint32_t i, unsigned which)
{
    (void)which;
    return YD_MAX_SAFE_INT - ((const struct yd_section *)v)[i].client;
}

static void sort_sections(struct yd_reader *r, struct yd_update *u)
{
    bool sorted = true;
    uint32_t *order;

    for (size_t i = 1; i < u->section_count && sorted; i++)
        sorted = u->sections[i - 1].client > u->sections[i].client;
    if (sorted)
        return;
    order = yd_sort(u->sections, u->section_count, key_of, 1);
    yd_sort_apply(u->sections, sizeof(*u->sections), order, u->section_count);
    free(order);
    for (size_t i = 1; i < u->section_count; i++) {
        if (u->sections[i - 1].client == u->sections[i].client) {
            r->p = u->sections[i].pos;
            yd_reader_fail(r, YD_ERR_DUPLICATE);
        }
    }
}

/* Sections without structs say nothing, and there may be many. */
static void drop_empty_sections(struct yd_update *u)
{
    size_t n = 0;

    for (size_t i = 0; i < u->section_count; i++) {
        if (u->sections[i].left > 0)
            u->sections[n++] = u->sections[i];
    }
    u->section_count = n;
}

int yd_update_read(const uint8_t *p, size_t len, struct yd_update *u, size_t *error_offset)
{
    struct yd_reader r = yd_reader_of(p, len);

    *u = (struct yd_update){0};
    read_sections(&r, u);
    u->deletes = r.p;
    u->delete_ranges = yd_read_deletes(&r, NULL);
    u->end = r.p;
    if (!r.err && r.p != r.end)
        r.err = YD_ERR_TRAILING;
    if (!r.err)
        sort_sections(&r, u);
    drop_empty_sections(u);
    if (error_offset)
        *error_offset = r.err ? (size_t)(r.p - r.start) : 0;
    if (r.err)
        yd_update_clear(u);
    return r.err;
}

void yd_update_clear(struct yd_update *u)
{
    free(u->sections);
    *u = (struct yd_update){0};
}

struct yd_section *yd_update_find(const struct yd_update *u, uint64_t client)
{
    size_t lo = 0, hi = u->section_count;

    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (u->sections[mid].client == client)
            return &u->sections[mid];
        if (u->sections[mid].client > client)
            lo = mid + 1;
        else
            hi = mid;
    }
    return NULL;
}

int yd_update_check(const uint8_t *update, size_t len, size_t *error_offset)
{
    struct yd_update u;
    int err = yd_update_read(update, len, &u, error_offset);

    yd_update_clear(&u);
    return err;
}
