#include "tests/unit/unit.h"

#include "json/fields.h"

struct file {
    const char *path;
    bool folder;
};
struct limits {
    int64_t wall_ms;
};
struct request {
    const char *name;
    const char *parent;
    int64_t count;
    bool open;
    int role;
    const char *const *args;
    struct limits limits;
    struct cr_json_items files;
    const struct cr_json_node *extra;
};

static const char *const roles[] = {"viewer", "editor", NULL};
static const struct cr_json_field file_fields[] = {
    CR_JSON_STR("path", struct file, path, 1, 10, CR_JSON_REQUIRED),
    CR_JSON_BOOL("folder", struct file, folder, 0), CR_JSON_END};
static const struct cr_json_field limits_fields[] = {
    CR_JSON_INT("wall_ms", struct limits, wall_ms, 1, 1000, CR_JSON_REQUIRED), CR_JSON_END};
static const struct cr_json_field fields[] = {
    CR_JSON_SKIP("type"),
    CR_JSON_STR("name", struct request, name, 2, 4,
                CR_JSON_REQUIRED | CR_JSON_CHARS | CR_JSON_LINE),
    CR_JSON_ID("parent", struct request, parent, CR_JSON_NULLABLE),
    CR_JSON_INT("count", struct request, count, -5, 5, 0),
    CR_JSON_BOOL("open", struct request, open, 0),
    CR_JSON_ENUM("role", struct request, role, roles, 0),
    CR_JSON_STRS("args", struct request, args, 0, 3, 4, 0),
    CR_JSON_OBJECT("limits", struct request, limits, limits_fields, 0),
    CR_JSON_OBJECTS("files", struct request, files, 1, 2, struct file, file_fields, 0),
    CR_JSON_NODE("extra", struct request, extra, 0),
    CR_JSON_END};

static struct cr_json *bind(const char *text, struct request *out)
{
    struct cr_error e = CR_ERROR_INIT;
    struct cr_json *j = cr_json_parse(text, strlen(text), 100000, &e);

    assert_non_null(j);
    *out = (struct request){.count = 3, .role = 7, .open = true};
    if (cr_json_bind(j, cr_json_root(j), fields, out, &e) < 0)
        fail_msg("%s: %s", e.field, e.message);
    return j;
}

static void refused(const char *text, const char *field, const char *message)
{
    struct cr_error e = CR_ERROR_INIT;
    struct request r = {0};
    CR_AUTO(cr_json) *j = cr_json_parse(text, strlen(text), 100000, &e);

    assert_non_null(j);
    assert_int_equal(cr_json_bind(j, cr_json_root(j), fields, &r, &e), -1);
    assert_int_equal(e.code, CR_ERR_INVALID);
    assert_string_equal(e.field, field);
    if (!strstr(e.message, message))
        fail_msg("\"%s\" lacks \"%s\"", e.message, message);
}

static void every_kind_reaches_its_member(void **state)
{
    struct request r;

    (void)state;
    CR_AUTO(cr_json) *j = bind(
        "{\"type\":\"x\",\"name\":\"Zo\\u00eb\",\"parent\":\"0123456789abcdefghij\",\"count\":-5,"
        "\"open\":false,\"role\":\"editor\",\"args\":[\"a\",\"\"],\"limits\":{\"wall_ms\":7},"
        "\"files\":[{\"path\":\"m.py\"},{\"path\":\"d\",\"folder\":true}],\"extra\":[1]}",
        &r);
    assert_string_equal(r.name, "Zo\xc3\xab");
    assert_string_equal(r.parent, "0123456789abcdefghij");
    assert_int_equal(r.count, -5);
    assert_false(r.open);
    assert_int_equal(r.role, 1);
    assert_string_equal(r.args[0], "a");
    assert_string_equal(r.args[1], "");
    assert_null(r.args[2]);
    assert_int_equal(r.limits.wall_ms, 7);
    const struct file *files = r.files.items;
    assert_int_equal(r.files.count, 2);
    assert_string_equal(files[1].path, "d");
    assert_true(files[1].folder);
    assert_int_equal(cr_json_count(r.extra), 1);
}

static void absent_fields_keep_their_defaults(void **state)
{
    struct request r;

    (void)state;
    CR_AUTO(cr_json) *j = bind("{\"name\":\"ab\",\"parent\":null}", &r);
    assert_null(r.parent);
    assert_int_equal(r.count, 3);
    assert_int_equal(r.role, 7);
    assert_true(r.open);
    assert_null(r.args);
}

static void wrong_types_are_refused(void **state)
{
    (void)state;
    refused("[]", "", "object");
    refused("null", "", "object");
    refused("{\"name\":1}", "name", "string");
    refused("{\"name\":null}", "name", "string");
    refused("{\"name\":\"ab\",\"count\":\"1\"}", "count", "whole number");
    refused("{\"name\":\"ab\",\"count\":1.5}", "count", "whole number");
    refused("{\"name\":\"ab\",\"open\":1}", "open", "true or false");
    refused("{\"name\":\"ab\",\"role\":1}", "role", "\"viewer\", \"editor\"");
    refused("{\"name\":\"ab\",\"args\":\"a\"}", "args", "array");
    refused("{\"name\":\"ab\",\"limits\":[]}", "limits", "object");
    refused("{\"name\":\"ab\",\"files\":{}}", "files", "array");
    refused("{\"name\":\"ab\",\"parent\":\"../../../etc/passwd\"}", "parent", "identifier");
}

static void limits_are_kept(void **state)
{
    (void)state;
    refused("{\"name\":\"a\"}", "name", "2 to 4 characters");
    refused("{\"name\":\"\\u00e9\\u00e9\\u00e9\\u00e9\\u00e9\"}", "name", "2 to 4 characters");
    refused("{\"name\":\"a\\nb\"}", "name", "control");
    refused("{\"name\":\"a\\u202eb\"}", "name", "control");
    refused("{\"name\":\"ab\",\"count\":6}", "count", "between -5 and 5");
    refused("{\"name\":\"ab\",\"role\":\"owner\"}", "role", "one of");
    refused("{\"name\":\"ab\",\"args\":[\"\",\"\",\"\",\"\"]}", "args", "0 to 3 items");
    refused("{\"name\":\"ab\",\"files\":[]}", "files", "1 to 2 items");
}

static void the_field_is_named_as_the_client_named_it(void **state)
{
    (void)state;
    refused("{}", "name", "missing");
    refused("{\"name\":\"ab\",\"nme\":1}", "nme", "not a field");
    refused("{\"name\":\"ab\",\"args\":[\"a\",2]}", "args[1]", "string");
    refused("{\"name\":\"ab\",\"args\":[\"a\",\"b\",\"12345\"]}", "args[2]", "4 bytes");
    refused("{\"name\":\"ab\",\"files\":[{\"path\":\"a\"},{\"path\":\"\"}]}", "files[1].path",
            "1 to 10");
    refused("{\"name\":\"ab\",\"files\":[{\"path\":\"a\",\"x\":1}]}", "files[0].x", "not a field");
    refused("{\"name\":\"ab\",\"limits\":{}}", "limits.wall_ms", "missing");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_reaches_its_member),
        cmocka_unit_test(absent_fields_keep_their_defaults),
        cmocka_unit_test(wrong_types_are_refused),
        cmocka_unit_test(limits_are_kept),
        cmocka_unit_test(the_field_is_named_as_the_client_named_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
