#include "config/table.h"

#include "base/mem.h"

#include <ctype.h>

const struct cr_option cr_options[CR_OPTION_COUNT] = {
#define CR_OPTION(field, key, type, def, min, max, what, why)                                      \
    {key, CR_OPTION_##type, offsetof(struct cr_config, field), def, min, max, what, why},
#include "config/options.def"
#undef CR_OPTION
};

const struct cr_option *cr_option_find(const char *key, size_t len)
{
    for (size_t i = 0; i < CR_OPTION_COUNT; i++) {
        if (strlen(cr_options[i].key) == len && memcmp(cr_options[i].key, key, len) == 0)
            return &cr_options[i];
    }
    return NULL;
}

char *cr_option_variable(const char *key)
{
    char *name = cr_asprintf("CODEROOM_%s", key);

    for (char *p = name; *p; p++)
        *p = *p == '.' ? '_' : (char)toupper((unsigned char)*p);
    return name;
}

/* Levenshtein's distance, one row at a time; keys are short and so is what is compared of them. */
size_t cr_option_distance(const char *a, const char *b)
{
    size_t row[65];
    size_t len_b = strnlen(b, 64);

    for (size_t j = 0; j <= len_b; j++)
        row[j] = j;
    for (size_t i = 0; i < 64 && a[i]; i++) {
        size_t diagonal = row[0];
        row[0] = i + 1;
        for (size_t j = 1; j <= len_b; j++) {
            size_t best = diagonal + (a[i] != b[j - 1]);
            diagonal = row[j];
            if (row[j] + 1 < best)
                best = row[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            row[j] = best;
        }
    }
    return row[len_b];
}

const char *cr_option_nearest(const char *key)
{
    size_t best = SIZE_MAX;
    const char *nearest = NULL;

    for (size_t i = 0; i < CR_OPTION_COUNT; i++) {
        size_t d = cr_option_distance(key, cr_options[i].key);
        if (d < best) {
            best = d;
            nearest = cr_options[i].key;
        }
    }
    return nearest;
}
