#include "model/path.h"

static int add_name(struct cr_path *p, const char *start, size_t len, struct cr_error *err)
{
    cr_auto_free char *raw = cr_strndup(start, len);
    char *name = cr_file_name_check("path", raw, err);

    if (!name)
        return -1;
    if (p->count > CR_LIMIT_FILE_DEPTH) {
        free(name);
        return cr_fail_field(err, CR_ERR_LIMIT, "path", "more than %d folders above a file",
                             CR_LIMIT_FILE_DEPTH);
    }
    p->bytes += strlen(name) + (p->count > 0);
    p->names[p->count++] = name;
    return 0;
}

static int too_long(struct cr_error *err)
{
    return cr_fail_field(err, CR_ERR_LIMIT, "path", "a path is longer than %d bytes",
                         CR_LIMIT_FILE_PATH_BYTES);
}

int cr_path_parse(struct cr_path *p, const char *text, struct cr_error *err)
{
    memset(p, 0, sizeof(*p));
    if (strlen(text) > 4 * CR_LIMIT_FILE_PATH_BYTES) /* before any work on it */
        return too_long(err);
    for (;;) {
        size_t len = strcspn(text, "/");

        if (add_name(p, text, len, err) < 0)
            return -1;
        if (!text[len])
            break;
        text += len + 1;
    }
    return p->bytes > CR_LIMIT_FILE_PATH_BYTES ? too_long(err) : 0;
}

void cr_path_clear(struct cr_path *p)
{
    for (size_t i = 0; i < p->count; i++)
        free(p->names[i]);
    memset(p, 0, sizeof(*p));
}
