/* Reading shared types as JSON, text with formats, or XML: what Yjs gives for toJSON(), toDelta()
 * and toString().  All append to out; on an error nothing is appended.
 *
 * JSON: as JSON.stringify writes it.  What JSON lacks: undefined is null, and as a map value leaves
 * its key out; bytes are base64; a bigint has all its digits; a subdocument is {"guid": …}.
 * Keys of maps are in no particular order.
 * Thread: as the document; these don't change it.  Cost: the size of what is read;
 * of a text with formats times the number of attributes that hold at one place. */
#ifndef YD_READ_H
#define YD_READ_H

#include "ydoc/edit.h"

#pragma GCC visibility push(default)

/* A type as JSON.  A root does not know its kind, so it is read as `kind`; nested types are of
 * their own kind and ignore it.  Texts and XML are JSON strings.  Errors: YD_ERR_TARGET. */
int yd_json(const struct yd_doc *doc, struct yd_target at, enum yd_type_kind kind,
            struct yd_buf *out);

/* One value of a map (or attribute of an XML element) as JSON.  Errors: YD_ERR_TARGET when there is
 * no such type or key. */
int yd_json_key(const struct yd_doc *doc, struct yd_target at, const char *key, size_t key_len,
                struct yd_buf *out);

/* A text with its formats: [{"insert":"abc","attributes":{"bold":true}},{"insert":{…}}]. */
int yd_delta(const struct yd_doc *doc, struct yd_target at, struct yd_buf *out);

/* The part [from, to) of a text, in UTF-16 units; a surrogate pair that is cut in two is U+FFFD. */
int yd_delta_range(const struct yd_doc *doc, struct yd_target at, uint32_t from, uint32_t to,
                   struct yd_buf *out);

/* XML (root: read as `kind`) as Yjs writes it: names in lower case, attributes sorted, nothing
 * escaped.  Not for a browser as it is. */
int yd_xml(const struct yd_doc *doc, struct yd_target at, enum yd_type_kind kind,
           struct yd_buf *out);

#pragma GCC visibility pop

#endif
