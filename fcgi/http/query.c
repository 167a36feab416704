#include "fcgi/http/query.h"

#include "base/utf.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIELDS_MAX 8 /* most parameters of one route */

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int cr_percent_decode(const char *s, size_t len, bool plus, char *out, size_t size)
{
    size_t n = 0;

    for (size_t i = 0; i < len; i++) {
        char c = s[i];

        if (c == '%') {
            int high = len - i > 2 ? hex_digit(s[i + 1]) : -1;
            int low = len - i > 2 ? hex_digit(s[i + 2]) : -1;

            if (high < 0 || low < 0)
                return -1;
            c = (char)(high * 16 + low);
            i += 2;
        } else if (c == '+' && plus) {
            c = ' ';
        }
        if (c == '\0' || n + 1 >= size)
            return -1;
        out[n++] = c;
    }
    out[n] = '\0';
    return cr_utf8_is_valid((const uint8_t *)out, n) ? 0 : -1;
}

static int parse_int(const struct cr_query_field *f, const char *value, int64_t *out)
{
    char *end;

    if (!(*value >= '0' && *value <= '9') && *value != '-')
        return -1;
    errno = 0;
    *out = strtoll(value, &end, 10);
    return errno == 0 && *end == '\0' && *out >= f->min && *out <= f->max ? 0 : -1;
}

static int bind_one(const struct cr_query_field *f, const char *value, void *dst,
                    struct cr_error *err)
{
    char field[64];
    void *at = (char *)dst + f->offset;
    size_t len = strlen(value);

    snprintf(field, sizeof(field), "query.%s", f->name);
    if (f->kind == CR_QUERY_INT) {
        int64_t n;

        if (parse_int(f, value, &n) < 0)
            return cr_fail_field(err, CR_ERR_INVALID, field, "must be a whole number, %lld to %lld",
                                 (long long)f->min, (long long)f->max);
        memcpy(at, &n, sizeof(n));
        return 0;
    }
    if ((int64_t)len < f->min || (int64_t)len > f->max)
        return cr_fail_field(err, CR_ERR_INVALID, field, "must have %lld to %lld characters",
                             (long long)f->min, (long long)f->max);
    memcpy(at, value, len + 1);
    return 0;
}

static int bind_pair(const char *pair, size_t len, const struct cr_query_field *fields, bool *seen,
                     void *dst, struct cr_error *err)
{
    const char *eq = memchr(pair, '=', len);
    size_t name_len = eq ? (size_t)(eq - pair) : len;
    char name[48], value[CR_QUERY_TEXT_MAX], field[64];

    if (cr_percent_decode(pair, name_len, true, name, sizeof(name)) < 0)
        return cr_fail_field(err, CR_ERR_INVALID, "query", "is malformed");
    snprintf(field, sizeof(field), "query.%s", name);
    for (size_t i = 0; fields && fields[i].name; i++) {
        if (strcmp(fields[i].name, name) != 0)
            continue;
        if (seen[i])
            return cr_fail_field(err, CR_ERR_INVALID, field, "is given twice");
        seen[i] = true;
        if (!eq || cr_percent_decode(eq + 1, len - name_len - 1, true, value, sizeof(value)) < 0)
            return cr_fail_field(err, CR_ERR_INVALID, field, "is malformed or too long");
        return bind_one(&fields[i], value, dst, err);
    }
    return cr_fail_field(err, CR_ERR_INVALID, field, "there is no such parameter");
}

int cr_query_bind(const char *text, const struct cr_query_field *fields, void *dst,
                  struct cr_error *err)
{
    bool seen[FIELDS_MAX] = {false};

    while (*text) {
        size_t len = strcspn(text, "&");

        if (len > 0 && bind_pair(text, len, fields, seen, dst, err) < 0)
            return -1;
        text += len;
        text += *text == '&';
    }
    return 0;
}
