/* A folder of languages. */
#include "base/buf.h"
#include "lang/extension.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <strings.h>
#include <sys/stat.h>

#define LANG_FILE_BYTES (64 * 1024) /* a language file with a long starter program is 4 kB */

bool cr_lang_has_extension(const struct cr_lang *l, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    const char *dot = strrchr(name, '.');
    if (!dot || dot == name)
        return false;
    for (const char *const *e = l->extensions; *e; e++) {
        if (strcasecmp(*e, dot + 1) == 0)
            return true;
    }
    return false;
}

const struct cr_lang *cr_lang_by_id(const struct cr_lang_set *s, const char *id)
{
    for (size_t i = 0; id && i < s->count; i++) {
        if (strcmp(s->items[i].id, id) == 0)
            return &s->items[i];
    }
    return NULL;
}

const struct cr_lang *cr_lang_for_path(const struct cr_lang_set *s, const char *path)
{
    for (size_t i = 0; path && i < s->count; i++) {
        if (cr_lang_has_extension(&s->items[i], path))
            return &s->items[i];
    }
    return NULL;
}

static int read_file(const char *path, struct cr_buf *out, struct cr_error *err)
{
    cr_auto_fd int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return cr_fail(err, CR_ERR_UNAVAILABLE, "cannot open %s: %s", path, strerror(errno));
    for (;;) {
        ssize_t n = read(fd, cr_buf_reserve(out, 4096), 4096);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return cr_fail(err, CR_ERR_UNAVAILABLE, "cannot read %s: %s", path, strerror(errno));
        if (n == 0)
            return 0;
        out->len += (size_t)n;
        if (out->len > LANG_FILE_BYTES)
            return cr_fail(err, CR_ERR_INVALID, "%s is larger than %d bytes", path,
                           LANG_FILE_BYTES);
    }
}

static int load_file(const char *dir, const char *name, struct cr_lang_set *set,
                     struct cr_error *err)
{
    cr_auto_free char *path = cr_asprintf("%s/%s", dir, name);
    cr_auto_free char *id = cr_strndup(name, strlen(name) - strlen(".json"));
    CR_AUTO_BUF text = {0};
    struct cr_lang lang = {0};

    if (read_file(path, &text, err) < 0)
        return -1;
    if (cr_lang_parse(id, text.data, text.len, &lang, err) < 0)
        return cr_wrap(err, "%s", path);
    set->items = cr_realloc(set->items, (set->count + 1) * sizeof(*set->items));
    set->items[set->count++] = lang;
    return 0;
}

static int is_language_file(const struct dirent *d)
{
    size_t len = strlen(d->d_name);
    return d->d_name[0] != '.' && len > 5 && strcmp(d->d_name + len - 5, ".json") == 0;
}

int cr_lang_load(const char *dir, struct cr_lang_set *out, struct cr_error *err)
{
    struct dirent **names = NULL;
    struct cr_lang_set set = {0};
    int rc = 0;
    int count = scandir(dir, &names, is_language_file, alphasort);
    if (count < 0)
        return cr_fail(err, CR_ERR_UNAVAILABLE, "cannot read the folder of languages %s: %s", dir,
                       strerror(errno));
    for (int i = 0; i < count; i++) {
        if (rc == 0)
            rc = load_file(dir, names[i]->d_name, &set, err);
        free(names[i]);
    }
    free(names);
    if (rc == 0 && set.count == 0)
        rc = cr_fail(err, CR_ERR_UNAVAILABLE, "the folder of languages %s holds no <id>.json", dir);
    if (rc == 0)
        *out = set;
    else
        cr_lang_set_clear(&set);
    return rc;
}

void cr_lang_set_clear(struct cr_lang_set *s)
{
    for (size_t i = 0; i < s->count; i++)
        cr_lang_clear(&s->items[i]);
    free(s->items);
    *s = (struct cr_lang_set){0};
}
