#include "ws/net/wire.h"

#include "base/utf.h"

#include <string.h>

enum { CONTINUATION = 0, TEXT = 1, BINARY = 2, CLOSE = 8, PING = 9, PONG = 10 };
#define CONTROL 8 /* this bit of the opcode */
#define CONTROL_MAX 125
#define PROTOCOL_ERROR 1002
#define NOT_UTF8 1007

struct sink {
    bool (*on)(void *ctx, enum cr_wire_event e, uint8_t *data, size_t len);
    void *ctx;
    size_t max;
    bool stopped;
};

static void tell(struct sink *s, enum cr_wire_event e, uint8_t *data, size_t len)
{
    if (!s->on(s->ctx, e, data, len))
        s->stopped = true;
}

/* ---- headers ---- */

/* No extension was agreed on: the reserved bits are 0. A client masks. */
static bool head_fits(const uint8_t *head)
{
    return !(head[0] & 0x70) && head[1] & 0x80;
}

/* Bytes that a header has which begins so; 2 until its second byte is there, and when the rest does
 * not matter. */
static size_t head_size(const uint8_t *head, size_t len)
{
    unsigned length;

    if (len < 2 || !head_fits(head))
        return 2;
    length = head[1] & 0x7f;
    return 2 + (length == 126 ? 2 : length == 127 ? 8 : 0) + 4;
}

static uint64_t big_endian(const uint8_t *p, size_t size)
{
    uint64_t v = 0;

    for (size_t i = 0; i < size; i++)
        v = v << 8 | p[i];
    return v;
}

static bool opcode_fits(const struct cr_wire *w)
{
    switch (w->opcode) {
    case CONTINUATION:
        return w->in_message;
    case TEXT:
    case BINARY:
        return !w->in_message;
    case CLOSE:
    case PING:
    case PONG:
        return w->fin && w->left <= CONTROL_MAX;
    default:
        return false;
    }
}

static int begin_frame(struct cr_wire *w)
{
    const uint8_t *h = w->head;
    unsigned length = h[1] & 0x7f;

    if (!head_fits(h))
        return PROTOCOL_ERROR;
    w->fin = h[0] & 0x80;
    w->opcode = h[0] & 0x0f;
    w->left = length == 126 ? big_endian(h + 2, 2) : length == 127 ? big_endian(h + 2, 8) : length;
    w->done = 0;
    memcpy(w->mask, h + w->head_len - 4, 4);
    if (w->left >> 63 || !opcode_fits(w))
        return PROTOCOL_ERROR;
    w->head_len = 0;
    w->in_frame = true;
    if (w->opcode & CONTROL)
        return 0;
    if (w->opcode != CONTINUATION)
        w->text = w->opcode == TEXT;
    w->in_message = true;
    return 0;
}

/* Returns the bytes taken. */
static size_t take_head(struct cr_wire *w, const uint8_t *data, size_t len)
{
    size_t taken = 0;

    while (taken < len && w->head_len < head_size(w->head, w->head_len))
        w->head[w->head_len++] = data[taken++];
    return taken;
}

/* ---- payload ---- */

static void unmask(struct cr_wire *w, uint8_t *data, size_t len)
{
    uint8_t key[8];
    uint64_t wide, v;
    size_t i = 0;

    for (size_t k = 0; k < sizeof key; k++)
        key[k] = w->mask[(w->done + k) % 4];
    memcpy(&wide, key, sizeof wide);
    for (; i + sizeof v <= len; i += sizeof v) {
        memcpy(&v, data + i, sizeof v);
        v ^= wide;
        memcpy(data + i, &v, sizeof v);
    }
    for (; i < len; i++)
        data[i] ^= key[i % sizeof key];
    w->done += len;
}

static void end_control(struct cr_wire *w, struct sink *s, uint8_t *data, size_t len)
{
    tell(s,
         w->opcode == PING   ? CR_WIRE_PING
         : w->opcode == PONG ? CR_WIRE_PONG
                             : CR_WIRE_CLOSE,
         data, len);
    cr_buf_clear(&w->control);
}

static int end_message(struct cr_wire *w, struct sink *s, uint8_t *data, size_t len)
{
    bool skip = w->too_long;

    w->in_message = w->too_long = false;
    if (!skip && w->text && !cr_utf8_is_valid(data, len))
        return NOT_UTF8;
    if (!skip)
        tell(s, w->text ? CR_WIRE_TEXT : CR_WIRE_BINARY, data, len);
    cr_buf_clear(&w->message); /* long messages are rare: keep no memory for them */
    return 0;
}

/* Told as soon as the length is known: nobody waits for what is not wanted. len: of the frame's
 * bytes that are not kept yet, beside those that are to come. */
static void check_length(struct cr_wire *w, struct sink *s, size_t len)
{
    if (w->too_long || (len + w->left <= s->max && w->message.len + len + w->left <= s->max))
        return;
    w->too_long = true;
    cr_buf_clear(&w->message);
    tell(s, CR_WIRE_TOO_LONG, NULL, 0);
}

static void keep_payload(struct cr_wire *w, struct sink *s, const uint8_t *data, size_t len)
{
    check_length(w, s, len);
    if (!w->too_long)
        cr_buf_append(&w->message, data, len);
}

/* The frame's next bytes; w->left counts what comes after them. */
static int take_payload(struct cr_wire *w, struct sink *s, uint8_t *data, size_t len)
{
    bool control = w->opcode & CONTROL, whole = w->left == 0 && w->done == 0;
    struct cr_buf *kept = control ? &w->control : &w->message;

    unmask(w, data, len);
    if (w->left == 0)
        w->in_frame = false;
    if (control && whole) {
        end_control(w, s, data, len);
        return 0;
    }
    if (!control && whole && w->fin && kept->len == 0 && !w->too_long && len <= s->max)
        return end_message(w, s, data, len); /* the usual case: nothing is copied */
    if (control)
        cr_buf_append(kept, data, len);
    else
        keep_payload(w, s, data, len);
    if (w->left > 0 || s->stopped)
        return 0;
    if (control)
        end_control(w, s, kept->data, kept->len);
    else if (w->fin)
        return end_message(w, s, kept->data, kept->len);
    return 0;
}

int cr_wire_read(struct cr_wire *w, uint8_t *data, size_t len, size_t max,
                 bool (*on)(void *ctx, enum cr_wire_event e, uint8_t *data, size_t len), void *ctx)
{
    struct sink s = {on, ctx, max, false};
    size_t at = 0;
    int rc = 0;

    while (rc == 0 && !s.stopped) {
        size_t n;

        if (!w->in_frame) {
            at += take_head(w, data + at, len - at);
            if (w->head_len < head_size(w->head, w->head_len))
                break; /* more is to come */
            rc = begin_frame(w);
            if (rc != 0)
                break;
            if (!(w->opcode & CONTROL))
                check_length(w, &s, 0);
            if (s.stopped || (w->left > 0 && at == len))
                break;
        }
        n = w->left < len - at ? (size_t)w->left : len - at;
        if (n == 0 && w->left > 0)
            break;
        w->left -= n;
        rc = take_payload(w, &s, data + at, n);
        at += n;
    }
    return rc;
}

void cr_wire_clear(struct cr_wire *w)
{
    cr_buf_clear(&w->message);
    cr_buf_clear(&w->control);
}
