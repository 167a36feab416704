/* Arrays, maps, and what all lists have in common. */
#include "ydoc/edit_internal.h"

uint32_t yd_list_len(struct yd_doc *doc, struct yd_target at)
{
    uint32_t type;

    return yd_target_find(doc, at, &type) ? 0 : yd_list_units(doc, doc->types[type].list);
}

int yd_list_delete(struct yd_txn *txn, struct yd_target at, uint32_t index, uint32_t len)
{
    struct yd_doc *doc = txn->doc;
    uint32_t type, chain;
    int err = yd_edit_look(txn, at, index, 0, 0, &type);

    if (!err && len > UINT32_MAX - index)
        err = YD_ERR_INDEX;
    if (!err)
        err = yd_edit_look(txn, at, index + len, 0, 0, &type);
    if (err || len == 0)
        return err;
    chain = doc->types[type].list;
    for (uint32_t i = yd_edit_gap(doc, chain, index).right; len > 0; i = doc->items[i].right) {
        uint32_t units = yd_item_size(&doc->items[i]).units;
        if (units > len) {
            yd_item_split(doc, i, len);
            units = len;
        }
        if (units > 0)
            yd_item_delete(doc, i);
        len -= units;
    }
    return 0;
}

static int check_values(const uint8_t *any, size_t len, uint32_t count)
{
    struct yd_reader r = yd_reader_of(any, len);

    while (count-- > 0 && !r.err)
        yd_read_any(&r);
    if (!r.err && r.p != r.end)
        r.err = YD_ERR_TRAILING;
    return r.err;
}

static int check_type(const struct yd_doc *doc, uint32_t parent, enum yd_type_kind kind,
                      struct yd_slice name, struct yd_ref *ref)
{
    uint64_t units;
    bool ascii;

    if ((unsigned)kind > YD_XML_TEXT)
        return YD_ERR_KIND;
    if (parent != YD_NONE && doc->types[parent].depth >= YD_MAX_DEPTH)
        return YD_ERR_DEPTH;
    ref->kind = YD_TYPE;
    ref->len = 1;
    ref->type_ref = (uint8_t)kind;
    ref->type_named = kind == YD_XML_ELEMENT || kind == YD_XML_HOOK;
    ref->type_name = name;
    return ref->type_named && !yd_utf8_scan(name.p, name.len, &units, &ascii) ? YD_ERR_UTF8 : 0;
}

static void tell(const struct yd_txn *txn, uint32_t clock, struct yd_target *out)
{
    if (out)
        *out = (struct yd_target){.client = txn->client, .clock = clock};
}

int yd_array_insert(struct yd_txn *txn, struct yd_target at, uint32_t index, const uint8_t *any,
                    size_t any_len, uint32_t count)
{
    struct yd_ref ref = {.kind = YD_ANY, .len = count, .content = {any, any_len}};
    struct yd_gap gap;
    uint32_t type, chain;
    int err = check_values(any, any_len, count);

    if (!err)
        err = yd_edit_look(txn, at, index, any_len, count, &type);
    if (err || count == 0)
        return err;
    type = yd_target_make(txn->doc, at, type);
    chain = txn->doc->types[type].list;
    gap = yd_edit_gap(txn->doc, chain, index);
    yd_edit_put(txn, chain, &gap, &ref);
    return 0;
}

int yd_array_insert_type(struct yd_txn *txn, struct yd_target at, uint32_t index,
                         enum yd_type_kind kind, const char *name, size_t name_len,
                         struct yd_target *out)
{
    struct yd_ref ref = {0};
    struct yd_gap gap;
    uint32_t type, chain;
    int err = yd_edit_look(txn, at, index, name_len, 1, &type);

    if (!err)
        err = check_type(txn->doc, type, kind, (struct yd_slice){(const uint8_t *)name, name_len},
                         &ref);
    if (err)
        return err;
    type = yd_target_make(txn->doc, at, type);
    chain = txn->doc->types[type].list;
    gap = yd_edit_gap(txn->doc, chain, index);
    tell(txn, yd_edit_put(txn, chain, &gap, &ref), out);
    return 0;
}

/* ---- maps ------------------------------------------------------------------------------------ */

/* Begin an edit of a key: its type, as yd_target_look() gives it, if there is room. */
static int look_map(struct yd_txn *txn, struct yd_target at, struct yd_slice key, size_t bytes,
                    uint32_t *type)
{
    uint64_t units;
    bool ascii;
    int err = yd_edit_fits(txn, key.len + bytes, 1);

    if (!err && !yd_utf8_scan(key.p, key.len, &units, &ascii))
        err = YD_ERR_UTF8;
    return err ? err : yd_target_look(txn->doc, at, type);
}

static uint32_t put_value(struct yd_txn *txn, uint32_t type, struct yd_slice key,
                          struct yd_ref *ref)
{
    struct yd_doc *doc = txn->doc;
    uint32_t chain = yd_map_chain_get(doc, type, yd_name_get(doc, key.p, key.len));
    struct yd_gap gap = {doc->chains[chain].tail, YD_NONE};

    return yd_edit_put(txn, chain, &gap, ref);
}

int yd_map_set(struct yd_txn *txn, struct yd_target at, const char *key, size_t key_len,
               const uint8_t *any, size_t any_len)
{
    struct yd_slice name = {(const uint8_t *)key, key_len};
    struct yd_ref ref = {.kind = YD_ANY, .len = 1, .content = {any, any_len}};
    uint32_t type;
    int err = check_values(any, any_len, 1);

    if (!err)
        err = look_map(txn, at, name, any_len, &type);
    if (!err)
        put_value(txn, yd_target_make(txn->doc, at, type), name, &ref);
    return err;
}

int yd_map_set_type(struct yd_txn *txn, struct yd_target at, const char *key, size_t key_len,
                    enum yd_type_kind kind, const char *name, size_t name_len,
                    struct yd_target *out)
{
    struct yd_slice key_name = {(const uint8_t *)key, key_len};
    struct yd_ref ref = {0};
    uint32_t type;
    int err = look_map(txn, at, key_name, name_len, &type);

    if (!err)
        err = check_type(txn->doc, type, kind, (struct yd_slice){(const uint8_t *)name, name_len},
                         &ref);
    if (!err)
        tell(txn, put_value(txn, yd_target_make(txn->doc, at, type), key_name, &ref), out);
    return err;
}

int yd_map_delete(struct yd_txn *txn, struct yd_target at, const char *key, size_t key_len)
{
    struct yd_slice name = {(const uint8_t *)key, key_len};
    struct yd_doc *doc = txn->doc;
    uint32_t type, chain;
    int err = look_map(txn, at, name, 0, &type);

    if (err || type == YD_NONE)
        return err;
    chain = yd_map_chain_find(doc, type, yd_name_find(doc, name.p, name.len));
    if (chain != YD_NONE && doc->chains[chain].tail != YD_NONE)
        yd_item_delete(doc, doc->chains[chain].tail);
    return 0;
}
