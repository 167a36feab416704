/* Texts: insert, embed, format.  A format mark holds from where it stands to the next mark of its
 * key; so what is put between marks brings its own and puts the old ones back behind it. */
#include "ydoc/edit_internal.h"

struct cursor {
    struct yd_txn *txn;
    struct yd_doc *doc;
    uint32_t chain;
    struct yd_gap gap;
    struct yd_attrs now; /* attributes of what is put in the gap */
};

static struct yd_attr mark_of(const struct yd_doc *doc, const struct yd_item *it)
{
    return yd_format_read((struct yd_slice){doc->bytes + it->off, it->bytes});
}

static void forward(struct cursor *c)
{
    const struct yd_item *it = &c->doc->items[c->gap.right];

    if (it->kind == YD_FORMAT && !it->deleted) {
        struct yd_attr mark = mark_of(c->doc, it);
        yd_attrs_mark(&c->now, mark.key, mark.json);
    }
    c->gap.left = c->gap.right;
    c->gap.right = it->right;
}

/* The attributes at the gap, from all marks left of it. */
static void read_attributes(struct cursor *c)
{
    uint32_t i = yd_list_next_format(c->doc, c->chain, YD_NONE);

    while (c->gap.left != YD_NONE && i != YD_NONE &&
           (i == c->gap.left || yd_list_is_left(c->doc, i, c->gap.left))) {
        struct yd_attr mark = mark_of(c->doc, &c->doc->items[i]);
        yd_attrs_mark(&c->now, mark.key, mark.json);
        i = yd_list_next_format(c->doc, c->chain, i);
    }
}

static void put_mark(struct cursor *c, struct yd_slice key, struct yd_slice json)
{
    struct yd_buf content = {0};
    struct yd_ref ref = {.kind = YD_FORMAT, .len = 1};

    yd_buf_put_bytes(&content, key.p, key.len);
    yd_buf_put_bytes(&content, json.p, json.len);
    ref.content = (struct yd_slice){content.data, content.len};
    yd_edit_put(c->txn, c->chain, &c->gap, &ref);
    yd_attrs_mark(&c->now, key, json);
    yd_buf_free(&content);
}

/* Pass what is deleted, up to a mark; false: there is none before the next content. */
static bool next_mark(struct cursor *c, struct yd_attr *mark)
{
    const struct yd_item *it = NULL;

    for (; c->gap.right != YD_NONE; forward(c)) {
        it = &c->doc->items[c->gap.right];
        if (!it->deleted)
            break;
    }
    if (c->gap.right == YD_NONE || it->kind != YD_FORMAT)
        return false;
    *mark = mark_of(c->doc, it);
    return true;
}

/* Pass what is deleted and marks that say what is wanted anyway. */
static void skip_what_fits(struct cursor *c, const struct yd_attrs *wanted)
{
    struct yd_attr mark;

    while (next_mark(c, &mark) && yd_slice_equal(yd_attrs_get(wanted, mark.key), mark.json))
        forward(c);
}

/* Put the marks that make the attributes as wanted; before: what they were. */
static void put_marks(struct cursor *c, const struct yd_attrs *wanted, struct yd_attrs *before)
{
    for (size_t i = 0; i < wanted->n; i++) {
        struct yd_slice key = wanted->v[i].key, now = yd_attrs_get(&c->now, key);
        if (yd_slice_equal(now, wanted->v[i].json))
            continue;
        yd_attrs_set(before, key, now);
        put_mark(c, key, wanted->v[i].json);
    }
}

/* Put the marks that make the attributes as they were before, where marks to the right don't. */
static void put_back(struct cursor *c, struct yd_attrs *before)
{
    struct yd_attr mark;

    while (next_mark(c, &mark) && yd_attrs_has(before, mark.key) &&
           yd_slice_equal(yd_attrs_get(before, mark.key), mark.json)) {
        yd_attrs_remove(before, mark.key);
        forward(c);
    }
    for (size_t i = 0; i < before->n; i++)
        put_mark(c, before->v[i].key, before->v[i].json);
}

/* ---- checks ---------------------------------------------------------------------------------- */

static int check_string(struct yd_slice s)
{
    uint64_t units;
    bool ascii;

    return yd_utf8_scan(s.p, s.len, &units, &ascii) ? 0 : YD_ERR_UTF8;
}

static int check_json(struct yd_slice s)
{
    int err = check_string(s);

    if (!err && yd_json_check(s.p, s.len, &err))
        err = 0;
    return err;
}

static int read_wanted(const struct yd_attribute *a, size_t n, struct yd_attrs *out, size_t *bytes)
{
    for (size_t i = 0; i < n; i++) {
        struct yd_slice key = {(const uint8_t *)a[i].key, a[i].key_len};
        struct yd_slice json = {(const uint8_t *)a[i].json, a[i].json_len};
        int err = check_string(key);
        if (!err)
            err = check_json(json);
        if (err)
            return err;
        *bytes += 2 * (key.len + json.len + 4);
        yd_attrs_set(out, key, json);
    }
    return 0;
}

/* Begin an edit that was looked at. */
static struct cursor cursor_at(struct yd_txn *txn, struct yd_target at, uint32_t type,
                               uint32_t index)
{
    struct cursor c = {.txn = txn, .doc = txn->doc};

    type = yd_target_make(c.doc, at, type);
    c.chain = c.doc->types[type].list;
    c.gap = yd_edit_gap(c.doc, c.chain, index);
    return c;
}

/* ---- edits ----------------------------------------------------------------------------------- */

/* Old marks may have to be put back behind new ones: as many again, of whatever size. */
#define MARKS_MAX(attributes) (2 * (uint64_t)(attributes))

static void insert_as_left(struct cursor *c, struct yd_ref *ref)
{
    bool read = false;

    /* Attributes matter only when there is a mark to pass. */
    while (c->gap.right != YD_NONE) {
        const struct yd_item *it = &c->doc->items[c->gap.right];
        if (!it->deleted) {
            struct yd_attr mark;
            if (it->kind != YD_FORMAT)
                break;
            if (!read)
                read_attributes(c);
            read = true;
            mark = mark_of(c->doc, it);
            if (!yd_slice_equal(yd_attrs_get(&c->now, mark.key), mark.json))
                break;
        }
        c->gap.left = c->gap.right;
        c->gap.right = it->right;
    }
    yd_edit_put(c->txn, c->chain, &c->gap, ref);
}

static size_t bytes_of(const struct yd_attrs *a)
{
    size_t bytes = 0;

    for (size_t i = 0; i < a->n; i++)
        bytes += a->v[i].key.len + a->v[i].json.len + 4;
    return bytes;
}

static int insert_with(struct cursor *c, struct yd_attrs *wanted, struct yd_ref *ref)
{
    struct yd_attrs before = {0};
    int err;

    read_attributes(c);
    for (size_t i = 0; i < c->now.n; i++) {
        if (!yd_attrs_has(wanted, c->now.v[i].key))
            yd_attrs_set(wanted, c->now.v[i].key, yd_json_null);
    }
    err = yd_edit_fits(c->txn, ref->content.len + 2 * bytes_of(wanted) + bytes_of(&c->now),
                       ref->len + MARKS_MAX(wanted->n));
    if (err)
        return err;
    skip_what_fits(c, wanted);
    put_marks(c, wanted, &before);
    yd_edit_put(c->txn, c->chain, &c->gap, ref);
    put_back(c, &before);
    yd_attrs_clear(&before);
    return 0;
}

static int insert(struct yd_txn *txn, struct yd_target at, uint32_t index, struct yd_ref *ref,
                  const struct yd_attribute *attributes, size_t count)
{
    struct yd_attrs wanted = {0};
    struct cursor c = {0};
    size_t bytes = ref->content.len;
    uint32_t type;
    int err = read_wanted(attributes, attributes ? count : 0, &wanted, &bytes);

    if (!err)
        err = yd_edit_look(txn, at, index, bytes, ref->len + MARKS_MAX(count), &type);
    if (!err) {
        c = cursor_at(txn, at, type, index);
        if (attributes)
            err = insert_with(&c, &wanted, ref);
        else
            insert_as_left(&c, ref);
    }
    yd_attrs_clear(&c.now);
    yd_attrs_clear(&wanted);
    return err;
}

int yd_text_insert(struct yd_txn *txn, struct yd_target at, uint32_t index, const char *text,
                   size_t text_len, const struct yd_attribute *attributes, size_t attribute_count)
{
    struct yd_ref ref = {.kind = YD_STRING, .content = {(const uint8_t *)text, text_len}};
    uint64_t units;
    uint32_t type;

    if (!yd_utf8_scan(ref.content.p, text_len, &units, &ref.ascii))
        return YD_ERR_UTF8;
    if (units > UINT32_MAX)
        return YD_ERR_RANGE;
    ref.len = (uint32_t)units;
    if (units == 0)
        return yd_edit_look(txn, at, index, 0, 0, &type);
    return insert(txn, at, index, &ref, attributes, attribute_count);
}

int yd_text_insert_embed(struct yd_txn *txn, struct yd_target at, uint32_t index, const char *json,
                         size_t json_len, const struct yd_attribute *attributes,
                         size_t attribute_count)
{
    struct yd_ref ref = {.kind = YD_EMBED, .len = 1};
    struct yd_slice value = {(const uint8_t *)json, json_len};
    struct yd_buf content = {0};
    int err = check_json(value);

    if (err)
        return err;
    yd_buf_put_bytes(&content, json, json_len);
    ref.content = (struct yd_slice){content.data, content.len};
    err = insert(txn, at, index, &ref, attributes, attribute_count);
    yd_buf_free(&content);
    return err;
}

/* A mark of the wanted keys within what is formatted goes; what it said holds behind. */
static void replace_mark(struct cursor *c, const struct yd_attrs *wanted, struct yd_attrs *before)
{
    uint32_t item = c->gap.right;
    struct yd_attr mark = mark_of(c->doc, &c->doc->items[item]);

    if (!yd_attrs_has(wanted, mark.key))
        return;
    if (yd_slice_equal(yd_attrs_get(wanted, mark.key), mark.json))
        yd_attrs_remove(before, mark.key);
    else
        yd_attrs_set(before, mark.key, mark.json);
    yd_item_delete(c->doc, item);
}

static void format(struct cursor *c, uint32_t len, const struct yd_attrs *wanted)
{
    struct yd_attrs before = {0};

    read_attributes(c);
    skip_what_fits(c, wanted);
    put_marks(c, wanted, &before);
    while (c->gap.right != YD_NONE && len > 0) {
        const struct yd_item *it = &c->doc->items[c->gap.right];
        uint32_t units = yd_item_size(it).units;
        if (it->kind == YD_FORMAT && !it->deleted)
            replace_mark(c, wanted, &before);
        if (units > len) {
            yd_item_split(c->doc, c->gap.right, len);
            units = len;
        }
        len -= units;
        forward(c);
    }
    put_back(c, &before);
    yd_attrs_clear(&before);
}

int yd_text_format(struct yd_txn *txn, struct yd_target at, uint32_t index, uint32_t len,
                   const struct yd_attribute *attributes, size_t attribute_count)
{
    struct yd_attrs wanted = {0};
    struct cursor c = {0};
    size_t bytes = 0;
    uint32_t type;
    int err = read_wanted(attributes, attribute_count, &wanted, &bytes);

    if (!err)
        err = yd_edit_look(txn, at, index, bytes, MARKS_MAX(attribute_count), &type);
    if (!err && len > UINT32_MAX - index)
        err = YD_ERR_INDEX;
    if (!err)
        err = yd_edit_look(txn, at, index + len, bytes, MARKS_MAX(attribute_count), &type);
    if (!err && len > 0) {
        c = cursor_at(txn, at, type, index);
        format(&c, len, &wanted);
    }
    yd_attrs_clear(&c.now);
    yd_attrs_clear(&wanted);
    return err;
}
