/* Writing in a document: for agents, formatters, restored versions, imports.
 *
 * Edits are made in a transaction under a client id of the writer's own and take effect at once;
 * the commit gives the update to broadcast and to store.  The places are those that Yjs would take:
 * next to what is there, deleted things included, so all replicas agree.
 *
 * Units: lengths and indexes count UTF-16 units in texts (an embed or nested type is one) and
 * elements in arrays; yd_text_utf16_at() and yd_text_utf8_at() translate from and to bytes of
 * UTF-8.  An index may not fall inside a surrogate pair.
 * Values: `any` values are in lib0's binary form (any.h makes them); attributes and embeds are JSON
 * as JSON.stringify writes it (values are compared byte by byte).  Everything is checked: nothing
 * gets in that would make a stock client throw.
 * Memory: finding places in a long list builds an index of it, which stays until yd_doc_trim() or
 * the document's end; documents that are only read or synchronised have none.
 * Errors: functions return 0 or one of enum yd_error, and on an error have changed nothing.
 * Thread: as the document.  Source: Yjs 13, types/AbstractType.js and types/YText.js. */
#ifndef YD_EDIT_H
#define YD_EDIT_H

#include "ydoc/ydoc.h"

#pragma GCC visibility push(default)

/* A shared type of a document: a root by its name or, with root NULL, the type that was put in with
 * this id.  Borrows the name for as long as
 * it is used. */
struct yd_target {
    const char *root; /* UTF-8 */
    size_t root_len;  /* bytes */
    uint64_t client;
    uint32_t clock;
};
/* The root with a NUL-terminated name. */
struct yd_target yd_root(const char *name);

/* Kinds of shared types, as on the wire. */
enum yd_type_kind {
    YD_ARRAY = 0,
    YD_MAP = 1,
    YD_TEXT = 2,
    YD_XML_ELEMENT = 3, /* has a name */
    YD_XML_FRAGMENT = 4,
    YD_XML_HOOK = 5, /* has a name */
    YD_XML_TEXT = 6,
};

/* An open transaction; lives on the caller's stack, fields are the library's. */
struct yd_txn {
    struct yd_doc *doc;
    uint64_t client;
    bool open;
};

/* Begin to edit doc as client (1 to 2^53-1).  Use a fresh random id for each agent and session: two
 * writers with one id spoil the document.  Until the commit nothing else may be done with the
 * document but reading.  Errors: YD_ERR_RANGE, YD_ERR_BUSY (a transaction is open). */
int yd_txn_begin(struct yd_txn *txn, struct yd_doc *doc, uint64_t client);
/* End the transaction and append its update (v1) to out; NULL: it is not wanted.  Returns whether
 * anything was changed; if not, nothing is appended. */
bool yd_txn_commit(struct yd_txn *txn, struct yd_buf *out);

/* ---- texts (and XML texts) ------------------------------------------------------------------- */

struct yd_attribute {
    const char *key; /* UTF-8 */
    size_t key_len;
    const char *json; /* "null" takes the attribute away */
    size_t json_len;
};

/* Insert text (UTF-8) at index.  attributes: exactly those it shall have; NULL: those of the text
 * to its left.  Errors: YD_ERR_INDEX, YD_ERR_UTF8, YD_ERR_JSON, YD_ERR_TARGET, YD_ERR_TOO_BIG. */
int yd_text_insert(struct yd_txn *txn, struct yd_target at, uint32_t index, const char *text,
                   size_t text_len, const struct yd_attribute *attributes, size_t attribute_count);
/* Insert one thing of JSON (an image, say).  Errors: as yd_text_insert(). */
int yd_text_insert_embed(struct yd_txn *txn, struct yd_target at, uint32_t index, const char *json,
                         size_t json_len, const struct yd_attribute *attributes,
                         size_t attribute_count);
/* Set attributes of [index, index + len).  Errors: as yd_text_insert(). */
int yd_text_format(struct yd_txn *txn, struct yd_target at, uint32_t index, uint32_t len,
                   const struct yd_attribute *attributes, size_t attribute_count);

/* Delete [index, index + len) of a text or an array.  Errors: YD_ERR_INDEX, YD_ERR_TARGET. */
int yd_list_delete(struct yd_txn *txn, struct yd_target at, uint32_t index, uint32_t len);

/* Length in UTF-16 units, or elements; 0 when there is no such type. */
uint32_t yd_list_len(struct yd_doc *doc, struct yd_target at);
/* The UTF-16 index of a byte offset in the text, and the other way round (what is not text has no
 * bytes; an offset between two things is that of the left one's end).
 * Errors: YD_ERR_INDEX (beyond the end, inside a character), YD_ERR_TARGET. */
int yd_text_utf16_at(struct yd_doc *doc, struct yd_target at, uint32_t utf8, uint32_t *utf16);
int yd_text_utf8_at(struct yd_doc *doc, struct yd_target at, uint32_t utf16, uint32_t *utf8);

/* ---- arrays (and children of XML elements and fragments) ------------------------------------- */

/* Insert count values, one after the other in `any` form.  Errors: as above, and the decoder's. */
int yd_array_insert(struct yd_txn *txn, struct yd_target at, uint32_t index, const uint8_t *any,
                    size_t any_len, uint32_t count);
/* Insert an empty shared type; name: of XML elements and hooks.  out: what to edit it with; NULL:
 * not wanted.  Errors: YD_ERR_DEPTH, too. */
int yd_array_insert_type(struct yd_txn *txn, struct yd_target at, uint32_t index,
                         enum yd_type_kind kind, const char *name, size_t name_len,
                         struct yd_target *out);

/* ---- maps (and attributes of XML elements) --------------------------------------------------- */

/* Set a key to a value in `any` form, or to an empty shared type (as yd_array_insert_type()).
 * Errors: YD_ERR_UTF8 (the key), YD_ERR_TARGET, YD_ERR_TOO_BIG, and the decoder's. */
int yd_map_set(struct yd_txn *txn, struct yd_target at, const char *key, size_t key_len,
               const uint8_t *any, size_t any_len);
int yd_map_set_type(struct yd_txn *txn, struct yd_target at, const char *key, size_t key_len,
                    enum yd_type_kind kind, const char *name, size_t name_len,
                    struct yd_target *out);
/* Not an error when there is no such key.  Errors: YD_ERR_UTF8, YD_ERR_TARGET. */
int yd_map_delete(struct yd_txn *txn, struct yd_target at, const char *key, size_t key_len);

/* Give back what was built to find places; it is built again when needed. */
void yd_doc_trim(struct yd_doc *doc);

#pragma GCC visibility pop

#endif
