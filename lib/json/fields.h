/* Checked input: a table says which fields an object has, their types and limits, and where they go
 * in a C struct. API bodies and socket messages use the same tables.
 *
 *   struct sign_up { const char *email; const char *name; };
 *   static const struct cr_json_field sign_up_fields[] = {
 *       CR_JSON_STR("email", struct sign_up, email, 3, CR_LIMIT_EMAIL_BYTES, CR_JSON_REQUIRED),
 *       CR_JSON_STR("name", struct sign_up, name, 1, CR_LIMIT_NAME_CHARS,
 *                   CR_JSON_REQUIRED | CR_JSON_CHARS | CR_JSON_LINE),
 *       CR_JSON_END};
 *   struct sign_up in = {0};
 *   if (cr_json_bind(json, cr_json_root(json), sign_up_fields, &in, err) < 0) return -1;
 *
 * A field that is not in the table is an error. An optional field that is absent leaves the struct
 * as the caller filled it (so defaults go there first; NULL for strings). */
#ifndef CR_JSON_FIELDS_H
#define CR_JSON_FIELDS_H

#include "json/json.h"

enum cr_json_kind {
    CR_JSON_KIND_STR,     /* const char *; borrowed from the document */
    CR_JSON_KIND_ID,      /* const char *; one of our identifiers (base/id.h) */
    CR_JSON_KIND_INT,     /* int64_t */
    CR_JSON_KIND_BOOL,    /* bool */
    CR_JSON_KIND_ENUM,    /* int: index into names */
    CR_JSON_KIND_STRS,    /* const char *const *; NULL-terminated, borrowed */
    CR_JSON_KIND_OBJECT,  /* a struct inside the struct, with a table of its own */
    CR_JSON_KIND_OBJECTS, /* struct cr_json_items: an array of structs */
    CR_JSON_KIND_NODE,    /* const struct cr_json_node *; any value, unchecked */
    CR_JSON_KIND_SKIP,    /* allowed here, read elsewhere (a message's "type") */
};

#define CR_JSON_REQUIRED 1U
#define CR_JSON_CHARS 2U    /* min and max count code points; bytes otherwise */
#define CR_JSON_LINE 4U     /* no control characters, no bidirectional overrides */
#define CR_JSON_NULLABLE 8U /* null is taken as absent */

struct cr_json_items {
    const void *items; /* borrowed; count structs of the table's item_size */
    size_t count;
};

struct cr_json_field {
    const char *name; /* as on the wire; NULL ends the table */
    enum cr_json_kind kind;
    unsigned flags;
    size_t offset;            /* of the member in the struct */
    int64_t min, max;         /* STR: length; INT: value; STRS, OBJECTS: number of items */
    int64_t item_max;         /* STRS: bytes of one item */
    const char *const *names; /* ENUM: NULL-terminated */
    const struct cr_json_field *fields; /* OBJECT, OBJECTS */
    size_t item_size;                   /* OBJECTS */
};

/* The compiler warns when the member's type is not the one that the kind writes. */
#define CR_JSON_AT(T, member, ctype)                                                               \
    .offset = offsetof(T, member) + 0 * sizeof((ctype *)0 == &((T *)0)->member)
/* clang-format off */
#define CR_JSON_STR(n, T, m, lo, hi, f) \
    {.name = (n), .kind = CR_JSON_KIND_STR, CR_JSON_AT(T, m, const char *), .min = (lo), .max = (hi), .flags = (f)}
#define CR_JSON_ID(n, T, m, f) \
    {.name = (n), .kind = CR_JSON_KIND_ID, CR_JSON_AT(T, m, const char *), .flags = (f)}
#define CR_JSON_INT(n, T, m, lo, hi, f) \
    {.name = (n), .kind = CR_JSON_KIND_INT, CR_JSON_AT(T, m, int64_t), .min = (lo), .max = (hi), .flags = (f)}
#define CR_JSON_BOOL(n, T, m, f) \
    {.name = (n), .kind = CR_JSON_KIND_BOOL, CR_JSON_AT(T, m, bool), .flags = (f)}
#define CR_JSON_ENUM(n, T, m, list, f) \
    {.name = (n), .kind = CR_JSON_KIND_ENUM, CR_JSON_AT(T, m, int), .names = (list), .flags = (f)}
#define CR_JSON_STRS(n, T, m, lo, hi, each, f) \
    {.name = (n), .kind = CR_JSON_KIND_STRS, CR_JSON_AT(T, m, const char *const *), .min = (lo), .max = (hi), .item_max = (each), .flags = (f)}
#define CR_JSON_OBJECT(n, T, m, table, f) \
    {.name = (n), .kind = CR_JSON_KIND_OBJECT, .offset = offsetof(T, m), .fields = (table), .flags = (f)}
#define CR_JSON_OBJECTS(n, T, m, lo, hi, itemT, table, f) \
    {.name = (n), .kind = CR_JSON_KIND_OBJECTS, CR_JSON_AT(T, m, struct cr_json_items), .min = (lo), .max = (hi), .fields = (table), .item_size = sizeof(itemT), .flags = (f)}
#define CR_JSON_NODE(n, T, m, f) \
    {.name = (n), .kind = CR_JSON_KIND_NODE, CR_JSON_AT(T, m, const struct cr_json_node *), .flags = (f)}
#define CR_JSON_SKIP(n) {.name = (n), .kind = CR_JSON_KIND_SKIP}
#define CR_JSON_END {.name = NULL}
/* clang-format on */

/* Check object against fields and fill the struct at dst.
 * Errors: INVALID with err->field as the client named it ("args[3]", "files[0].name"); on an error
 * dst may be half filled. */
int cr_json_bind(struct cr_json *j, const struct cr_json_node *object,
                 const struct cr_json_field *fields, void *dst, struct cr_error *err);

#endif
