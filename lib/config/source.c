#include "base/buf.h"
#include "base/mem.h"
#include "config/table.h"

#include <errno.h>
#include <stdio.h>

#define VALUE_FILE_MAX_BYTES (64 * 1024) /* a key or connection string, with room to spare */

/* Which keys one source has set already. */
struct seen {
    bool set[CR_OPTION_COUNT];
};

/* name, or name without "_file" behind it, is a key. */
static const struct cr_option *find(const char *name, size_t len, const char *suffix,
                                    bool *from_file)
{
    const struct cr_option *o = cr_option_find(name, len);
    size_t cut = strlen(suffix);

    *from_file = false;
    if (!o && len > cut && memcmp(name + len - cut, suffix, cut) == 0) {
        o = cr_option_find(name, len - cut);
        *from_file = o != NULL;
    }
    return o;
}

char *cr_config_read_value(const char *path, struct cr_error *err)
{
    cr_auto_free char *text = cr_malloc(VALUE_FILE_MAX_BYTES + 1);
    FILE *in = fopen(path, "re");

    if (!in) {
        cr_fail(err, CR_ERR_INVALID, "cannot read %s: %s", path, strerror(errno));
        return NULL;
    }
    size_t len = fread(text, 1, VALUE_FILE_MAX_BYTES + 1, in);
    bool failed = ferror(in);
    fclose(in);
    if (failed || len > VALUE_FILE_MAX_BYTES || memchr(text, '\0', len)) {
        cr_fail(err, CR_ERR_INVALID, "%s holds no value (unreadable, too long or binary)", path);
        return NULL;
    }
    if (len && text[len - 1] == '\n')
        len--;
    if (len && text[len - 1] == '\r')
        len--;
    return cr_strndup(text, len);
}

static int apply(const struct cr_option *o, bool from_file, const char *value, struct seen *seen,
                 struct cr_config *c, struct cr_error *err)
{
    bool *set = &seen->set[o - cr_options];

    if (*set)
        return cr_fail(err, CR_ERR_INVALID, "%s is set twice", o->key);
    *set = true;
    if (!from_file)
        return cr_option_set(o, c, value, err);
    cr_auto_free char *text = cr_config_read_value(value, err);
    return text ? cr_option_set(o, c, text, err) : -1;
}

static char *strip(char *s)
{
    s += strspn(s, " \t");
    size_t len = strlen(s);
    while (len && strchr(" \t\r\n", s[len - 1]))
        s[--len] = '\0';
    return s;
}

static int read_line(char *line, struct seen *seen, struct cr_config *c, struct cr_error *err)
{
    char *text = strip(line);
    bool from_file;

    if (*text == '\0' || *text == '#')
        return 0;
    char *equals = strchr(text, '=');
    if (!equals)
        return cr_fail(err, CR_ERR_INVALID, "not \"key = value\"");
    *equals = '\0';
    char *key = strip(text);
    const struct cr_option *o = find(key, strlen(key), "_file", &from_file);
    if (!o)
        return cr_fail(err, CR_ERR_INVALID, "there is no key \"%.60s\"; did you mean %s?", key,
                       cr_option_nearest(key));
    return apply(o, from_file, strip(equals + 1), seen, c, err);
}

int cr_config_read_file(const char *path, struct cr_config *c, struct cr_error *err)
{
    FILE *in = fopen(path, "re");
    struct seen seen = {0};
    char *line = NULL;
    size_t size = 0;
    ssize_t len;
    int r = 0;

    if (!in)
        return cr_fail(err, CR_ERR_INVALID, "cannot read %s: %s", path, strerror(errno));
    errno = 0;
    for (int number = 1; r == 0 && (len = getline(&line, &size, in)) >= 0; number++) {
        r = strlen(line) == (size_t)len ? read_line(line, &seen, c, err)
                                        : cr_fail(err, CR_ERR_INVALID, "a NUL byte");
        if (r < 0)
            cr_wrap(err, "%s:%d", path, number);
    }
    if (r == 0 && ferror(in))
        r = cr_fail(err, CR_ERR_INVALID, "cannot read %s: %s", path, strerror(errno));
    free(line);
    fclose(in);
    return r;
}

/* The nearest variable of an option, and how far it is. */
static size_t nearest_variable(const char *name, char **out)
{
    size_t best = SIZE_MAX;

    *out = NULL;
    for (size_t i = 0; i < CR_OPTION_COUNT; i++) {
        char *variable = cr_option_variable(cr_options[i].key);
        size_t d = cr_option_distance(name, variable);
        if (d < best) {
            best = d;
            free(*out);
            *out = cr_strdup(variable);
        }
        free(variable);
    }
    return best;
}

/* True when the name starts like a variable of ours up to the section: CODEROOM_WS_… */
static bool has_our_section(const char *name)
{
    for (size_t i = 0; i < CR_OPTION_COUNT; i++) {
        cr_auto_free char *variable = cr_option_variable(cr_options[i].key);
        size_t section = strlen("CODEROOM_") + strcspn(cr_options[i].key, ".") + 1;
        if (strncmp(name, variable, section) == 0)
            return true;
    }
    return false;
}

/* Variables for scripts and tests (CODEROOM_CACHE) are none of our business; typing errors are. */
static int refuse_unknown(const char *name, struct cr_error *err)
{
    cr_auto_free char *nearest = NULL;
    size_t distance = nearest_variable(name, &nearest);

    if (distance > 2 && !has_our_section(name))
        return 0;
    return cr_fail(err, CR_ERR_INVALID,
                   "the environment variable %.80s names no key; did you mean %s?", name, nearest);
}

static int read_variable(const char *name, const char *value, struct seen *seen,
                         struct cr_config *c, struct cr_error *err)
{
    size_t len = strlen(name);
    bool is_file = len > 5 && strcmp(name + len - 5, "_FILE") == 0;

    for (size_t i = 0; i < CR_OPTION_COUNT; i++) {
        cr_auto_free char *variable = cr_option_variable(cr_options[i].key);
        bool exact = strcmp(name, variable) == 0;
        bool from_file =
            is_file && strlen(variable) == len - 5 && strncmp(name, variable, len - 5) == 0;
        if (exact || from_file) {
            int r = apply(&cr_options[i], from_file, value, seen, c, err);
            return r < 0 ? cr_wrap(err, "the environment variable %s", name) : 0;
        }
    }
    return refuse_unknown(name, err);
}

int cr_config_read_env(char *const *env, struct cr_config *c, struct cr_error *err)
{
    struct seen seen = {0};

    for (; env && *env; env++) {
        if (strncmp(*env, "CODEROOM_", 9) != 0 || strncmp(*env, "CODEROOM_CONFIG=", 16) == 0)
            continue;
        size_t len = strcspn(*env, "=");
        cr_auto_free char *name = cr_strndup(*env, len);
        const char *value = (*env)[len] ? *env + len + 1 : "";
        if (read_variable(name, value, &seen, c, err) < 0)
            return -1;
    }
    return 0;
}
