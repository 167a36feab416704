/* Looking things up in a tree. */
#include "model/path.h"

const struct cr_file *cr_tree_find(const struct cr_tree *t, const char *file_id)
{
    for (size_t i = 0; i < t->count; i++)
        if (!strcmp(t->files[i].id, file_id))
            return &t->files[i];
    return NULL;
}

static const struct cr_file *child_exact(const struct cr_tree *t, const char *parent,
                                         const char *name)
{
    for (size_t i = 0; i < t->count; i++)
        if (!strcmp(t->files[i].parent, parent) && !strcmp(t->files[i].name, name))
            return &t->files[i];
    return NULL;
}

const struct cr_file *cr_tree_find_path(const struct cr_tree *t, const char *path)
{
    CR_AUTO_PATH p;
    const struct cr_file *f = NULL;

    if (cr_path_parse(&p, path, NULL) < 0)
        return NULL;
    for (size_t i = 0; i < p.count; i++) {
        f = child_exact(t, f ? f->id : "", p.names[i]);
        if (!f)
            return NULL;
    }
    return f;
}

char *cr_tree_path(const struct cr_tree *t, const struct cr_file *f)
{
    char *path = cr_strdup(f->name);

    /* The bound ends the walk even if a stored tree were damaged into a cycle. */
    for (size_t i = 0; i < t->count && f->parent[0]; i++) {
        f = cr_tree_find(t, f->parent);
        if (!f)
            break;
        char *longer = cr_asprintf("%s/%s", f->name, path);
        free(path);
        path = longer;
    }
    return path;
}
