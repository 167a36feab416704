/* Internal: how a document lies in memory.  Everything refers to everything by 32-bit index: items
 * in one arena, clients by slot, lists and map entries by chain.  Content is a slice of one byte
 * arena.
 *
 *   client slot -> leaves of (clock, item)     every struct of the client, in clock order, no gaps
 *   type -> chains -> items (left/right)       one chain is the type's list, one for each map key
 *
 * Files: mem.c (allocation, arenas), structs.c (clients and their leaves), types.c (types, chains,
 * names), item.c (split, merge, delete), integrate.c, apply.c, pass.c (order of integration),
 * limits.c, pending.c, retry.c, cleanup.c (end of a transaction), news.c (what it brought),
 * encode.c, text.c; order*.c (places by number), edit*.c (writing), read*.c, events*.c, relpos.c,
 * snapshot.c; touch*.c and trace.c (what an update would change). */
#ifndef YD_INTERNAL_H
#define YD_INTERNAL_H

#include "ydoc/update.h"

#define YD_NONE UINT32_MAX
#define YD_MAX_SLOTS ((UINT32_C(1) << 21) - 1)

/* A struct, 48 bytes.  GC structs use clock, len and slot only. */
struct yd_item {
    uint32_t clock, len;
    uint32_t slot : 21; /* client */
    uint32_t kind : 4;  /* enum yd_kind */
    uint32_t deleted : 1;
    uint32_t ascii : 1;   /* STRING: byte offset = UTF-16 offset */
    uint32_t slack : 5;   /* the content's room is 2^slack bytes; 0: as much as it holds */
    uint32_t left, right; /* items, YD_NONE at the ends */
    uint32_t chain;       /* the list or map entry it is in */
    uint32_t origin_slot, origin_clock; /* slot YD_NONE, clock 0: none */
    uint32_t right_slot, right_clock;
    uint32_t off, bytes; /* content in the byte arena; TYPE: off is the type's index */
};

struct yd_entry {
    uint32_t clock, item;
};

#define YD_LEAF_MAX 64
struct yd_leaf {
    uint32_t n, cap;
    struct yd_entry e[];
};
struct yd_leaf_ref {
    uint32_t first; /* clock of its first entry */
    struct yd_leaf *leaf;
};

struct yd_client {
    uint64_t id;
    uint32_t state;  /* next clock */
    uint32_t before; /* state when the transaction began, if touched */
    bool touched;
    uint32_t leaf_count, leaf_cap;
    struct yd_leaf_ref *leaves;
};

/* Where a struct is in its client's leaves; good until the next insert or removal there. */
struct yd_pos {
    uint32_t leaf, i;
};

struct yd_chain {
    uint32_t type;
    uint32_t key; /* name index; YD_NONE: the type's list */
    uint32_t head;
    uint32_t tail; /* map entries: the last item, which holds the value */
    uint32_t next; /* next map entry of the type */
};

struct yd_type {
    uint32_t item;  /* YD_NONE: a root */
    uint32_t list;  /* chain */
    uint32_t maps;  /* first chain of the map entries */
    uint32_t name;  /* root or XML name; YD_NONE */
    uint16_t depth; /* 0 for roots */
    uint8_t ref;
};

struct yd_name {
    uint32_t off, len; /* in the names' pool */
    uint32_t root;     /* root type of this name, or YD_NONE */
};

/* Open addressing over entries kept elsewhere: cells hold index + 1, 0 is free. */
struct yd_index {
    uint32_t *cells;
    uint32_t mask, used;
};

struct yd_range {
    uint32_t slot, clock, len;
};
struct yd_ranges {
    struct yd_range *v;
    size_t n, cap;
};
struct yd_u32s {
    uint32_t *v;
    size_t n, cap;
};

/* A run of structs without gaps that waits for others. */
struct yd_pending_run {
    uint64_t client;
    uint32_t start, end; /* clocks */
    uint32_t count;      /* structs */
    struct yd_id wait;   /* the struct that has to be there first */
    size_t used;         /* bytes of data that have been integrated */
    struct yd_buf data;  /* wire form */
};
struct yd_doc {
    struct yd_allocator alloc;
    struct yd_limits limits;
    uint64_t seed;      /* of the hashes */
    uint16_t max_depth; /* of the types, ever */

    struct yd_item *items;
    uint32_t item_count, item_cap;       /* count: with free ones */
    uint32_t item_free, item_free_count; /* item_free: list through `right` */
    uint32_t *marks;                     /* of the conflict scan, by item */
    uint32_t mark_cap, mark_now;
    uint64_t scan_steps;          /* walked by conflict scans in this transaction */
    uint64_t pieces;              /* made in it besides the structs that came */
    uint64_t max_work;            /* of the update that is applied; see ydoc.h */
    struct yd_contests *contests; /* indexes for them, while the transaction lasts; see contest.h */

    struct yd_client *clients;
    uint32_t client_count, client_cap;
    uint32_t client_last; /* slot asked for last: mostly the next one, too */
    uint32_t *by_id;      /* slots from the highest id on; new ones are sorted in by the cleanup */
    uint32_t by_id_count, by_id_cap;
    struct yd_index client_index;

    struct yd_type *types;
    uint32_t type_count, type_cap, type_free; /* type_free: list through `list` */
    struct yd_chain *chains;
    uint32_t chain_count, chain_cap, chain_free; /* chain_free: list through `next` */
    struct yd_index chain_index;
    struct yd_name *names;
    uint32_t name_count, name_cap;
    struct yd_index name_index;
    uint8_t *name_pool;
    uint32_t name_pool_len, name_pool_cap;

    uint8_t *bytes; /* content */
    uint32_t bytes_len, bytes_cap, bytes_garbage;

    /* the transaction under way */
    struct yd_ranges deleted; /* also what is to be collected at its end */
    struct yd_ranges splits;  /* points where merging may succeed */
    struct yd_u32s touched;   /* slots whose state grew */
    struct yd_u32s work;      /* types still to be deleted or collected */
    bool altered; /* a struct came in otherwise than Yjs alone takes it: as GC, deleted */

    struct yd_pending_run *runs; /* by client, then start */
    size_t run_count, run_cap;
    size_t run_bytes;
    struct yd_deletes pending_deletes;
    bool deletes_due; /* some could be applied, but that took too much work */

    struct yd_orders *orders; /* places in lists by number; NULL until somebody asks for one */
    struct yd_events *events; /* who wants to know what a transaction changes; or NULL */
    uint32_t contests_begun;  /* ever; so that tests see whether an index was asked */
    bool keep_deleted;        /* deleted content stays, for snapshots */
    bool editing;             /* a transaction of edit.h is open */

    size_t memory; /* what alloc gave, in bytes asked for */
};

/* ---- mem.c ----------------------------------------------------------------------------------- */
void *yd_resize(struct yd_doc *doc, void *p, size_t old_size, size_t size);
/* Grow an array of n elements so that one more fits. */
void *yd_grow(struct yd_doc *doc, void *p, uint32_t n, uint32_t *cap, size_t size);
uint32_t yd_bytes_add(struct yd_doc *doc, const uint8_t *p, size_t len); /* p not in the arena */
uint32_t yd_bytes_room(struct yd_doc *doc, size_t len);
void yd_bytes_compact(struct yd_doc *doc);
void yd_ranges_add(struct yd_doc *doc, struct yd_ranges *r, uint32_t slot, uint32_t clock,
                   uint32_t len);
void yd_u32s_add(struct yd_doc *doc, struct yd_u32s *r, uint32_t v);
uint64_t yd_hash_u64(const struct yd_doc *doc, uint64_t v);
typedef uint64_t (*yd_hash_fn)(const struct yd_doc *doc, uint32_t entry);
void yd_index_add(struct yd_doc *doc, struct yd_index *ix, uint32_t entry, yd_hash_fn hash);
void yd_index_remove(struct yd_doc *doc, struct yd_index *ix, uint32_t entry, yd_hash_fn hash);

/* ---- structs.c ------------------------------------------------------------------------------- */
uint32_t yd_slot_search(const struct yd_doc *doc, uint64_t client);
static inline uint32_t yd_slot_find(const struct yd_doc *doc, uint64_t client) /* or YD_NONE */
{
    if (doc->client_count > 0 && doc->clients[doc->client_last].id == client)
        return doc->client_last;
    return yd_slot_search(doc, client);
}
uint32_t yd_slot_get(struct yd_doc *doc, uint64_t client);
void yd_slots_sort(struct yd_doc *doc); /* doc->by_id has all then */
uint32_t yd_state(const struct yd_doc *doc,
                  uint64_t client);                    /* next clock, 0 for unknown clients */
uint32_t yd_item_new(struct yd_doc *doc);              /* moves doc->items; the item is zeroed */
void yd_items_reserve(struct yd_doc *doc, uint32_t n); /* so that n more come without growing */
void yd_items_shrink(struct yd_doc *doc);              /* give back room that nobody took */
void yd_item_drop(struct yd_doc *doc, uint32_t item);
/* The struct that holds clock (< state). */
struct yd_pos yd_pos_find(const struct yd_doc *doc, uint32_t slot, uint32_t clock);
static inline uint32_t yd_pos_item(const struct yd_doc *doc, uint32_t slot, struct yd_pos pos)
{
    return doc->clients[slot].leaves[pos.leaf].leaf->e[pos.i].item;
}
static inline bool yd_pos_next(const struct yd_doc *doc, uint32_t slot, struct yd_pos *pos)
{
    const struct yd_client *c = &doc->clients[slot];

    if (pos->i + 1 < c->leaves[pos->leaf].leaf->n) {
        pos->i++;
        return true;
    }
    if (pos->leaf + 1 == c->leaf_count)
        return false;
    pos->leaf++;
    pos->i = 0;
    return true;
}
bool yd_pos_prev(const struct yd_doc *doc, uint32_t slot, struct yd_pos *pos);
uint32_t yd_item_find(const struct yd_doc *doc, uint32_t slot, uint32_t clock);
void yd_struct_append(struct yd_doc *doc, uint32_t item); /* at the client's end; state grows */
void yd_struct_insert_after(struct yd_doc *doc, uint32_t slot, struct yd_pos pos, uint32_t item);
void yd_struct_remove(struct yd_doc *doc, uint32_t slot, struct yd_pos pos);

/* ---- types.c --------------------------------------------------------------------------------- */
uint32_t yd_name_find(const struct yd_doc *doc, const uint8_t *p,
                      size_t len); /* YD_NONE: unknown */
uint32_t yd_name_get(struct yd_doc *doc, const uint8_t *p, size_t len);
struct yd_slice yd_name_slice(const struct yd_doc *doc, uint32_t name);
uint32_t yd_root_get(struct yd_doc *doc, const uint8_t *p, size_t len);
uint32_t yd_type_new(struct yd_doc *doc, uint32_t item, uint8_t ref, uint32_t name, uint16_t depth);
void yd_type_drop(struct yd_doc *doc, uint32_t type); /* its chains, too */
/* The items of a map key; YD_NONE: there were none yet, or key is. */
uint32_t yd_map_chain_find(const struct yd_doc *doc, uint32_t type, uint32_t key);
uint32_t yd_map_chain_get(struct yd_doc *doc, uint32_t type, uint32_t key);

/* ---- item.c ---------------------------------------------------------------------------------- */
/* Cut an item (not GC) after `diff` units; returns the right half. */
uint32_t yd_item_split(struct yd_doc *doc, uint32_t item, uint32_t diff);
/* The item that ends with / begins at the id, cut if need be; GC structs are not cut. */
uint32_t yd_item_ending(struct yd_doc *doc, uint32_t slot, uint32_t clock);
uint32_t yd_item_starting(struct yd_doc *doc, uint32_t slot, uint32_t clock);
void yd_item_delete(struct yd_doc *doc, uint32_t item); /* with all that is in it */
bool yd_delete_range(struct yd_doc *doc, uint32_t slot, uint32_t clock, uint32_t end);
/* Join right to left, its neighbour in clock order, if they may be one; right is then gone. */
bool yd_item_merge(struct yd_doc *doc, uint32_t left, uint32_t right);
void yd_content_drop(struct yd_doc *doc, struct yd_item *it);
/* Cut a long run into parts of at most YD_RUN_MAX bytes, so that finding a place in one stays
 * cheap. */
void yd_item_shorten(struct yd_doc *doc, uint32_t item);
#define YD_RUN_MAX 1024

/* ---- integrate.c, depth.c, cleanup.c, pending.c
 * --------------------------------------------------------- */
/* Integrate a struct whose references are all there, from `offset` units on. */
void yd_integrate(struct yd_doc *doc, const struct yd_ref *ref, uint32_t offset);
/* How deep a type would lie that is put where ref goes; its references must be there. */
unsigned yd_depth_of(const struct yd_doc *doc, const struct yd_ref *ref);
/* Whether the update's types stay within YD_MAX_DEPTH. */
bool yd_depth_fits(const struct yd_doc *doc, const struct yd_update *u);
void yd_cleanup(struct yd_doc *doc);
void yd_events_collect(struct yd_doc *doc); /* events.c; before the cleanup */
/* Keep the rest of a dead section; returns whether some of it was not kept already. */
bool yd_pending_add(struct yd_doc *doc, const struct yd_section *rest);
struct yd_pending_room {
    size_t bytes, runs;
};
/* How much room that would take. */
void yd_pending_count(struct yd_doc *doc, const struct yd_section *rest,
                      struct yd_pending_room *room);
bool yd_delete_is_kept(const struct yd_deletes *d, const struct yd_delete *range);
void yd_pending_remove(struct yd_doc *doc, size_t run);
size_t yd_pending_first(const struct yd_doc *doc,
                        uint64_t client); /* index of the client's first run */
/* Apply the part of the deletes whose structs are there, until that gets too costly, and keep those
 * that come too early.  Returns whether any was kept that was not before; *waits is set when any
 * came too early. */
bool yd_apply_deletes(struct yd_doc *doc, const struct yd_deletes *deletes, bool *waits);
bool yd_is_deleted(const struct yd_doc *doc, const struct yd_delete *range);
/* Apply those kept deletes whose structs came in this transaction, until that gets too costly; the
 * rest of them is tried again with the next update.  Returns whether something was deleted. */
bool yd_pending_deletes_retry(struct yd_doc *doc);

/* ---- news.c ---------------------------------------------------------------------------------- */
struct yd_touched {
    uint64_t client;
    uint32_t slot, before; /* before: its state then */
};
struct yd_news {
    struct yd_touched *touched; /* highest client first */
    size_t n;
    struct yd_deletes deletes;
};
void yd_news_take(const struct yd_doc *doc, struct yd_news *news); /* before the cleanup */
/* After it: append all that the transaction brought, as an update. */
void yd_news_write(const struct yd_doc *doc, const struct yd_news *news, struct yd_buf *out);
void yd_news_clear(struct yd_news *news);

/* ---- limits.c -------------------------------------------------------------------------------- */
/* The update that is applied has taken more work than it may. */
bool yd_is_costly(const struct yd_doc *doc);

/* ---- contest.c, contest_scan.c: conflict scans that would be too long to walk -----------------
 */
void yd_contest_begin(struct yd_doc *doc, uint32_t chain);
void yd_contest_linked(struct yd_doc *doc, uint32_t item); /* is in its chain and its client now */
uint32_t yd_contest_scan(struct yd_doc *doc, const struct yd_item *it, uint32_t chain,
                         uint32_t left, uint32_t right);
void yd_contests_end(struct yd_doc *doc);

/* ---- copy.c ---------------------------------------------------------------------------------- */
/* The same document once more, to try something out: what comes into it goes where it would in the
 * original.  (A document made from the encoded state need not be the same: it has the structs in
 * another order, which shows where their origins were forged.)  Between transactions.  Freed by
 * yd_doc_free(). */
struct yd_doc *yd_doc_copy(const struct yd_doc *doc);

/* ---- encode.c -------------------------------------------------------------------------------- */
/* How many structs the client has from clock `from` (< state) on, that one included. */
uint32_t yd_count_structs(const struct yd_doc *doc, uint32_t slot, uint32_t from);
/* Append the client's structs from clock `from` (< state) on; returns how many. */
uint32_t yd_write_structs(const struct yd_doc *doc, struct yd_buf *out, uint32_t slot,
                          uint32_t from);

/* ---- order.c: what the lists that are indexed by number have to be told ---------------------- */
void yd_order_linked(struct yd_doc *doc, uint32_t item); /* is in its chain now */
void yd_order_split(struct yd_doc *doc, uint32_t left, uint32_t right, uint32_t grown_bytes);
void yd_order_deleting(struct yd_doc *doc, uint32_t item); /* is going to be marked */
/* right's content has moved to left, its neighbour; right is not unlinked yet. */
void yd_order_merging(struct yd_doc *doc, uint32_t left, uint32_t right);
void yd_order_drop(struct yd_doc *doc, uint32_t chain);
void yd_orders_free(struct yd_doc *doc);

/* For bit fields: a macro, so that the compiler sees that the value fits. */
#define YD_BITS(value, bits) ((value) & ((UINT32_C(1) << (bits)) - 1))

#endif
