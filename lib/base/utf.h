/* Text encodings. C counts bytes of UTF-8; editors and Yjs count UTF-16 code units: they meet only
 * here. */
#ifndef CR_BASE_UTF_H
#define CR_BASE_UTF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Strict UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing above U+10FFFF. */
bool cr_utf8_is_valid(const uint8_t *s, size_t len);
/* The code point at s; returns its length in bytes, 0 at the end or when it is not valid. */
size_t cr_utf8_next(const uint8_t *s, size_t len, uint32_t *code);
/* Code points that valid UTF-8 holds. */
size_t cr_utf8_len_chars(const uint8_t *s, size_t len);
/* UTF-16 code units that valid UTF-8 takes. */
size_t cr_utf8_len_utf16(const uint8_t *s, size_t len);
/* True when the text holds C0/C1 controls or DEL (U+0000..001F, 007F..009F), line or paragraph
 * separators (U+2028, 2029) or bidirectional overrides (U+202A..202E, 2066..2069). */
bool cr_utf8_has_control(const char *s, size_t len);
/* The NFC form (Unicode 15, UAX #15) of valid UTF-8; owned by the caller; NULL when s is not valid.
 */
char *cr_utf8_nfc(const char *s, size_t len);
/* The form in which texts are compared without regard to case: full case folding, then NFC. Owned
 * by the caller; NULL when s is not valid. For comparing only, never for showing. */
char *cr_utf8_fold(const char *s, size_t len);

#endif
