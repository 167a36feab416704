/* Commands of a language: placeholders to argument vectors. */
#include "base/buf.h"
#include "lang/extension.h"
#include "lang/lang.h"

struct list {
    char **items;
    size_t count;
};

static void push(struct list *l, char *item)
{
    l->items = cr_realloc(l->items, (l->count + 2) * sizeof(*l->items));
    l->items[l->count++] = item;
    l->items[l->count] = NULL;
}

/* A file may be called "-c.py" or "@list.c": neither may become an option of the compiler. */
static void append_path(struct cr_buf *b, const char *path)
{
    if (b->len == 0 && (path[0] == '-' || path[0] == '@'))
        cr_buf_append_str(b, "./");
    cr_buf_append_str(b, path);
}

static char *expand_word(const char *word, const struct cr_lang_command *c)
{
    CR_AUTO_BUF b = {0};
    while (*word) {
        if (strncmp(word, "{entry}", 7) == 0) {
            append_path(&b, c->entry);
            word += 7;
        } else if (strncmp(word, "{out}", 5) == 0) {
            append_path(&b, c->out);
            word += 5;
        } else {
            cr_buf_append_byte(&b, (uint8_t)*word++);
        }
    }
    return cr_strdup(cr_buf_cstr(&b));
}

bool cr_lang_is_program(const struct cr_lang *l, const char *path, const void *text, size_t len)
{
    /* REG_STARTEND (BSD, glibc): text is not NUL-terminated. */
    regmatch_t whole = {.rm_so = 0, .rm_eo = (regoff_t)len};
    return l->has_program && len > 0 && cr_lang_has_extension(l, path) &&
           regexec(&l->program, text, 1, &whole, REG_STARTEND) == 0;
}

static void push_sources(struct list *l, const struct cr_lang *lang,
                         const struct cr_lang_command *c)
{
    for (size_t i = 0; i < c->path_count; i++) {
        if (!cr_lang_has_extension(lang, c->paths[i]))
            continue;
        CR_AUTO_BUF b = {0};
        append_path(&b, c->paths[i]);
        push(l, cr_strdup(cr_buf_cstr(&b)));
    }
}

char **cr_lang_expand(const struct cr_lang *l, const char *const *argv,
                      const struct cr_lang_command *c)
{
    struct list out = {0};
    for (; *argv; argv++) {
        if (strcmp(*argv, "{sources}") == 0)
            push_sources(&out, l, c);
        else
            push(&out, expand_word(*argv, c));
    }
    for (const char *const *a = c->args; a && *a; a++)
        push(&out, cr_strdup(*a));
    return out.items;
}

void cr_lang_argv_free(char **argv)
{
    for (char **a = argv; a && *a; a++)
        free(*a);
    free(argv);
}
