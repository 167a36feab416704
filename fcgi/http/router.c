#include "fcgi/http/router.h"

#include "base/id.h"
#include "fcgi/http/query.h"
#include "proto/secret.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct span {
    const char *at;
    size_t len;
};

static bool span_is(struct span s, const char *text)
{
    return s.len == strlen(text) && memcmp(s.at, text, s.len) == 0;
}

static struct span next_segment(const char **p)
{
    struct span s = {*p + 1, strcspn(*p + 1, "/")};

    *p = s.at + s.len;
    return s;
}

/* 1 to 2^53-1, written without zeros before it. */
static bool is_number(const char *text)
{
    size_t len = strspn(text, "0123456789");

    return len > 0 && len <= 16 && text[len] == '\0' && text[0] != '0' &&
           strtoll(text, NULL, 10) <= (INT64_C(1) << 53) - 1;
}

/* The known names are static, so that values may point at them. */
static const char *static_name(struct span s)
{
    static const char *const names[] = {"room",       "user",  "file", "run",
                                        "invitation", "token", "seq"};

    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        if (span_is(s, names[i]))
            return names[i];
    }
    assert(false && "add the variable's name to this list");
    return "";
}

static bool match_variable(struct span pattern, const char *text, struct cr_path_value *out)
{
    struct span name = {pattern.at + 1, strcspn(pattern.at + 1, ":")};
    struct span type = {name.at + name.len + 1, pattern.len - name.len - 3};

    out->name = static_name(name);
    snprintf(out->text, sizeof(out->text), "%s", text);
    if (span_is(type, "id"))
        return cr_id_is_valid(text);
    if (span_is(type, "number"))
        return is_number(text);
    assert(span_is(type, "secret"));
    return cr_secret_is_wellformed(text);
}

bool cr_router_match(const char *pattern, const char *path, struct cr_path_value *params,
                     size_t *count)
{
    *count = 0;
    while (*pattern == '/' && *path == '/') {
        struct span want = next_segment(&pattern), have = next_segment(&path);
        char text[sizeof(params->text)];

        if (cr_percent_decode(have.at, have.len, false, text, sizeof(text)) < 0)
            return false;
        if (want.at[0] != '{') {
            if (!span_is(want, text))
                return false;
        } else {
            assert(*count < CR_REQUEST_PARAMS);
            if (!match_variable(want, text, &params[*count]))
                return false;
            (*count)++;
        }
    }
    return *pattern == '\0' && *path == '\0';
}

void cr_router_describe(const char *pattern, struct cr_buf *out)
{
    for (const char *p = pattern; *p; p++) {
        if (*p == ':')
            p += strcspn(p, "}");
        cr_buf_append_byte(out, (uint8_t)*p);
    }
}
