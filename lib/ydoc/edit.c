/* Transactions, and what all edits are made of: finding a gap and putting content there. */
#include "ydoc/edit_internal.h"

#include <string.h>

struct yd_target yd_root(const char *name)
{
    return (struct yd_target){.root = name, .root_len = strlen(name)};
}

int yd_txn_begin(struct yd_txn *txn, struct yd_doc *doc, uint64_t client)
{
    *txn = (struct yd_txn){.doc = doc, .client = client};
    if (client == 0 || client > YD_MAX_SAFE_INT)
        return YD_ERR_RANGE;
    if (doc->editing)
        return YD_ERR_BUSY;
    txn->open = doc->editing = true;
    return 0;
}

bool yd_txn_commit(struct yd_txn *txn, struct yd_buf *out)
{
    struct yd_doc *doc = txn->doc;
    struct yd_news news;
    bool changed;

    if (!txn->open)
        return false;
    txn->open = doc->editing = false;
    changed = doc->touched.n > 0 || doc->deleted.n > 0;
    yd_news_take(doc, &news);
    yd_cleanup(doc);
    if (changed && out)
        yd_news_write(doc, &news, out);
    yd_news_clear(&news);
    return changed;
}

void yd_doc_trim(struct yd_doc *doc)
{
    yd_orders_free(doc);
}

/* ---- targets --------------------------------------------------------------------------------- */

int yd_target_find(const struct yd_doc *doc, struct yd_target at, uint32_t *type)
{
    const struct yd_item *it;
    uint32_t slot;

    if (at.root) {
        uint32_t name = yd_name_find(doc, (const uint8_t *)at.root, at.root_len);
        if (name == YD_NONE || doc->names[name].root == YD_NONE)
            return YD_ERR_TARGET;
        *type = doc->names[name].root;
        return 0;
    }
    slot = yd_slot_find(doc, at.client);
    if (slot == YD_NONE || at.clock >= doc->clients[slot].state)
        return YD_ERR_TARGET;
    it = &doc->items[yd_item_find(doc, slot, at.clock)];
    if (it->kind != YD_TYPE || it->deleted)
        return YD_ERR_TARGET;
    *type = it->off;
    return 0;
}

int yd_target_look(const struct yd_doc *doc, struct yd_target at, uint32_t *type)
{
    uint64_t units;
    bool ascii;

    *type = YD_NONE;
    if (yd_target_find(doc, at, type) == 0)
        return 0;
    if (!at.root)
        return YD_ERR_TARGET;
    return yd_utf8_scan((const uint8_t *)at.root, at.root_len, &units, &ascii) ? 0 : YD_ERR_UTF8;
}

uint32_t yd_target_make(struct yd_doc *doc, struct yd_target at, uint32_t type)
{
    return type != YD_NONE ? type : yd_root_get(doc, (const uint8_t *)at.root, at.root_len);
}

/* ---- gaps ------------------------------------------------------------------------------------ */

int yd_edit_fits(const struct yd_txn *txn, size_t bytes, uint64_t units)
{
    const struct yd_doc *doc = txn->doc;
    size_t held = (size_t)doc->bytes_len - doc->bytes_garbage + doc->name_pool_len;

    if (!txn->open)
        return YD_ERR_BUSY;
    if (units > UINT32_MAX - yd_state(doc, txn->client))
        return YD_ERR_RANGE;
    /* As for updates: an item and two cuts, and long runs are cut once per some hundred bytes. */
    if (bytes > doc->limits.max_doc_bytes ||
        (bytes > 0 && held > doc->limits.max_doc_bytes - bytes) ||
        doc->item_count + (uint64_t)bytes + 3 >= UINT32_MAX ||
        doc->client_count + 1 >= YD_MAX_SLOTS)
        return YD_ERR_TOO_BIG;
    return 0;
}

int yd_edit_find(struct yd_doc *doc, uint32_t chain, uint32_t index, uint32_t *item,
                 uint32_t *units)
{
    uint32_t at = YD_NONE, offset = 0;
    const struct yd_item *it;
    bool inside = false;

    if (index > 0) {
        if (!yd_list_find(doc, chain, YD_BY_UNITS, index - 1, &at, &offset))
            return YD_ERR_INDEX;
        offset++;
        it = &doc->items[at];
        if (it->kind == YD_STRING && !it->ascii && offset < it->len) {
            struct yd_slice text = {doc->bytes + it->off, it->bytes};
            yd_content_offset(YD_STRING, false, text, offset, &inside);
        }
        if (inside)
            return YD_ERR_INDEX;
    }
    if (item) {
        *item = at;
        *units = offset;
    }
    return 0;
}

int yd_edit_look(const struct yd_txn *txn, struct yd_target at, uint32_t index, size_t bytes,
                 uint64_t units, uint32_t *type)
{
    struct yd_doc *doc = txn->doc;
    int err = yd_edit_fits(txn, bytes, units);

    if (!err)
        err = yd_target_look(doc, at, type);
    if (!err && *type != YD_NONE)
        err = yd_edit_find(doc, doc->types[*type].list, index, NULL, NULL);
    else if (!err && index > 0)
        err = YD_ERR_INDEX;
    return err;
}

struct yd_gap yd_edit_gap(struct yd_doc *doc, uint32_t chain, uint32_t index)
{
    struct yd_gap gap = {YD_NONE, YD_NONE};
    uint32_t units = 0;

    yd_edit_find(doc, chain, index, &gap.left, &units);
    if (gap.left != YD_NONE && units < doc->items[gap.left].len)
        yd_item_split(doc, gap.left, units);
    gap.right = gap.left != YD_NONE ? doc->items[gap.left].right : doc->chains[chain].head;
    return gap;
}

static struct yd_id id_of(const struct yd_doc *doc, const struct yd_item *it, uint32_t units)
{
    return (struct yd_id){doc->clients[it->slot].id, it->clock + units};
}

uint32_t yd_edit_put(struct yd_txn *txn, uint32_t chain, struct yd_gap *gap, struct yd_ref *ref)
{
    struct yd_doc *doc = txn->doc;
    const struct yd_chain *c = &doc->chains[chain];
    const struct yd_type *type = &doc->types[c->type];

    ref->client = txn->client;
    ref->clock = yd_state(doc, txn->client);
    ref->has_origin = gap->left != YD_NONE;
    ref->has_right = gap->right != YD_NONE;
    if (ref->has_origin)
        ref->origin = id_of(doc, &doc->items[gap->left], doc->items[gap->left].len - 1);
    if (ref->has_right)
        ref->right = id_of(doc, &doc->items[gap->right], 0);
    if (!ref->has_origin && !ref->has_right) {
        ref->has_sub = c->key != YD_NONE;
        if (ref->has_sub)
            ref->sub = yd_name_slice(doc, c->key);
        ref->parent = type->item == YD_NONE ? YD_PARENT_ROOT : YD_PARENT_ID;
        if (type->item == YD_NONE)
            ref->root = yd_name_slice(doc, type->name);
        else
            ref->parent_id = id_of(doc, &doc->items[type->item], 0);
    }
    yd_integrate(doc, ref, 0);
    gap->left = yd_item_find(doc, yd_slot_find(doc, txn->client), ref->clock + ref->len - 1);
    return ref->clock;
}
