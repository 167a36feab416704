#include "base/quote.h"

#include "base/utf.h"

static bool is_plain(uint32_t c)
{
    return c >= 0x20 && c != '"' && c != '\\' && c != 0x7f && c != 0x2028 && c != 0x2029;
}

static void escape(struct cr_buf *b, uint32_t c)
{
    switch (c) {
    case '"':
        cr_buf_append_str(b, "\\\"");
        break;
    case '\\':
        cr_buf_append_str(b, "\\\\");
        break;
    case '\n':
        cr_buf_append_str(b, "\\n");
        break;
    case '\r':
        cr_buf_append_str(b, "\\r");
        break;
    case '\t':
        cr_buf_append_str(b, "\\t");
        break;
    default:
        cr_buf_printf(b, "\\u%04x", (unsigned)c);
    }
}

void cr_quote_json(struct cr_buf *b, const void *s, size_t len)
{
    const uint8_t *p = s;
    size_t plain = 0; /* start of the run that needs no change */

    cr_buf_append_byte(b, '"');
    for (size_t i = 0; i < len;) {
        uint32_t c = 0;
        size_t n = cr_utf8_next(p + i, len - i, &c);
        if (n && is_plain(c)) {
            i += n;
            continue;
        }
        cr_buf_append(b, p + plain, i - plain);
        if (n)
            escape(b, c);
        else
            cr_buf_append_str(b, "\xef\xbf\xbd");
        i += n ? n : 1;
        plain = i;
    }
    if (len > plain)
        cr_buf_append(b, p + plain, len - plain);
    cr_buf_append_byte(b, '"');
}
