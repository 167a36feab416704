/* One language file. */
#include "base/buf.h"
#include "base/limits.h"
#include "lang/lang.h"
#include "json/fields.h"

#include <ctype.h>

#define SECOND 1000
#define LANG_FILE_BYTES (64 * 1024)
#define DEFAULT_COMPILE_WALL_MS (15 * SECOND)
#define DEFAULT_COMPILE_CPU_MS (15 * SECOND)

struct lang_file {
    const char *id, *name, *image, *default_entry, *program;
    const char *const *extensions, *const *template_lines, *const *compile, *const *run,
                                                                                *const *env;
    struct cr_lang_limits limits;
};

/* clang-format off */
static const struct cr_json_field limit_fields[] = {
    CR_JSON_INT("wall_ms", struct cr_lang_limits, wall_ms, 100, CR_LIMIT_RUN_WALL_MS, 0),
    CR_JSON_INT("cpu_ms", struct cr_lang_limits, cpu_ms, 100, 600 * SECOND, 0),
    CR_JSON_INT("memory_bytes", struct cr_lang_limits, memory_bytes, 16LL << 20, 1LL << 40, 0),
    CR_JSON_INT("pids", struct cr_lang_limits, pids, 4, 4096, 0),
    CR_JSON_INT("work_bytes", struct cr_lang_limits, work_bytes, 1LL << 20, 16LL << 30, 0),
    CR_JSON_INT("compile_wall_ms", struct cr_lang_limits, compile_wall_ms, 100, 600 * SECOND, 0),
    CR_JSON_INT("compile_cpu_ms", struct cr_lang_limits, compile_cpu_ms, 100, 600 * SECOND, 0),
    CR_JSON_END};

static const struct cr_json_field lang_fields[] = {
    CR_JSON_STR("id", struct lang_file, id, 1, 32, CR_JSON_REQUIRED | CR_JSON_LINE),
    CR_JSON_STR("name", struct lang_file, name, 1, 64, CR_JSON_REQUIRED | CR_JSON_LINE),
    CR_JSON_STR("image", struct lang_file, image, 1, 255, CR_JSON_REQUIRED | CR_JSON_LINE),
    CR_JSON_STRS("extensions", struct lang_file, extensions, 1, 16, 16, CR_JSON_REQUIRED),
    CR_JSON_STR("default_entry", struct lang_file, default_entry, 1, CR_LIMIT_FILE_NAME_BYTES,
                CR_JSON_REQUIRED | CR_JSON_LINE),
    CR_JSON_STRS("template", struct lang_file, template_lines, 1, 500, 500, CR_JSON_REQUIRED),
    CR_JSON_STRS("compile", struct lang_file, compile, 1, 64, 1024, CR_JSON_NULLABLE),
    CR_JSON_STRS("run", struct lang_file, run, 1, 64, 1024, CR_JSON_REQUIRED),
    CR_JSON_STR("program", struct lang_file, program, 1, 256, CR_JSON_LINE),
    CR_JSON_STRS("env", struct lang_file, env, 0, 64, 1024, 0),
    CR_JSON_OBJECT("limits", struct lang_file, limits, limit_fields, 0),
    CR_JSON_END};
/* clang-format on */

static int check_id(const char *want, const char *id, struct cr_error *err)
{
    for (const char *p = id; *p; p++) {
        if (!islower((unsigned char)*p) && !isdigit((unsigned char)*p) && *p != '-')
            return cr_fail_field(err, CR_ERR_INVALID, "id", "id: only a-z, 0-9 and '-'");
    }
    if (strcmp(want, id) != 0)
        return cr_fail_field(err, CR_ERR_INVALID, "id", "id: is \"%s\" but the file is %s.json", id,
                             want);
    return 0;
}

static int check_extensions(const char *const *list, struct cr_error *err)
{
    for (; *list; list++) {
        for (const char *p = *list; *p; p++) {
            if (!islower((unsigned char)*p) && !isdigit((unsigned char)*p) && !strchr("+_", *p))
                return cr_fail_field(err, CR_ERR_INVALID, "extensions",
                                     "extensions: \"%s\" is not lower case without a dot", *list);
        }
        if (**list == '\0')
            return cr_fail_field(err, CR_ERR_INVALID, "extensions", "extensions: one is empty");
    }
    return 0;
}

/* Every "{" must begin a placeholder that exists. */
static int check_word(const char *key, const char *word, bool compiles, struct cr_error *err)
{
    if (strcmp(word, "{sources}") == 0)
        return 0;
    for (const char *p = strchr(word, '{'); p; p = strchr(p + 1, '{')) {
        if (strncmp(p, "{entry}", 7) != 0 && (!compiles || strncmp(p, "{out}", 5) != 0))
            return cr_fail_field(err, CR_ERR_INVALID, key, "%s: unknown placeholder in \"%s\"", key,
                                 word);
    }
    return 0;
}

static int check_argv(const char *key, const char *const *argv, bool compiles, struct cr_error *err)
{
    if (argv[0][0] != '/' && strcmp(argv[0], "{out}") != 0)
        return cr_fail_field(err, CR_ERR_INVALID, key, "%s: \"%s\" is not an absolute path", key,
                             argv[0]);
    for (; *argv; argv++) {
        if (check_word(key, *argv, compiles, err) < 0)
            return -1;
    }
    return 0;
}

static int check_env(const char *const *env, struct cr_error *err)
{
    for (; env && *env; env++) {
        const char *eq = strchr(*env, '=');
        if (!eq || eq == *env)
            return cr_fail_field(err, CR_ERR_INVALID, "env", "env: \"%s\" is not NAME=value", *env);
    }
    return 0;
}

static int check_file(const char *id, const struct lang_file *f, struct cr_error *err)
{
    bool compiles = f->compile != NULL;
    if (check_id(id, f->id, err) < 0 || check_extensions(f->extensions, err) < 0 ||
        check_env(f->env, err) < 0 || check_argv("run", f->run, compiles, err) < 0)
        return -1;
    if (strchr(f->default_entry, '/'))
        return cr_fail_field(err, CR_ERR_INVALID, "default_entry", "default_entry: has a slash");
    return compiles ? check_argv("compile", f->compile, compiles, err) : 0;
}

static char *join_lines(const char *const *lines)
{
    CR_AUTO_BUF b = {0};
    for (; *lines; lines++) {
        cr_buf_append_str(&b, *lines);
        cr_buf_append_byte(&b, '\n');
    }
    return cr_strdup(cr_buf_cstr(&b));
}

static void fill(const struct lang_file *f, struct cr_json *json, struct cr_lang *out)
{
    static const char *const none[] = {NULL};
    *out = (struct cr_lang){.id = f->id,
                            .name = f->name,
                            .image = f->image,
                            .extensions = f->extensions,
                            .default_entry = f->default_entry,
                            .template_text = join_lines(f->template_lines),
                            .compile = f->compile,
                            .run = f->run,
                            .env = f->env ? f->env : none,
                            .limits = f->limits,
                            .json = json};
    if (f->compile && out->limits.compile_wall_ms == 0)
        out->limits.compile_wall_ms = DEFAULT_COMPILE_WALL_MS;
    if (f->compile && out->limits.compile_cpu_ms == 0)
        out->limits.compile_cpu_ms = DEFAULT_COMPILE_CPU_MS;
}

int cr_lang_parse(const char *id, const void *data, size_t len, struct cr_lang *out,
                  struct cr_error *err)
{
    struct lang_file f = {0};
    CR_AUTO(cr_json) *json = cr_json_parse(data, len, LANG_FILE_BYTES, err);
    if (!json)
        return -1;
    if (cr_json_bind(json, cr_json_root(json), lang_fields, &f, err) < 0)
        return err && err->field[0] ? cr_wrap(err, "key %s", err->field) : -1;
    if (check_file(id, &f, err) < 0)
        return -1;
    regex_t program = {0};
    if (f.program && regcomp(&program, f.program, REG_EXTENDED | REG_NEWLINE | REG_NOSUB) != 0)
        return cr_fail_field(err, CR_ERR_INVALID, "program",
                             "program: \"%s\" is not an extended regular expression", f.program);
    fill(&f, cr_take(&json), out);
    out->has_program = f.program != NULL;
    out->program = program;
    return 0;
}

void cr_lang_clear(struct cr_lang *l)
{
    if (l->has_program)
        regfree(&l->program);
    free(l->template_text);
    cr_json_free(l->json);
    *l = (struct cr_lang){0};
}
