/* Changes of a tree. Each checks everything first, so that a refused change leaves it as it was. */
#include "base/utf.h"
#include "model/path.h"

static bool same_folded(const char *a, const char *b)
{
    cr_auto_free char *fa = cr_utf8_fold(a, strlen(a));
    cr_auto_free char *fb = cr_utf8_fold(b, strlen(b));

    return fa && fb && !strcmp(fa, fb);
}

/* The entry of a folder that a name would stand in the way of, on any file system. */
static const struct cr_file *child_folded(const struct cr_tree *t, const char *parent,
                                          const char *name)
{
    for (size_t i = 0; i < t->count; i++)
        if (!strcmp(t->files[i].parent, parent) && same_folded(t->files[i].name, name))
            return &t->files[i];
    return NULL;
}

/* Where a path leads: the deepest folder that is there, and how many names of the path it covers.
 */
struct place {
    char parent[CR_ID_SIZE];
    size_t known;
};

static int taken(const struct cr_file *f, struct cr_error *err)
{
    return cr_fail_field(err, CR_ERR_CONFLICT, "path", "\"%.100s\" is already there", f->name);
}

/* self: the entry that is being moved, or NULL; it may keep its own place. */
static int locate(const struct cr_tree *t, const struct cr_path *p, const struct cr_file *self,
                  struct place *out, struct cr_error *err)
{
    const struct cr_file *f;

    memset(out, 0, sizeof(*out));
    for (; out->known + 1 < p->count; out->known++) {
        f = child_folded(t, out->parent, p->names[out->known]);
        if (!f)
            return 0; /* the rest is to be made: nothing can be in the way */
        if (f == self)
            return cr_fail_field(err, CR_ERR_INVALID, "path", "a folder cannot go into itself");
        if (!f->is_folder || strcmp(f->name, p->names[out->known]))
            return taken(f, err);
        memcpy(out->parent, f->id, CR_ID_SIZE);
    }
    f = child_folded(t, out->parent, p->names[p->count - 1]);
    return f && f != self ? taken(f, err) : 0;
}

static int check_count(const struct cr_tree *t, size_t more, struct cr_error *err)
{
    if (t->count + more > CR_LIMIT_FILES_PER_ROOM)
        return cr_fail_field(err, CR_ERR_LIMIT, "path", "a room holds at most %d files and folders",
                             CR_LIMIT_FILES_PER_ROOM);
    return 0;
}

static struct cr_file *append(struct cr_tree *t, const char *parent, const char *name,
                              bool is_folder, int64_t now_ms)
{
    t->files = cr_realloc(t->files, (t->count + 1) * sizeof(*t->files));
    struct cr_file *f = &t->files[t->count++];

    memset(f, 0, sizeof(*f));
    cr_id_new(f->id);
    memcpy(f->parent, parent, CR_ID_SIZE);
    f->name = cr_strdup(name);
    f->is_folder = is_folder;
    f->created_ms = now_ms;
    return f;
}

/* Make the folders of the path that are missing; place->parent is the last one afterwards. */
static void make_folders(struct cr_tree *t, const struct cr_path *p, struct place *place,
                         int64_t now_ms)
{
    for (; place->known + 1 < p->count; place->known++) {
        const struct cr_file *f = append(t, place->parent, p->names[place->known], true, now_ms);

        memcpy(place->parent, f->id, CR_ID_SIZE);
    }
}

int cr_tree_add(struct cr_tree *t, const char *path, bool is_folder, int64_t now_ms,
                char id[CR_ID_SIZE], struct cr_error *err)
{
    CR_AUTO_PATH p;
    struct place place;

    if (cr_path_parse(&p, path, err) < 0 || locate(t, &p, NULL, &place, err) < 0 ||
        check_count(t, p.count - place.known, err) < 0)
        return -1;
    make_folders(t, &p, &place, now_ms);
    const struct cr_file *f = append(t, place.parent, p.names[p.count - 1], is_folder, now_ms);

    memcpy(id, f->id, CR_ID_SIZE);
    return 0;
}

/* How far f lies below top: 0 for top itself, -1 when it is elsewhere. bytes: of the path from
 * below top to f, each name with its slash. */
static int depth_below(const struct cr_tree *t, const struct cr_file *top, const struct cr_file *f,
                       size_t *bytes)
{
    *bytes = 0;
    for (size_t i = 0; i <= t->count && f; i++) {
        if (f == top)
            return (int)i;
        *bytes += strlen(f->name) + 1;
        f = f->parent[0] ? cr_tree_find(t, f->parent) : NULL;
    }
    return -1;
}

/* What lies below a moved folder must keep the limits, too. */
static int check_subtree(const struct cr_tree *t, const struct cr_file *top,
                         const struct cr_path *p, struct cr_error *err)
{
    for (size_t i = 0; i < t->count; i++) {
        size_t bytes;
        int depth = depth_below(t, top, &t->files[i], &bytes);

        if (depth < 0)
            continue;
        if (p->count - 1 + (size_t)depth > CR_LIMIT_FILE_DEPTH)
            return cr_fail_field(err, CR_ERR_LIMIT, "path", "more than %d folders above a file",
                                 CR_LIMIT_FILE_DEPTH);
        if (p->bytes + bytes > CR_LIMIT_FILE_PATH_BYTES)
            return cr_fail_field(err, CR_ERR_LIMIT, "path", "a path is longer than %d bytes",
                                 CR_LIMIT_FILE_PATH_BYTES);
    }
    return 0;
}

static int not_there(struct cr_error *err)
{
    return cr_fail(err, CR_ERR_NOT_FOUND, "no such file or folder");
}

int cr_tree_move(struct cr_tree *t, const char *file_id, const char *new_path, int64_t now_ms,
                 struct cr_error *err)
{
    CR_AUTO_PATH p = {0};
    struct place place;
    const struct cr_file *self = cr_tree_find(t, file_id);

    if (!self)
        return not_there(err);
    if (cr_path_parse(&p, new_path, err) < 0 || locate(t, &p, self, &place, err) < 0 ||
        check_count(t, p.count - 1 - place.known, err) < 0 || check_subtree(t, self, &p, err) < 0)
        return -1;
    size_t at = (size_t)(self - t->files); /* the array may move when folders are made */

    make_folders(t, &p, &place, now_ms);
    free(t->files[at].name);
    t->files[at].name = cr_take(&p.names[p.count - 1]);
    memcpy(t->files[at].parent, place.parent, CR_ID_SIZE);
    return 0;
}

int cr_tree_remove(struct cr_tree *t, const char *file_id, char (**removed)[CR_ID_SIZE],
                   size_t *removed_count, struct cr_error *err)
{
    const struct cr_file *top = cr_tree_find(t, file_id);
    size_t kept = 0;

    if (!top)
        return not_there(err);
    cr_auto_free bool *goes = cr_calloc(t->count, sizeof(*goes));

    for (size_t i = 0; i < t->count; i++) {
        size_t bytes;

        goes[i] = depth_below(t, top, &t->files[i], &bytes) >= 0;
    }
    *removed = cr_calloc(t->count, sizeof(**removed));
    *removed_count = 0;
    for (size_t i = 0; i < t->count; i++) {
        if (!goes[i]) {
            t->files[kept++] = t->files[i];
            continue;
        }
        if (!t->files[i].is_folder)
            memcpy((*removed)[(*removed_count)++], t->files[i].id, CR_ID_SIZE);
        free(t->files[i].name);
    }
    t->count = kept;
    return 0;
}
