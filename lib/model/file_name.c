/* What a file may be called. Names go into archives, containers and other people's file systems, so
 * the rules are those that every one of them can live with. */
#include "base/limits.h"
#include "base/utf.h"
#include "model/tree.h"

static bool is_dots(const char *name)
{
    return !strcmp(name, ".") || !strcmp(name, "..");
}

static int refuse(struct cr_error *err, const char *field, const char *why)
{
    return cr_fail_field(err, CR_ERR_INVALID, field, "%s", why);
}

/* name is in NFC: what is checked is what will be stored. */
static int check(const char *field, const char *name, struct cr_error *err)
{
    size_t len = strlen(name);

    if (len == 0)
        return refuse(err, field, "a name is empty");
    if (len > CR_LIMIT_FILE_NAME_BYTES)
        return cr_fail_field(err, CR_ERR_INVALID, field, "a name is longer than %d bytes",
                             CR_LIMIT_FILE_NAME_BYTES);
    if (is_dots(name))
        return refuse(err, field, "a name is \".\" or \"..\"");
    if (strpbrk(name, "/\\"))
        return refuse(err, field, "a name holds a slash or backslash");
    if (cr_utf8_has_control(name, len))
        return refuse(err, field, "a name holds a control character");
    if (name[0] == ' ' || name[len - 1] == ' ')
        return refuse(err, field, "a name starts or ends with a space");
    return 0;
}

char *cr_file_name_check(const char *field, const char *name, struct cr_error *err)
{
    /* Bounded before normalisation, which may grow a text up to three times (UAX #15). */
    if (strlen(name) > 4 * CR_LIMIT_FILE_NAME_BYTES) {
        cr_fail_field(err, CR_ERR_INVALID, field, "a name is longer than %d bytes",
                      CR_LIMIT_FILE_NAME_BYTES);
        return NULL;
    }
    cr_auto_free char *nfc = cr_utf8_nfc(name, strlen(name));

    if (!nfc) {
        refuse(err, field, "a name is not valid UTF-8");
        return NULL;
    }
    return check(field, nfc, err) < 0 ? NULL : cr_take(&nfc);
}
