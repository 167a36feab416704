#include "tests/unit/ydoc/check.h"
#include "ydoc/internal.h"

static const char *check_links(const struct yd_doc *doc, uint32_t item)
{
    const struct yd_item *it = &doc->items[item];
    const struct yd_chain *chain = &doc->chains[it->chain];

    if (it->left == YD_NONE ? chain->head != item : doc->items[it->left].right != item)
        return "left does not lead back";
    if (it->left != YD_NONE && doc->items[it->left].chain != it->chain)
        return "neighbours are in different lists";
    if (it->right != YD_NONE && doc->items[it->right].left != item)
        return "right does not lead back";
    if (chain->key == YD_NONE)
        return NULL;
    if (it->right == YD_NONE && chain->tail != item)
        return "the value of a key is not its last item";
    if (it->right != YD_NONE && !it->deleted)
        return "a key has two values";
    return NULL;
}

static const char *check_content(const struct yd_doc *doc, const struct yd_item *it, uint32_t item)
{
    uint64_t units = 0;
    bool ascii;

    if (it->kind == YD_TYPE && doc->types[it->off].item != item)
        return "a type does not know its item";
    if (it->deleted && it->kind != YD_DELETED && !doc->keep_deleted)
        return "deleted content was kept";
    if (it->kind != YD_TYPE && (uint64_t)it->off + it->bytes > doc->bytes_len)
        return "content is outside its arena";
    if (it->kind != YD_STRING)
        return NULL;
    if (!yd_utf8_scan(doc->bytes + it->off, it->bytes, &units, &ascii))
        return "a text is not UTF-8";
    if (units != it->len || (it->ascii && !ascii))
        return "a text's length is wrong";
    return NULL;
}

static const char *check_item(const struct yd_doc *doc, uint32_t item)
{
    const struct yd_item *it = &doc->items[item];
    const char *wrong;

    if (it->kind == YD_GC)
        return it->deleted ? NULL : "a GC struct is not deleted";
    if (it->chain >= doc->chain_count)
        return "an item is nowhere";
    wrong = check_links(doc, item);
    return wrong ? wrong : check_content(doc, it, item);
}

static const char *check_client(const struct yd_doc *doc, uint32_t slot, size_t *structs)
{
    const struct yd_client *c = &doc->clients[slot];
    uint32_t clock = 0;

    if (c->leaf_count == 0)
        return "a client has no structs";
    for (uint32_t l = 0; l < c->leaf_count; l++) {
        const struct yd_leaf *leaf = c->leaves[l].leaf;
        if (leaf->n == 0 || leaf->n > leaf->cap || c->leaves[l].first != leaf->e[0].clock)
            return "a leaf is out of order";
        for (uint32_t i = 0; i < leaf->n; i++) {
            const struct yd_item *it = &doc->items[leaf->e[i].item];
            const char *wrong = check_item(doc, leaf->e[i].item);
            if (wrong)
                return wrong;
            if (it->clock != clock || leaf->e[i].clock != clock || it->slot != slot || it->len == 0)
                return "a client's structs have a gap";
            clock += it->len;
        }
        *structs += leaf->n;
    }
    return clock == c->state ? NULL : "a client's state is wrong";
}

static const char *check_arena(const struct yd_doc *doc)
{
    uint64_t used = doc->bytes_garbage;

    for (uint32_t i = 0; i < doc->item_count; i++) {
        const struct yd_item *it = &doc->items[i];
        if (it->kind != YD_TYPE)
            used += it->slack ? UINT32_C(1) << it->slack : it->bytes;
    }
    return used <= doc->bytes_len ? NULL : "more content than room";
}

const char *yd_check_inside(const struct yd_doc *doc)
{
    size_t structs = 0;

    if (doc->deleted.n || doc->splits.n || doc->touched.n || doc->work.n)
        return "a transaction is left open";
    for (uint32_t slot = 0; slot < doc->client_count; slot++) {
        const char *wrong = check_client(doc, slot, &structs);
        if (wrong)
            return wrong;
    }
    if (structs != yd_struct_count(doc))
        return "the number of structs is wrong";
    for (uint32_t i = 1; i < doc->client_count; i++) {
        if (doc->by_id_count != doc->client_count ||
            doc->clients[doc->by_id[i - 1]].id <= doc->clients[doc->by_id[i]].id)
            return "the clients are out of order";
    }
    for (size_t i = 0; i < doc->run_count; i++) {
        if (doc->runs[i].count == 0 || doc->runs[i].start >= doc->runs[i].end)
            return "an empty run waits";
    }
    return check_arena(doc);
}
