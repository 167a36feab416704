/* Rules of the file tree, without I/O. A change is checked here and then written by
 * cr_store_tree_put(). */
#ifndef CR_MODEL_TREE_H
#define CR_MODEL_TREE_H

#include "base/error.h"
#include "model/model.h"

/* Check one name and return its NFC form (owned by the caller) or NULL with the field named in err.
 * Refused: empty, "." and "..", "/" and "\\", controls and bidirectional overrides, leading or
 * trailing space, invalid UTF-8, more than CR_LIMIT_FILE_NAME_BYTES. */
char *cr_file_name_check(const char *field, const char *name, struct cr_error *err);

const struct cr_file *cr_tree_find(const struct cr_tree *t, const char *file_id);   /* NULL: none */
const struct cr_file *cr_tree_find_path(const struct cr_tree *t, const char *path); /* NULL: none */
char *cr_tree_path(const struct cr_tree *t, const struct cr_file *f); /* "src/main.py"; owned */

/* Add a file or folder at a path; missing folders on the way are made. Writes its id to id.
 * Errors: INVALID (a name), CONFLICT (taken; names in one folder differ also when case is folded),
 * LIMIT (count, depth, path length). */
int cr_tree_add(struct cr_tree *t, const char *path, bool is_folder, int64_t now_ms,
                char id[CR_ID_SIZE], struct cr_error *err);
/* Rename and/or move to a new path; a folder takes what is in it along. Never makes a cycle. */
int cr_tree_move(struct cr_tree *t, const char *file_id, const char *new_path, int64_t now_ms,
                 struct cr_error *err);
/* Remove a file, or a folder with everything below. removed/removed_count: ids of the files (not
 * folders) that went; owned by the caller. */
int cr_tree_remove(struct cr_tree *t, const char *file_id, char (**removed)[CR_ID_SIZE],
                   size_t *removed_count, struct cr_error *err);

#endif
