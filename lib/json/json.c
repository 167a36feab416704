#include "json/json.h"

#include "json/doc.h"
#include "json/scan.h"

#include <math.h>

#define EXACT_INT_MAX 9007199254740992.0 /* 2^53: beyond, doubles skip integers */

static int compare_keys(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Sorted, so that an object made of many keys costs no quadratic time. */
static int check_keys(const cJSON *object, struct cr_error *err)
{
    size_t count = 0, i = 0;

    for (const cJSON *m = object->child; m; m = m->next)
        count++;
    if (count < 2)
        return 0;
    cr_auto_free const char **keys = cr_calloc(count, sizeof *keys);
    for (const cJSON *m = object->child; m; m = m->next)
        keys[i++] = m->string;
    qsort(keys, count, sizeof *keys, compare_keys);
    for (i = 1; i < count; i++) {
        if (strcmp(keys[i - 1], keys[i]) == 0)
            return cr_fail_field(err, CR_ERR_INVALID, keys[i], "the key is there twice");
    }
    return 0;
}

/* What the grammar cannot say. Recursion is bounded by the scan before. */
static int check_tree(const cJSON *c, struct cr_error *err)
{
    if (cJSON_IsNumber(c) && !isfinite(c->valuedouble))
        return cr_fail(err, CR_ERR_INVALID, "not valid JSON: a number is too large");
    if (cJSON_IsObject(c) && check_keys(c, err) < 0)
        return -1;
    for (const cJSON *m = c->child; m; m = m->next) {
        if (check_tree(m, err) < 0)
            return -1;
    }
    return 0;
}

struct cr_json *cr_json_parse(const void *data, size_t len, size_t max_bytes, struct cr_error *err)
{
    if (len > max_bytes) {
        cr_fail(err, CR_ERR_TOO_LARGE, "more than %zu bytes of JSON", max_bytes);
        return NULL;
    }
    if (cr_json_scan(data, len, err) < 0)
        return NULL;
    cJSON *root = cJSON_ParseWithLengthOpts(data, len, NULL, 0);
    if (!root) {
        cr_fail(err, CR_ERR_INTERNAL, "no memory for a JSON tree");
        return NULL;
    }
    if (check_tree(root, err) < 0) {
        cJSON_Delete(root);
        return NULL;
    }
    struct cr_json *j = cr_calloc(1, sizeof *j);
    j->root = root;
    return j;
}

void cr_json_free(struct cr_json *j)
{
    if (!j)
        return;
    cJSON_Delete(j->root);
    for (size_t i = 0; i < j->block_count; i++)
        free(j->blocks[i]);
    free(j->blocks);
    free(j);
}

void *cr_json_alloc(struct cr_json *j, size_t count, size_t size)
{
    void *block = cr_calloc(count, size);

    j->blocks = cr_realloc(j->blocks, (j->block_count + 1) * sizeof *j->blocks);
    j->blocks[j->block_count++] = block;
    return block;
}

const struct cr_json_node *cr_json_root(const struct cr_json *j)
{
    return j ? cr_json_n(j->root) : NULL;
}

enum cr_json_type cr_json_type_of(const struct cr_json_node *n)
{
    const cJSON *c = cr_json_c(n);

    if (cJSON_IsBool(c))
        return CR_JSON_T_BOOL;
    if (cJSON_IsNumber(c))
        return CR_JSON_T_NUMBER;
    if (cJSON_IsString(c))
        return CR_JSON_T_STRING;
    if (cJSON_IsArray(c))
        return CR_JSON_T_ARRAY;
    if (cJSON_IsObject(c))
        return CR_JSON_T_OBJECT;
    return CR_JSON_T_NULL;
}

const struct cr_json_node *cr_json_get(const struct cr_json_node *object, const char *key)
{
    const cJSON *c = cr_json_c(object);

    return cJSON_IsObject(c) ? cr_json_n(cJSON_GetObjectItemCaseSensitive(c, key)) : NULL;
}

size_t cr_json_count(const struct cr_json_node *n)
{
    size_t count = 0;

    for (n = cr_json_first(n); n; n = cr_json_next(n))
        count++;
    return count;
}

const struct cr_json_node *cr_json_first(const struct cr_json_node *n)
{
    return n ? cr_json_n(cr_json_c(n)->child) : NULL;
}

const struct cr_json_node *cr_json_next(const struct cr_json_node *n)
{
    return n ? cr_json_n(cr_json_c(n)->next) : NULL;
}

const char *cr_json_key(const struct cr_json_node *n)
{
    return n ? cr_json_c(n)->string : NULL;
}

const char *cr_json_str(const struct cr_json_node *n)
{
    return cJSON_GetStringValue(cr_json_c(n));
}

bool cr_json_bool(const struct cr_json_node *n, bool otherwise)
{
    return cJSON_IsBool(cr_json_c(n)) ? cJSON_IsTrue(cr_json_c(n)) : otherwise;
}

double cr_json_number(const struct cr_json_node *n, double otherwise)
{
    return cJSON_IsNumber(cr_json_c(n)) ? cr_json_c(n)->valuedouble : otherwise;
}

bool cr_json_int(const struct cr_json_node *n, int64_t *out)
{
    double d = cr_json_number(n, NAN);

    if (isnan(d) || fabs(d) > EXACT_INT_MAX || trunc(d) != d)
        return false;
    *out = (int64_t)d;
    return true;
}
