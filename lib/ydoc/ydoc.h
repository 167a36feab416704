/* A Yjs document: integrates updates (format v1) as Yjs 13 does, and encodes what a peer misses.
 *
 * Thread: any, one at a time for each document; documents share nothing.  No I/O, no clock.
 * Memory: everything comes from the document's allocator (yd_alloc) or from malloc for yd_buf.  An
 * allocator that runs dry ends the process: a half integrated update cannot be undone.  What comes
 * from outside allocates in proportion to its own length only (but for events, see events.h).
 * Errors: functions return 0 (YD_OK)
 * or one of enum yd_error; yd_strerror() says it in words. Source: the format and the integration
 * rules are those of Yjs 13 (yjs, lib0, y-protocols). */
#ifndef YD_YDOC_H
#define YD_YDOC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(default)

enum yd_error {
    YD_OK = 0,
    YD_ERR_TRUNCATED = -1,     /* ends in the middle of a value */
    YD_ERR_VARINT = -2,        /* a number above 2^53-1, or longer than 8 bytes */
    YD_ERR_UTF8 = -3,          /* a string is not UTF-8: stock clients would throw */
    YD_ERR_JSON = -4,          /* an embedded JSON value is not JSON: stock clients would throw */
    YD_ERR_KIND = -5,          /* unknown struct, content, type or value kind */
    YD_ERR_DEPTH = -6,         /* values or types nested deeper than YD_MAX_DEPTH */
    YD_ERR_RANGE = -7,         /* a clock or length outside what this engine holds (32 bits) */
    YD_ERR_REFERENCE = -8,     /* a struct that refers to itself or to its own future */
    YD_ERR_DUPLICATE = -9,     /* the same client twice */
    YD_ERR_EMPTY = -10,        /* a struct of length 0 */
    YD_ERR_TRAILING = -11,     /* bytes after the end */
    YD_ERR_PENDING_FULL = -12, /* would wait for missing structs, and the waiting room is full */
    YD_ERR_TOO_BIG = -13,      /* the document would exceed its limits */
    YD_ERR_LIMIT = -14,        /* a limit of the awareness table */
    YD_ERR_INDEX = -15,        /* beyond the end, or inside a character */
    YD_ERR_TARGET = -16,       /* there is no such shared type (any more) */
    YD_ERR_BUSY = -17,         /* a transaction is open */
    YD_ERR_GONE = -18,         /* what a position or snapshot refers to is not there */
    YD_ERR_COSTLY = -19, /* takes more work than its size allows; a part of it is integrated */
};

/* Text for people; static, never NULL. */
const char *yd_strerror(int err);

/* Depth to which JSON, `any` values and shared types may nest. */
#define YD_MAX_DEPTH 256

/* ---- output ---------------------------------------------------------------------------------- */

/* An owned run of bytes; zero-initialised ({0}) is empty.  Functions that write to one append. */
struct yd_buf {
    uint8_t *data; /* malloc'ed; NULL while empty */
    size_t len;    /* bytes */
    size_t cap;    /* bytes */
};
void yd_buf_free(struct yd_buf *b); /* free what it holds; empty and usable again afterwards */
void yd_buf_append(struct yd_buf *b, const void *p, size_t len);
void yd_buf_put_varuint(struct yd_buf *b, uint64_t v);              /* v <= 2^53-1 */
void yd_buf_put_bytes(struct yd_buf *b, const void *p, size_t len); /* varUint length, then bytes */

/* ---- documents ------------------------------------------------------------------------------- */

/* resize: as realloc; size 0 frees and returns NULL. */
struct yd_allocator {
    void *(*resize)(void *ctx, void *ptr, size_t size);
    void *ctx;
};

/* max_work: for each MiB of an update, or part of one.  1 for each place compared to order structs
 * that were put at the same place at the same time; 25 for each struct that is cut in two and for
 * each type; 50 for each new client.  The default is some 40 ms and 16 MiB; what people write takes
 * hundredths of it. */
struct yd_limits {
    size_t max_doc_bytes;     /* content the document may hold; default 256 MiB, at most 1 GiB */
    size_t max_pending_bytes; /* structs and deletes that wait for others; default 4 MiB */
    size_t max_pending_runs;  /* runs of structs that wait; default 2,048 */
    size_t max_work;          /* see below; default 2,500,000.  SIZE_MAX: as much as it takes, for
                               * states that were accepted once and are loaded again */
};

struct yd_doc;

struct yd_doc *
yd_doc_new(const struct yd_allocator *alloc); /* NULL: malloc; copied.  Freed by yd_doc_free */
void yd_doc_free(struct yd_doc *doc);         /* NULL is fine */
/* Whether content of deleted things is given back (the default, as in Yjs).  Without it snapshots
 * can be restored, and memory grows with everything ever typed.  To be set while the document is
 * empty. */
void yd_doc_set_gc(struct yd_doc *doc, bool gc);
/* Replace the limits; fields that are 0 keep their default. */
void yd_doc_set_limits(struct yd_doc *doc, const struct yd_limits *limits);

struct yd_result {
    bool changed; /* the visible document or its history changed: structs or deletes were integrated
                   */
    bool has_new; /* something in the update was not known before (integrated, or now pending) */
    bool complete;       /* the update was integrated whole and the document has nothing pending */
    bool whole;          /* changed, and the update says just what has changed: nothing of it was
                          * there before, waits, was cut or left out, and nothing that had waited
                          * came in with it.  So whoever has what was here before can have it as it
                          * is; else see yd_apply_update_news() */
    size_t error_offset; /* on error: byte in the update where the decoder stopped, else 0 */
};

/* Integrate an update.  Bytes are decoded and checked to the end before the document is touched: on
 * any error the document is as before.  Structs whose predecessors are missing are kept as pending,
 * with deletes of structs not seen yet, and tried again with each later update.  Applying twice is
 * harmless. res: may be NULL; always filled otherwise. Errors: any of the decoder's;
 * YD_ERR_PENDING_FULL, YD_ERR_TOO_BIG, YD_ERR_BUSY (a transaction of edit.h is open).
 * YD_ERR_COSTLY alone leaves a part of the update in the document (res->changed): whole structs, in
 * the order of their clocks and with all that they build on, as if the rest had been lost on its
 * way.  Only updates made to be slow get there; the same update given again gets further. */
int yd_apply_update(struct yd_doc *doc, const uint8_t *update, size_t len, struct yd_result *res);

/* The same; and if the document has changed, but not by the update as it is (res->changed and not
 * res->whole), append to news an update that says what has changed, and nothing else.  Whoever has
 * what was here before then has what is here now: the one or the other is what to relay.  Stock
 * clients throw at structs of which they have collected a part, and get slow when much waits. */
int yd_apply_update_news(struct yd_doc *doc, const uint8_t *update, size_t len,
                         struct yd_result *res, struct yd_buf *news);

/* Append the state vector: what has been integrated, without pending structs. */
void yd_encode_state_vector(const struct yd_doc *doc, struct yd_buf *out);

/* Append an update with all that a peer with state vector sv (NULL, 0: an empty peer) misses:
 * structs, the whole delete set, and what is pending.  So an empty sv gives the full state to be
 * stored. Errors: sv malformed. */
int yd_encode_diff(const struct yd_doc *doc, const uint8_t *sv, size_t sv_len, struct yd_buf *out);

/* The same without what is pending: to be sent to others.  What waited is news to them when it
 * comes in (yd_apply_update_news()); until then it would make stock clients slow, and those that
 * take in more of it than this document, or less, throw at what comes later.  The same bytes when
 * nothing waits. */
int yd_encode_settled(const struct yd_doc *doc, const uint8_t *sv, size_t sv_len,
                      struct yd_buf *out);

/* Check an update without a document: the decoder's errors, or 0. error_offset: bytes; may be NULL.
 */
int yd_update_check(const uint8_t *update, size_t len, size_t *error_offset);

/* Whether the update brings nothing: all its structs are integrated here and all its deletes are
 * applied. (A viewer's answer to our sync step 1 is contained; an edit is not.)  Errors: the
 * decoder's. */
int yd_update_is_contained(const struct yd_doc *doc, const uint8_t *update, size_t len,
                           bool *contained);

/* Append the text of the root named root (bytes of UTF-8) as UTF-8; nothing when there is no such
 * root. Embeds, formats and nested types are left out, as Y.Text's toString does. */
void yd_text(const struct yd_doc *doc, const char *root, size_t root_len, struct yd_buf *out);
uint64_t yd_text_len_utf16(const struct yd_doc *doc, const char *root,
                           size_t root_len); /* UTF-16 units */
uint64_t yd_text_len_utf8(const struct yd_doc *doc, const char *root, size_t root_len); /* bytes */

/* Whether the document has a root of that name: something was put into it, though it may be deleted
 * by now.  Costs no more than finding the name. */
bool yd_has_root(const struct yd_doc *doc, const char *root, size_t root_len);

/* Append an update that makes a document whose root holds text, written by client (1 to 2^53-1; use
 * a fresh random one for each document).  Empty text gives an empty update. Errors: YD_ERR_UTF8,
 * YD_ERR_RANGE. */
int yd_encode_text_insert(uint64_t client, const char *root, size_t root_len, const char *text,
                          size_t text_len, struct yd_buf *out);

size_t
yd_pending_bytes(const struct yd_doc *doc); /* structs and deletes that wait; 0: nothing waits */
size_t
yd_memory_bytes(const struct yd_doc *doc); /* memory held, without the allocator's overhead */
size_t yd_client_count(const struct yd_doc *doc); /* client ids known, for budgets */
size_t yd_struct_count(const struct yd_doc *doc); /* structs held, for metrics */

/* ---- state vectors --------------------------------------------------------------------------- */

/* Check a state vector's form: 0 or the decoder's error. */
int yd_state_vector_check(const uint8_t *sv, size_t len);
/* Whether everything in small is in big (clock by clock); false when either is malformed. */
bool yd_state_vector_covers(const uint8_t *big, size_t big_len, const uint8_t *small,
                            size_t small_len);

#pragma GCC visibility pop

#endif
