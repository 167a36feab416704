/* JSON from outside: any bytes are parsed, bound to a table that has every kind of field, and
 * written again. What was accepted must read the same after writing. */
#include "json/fields.h"
#include "json/write.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MAX_BYTES (64 * 1024)

struct part {
    const char *path;
    bool folder;
};
struct body {
    const char *name;
    const char *id;
    int64_t count;
    bool open;
    int role;
    const char *const *args;
    struct part part;
    struct cr_json_items files;
    const struct cr_json_node *extra;
};

static const char *const roles[] = {"viewer", "editor", "owner", NULL};
static const struct cr_json_field part_fields[] = {
    CR_JSON_STR("path", struct part, path, 1, 20, CR_JSON_REQUIRED | CR_JSON_LINE),
    CR_JSON_BOOL("folder", struct part, folder, 0), CR_JSON_END};
static const struct cr_json_field body_fields[] = {
    CR_JSON_SKIP("type"),
    CR_JSON_STR("name", struct body, name, 1, 8, CR_JSON_CHARS | CR_JSON_LINE),
    CR_JSON_ID("id", struct body, id, CR_JSON_NULLABLE),
    CR_JSON_INT("count", struct body, count, -10, INT64_C(1) << 53, 0),
    CR_JSON_BOOL("open", struct body, open, 0),
    CR_JSON_ENUM("role", struct body, role, roles, 0),
    CR_JSON_STRS("args", struct body, args, 0, 4, 16, 0),
    CR_JSON_OBJECT("part", struct body, part, part_fields, 0),
    CR_JSON_OBJECTS("files", struct body, files, 0, 4, struct part, part_fields, 0),
    CR_JSON_NODE("extra", struct body, extra, 0),
    CR_JSON_END};

/* Written text is a fixed point: parsing and writing it again changes nothing. */
static void check_round_trip(const struct cr_json *j)
{
    CR_AUTO_JSON_OUT first = {0};
    CR_AUTO_JSON_OUT second = {0};

    cr_json_put_node(&first, NULL, cr_json_root(j));
    CR_AUTO(cr_json) *again = cr_json_parse(first.buf.data, first.buf.len, SIZE_MAX, NULL);
    if (!again)
        abort();
    cr_json_put_node(&second, NULL, cr_json_root(again));
    if (first.buf.len != second.buf.len ||
        memcmp(first.buf.data, second.buf.data, first.buf.len) != 0)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cr_error err = CR_ERROR_INIT;
    struct body body = {0};
    CR_AUTO(cr_json) *j = cr_json_parse(data, size, MAX_BYTES, &err);

    if (!j)
        return 0;
    check_round_trip(j);
    if (cr_json_bind(j, cr_json_root(j), body_fields, &body, &err) == 0 && body.args) {
        for (const char *const *arg = body.args; *arg; arg++) {
            if (strlen(*arg) > 16)
                abort();
        }
    }
    return 0;
}
