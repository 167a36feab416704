/* Making a document's text another by edits, so that everybody's history goes on. */
#include "doclog/doclog.h"

#include "doclog/lines.h"
#include "ydoc/edit.h"

static int replace(struct yd_txn *txn, struct yd_target at, const struct cr_line_change *c,
                   const char *text)
{
    uint32_t from, to;
    int rc = yd_text_utf16_at(txn->doc, at, (uint32_t)c->old_at, &from);

    if (rc == YD_OK)
        rc = yd_text_utf16_at(txn->doc, at, (uint32_t)(c->old_at + c->old_len), &to);
    if (rc == YD_OK && to > from)
        rc = yd_list_delete(txn, at, from, to - from);
    if (rc == YD_OK && c->new_len > 0)
        rc = yd_text_insert(txn, at, from, text + c->new_at, c->new_len, NULL, 0);
    return rc;
}

/* From the end, so that what is before stays where it was. */
static int replace_all(struct yd_txn *txn, struct yd_target at,
                       const struct cr_line_change *changes, size_t count, const char *text)
{
    int rc = YD_OK;

    while (count-- > 0 && rc == YD_OK)
        rc = replace(txn, at, &changes[count], text);
    return rc;
}

int cr_doclog_rewrite(struct yd_doc *doc, const char *root, uint64_t client, const char *text,
                      size_t len, struct yd_buf *update, struct cr_error *err)
{
    struct yd_buf now = {0};
    struct cr_line_change *changes = NULL;
    struct yd_txn txn;
    size_t count;
    int rc;

    yd_text(doc, root, strlen(root), &now);
    count = cr_line_changes((const char *)now.data, now.len, text, len, &changes);
    rc = yd_txn_begin(&txn, doc, client);
    if (rc == YD_OK) {
        rc = replace_all(&txn, yd_root(root), changes, count, text);
        yd_txn_commit(&txn, update); /* what was done is done, and has to be told */
        yd_doc_trim(doc);
    }
    free(changes);
    yd_buf_free(&now);
    return rc == YD_OK ? 0 : cr_fail(err, CR_ERR_INTERNAL, "rewriting a text: %s", yd_strerror(rc));
}
