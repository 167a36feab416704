/* Inside of a document. Internal to lib/json. */
#ifndef CR_JSON_DOC_H
#define CR_JSON_DOC_H

#include "json/json.h"

#include <cJSON.h>

struct cr_json {
    cJSON *root;
    void **blocks; /* freed with the document */
    size_t block_count;
};

/* Zeroed memory that lives as long as the document. */
void *cr_json_alloc(struct cr_json *j, size_t count, size_t size);

static inline const cJSON *cr_json_c(const struct cr_json_node *n)
{
    return (const cJSON *)(const void *)n;
}
static inline const struct cr_json_node *cr_json_n(const cJSON *c)
{
    return (const struct cr_json_node *)(const void *)c;
}

#endif
