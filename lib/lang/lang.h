/* The languages that rooms can run, read from a folder of <id>.json files. conf/languages/README.md
 * says what the keys mean. Loaded once at start, then read-only: any thread. */
#ifndef CR_LANG_LANG_H
#define CR_LANG_LANG_H

#include "base/error.h"
#include "base/mem.h"

#include <regex.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A limit that is 0 is the installation's own (runner.* settings). */
struct cr_lang_limits {
    int64_t wall_ms;
    int64_t cpu_ms;
    int64_t memory_bytes; /* of the cell: the compiler's as well */
    int64_t pids;
    int64_t work_bytes;
    int64_t compile_wall_ms; /* never 0 in a language that compiles */
    int64_t compile_cpu_ms;
};

struct cr_json;

/* Everything is borrowed from the set and lives as long as it. Lists are NULL-terminated. */
struct cr_lang {
    const char *id;                /* "python"; the file's name without .json */
    const char *name;              /* for people: "Python 3" */
    const char *image;             /* container image; its agent is /usr/lib/coderoom/agent */
    const char *const *extensions; /* of its source files, lower case, without the dot */
    const char *default_entry;     /* name of the starter program's file */
    char *template_text;           /* the starter program */
    const char *const *compile;    /* argv with placeholders; NULL: nothing to compile */
    const char *const *run;        /* argv with placeholders */
    const char *const *env;        /* "NAME=value" */
    struct cr_lang_limits limits;
    bool has_program;     /* whether program is set */
    regex_t program;      /* a source with a matching line is a program by itself */
    struct cr_json *json; /* what the strings are borrowed from */
};

struct cr_lang_set {
    struct cr_lang *items; /* sorted by id */
    size_t count;
};

/* Load every *.json of dir. Errors: INVALID; the message names file and key. UNAVAILABLE when the
 * folder cannot be read or holds no language. *out is only set on success. */
int cr_lang_load(const char *dir, struct cr_lang_set *out, struct cr_error *err);
void cr_lang_set_clear(struct cr_lang_set *s);

/* One language file's text. id: what its "id" must be. For tests and tools; release with
 * cr_lang_clear(). Errors: INVALID with err->field as the file names it. */
int cr_lang_parse(const char *id, const void *data, size_t len, struct cr_lang *out,
                  struct cr_error *err);
void cr_lang_clear(struct cr_lang *l);

const struct cr_lang *cr_lang_by_id(const struct cr_lang_set *s, const char *id); /* or NULL */
/* By the extension of a path's last name; NULL when none has it. */
const struct cr_lang *cr_lang_for_path(const struct cr_lang_set *s, const char *path);

/* Whether a source file is a program by itself (in C: defines main), so that it belongs to a run
 * only as its entry. text: any bytes. False for languages that do not tell. */
bool cr_lang_is_program(const struct cr_lang *l, const char *path, const void *text, size_t len);

/* What a command's placeholders stand for. */
struct cr_lang_command {
    const char *entry;        /* {entry}: path in the work folder */
    const char *const *paths; /* {sources}: those of these that have the language's extensions */
    size_t path_count;
    const char *out;         /* {out}: where the compiler puts the program */
    const char *const *args; /* appended; NULL for none */
};

/* argv with everything filled in, NULL-terminated; release with cr_lang_argv_free(). A path that
 * could be taken for an option gets "./" before it. */
char **cr_lang_expand(const struct cr_lang *l, const char *const *argv,
                      const struct cr_lang_command *c);
void cr_lang_argv_free(char **argv);

#endif
