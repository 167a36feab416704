/* Errors: a code with one meaning everywhere, the field at fault and a message for the log.
 * A function that can fail returns 0 or -1 (or NULL) and takes struct cr_error *err last; on
 * success err is untouched. The struct lives on the caller's stack and never allocates. */
#ifndef CR_BASE_ERROR_H
#define CR_BASE_ERROR_H

#include <stdbool.h>

enum cr_error_code {
    CR_ERR_NONE = 0,
#define CR_ERROR(name, wire, http, close, retry, text) CR_ERR_##name,
#include "base/error_codes.def"
#undef CR_ERROR
    CR_ERR_COUNT
};

struct cr_error {
    enum cr_error_code code;
    char field[64]; /* the input at fault as the client named it ("email", "files[3].name"); "" when
                       none is */
    char message[256]; /* what happened, for the log; shown to users only when cr_error_is_public()
                        */
};

#define CR_ERROR_INIT                                                                              \
    {                                                                                              \
        CR_ERR_NONE, "", ""                                                                        \
    }

/* Fill *err and return -1, so that `return cr_fail(err, ...)` reads well. err may be NULL. Any
 * thread. */
int cr_fail(struct cr_error *err, enum cr_error_code code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* The same, naming the input at fault. code is CR_ERR_INVALID unless the case needs another. */
int cr_fail_field(struct cr_error *err, enum cr_error_code code, const char *field, const char *fmt,
                  ...) __attribute__((format(printf, 4, 5)));

/* Put "what: " before the message on the way up; returns -1. */
int cr_wrap(struct cr_error *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

const char *cr_error_wire(enum cr_error_code code);        /* "not_found" */
const char *cr_error_public_text(enum cr_error_code code); /* one sentence for people */
int cr_error_http_status(enum cr_error_code code);
int cr_error_close_code(enum cr_error_code code);
bool cr_error_is_retryable(enum cr_error_code code);
/* True when the message speaks about the request (4xx) and may be shown; false when it is about our
 * insides (5xx). */
bool cr_error_is_public(enum cr_error_code code);

#endif
