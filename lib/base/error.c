#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct row {
    const char *wire;
    int http_status;
    int close_code;
    bool retryable;
    const char *text;
};

static const struct row rows[CR_ERR_COUNT] = {
    [CR_ERR_NONE] = {"none", 200, 1000, false, "Nothing went wrong."},
#define CR_ERROR(name, wire, http, close, retry, text)                                             \
    [CR_ERR_##name] = {wire, http, close, retry, text},
#include "base/error_codes.def"
#undef CR_ERROR
};

/* A code outside the table is our bug; users still get an answer that makes sense. */
static const struct row *row_of(enum cr_error_code code)
{
    if ((unsigned)code >= CR_ERR_COUNT)
        return &rows[CR_ERR_INTERNAL];
    return &rows[code];
}

/* Cut text that did not fit so that it does not end in half a character. */
static void cut_at_character(char *s)
{
    size_t len = strlen(s);
    size_t start = len;

    while (start > 0 && ((unsigned char)s[start - 1] & 0xc0) == 0x80)
        start--;
    if (start == 0)
        return;
    unsigned char lead = (unsigned char)s[start - 1];
    size_t need = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : lead >= 0xc0 ? 1 : 0;
    if (len - start < need)
        s[start - 1] = '\0';
}

static void set(struct cr_error *err, enum cr_error_code code, const char *field, const char *fmt,
                va_list ap) __attribute__((format(printf, 4, 0)));
static void set(struct cr_error *err, enum cr_error_code code, const char *field, const char *fmt,
                va_list ap)
{
    /* The arguments may point into *err itself, so write to a copy first. */
    struct cr_error e = {.code = code};

    if (!err)
        return;
    snprintf(e.field, sizeof e.field, "%s", field);
    cut_at_character(e.field);
    vsnprintf(e.message, sizeof e.message, fmt, ap);
    cut_at_character(e.message);
    *err = e;
}

int cr_fail(struct cr_error *err, enum cr_error_code code, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    set(err, code, "", fmt, ap);
    va_end(ap);
    return -1;
}

int cr_fail_field(struct cr_error *err, enum cr_error_code code, const char *field, const char *fmt,
                  ...)
{
    va_list ap;

    va_start(ap, fmt);
    set(err, code, field, fmt, ap);
    va_end(ap);
    return -1;
}

int cr_wrap(struct cr_error *err, const char *fmt, ...)
{
    char what[sizeof err->message];
    char joined[2 * sizeof err->message + 3];
    va_list ap;

    if (!err)
        return -1;
    va_start(ap, fmt);
    vsnprintf(what, sizeof what, fmt, ap);
    va_end(ap);
    snprintf(joined, sizeof joined, "%s: %s", what, err->message);
    joined[sizeof err->message - 1] = '\0';
    cut_at_character(joined);
    memcpy(err->message, joined, strlen(joined) + 1);
    return -1;
}

const char *cr_error_wire(enum cr_error_code code)
{
    return row_of(code)->wire;
}

const char *cr_error_public_text(enum cr_error_code code)
{
    return row_of(code)->text;
}

int cr_error_http_status(enum cr_error_code code)
{
    return row_of(code)->http_status;
}

int cr_error_close_code(enum cr_error_code code)
{
    return row_of(code)->close_code;
}

bool cr_error_is_retryable(enum cr_error_code code)
{
    return row_of(code)->retryable;
}

bool cr_error_is_public(enum cr_error_code code)
{
    int status = row_of(code)->http_status;

    return status >= 400 && status < 500;
}
