#include "ydoc/v2_columns.h"

/* ---- reading --------------------------------------------------------------------------------- */

uint8_t yd_col_byte(struct yd_col_in *c)
{
    if (c->count == 0 && !c->for_ever) {
        c->value = yd_read_byte(&c->r);
        c->for_ever = c->r.p == c->r.end;
        c->count = c->for_ever || c->r.err ? 0 : yd_read_varuint(&c->r) + 1;
    }
    c->count -= c->count > 0;
    return (uint8_t)c->value;
}

uint64_t yd_col_uint(struct yd_col_in *c)
{
    bool repeated;

    if (c->count == 0) {
        c->value = yd_read_varint(&c->r, &repeated);
        c->count = repeated ? yd_read_varuint(&c->r) + 2 : 1;
    }
    c->count--;
    return c->r.err ? 0 : c->value;
}

uint32_t yd_col_uint32(struct yd_col_in *c)
{
    uint64_t v = yd_col_uint(c);

    if (v > UINT32_MAX)
        yd_reader_fail(&c->r, YD_ERR_RANGE);
    return c->r.err ? 0 : (uint32_t)v;
}

uint32_t yd_col_clock(struct yd_col_in *c)
{
    bool negative;

    if (c->count == 0) {
        int64_t v = (int64_t)yd_read_varint(&c->r, &negative);
        v = negative ? -v : v;
        c->count = v & 1 ? yd_read_varuint(&c->r) + 2 : 1;
        c->diff = (v - (v & 1)) / 2;
    }
    c->count--;
    c->value += (uint64_t)c->diff; /* wraps below 0: out of range */
    if (c->value > UINT32_MAX)
        yd_reader_fail(&c->r, YD_ERR_RANGE);
    return c->r.err ? 0 : (uint32_t)c->value;
}

void yd_strings_begin(struct yd_strings_in *s, struct yd_slice column)
{
    struct yd_slice text;

    *s = (struct yd_strings_in){.lens.r = yd_reader_of(column.p, column.len)};
    text = yd_read_bytes(&s->lens.r);
    if (!yd_utf8_scan(text.p, text.len, &s->units, &s->ascii))
        yd_reader_fail(&s->lens.r, YD_ERR_UTF8);
    if (s->units > UINT32_MAX)
        yd_reader_fail(&s->lens.r, YD_ERR_RANGE);
    s->p = text.p;
    s->end = text.p + text.len;
}

struct yd_cut_string yd_strings_next(struct yd_strings_in *s)
{
    uint64_t units = yd_col_uint(&s->lens);
    struct yd_cut_string out = {.p = s->p};
    size_t len;

    if (units > s->units)
        yd_reader_fail(&s->lens.r, YD_ERR_TRUNCATED);
    if (s->lens.r.err || units == 0)
        return out;
    s->units -= units;
    if (s->half) {
        out.lead = true;
        out.p = s->p += 4;
        s->half = false;
        units--;
    }
    len =
        s->ascii ? units : yd_utf8_offset(s->p, (size_t)(s->end - s->p), (uint32_t)units, &s->half);
    out.len = (uint32_t)len;
    out.trail = s->half;
    s->p += len;
    return out;
}

void yd_buf_put_cut_string(struct yd_buf *out, struct yd_cut_string s)
{
    static const uint8_t replacement[] = {0xef, 0xbf, 0xbd};

    yd_buf_put_varuint(out, (uint64_t)s.len + 3U * s.lead + 3U * s.trail);
    if (s.lead)
        yd_buf_append(out, replacement, 3);
    yd_buf_append(out, s.p, s.len);
    if (s.trail)
        yd_buf_append(out, replacement, 3);
}

/* ---- writing --------------------------------------------------------------------------------- */

void yd_col_put_byte(struct yd_col_out *c, uint8_t v)
{
    if (c->count > 0 && c->value == v) {
        c->count++;
        return;
    }
    if (c->count > 0)
        yd_buf_put_varuint(&c->b, c->count - 1);
    yd_buf_append(&c->b, &v, 1);
    c->value = v;
    c->count = 1;
}

void yd_col_end_uint(struct yd_col_out *c)
{
    if (c->count > 0)
        yd_buf_put_varint(&c->b, c->count > 1, c->value);
    if (c->count > 1)
        yd_buf_put_varuint(&c->b, c->count - 2);
    c->count = 0;
}

void yd_col_put_uint(struct yd_col_out *c, uint64_t v)
{
    if (c->value != v)
        yd_col_end_uint(c);
    c->value = v;
    c->count++;
}

void yd_col_end_clock(struct yd_col_out *c)
{
    int64_t v = c->diff * 2 + (c->count > 1);

    if (c->count > 0)
        yd_buf_put_varint(&c->b, v < 0, (uint64_t)(v < 0 ? -v : v));
    if (c->count > 1)
        yd_buf_put_varuint(&c->b, c->count - 2);
    c->count = 0;
}

void yd_col_put_clock(struct yd_col_out *c, uint32_t v)
{
    int64_t diff = (int64_t)v - (int64_t)c->value;

    if (diff != c->diff)
        yd_col_end_clock(c);
    c->diff = diff;
    c->value = v;
    c->count++;
}

void yd_strings_put(struct yd_strings_out *s, struct yd_slice v)
{
    uint64_t units = 0;
    bool ascii;

    yd_utf8_scan(v.p, v.len, &units, &ascii);
    yd_buf_append(&s->text, v.p, v.len);
    yd_col_put_uint(&s->lens, units);
}
