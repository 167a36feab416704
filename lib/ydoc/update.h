/* Internal: update v1 as it comes over the wire, decoded struct by struct without copies. */
#ifndef YD_UPDATE_H
#define YD_UPDATE_H

#include "ydoc/wire.h"

enum yd_kind {
    YD_GC = 0,
    YD_DELETED = 1,
    YD_JSON = 2,
    YD_BINARY = 3,
    YD_STRING = 4,
    YD_EMBED = 5,
    YD_FORMAT = 6,
    YD_TYPE = 7,
    YD_ANY = 8,
    YD_DOC = 9,
    YD_SKIP = 10,
};

#define YD_INFO_KIND 0x1f
#define YD_INFO_SUB 0x20
#define YD_INFO_RIGHT 0x40
#define YD_INFO_ORIGIN 0x80

struct yd_id {
    uint64_t client;
    uint32_t clock;
};

enum yd_parent { YD_PARENT_COPIED, YD_PARENT_ROOT, YD_PARENT_ID };

/* One struct; slices are borrowed from the update.  content: for STRING its bytes; for JSON and ANY
 * the elements without their count; for the rest the bytes as on the wire; for GC, DELETED, SKIP
 * and TYPE nothing. */
struct yd_ref {
    uint64_t client;
    uint32_t clock, len;
    uint8_t kind;
    bool has_origin, has_right, has_sub, ascii;
    enum yd_parent parent;
    struct yd_id origin, right, parent_id;
    struct yd_slice root, sub; /* names */
    uint8_t type_ref;
    bool type_named; /* XML elements and hooks carry a name */
    struct yd_slice type_name;
    struct yd_slice content;
};

/* Read one struct of client at clock.  Errors: in r. */
void yd_ref_read(struct yd_reader *r, uint64_t client, uint32_t clock, struct yd_ref *ref);

/* The same for bytes that were read without an error before. */
void yd_ref_read_known(struct yd_reader *r, uint64_t client, uint32_t clock, struct yd_ref *ref);

/* Number by number: to zero it as a whole compilers take an instruction that starts slowly, and for
 * its parts they load again what they have just stored in halves, which makes the processor wait.
 */
static inline void yd_ref_begin(struct yd_ref *ref, uint64_t client, uint32_t clock, uint8_t kind)
{
    ref->client = client;
    ref->clock = clock;
    ref->len = 0;
    ref->kind = kind;
    ref->has_origin = ref->has_right = ref->has_sub = ref->ascii = false;
    ref->parent = YD_PARENT_COPIED;
    ref->origin.client = 0;
    ref->origin.clock = 0;
    ref->right.client = 0;
    ref->right.clock = 0;
    ref->parent_id.client = 0;
    ref->parent_id.clock = 0;
    ref->root.p = NULL;
    ref->root.len = 0;
    ref->sub.p = NULL;
    ref->sub.len = 0;
    ref->type_ref = 0;
    ref->type_named = false;
    ref->type_name.p = NULL;
    ref->type_name.len = 0;
    ref->content.p = NULL;
    ref->content.len = 0;
}

/* Append the struct, the first `offset` units cut off. */
void yd_ref_write(struct yd_buf *out, const struct yd_ref *ref, uint32_t offset);

/* The structs of one client, while they are being integrated. */
struct yd_section {
    uint64_t client;
    const uint8_t *pos, *end; /* the structs still to come */
    uint32_t clock;           /* of the struct at pos */
    uint32_t left;            /* structs from pos on */
    uint32_t dry_state;       /* next clock of the client when all of it, or of a trial, is in */
    bool dead;                /* waits for something that is not there */
    bool on_stack;
    struct yd_id wait; /* dead: a struct that has to be there first */
};

struct yd_update {
    struct yd_section *sections; /* malloc'ed; highest client first */
    size_t section_count;
    const uint8_t *deletes, *end; /* the delete set */
    /* for the checks before integration */
    size_t delete_ranges, skips, types;
    size_t outside; /* structs that refer to other clients' */
    size_t joins;   /* collected structs behind another: they become one */
};

/* Decode and check the whole update. On error nothing is held.  error_offset: bytes; may be NULL.
 */
int yd_update_read(const uint8_t *p, size_t len, struct yd_update *u, size_t *error_offset);
void yd_update_clear(struct yd_update *u);
struct yd_section *yd_update_find(const struct yd_update *u, uint64_t client);

/* Deleted ranges: by client, then clock; none empty, none touching. */
struct yd_delete {
    uint64_t client;
    uint32_t clock, end;
};
struct yd_deletes {
    struct yd_delete *v; /* malloc'ed */
    size_t n, cap;
};
/* Read a delete set and add its ranges to out (not sorted); NULL: only check them.  Returns how
 * many there are.  Empty ones count, but are left out: Yjs hands them on, and one that is ahead of
 * the structs waits for ever in stock clients. */
size_t yd_read_deletes(struct yd_reader *r, struct yd_deletes *out);
void yd_update_deletes(const struct yd_update *u, struct yd_deletes *out); /* out: empty */
void yd_deletes_add(struct yd_deletes *d, uint64_t client, uint32_t clock, uint32_t end);
void yd_deletes_normalize(struct yd_deletes *d);
void yd_deletes_write(const struct yd_deletes *d, struct yd_buf *out); /* normalized */
void yd_deletes_clear(struct yd_deletes *d);

/* ---- state vectors --------------------------------------------------------------------------- */

struct yd_clock {
    uint64_t client;
    uint32_t clock; /* next; what is beyond 32 bits is UINT32_MAX */
};
struct yd_clocks {
    struct yd_clock *v; /* malloc'ed; highest client first */
    size_t n;
};
/* sv NULL: an empty one.  On error nothing is held. */
int yd_clocks_read(const uint8_t *sv, size_t len, struct yd_clocks *out);
void yd_clocks_clear(struct yd_clocks *c);
uint32_t yd_clocks_get(const struct yd_clocks *c, uint64_t client); /* 0 for unknown clients */

/* ---- content --------------------------------------------------------------------------------- */

bool yd_kind_splits(unsigned kind); /* and merges */
/* Byte offset of element `units` in content of a kind that splits.  *inside: in the middle of a
 * surrogate pair. */
size_t yd_content_offset(unsigned kind, bool ascii, struct yd_slice content, uint32_t units,
                         bool *inside);
/* How many units (at least one element or character) fit in max_bytes. */
uint32_t yd_content_units(unsigned kind, struct yd_slice content, size_t max_bytes);
/* Append the wire form of content of len units, the first `offset` cut off. */
void yd_content_write(struct yd_buf *out, unsigned kind, bool ascii, struct yd_slice content,
                      uint32_t len, uint32_t offset);
#define YD_REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

#endif
