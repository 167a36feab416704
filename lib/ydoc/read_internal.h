/* Internal: what the files read*.c share. */
#ifndef YD_READ_INTERNAL_H
#define YD_READ_INTERNAL_H

#include "ydoc/edit_internal.h"
#include "ydoc/json_out.h"
#include "ydoc/read.h"

/* The type; *kind, as what it is to be read, becomes its own unless it is a root. */
int yd_read_open(const struct yd_doc *doc, struct yd_target at, enum yd_type_kind *kind,
                 uint32_t *type);
/* A type as a JSON value; kind: what it is read as.  Types nest no deeper than YD_MAX_DEPTH. */
void yd_put_type(const struct yd_doc *doc, uint32_t type, enum yd_type_kind kind,
                 struct yd_buf *out);
/* Its text or XML, not as JSON. */
void yd_put_text(const struct yd_doc *doc, uint32_t type, struct yd_buf *out);
void yd_put_xml(const struct yd_doc *doc, uint32_t type, enum yd_type_kind kind,
                struct yd_buf *out);

/* The elements of an item that is not deleted, as JSON values with commas between; `last`: only the
 * last one. */
void yd_put_elements(const struct yd_doc *doc, const struct yd_item *it, bool last,
                     struct yd_buf *out);
/* The last item of the key, if it has a value; else YD_NONE. */
uint32_t yd_key_item(const struct yd_doc *doc, uint32_t chain);

static inline struct yd_slice yd_item_content(const struct yd_doc *doc, const struct yd_item *it)
{
    return (struct yd_slice){it->bytes ? doc->bytes + it->off : NULL, it->bytes};
}

/* What a text consists of, from left to right: runs with the same attributes, and single things. */
struct yd_run {
    const struct yd_attrs *attributes;
    const struct yd_item *thing; /* an embed or a type; NULL: text */
    struct yd_slice text;
};
typedef void (*yd_run_fn)(void *ctx, const struct yd_run *run);
void yd_each_run(const struct yd_doc *doc, uint32_t type, uint32_t from, uint32_t to, yd_run_fn fn,
                 void *ctx);

#endif
