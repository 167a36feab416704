/* What reading and writing of batches share. */
#ifndef CR_PROTO_DOC_BATCH_INTERNAL_H
#define CR_PROTO_DOC_BATCH_INTERNAL_H

#include "proto/doc_batch.h"

/* Take what stands at *at, which moves behind it. False: it is cut short, or above 2^53-1. */
bool batch_get_varuint(const uint8_t **at, const uint8_t *end, uint64_t *n);
/* The same for a length and so many bytes, which are borrowed. */
bool batch_get_bytes(const uint8_t **at, const uint8_t *end, const uint8_t **bytes, size_t *len);

#endif
