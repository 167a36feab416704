/* Shared types: names, roots, and the chains that hold their items. */
#include "ydoc/internal.h"

#include <string.h>

static uint64_t bytes_hash(const struct yd_doc *doc, const uint8_t *p, size_t len)
{
    uint64_t h = len;

    for (size_t i = 0; i < len; i++)
        h = (h ^ p[i]) * UINT64_C(0x100000001b3) + (h >> 29);
    return yd_hash_u64(doc, h);
}

struct yd_slice yd_name_slice(const struct yd_doc *doc, uint32_t name)
{
    struct yd_slice s = {NULL, doc->names[name].len};

    /* Without a pool the only name is the empty one. */
    if (doc->name_pool)
        s.p = doc->name_pool + doc->names[name].off;
    return s;
}

static uint64_t name_hash(const struct yd_doc *doc, uint32_t name)
{
    struct yd_slice s = yd_name_slice(doc, name);

    return bytes_hash(doc, s.p, s.len);
}

uint32_t yd_name_find(const struct yd_doc *doc, const uint8_t *p, size_t len)
{
    const struct yd_index *ix = &doc->name_index;

    if (!ix->cells)
        return YD_NONE;
    for (uint32_t h = (uint32_t)bytes_hash(doc, p, len) & ix->mask; ix->cells[h] != 0;
         h = (h + 1) & ix->mask) {
        struct yd_slice s = yd_name_slice(doc, ix->cells[h] - 1);
        if (s.len == len && (len == 0 || memcmp(s.p, p, len) == 0))
            return ix->cells[h] - 1;
    }
    return YD_NONE;
}

static uint32_t pool_add(struct yd_doc *doc, const uint8_t *p, size_t len)
{
    uint32_t off = doc->name_pool_len;

    if (len > doc->name_pool_cap - off) {
        size_t cap = ((size_t)off + len) + ((size_t)off + len) / 2 + 32;
        doc->name_pool = yd_resize(doc, doc->name_pool, doc->name_pool_cap, cap);
        doc->name_pool_cap = (uint32_t)cap;
    }
    if (len > 0)
        memcpy(doc->name_pool + off, p, len);
    doc->name_pool_len += (uint32_t)len;
    return off;
}

uint32_t yd_name_get(struct yd_doc *doc, const uint8_t *p, size_t len)
{
    uint32_t name = yd_name_find(doc, p, len);

    if (name != YD_NONE)
        return name;
    doc->names = yd_grow(doc, doc->names, doc->name_count, &doc->name_cap, sizeof(*doc->names));
    name = doc->name_count++;
    doc->names[name] = (struct yd_name){pool_add(doc, p, len), (uint32_t)len, YD_NONE};
    yd_index_add(doc, &doc->name_index, name, name_hash);
    return name;
}

static uint32_t chain_new(struct yd_doc *doc, uint32_t type, uint32_t key)
{
    uint32_t chain = doc->chain_free;

    if (chain != YD_NONE) {
        doc->chain_free = doc->chains[chain].next;
    } else {
        doc->chains =
            yd_grow(doc, doc->chains, doc->chain_count, &doc->chain_cap, sizeof(*doc->chains));
        chain = doc->chain_count++;
    }
    doc->chains[chain] = (struct yd_chain){type, key, YD_NONE, YD_NONE, YD_NONE};
    return chain;
}

uint32_t yd_type_new(struct yd_doc *doc, uint32_t item, uint8_t ref, uint32_t name, uint16_t depth)
{
    uint32_t type = doc->type_free;

    doc->pieces++;
    if (type != YD_NONE) {
        doc->type_free = doc->types[type].list;
    } else {
        doc->types = yd_grow(doc, doc->types, doc->type_count, &doc->type_cap, sizeof(*doc->types));
        type = doc->type_count++;
    }
    doc->types[type] = (struct yd_type){item, YD_NONE, YD_NONE, name, depth, ref};
    doc->types[type].list = chain_new(doc, type, YD_NONE);
    return type;
}

uint32_t yd_root_get(struct yd_doc *doc, const uint8_t *p, size_t len)
{
    uint32_t name = yd_name_get(doc, p, len);

    if (doc->names[name].root == YD_NONE)
        doc->names[name].root = yd_type_new(doc, YD_NONE, 0, name, 0);
    return doc->names[name].root;
}

static uint64_t pair_hash(const struct yd_doc *doc, uint32_t type, uint32_t key)
{
    return yd_hash_u64(doc, (uint64_t)type << 32 | key);
}

static uint64_t chain_hash(const struct yd_doc *doc, uint32_t chain)
{
    return pair_hash(doc, doc->chains[chain].type, doc->chains[chain].key);
}

uint32_t yd_map_chain_find(const struct yd_doc *doc, uint32_t type, uint32_t key)
{
    const struct yd_index *ix = &doc->chain_index;

    for (uint32_t h = (uint32_t)pair_hash(doc, type, key) & ix->mask;
         ix->cells && ix->cells[h] != 0; h = (h + 1) & ix->mask) {
        const struct yd_chain *c = &doc->chains[ix->cells[h] - 1];
        if (c->type == type && c->key == key)
            return ix->cells[h] - 1;
    }
    return YD_NONE;
}

uint32_t yd_map_chain_get(struct yd_doc *doc, uint32_t type, uint32_t key)
{
    uint32_t chain = yd_map_chain_find(doc, type, key);

    if (chain != YD_NONE)
        return chain;
    chain = chain_new(doc, type, key);
    doc->chains[chain].next = doc->types[type].maps;
    doc->types[type].maps = chain;
    yd_index_add(doc, &doc->chain_index, chain, chain_hash);
    return chain;
}

static void chain_drop(struct yd_doc *doc, uint32_t chain)
{
    if (doc->orders)
        yd_order_drop(doc, chain);
    if (doc->chains[chain].key != YD_NONE)
        yd_index_remove(doc, &doc->chain_index, chain, chain_hash);
    doc->chains[chain].next = doc->chain_free;
    doc->chain_free = chain;
}

void yd_type_drop(struct yd_doc *doc, uint32_t type)
{
    for (uint32_t c = doc->types[type].maps, next; c != YD_NONE; c = next) {
        next = doc->chains[c].next;
        chain_drop(doc, c);
    }
    chain_drop(doc, doc->types[type].list);
    doc->types[type].list = doc->type_free;
    doc->type_free = type;
}
