/* Settings: a table (options.def), a file, then the environment. Every daemon loads the same file
 * and uses its part.
 *
 * File: `key = value` lines; a line that starts with # is a comment; a value is the rest of its
 * line without surrounding blanks. `key_file = path` reads the value from a file (one trailing line
 * end is dropped). Environment: CODEROOM_ + the key in upper case with dots as underscores, and the
 * same with _FILE behind; it wins over the file. Unknown keys and unknown CODEROOM_ variables are
 * errors. Durations are written 250ms, 10s, 15m, 8h, 30d; sizes 512, 64k, 8m, 1g. */
#ifndef CR_CONFIG_CONFIG_H
#define CR_CONFIG_CONFIG_H

#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define CR_OPTION_C_STRING char * /* owned by the struct, never NULL, like all text here */
#define CR_OPTION_C_PATH char *
#define CR_OPTION_C_SECRET char *
#define CR_OPTION_C_LIST char ** /* NULL-terminated */
#define CR_OPTION_C_INT int64_t
#define CR_OPTION_C_BOOL bool
#define CR_OPTION_C_DURATION int64_t /* ms */
#define CR_OPTION_C_SIZE int64_t     /* bytes */

struct cr_config {
#define CR_OPTION(field, key, type, def, min, max, what, why) CR_OPTION_C_##type field;
#include "config/options.def"
#undef CR_OPTION
};

/* Fill *out from the defaults, the file and the environment.
 * path: NULL for no file. env: as environ(7); NULL for none.
 * Errors: CR_ERR_INVALID; the message names file:line or the variable, and the nearest known key;
 * never a secret's value. *out is only set on success; release it with cr_config_clear(). */
int cr_config_load(const char *path, char *const *env, struct cr_config *out, struct cr_error *err);
void cr_config_clear(struct cr_config *c);

/* The effective settings as a file; a secret that is set is written as "(hidden)". */
void cr_config_print(const struct cr_config *c, FILE *out);
/* The sample file: every key commented out, with unit, default, range and reason. */
void cr_config_print_sample(FILE *out);

/* A daemon's command line: [--config FILE] [--check-config] [--print-sample] [--version] [--help].
 * Without --config the file is $CODEROOM_CONFIG, else <sysconfdir>/coderoom/coderoom.conf if there
 * is one. Returns CR_CONFIG_RUN with *out filled, else the exit status to end with (everything has
 * been printed). summary: one line that says what the program does. */
#define CR_CONFIG_RUN (-1)
int cr_config_main_args(int argc, char **argv, const char *program, const char *summary,
                        struct cr_config *out);

#endif
