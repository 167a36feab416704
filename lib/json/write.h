/* Writing JSON. What comes out is always one valid JSON text: strings are escaped, bytes that are
 * not UTF-8 become U+FFFD. Misuse (a key in an array, closing too much) is our bug and asserts.
 *
 *   CR_AUTO_JSON_OUT w = {0};
 *   cr_json_open_object(&w, NULL);
 *   cr_json_put_str(&w, "id", room->id);
 *   cr_json_open_array(&w, "files");
 *   cr_json_put_str(&w, NULL, "main.py");
 *   cr_json_close(&w);
 *   cr_json_close(&w);
 *   send(w.buf.data, w.buf.len);
 *
 * key: name of the member inside an object, NULL inside an array and at the top. */
#ifndef CR_JSON_WRITE_H
#define CR_JSON_WRITE_H

#include "base/buf.h"
#include "json/json.h"

#define CR_JSON_OUT_DEPTH 64

struct cr_json_out {
    struct cr_buf buf; /* what was written; complete when depth is 0 again */
    unsigned depth;
    uint64_t in_array; /* bit d: level d is an array */
    uint64_t has_item; /* bit d: level d needs a comma */
};

void cr_json_out_clear(struct cr_json_out *w);
void cr_json_out_reset(struct cr_json_out *w); /* ready for the next text, keeps the memory */
#define CR_AUTO_JSON_OUT __attribute__((cleanup(cr_json_out_clear))) struct cr_json_out

void cr_json_open_object(struct cr_json_out *w, const char *key);
void cr_json_open_array(struct cr_json_out *w, const char *key);
void cr_json_close(struct cr_json_out *w); /* the innermost object or array */

void cr_json_put_str(struct cr_json_out *w, const char *key, const char *s); /* NULL writes null */
void cr_json_put_strn(struct cr_json_out *w, const char *key, const void *s, size_t len);
void cr_json_put_int(struct cr_json_out *w, const char *key, int64_t n);
void cr_json_put_number(struct cr_json_out *w, const char *key, double n); /* not finite: null */
void cr_json_put_bool(struct cr_json_out *w, const char *key, bool b);
void cr_json_put_null(struct cr_json_out *w, const char *key);
void cr_json_put_node(struct cr_json_out *w, const char *key, const struct cr_json_node *n);

#endif
