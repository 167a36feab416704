/* A path of the file tree, taken apart and checked. For this folder only. */
#ifndef CR_MODEL_PATH_H
#define CR_MODEL_PATH_H

#include "base/limits.h"
#include "model/tree.h"

struct cr_path {
    char *names[CR_LIMIT_FILE_DEPTH + 1]; /* checked, NFC; owned */
    size_t count;                         /* at least 1 */
    size_t bytes;                         /* of the whole path in NFC, slashes included */
};

/* INVALID for a name that is refused, LIMIT for depth and length; both name the field "path". */
int cr_path_parse(struct cr_path *p, const char *text, struct cr_error *err);
void cr_path_clear(struct cr_path *p);

#define CR_AUTO_PATH __attribute__((cleanup(cr_path_clear))) struct cr_path

#endif
