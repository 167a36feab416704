/* Reading JSON that comes from outside. The only door to cJSON.
 *
 * A document owns everything that is read from it: strings and nodes are borrowed and live until
 * cr_json_free(). Any thread; one document belongs to one thread at a time. */
#ifndef CR_JSON_JSON_H
#define CR_JSON_JSON_H

#include "base/error.h"
#include "base/mem.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cr_json;      /* a parsed document */
struct cr_json_node; /* one value in it */

enum cr_json_type {
    CR_JSON_T_NULL,
    CR_JSON_T_BOOL,
    CR_JSON_T_NUMBER,
    CR_JSON_T_STRING,
    CR_JSON_T_ARRAY,
    CR_JSON_T_OBJECT,
};

/* Parse exactly one JSON text (RFC 8259), strictly: valid UTF-8, no lone surrogates, no NUL in a
 * string, no key twice in an object, finite numbers, nothing behind the value, at most
 * CR_LIMIT_JSON_DEPTH levels.
 * Errors: TOO_LARGE (more than max_bytes), INVALID; the message may be shown to the sender. */
struct cr_json *cr_json_parse(const void *data, size_t len, size_t max_bytes, struct cr_error *err);
void cr_json_free(struct cr_json *j);
CR_DEFINE_AUTO(cr_json)

/* Walking, for messages that no table describes. Every function takes NULL as "no such value". */
const struct cr_json_node *cr_json_root(const struct cr_json *j);
enum cr_json_type cr_json_type_of(const struct cr_json_node *n); /* CR_JSON_T_NULL for NULL */
const struct cr_json_node *cr_json_get(const struct cr_json_node *object, const char *key);
size_t cr_json_count(const struct cr_json_node *n); /* items or members; else 0 */
const struct cr_json_node *cr_json_first(const struct cr_json_node *n); /* of an array or object */
const struct cr_json_node *cr_json_next(const struct cr_json_node *n);  /* its next sibling */
const char *cr_json_key(const struct cr_json_node *n); /* of a member; NULL otherwise */
const char *cr_json_str(const struct cr_json_node *n); /* NULL when it is no string */
bool cr_json_bool(const struct cr_json_node *n, bool otherwise);
double cr_json_number(const struct cr_json_node *n, double otherwise);
/* False when it is no whole number within ±2^53 (what a double holds exactly). */
bool cr_json_int(const struct cr_json_node *n, int64_t *out);

#endif
