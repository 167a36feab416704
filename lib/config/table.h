/* The options table as rows, and their values as text. Internal to lib/config. */
#ifndef CR_CONFIG_TABLE_H
#define CR_CONFIG_TABLE_H

#include "config/config.h"

#include <stddef.h>

enum cr_option_type {
    CR_OPTION_STRING,
    CR_OPTION_PATH,
    CR_OPTION_SECRET,
    CR_OPTION_LIST,
    CR_OPTION_INT,
    CR_OPTION_BOOL,
    CR_OPTION_DURATION,
    CR_OPTION_SIZE,
};

struct cr_option {
    const char *key;
    enum cr_option_type type;
    size_t offset; /* in struct cr_config */
    const char *def;
    int64_t min, max;
    const char *what, *why; /* for people; lines without the last one's end */
};

enum {
#define CR_OPTION(field, ...) CR_OPTION_INDEX_##field,
#include "config/options.def"
#undef CR_OPTION
    CR_OPTION_COUNT
};
extern const struct cr_option cr_options[CR_OPTION_COUNT];

/* The row of a key (len bytes), or NULL. */
const struct cr_option *cr_option_find(const char *key, size_t len);
/* "ws.ping_interval" gives "CODEROOM_WS_PING_INTERVAL"; owned by the caller. */
char *cr_option_variable(const char *key);
/* Number of single-character changes between two texts: which key was meant? */
size_t cr_option_distance(const char *a, const char *b);
/* The known key that is nearest to what was written. */
const char *cr_option_nearest(const char *key);

/* Check text and store it in c, replacing what was there. Errors: INVALID; says what the option
 * takes and never repeats a secret. */
int cr_option_set(const struct cr_option *o, struct cr_config *c, const char *text,
                  struct cr_error *err);
/* The value as it would be written in the file; owned by the caller. */
char *cr_option_text(const struct cr_option *o, const struct cr_config *c);
/* A number of the option's type as it would be written: its limits, for people. Owned. */
char *cr_option_number_text(enum cr_option_type type, int64_t n);
void cr_option_clear(const struct cr_option *o, struct cr_config *c);

/* What one option cannot see: values that must fit each other or have a form of their own. */
int cr_config_check(const struct cr_config *c, struct cr_error *err);

/* The two sources; both refuse the same key twice. */
int cr_config_read_file(const char *path, struct cr_config *c, struct cr_error *err);
int cr_config_read_env(char *const *env, struct cr_config *c, struct cr_error *err);
/* A value kept in a file of its own; owned by the caller. NULL: INVALID. */
char *cr_config_read_value(const char *path, struct cr_error *err);

#endif
