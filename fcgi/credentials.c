#include "fcgi/credentials.h"

#include "base/limits.h"
#include "base/mem.h"
#include "base/utf.h"

#include <ctype.h>
#include <stdio.h>
#include <strings.h>

#define WORD_MAX 64 /* longer than that nothing common is */

static void lower_ascii(char *s)
{
    for (; *s; s++) {
        if (*s >= 'A' && *s <= 'Z')
            *s = (char)(*s - 'A' + 'a');
    }
}

char *cr_email_check(const char *email, struct cr_error *err)
{
    char *out = cr_utf8_nfc(email, strlen(email));
    char *at = out ? strchr(out, '@') : NULL;

    if (!at || at == out || at[1] == '\0' || strchr(at + 1, '@') || strpbrk(out, " ,;<>\"") ||
        at[1] == '.' || strlen(out) > CR_LIMIT_EMAIL_BYTES ||
        cr_utf8_has_control(out, strlen(out))) {
        free(out);
        cr_fail_field(err, CR_ERR_INVALID, "email", "is not an e-mail address");
        return NULL;
    }
    lower_ascii(out);
    return out;
}

char *cr_password_normal(const char *password)
{
    return cr_utf8_nfc(password, strlen(password));
}

static const char *const common_words[] = {
#define W(word) word,
#include "fcgi/common_passwords.def"
#undef W
};

/* Undo the replacements that everybody makes. */
static char plain_letter(char c)
{
    static const char from[] = "013457$@!", to[] = "oieastsai";
    const char *p = c ? strchr(from, c) : NULL;

    return p ? to[p - from] : c;
}

static bool is_listed(const char *word, size_t len)
{
    for (size_t i = 0; i < sizeof(common_words) / sizeof(*common_words); i++) {
        if (strlen(common_words[i]) == len && memcmp(common_words[i], word, len) == 0)
            return true;
    }
    return false;
}

static bool is_run(const char *s)
{
    static const char *const rows[] = {
        "01234567890123456789",        "98765432109876543210",       "abcdefghijklmnopqrstuvwxyz",
        "zyxwvutsrqponmlkjihgfedcba",  "qwertyuiopasdfghjklzxcvbnm", "qwertzuiopasdfghjklyxcvbnm",
        "azertyuiopqsdfghjklmwxcvbn",  "mnbvcxzlkjhgfdsapoiuytrewq", "1q2w3e4r5t6y7u8i9o0p",
        "1qaz2wsx3edc4rfv5tgb6yhn7ujm"};
    bool same = true;

    for (const char *p = s; *p; p++)
        same = same && *p == *s;
    for (size_t i = 0; !same && i < sizeof(rows) / sizeof(*rows); i++)
        same = strstr(rows[i], s) != NULL;
    return same;
}

/* "abcabcabc" is as weak as "abc": the length of what is repeated. */
static size_t period(const char *s, size_t len)
{
    for (size_t n = 1; n <= len / 2; n++) {
        if (len % n == 0 && memcmp(s, s + n, len - n) == 0)
            return n;
    }
    return len;
}

bool cr_password_is_common(const char *password)
{
    char lower[WORD_MAX], plain[WORD_MAX];
    size_t len = strlen(password), stem, i;

    if (len >= WORD_MAX)
        return false;
    memcpy(lower, password, len + 1);
    lower_ascii(lower);
    if (is_run(lower) || is_listed(lower, len) || period(lower, len) <= 4)
        return true;
    for (i = 0; i <= len; i++)
        plain[i] = plain_letter(lower[i]);
    for (stem = len; stem > 0 && !isalpha((unsigned char)lower[stem - 1]); stem--)
        ;
    /* With what is behind the letters, and without it. */
    return is_listed(plain, len) || (stem >= 3 && is_listed(plain, stem)) ||
           (stem >= 3 && stem < len && is_listed(lower, stem));
}

int cr_password_check(const char *password, const char *email, const char *name,
                      struct cr_error *err)
{
    static const char field[] = "password";
    size_t len = strlen(password), chars = 0;

    for (const char *p = password; *p; p++)
        chars += ((unsigned char)*p & 0xc0) != 0x80;
    if (chars < CR_LIMIT_PASSWORD_MIN_CHARS)
        return cr_fail_field(err, CR_ERR_INVALID, field, "must have at least %d characters",
                             CR_LIMIT_PASSWORD_MIN_CHARS);
    if (len > CR_LIMIT_PASSWORD_MAX_BYTES)
        return cr_fail_field(err, CR_ERR_INVALID, field, "must have at most %d bytes",
                             CR_LIMIT_PASSWORD_MAX_BYTES);
    if (strcasecmp(password, email) == 0 || strcasecmp(password, name) == 0 ||
        (strlen(email) > len && email[len] == '@' && strncasecmp(password, email, len) == 0))
        return cr_fail_field(err, CR_ERR_INVALID, field,
                             "must not be the name or the e-mail address");
    if (cr_password_is_common(password))
        return cr_fail_field(err, CR_ERR_INVALID, field,
                             "is one of the passwords that are guessed first");
    return 0;
}
