#include "base/mem.h"
#include "config/table.h"

void cr_config_print(const struct cr_config *c, FILE *out)
{
    for (size_t i = 0; i < CR_OPTION_COUNT; i++) {
        const struct cr_option *o = &cr_options[i];
        cr_auto_free char *text = cr_option_text(o, c);
        bool hide = o->type == CR_OPTION_SECRET && *text;
        fprintf(out, "%s =%s%s\n", o->key, *text ? " " : "", hide ? "(hidden)" : text);
    }
}

static void print_comment(const char *text, FILE *out)
{
    fprintf(out, "# ");
    for (const char *p = text; *p; p++) {
        fputc(*p, out);
        if (*p == '\n')
            fprintf(out, "# ");
    }
    fputc('\n', out);
}

static void print_form(const struct cr_option *o, FILE *out)
{
    static const char *const forms[] = {
        [CR_OPTION_STRING] = "Text",       [CR_OPTION_PATH] = "Path",
        [CR_OPTION_SECRET] = "Secret",     [CR_OPTION_LIST] = "List, separated by commas",
        [CR_OPTION_INT] = "Number",        [CR_OPTION_BOOL] = "true or false",
        [CR_OPTION_DURATION] = "Duration", [CR_OPTION_SIZE] = "Size",
    };
    cr_auto_free char *least = cr_option_number_text(o->type, o->min);
    cr_auto_free char *most = cr_option_number_text(o->type, o->max);
    cr_auto_free char *variable = cr_option_variable(o->key);

    fprintf(out, "# %s", forms[o->type]);
    if (o->type == CR_OPTION_INT || o->type == CR_OPTION_DURATION || o->type == CR_OPTION_SIZE)
        fprintf(out, ", %s to %s", least, most);
    else if (o->type == CR_OPTION_LIST)
        fprintf(out, ", %s to %s items", least, most);
    else if (o->type != CR_OPTION_BOOL)
        fprintf(out, ", at most %s bytes", most);
    fprintf(out, ". %s\n", variable);
}

static bool starts_section(size_t i)
{
    if (i == 0)
        return true;
    size_t len = strcspn(cr_options[i].key, ".") + 1;
    return strncmp(cr_options[i].key, cr_options[i - 1].key, len) != 0;
}

void cr_config_print_sample(FILE *out)
{
    fputs(
        "# Coderoom's settings: every key with its default. Take the # away to change one.\n"
        "#\n"
        "# A line is \"key = value\"; the value is the rest of the line. \"key_file = path\" reads "
        "the\n"
        "# value from a file. The environment variable named at each key wins over this file, and\n"
        "# so does the same with _FILE behind it. Durations: 250ms, 10s, 15m, 8h, 30d.\n"
        "# Sizes: 512, 64k, 8m, 1g. A program started with --check-config shows what it would "
        "use.\n",
        out);
    for (size_t i = 0; i < CR_OPTION_COUNT; i++) {
        const struct cr_option *o = &cr_options[i];
        if (starts_section(i))
            fprintf(out, "\n# ---- %.*s ----\n", (int)strcspn(o->key, "."), o->key);
        fputc('\n', out);
        print_comment(o->what, out);
        print_comment(o->why, out);
        print_form(o, out);
        fprintf(out, "#%s =%s%s\n", o->key, *o->def ? " " : "", o->def);
    }
}
