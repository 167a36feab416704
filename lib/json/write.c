#include "json/write.h"

#include "base/quote.h"

#include <assert.h>
#include <math.h>

static uint64_t level(const struct cr_json_out *w)
{
    return UINT64_C(1) << (w->depth - 1);
}

/* Comma and key before a value. */
static void lead(struct cr_json_out *w, const char *key)
{
    if (w->depth == 0) {
        assert(!key && w->buf.len == 0);
        return;
    }
    assert(!key == !!(w->in_array & level(w)));
    if (w->has_item & level(w))
        cr_buf_append_byte(&w->buf, ',');
    w->has_item |= level(w);
    if (key) {
        cr_quote_json(&w->buf, key, strlen(key));
        cr_buf_append_byte(&w->buf, ':');
    }
}

static void open_level(struct cr_json_out *w, const char *key, bool is_array)
{
    lead(w, key);
    assert(w->depth < CR_JSON_OUT_DEPTH);
    w->depth++;
    w->has_item &= ~level(w);
    w->in_array = is_array ? w->in_array | level(w) : w->in_array & ~level(w);
    cr_buf_append_byte(&w->buf, is_array ? '[' : '{');
}

void cr_json_out_clear(struct cr_json_out *w)
{
    cr_buf_clear(&w->buf);
    *w = (struct cr_json_out){0};
}

void cr_json_out_reset(struct cr_json_out *w)
{
    cr_buf_reset(&w->buf);
    w->depth = 0;
}

void cr_json_open_object(struct cr_json_out *w, const char *key)
{
    open_level(w, key, false);
}

void cr_json_open_array(struct cr_json_out *w, const char *key)
{
    open_level(w, key, true);
}

void cr_json_close(struct cr_json_out *w)
{
    assert(w->depth > 0);
    cr_buf_append_byte(&w->buf, w->in_array & level(w) ? ']' : '}');
    w->depth--;
}

void cr_json_put_str(struct cr_json_out *w, const char *key, const char *s)
{
    if (s)
        cr_json_put_strn(w, key, s, strlen(s));
    else
        cr_json_put_null(w, key);
}

void cr_json_put_strn(struct cr_json_out *w, const char *key, const void *s, size_t len)
{
    lead(w, key);
    cr_quote_json(&w->buf, s, len);
}

void cr_json_put_int(struct cr_json_out *w, const char *key, int64_t n)
{
    lead(w, key);
    cr_buf_printf(&w->buf, "%lld", (long long)n);
}

void cr_json_put_number(struct cr_json_out *w, const char *key, double n)
{
    if (!isfinite(n)) {
        cr_json_put_null(w, key);
        return;
    }
    lead(w, key);
    cr_buf_printf(&w->buf, "%.17g", n);
}

void cr_json_put_bool(struct cr_json_out *w, const char *key, bool b)
{
    lead(w, key);
    cr_buf_append_str(&w->buf, b ? "true" : "false");
}

void cr_json_put_null(struct cr_json_out *w, const char *key)
{
    lead(w, key);
    cr_buf_append_str(&w->buf, "null");
}

void cr_json_put_node(struct cr_json_out *w, const char *key, const struct cr_json_node *n)
{
    enum cr_json_type type = cr_json_type_of(n);

    if (type == CR_JSON_T_STRING) {
        cr_json_put_str(w, key, cr_json_str(n));
    } else if (type == CR_JSON_T_BOOL) {
        cr_json_put_bool(w, key, cr_json_bool(n, false));
    } else if (type == CR_JSON_T_NUMBER) {
        cr_json_put_number(w, key, cr_json_number(n, 0));
    } else if (type == CR_JSON_T_NULL) {
        cr_json_put_null(w, key);
    } else {
        open_level(w, key, type == CR_JSON_T_ARRAY);
        for (n = cr_json_first(n); n; n = cr_json_next(n))
            cr_json_put_node(w, cr_json_key(n), n);
        cr_json_close(w);
    }
}
