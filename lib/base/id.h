/* Identifiers that we make: 100 random bits as 20 characters of [0-9a-v] (base32hex, lower case).
 */
#ifndef CR_BASE_ID_H
#define CR_BASE_ID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CR_ID_LEN 20
#define CR_ID_SIZE (CR_ID_LEN + 1)

void cr_id_new(char out[CR_ID_SIZE]); /* any thread; random bytes from getrandom(2) */
bool cr_id_is_valid(const char *s);   /* exact length and alphabet; NULL is not valid */
uint32_t cr_id_hash(const char *s);   /* FNV-1a, for tables: of whatever string */

#endif
